"""The labelled set of answers, as the clients shape them; bench/replies_found.py prints its figures."""

import pytest

from bench.replies_found import HALVES, MAILS, judge, labelled_mails, mail_parser_reply, ours
from bot.mail.replies import newly_written


@pytest.mark.parametrize("half", HALVES)
def test_nine_of_ten_new_parts_are_exact_and_none_is_emptied(half: str) -> None:
    judged = [ours(mail) for mail in labelled_mails(half)]
    assert sum(each.is_exact for each in judged) >= 0.9 * len(judged)
    assert not any(each.is_emptied for each in judged)


@pytest.mark.parametrize("half", HALVES)
def test_we_lose_fewer_words_than_the_library(half: str) -> None:
    mails = labelled_mails(half)
    assert sum(bool(ours(mail).lost) for mail in mails) <= sum(
        bool(mail_parser_reply(mail).lost) for mail in mails
    )


def test_the_set_is_large_and_covers_our_languages() -> None:
    mails = labelled_mails()
    assert len(mails) >= 130
    assert {mail.language for mail in mails} == {"da", "nb", "nn", "sv", "en", "de", "fi"}
    assert {mail.file for mail in mails} == {path.name for path in MAILS.glob("*.eml")}


def test_what_is_right_stands_in_the_mail() -> None:
    """A right output that the mail does not hold would count against every reader."""
    for mail in labelled_mails():
        assert not judge(mail, mail.text).lost, mail.file


def test_a_word_lost_and_a_mail_emptied_are_told() -> None:
    mail = labelled_mails("test")[0]
    assert judge(mail, "").is_emptied
    lost = judge(mail, mail.accepted[0].partition(" ")[2])
    assert (lost.is_exact, lost.lost) == (False, (mail.accepted[0].split()[0],))


OWN_WORDS = [
    "Hej\n\nJeg har skrevet til jer, og I skal slette min mail. Den er fortrolig, og I er ikke rette modtager.\n\nBo",
    "Hello\n\nI have answered you already.\n\nThe message says that it is confidential. Why is that? Please delete it.",
    "Hei\n\nDere har ved en feil sendt meg to pakker. Kan dere slette den ene ordren?\n\nOla",
    "Hej\n\nEtiketten säger att meddelandet är konfidentiellt.\n\nÅsa",
    "Get Outlook for my office, please, it is in your catalogue",
    "Outlook für Einsteiger ist nicht angekommen",
    "Hentet fra min nabo i går",
    "Send fra lageret i morgen, tak",
]


@pytest.mark.parametrize("text", OWN_WORDS)
def test_own_words_that_resemble_a_notice_stay(text: str) -> None:
    assert newly_written(text) == text


def test_answers_that_stand_in_an_unmarked_quote_are_kept_only_where_they_are_announced() -> None:
    quote = "\n\nFra: A <a@example.dk>\nSendt: i går\nTil: b@example.dk\nEmne: x\n\nHvilken lampe?\nDen høje."
    for words in (
        "Mine svar står med rødt nedenfor.",
        "Jeg har svaret nedenfor",
        "Se mine kommentarer herunder",
    ):
        assert newly_written(words + quote).endswith("Den høje.")
    for words in (
        "Jeg har ikke fået svar på mailen nedenfor.",
        "Se min ordre nedenfor",
        "Jag har skrivit under avtalet",
    ):
        assert newly_written(words + quote) == words
