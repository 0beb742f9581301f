"""What a manager gets from a backtest: shares by intent and language, doubts, slowness, and what to do next."""

import json
from pathlib import Path
from typing import Any

import pytest
from scenes import OURS
from test_backtest_archives import answer, keep, lines, question, tillid

CARD = "4111 1111 1111 1111"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A day of mail in several languages, with one answer."""
    return keep(
        tmp_path / "day",
        question(1, "I har trukket 499 kr. to gange for ordre 10432. Kan jeg få pengene tilbage?"),
        answer("Hej Mette, 499 kr. er på vej.", answers="q1@example.dk"),
        question(2, "Hei! Lampen kom fram knust. Hva gjør jeg nå?", sender="Kari <kari@kunde.example>"),
        question(3, "Hej, var är mitt paket? Det skulle ha kommit i fredags.", sender="erik@kunde.example"),
        question(4, "Guten Tag, wo ist mein Paket? Ich warte seit zwei Wochen.", sender="uwe@kunde.example"),
        question(5, "Γεια σας, πού είναι η παραγγελία μου;", sender="g@kunde.example", subject=""),
        question(6, "😀", sender="emo@kunde.example", subject=""),
        question(7, "Lampen brød i brand, og min datter kom på skadestuen.", sender="bo@kunde.example"),
        question(
            8, f"Mit kort er {CARD}. Er det trukket to gange?", subject=CARD, sender="ida@kunde.example"
        ),
        question(9, "Jeg er væk.", sender="x@kunde.example", Auto_Submitted="auto-replied"),
    )


def summary_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = lines(path, "--ours", OURS)[-1]["summary"]
    return found


def test_every_mail_is_counted_once_and_in_one_group_of_each_kind(archive: Path) -> None:
    found = summary_of(archive)
    assert (found["mails"], found["automatic"], found["own"], found["customers"]) == (10, 1, 1, 8)
    assert found["suggested"] + found["owner_only"] + found["no_answer_needed"] == 8
    for groups, counts in (("intents", "by_intent"), ("languages", "by_language")):
        assert sum(each["mails"] for each in found[groups].values()) == 8
        assert sum(each["suggested"] for each in found[groups].values()) == found["suggested"] == 7
        assert sum(each["unsure"] for each in found[groups].values()) == found["unsure"]
        assert sum(each["answered"] for each in found[groups].values()) == found["answered"] == 1
        assert found[counts] == {name: each["mails"] for name, each in found[groups].items()}


def test_shares_are_of_the_intent_and_language_they_stand_under(archive: Path) -> None:
    found = summary_of(archive)
    assert found["intents"]["double_charge"] == {"mails": 2, "suggested": 2, "unsure": 0, "answered": 1}
    assert found["languages"]["sv"] == {"mails": 1, "suggested": 1, "unsure": 0, "answered": 0}
    assert found["owner_only"] == 1
    assert found["drafted_in_english"] == {"de": 1}


def test_what_was_left_unsure_is_named_with_its_reason(archive: Path) -> None:
    unsure = {each["message_id"]: each for each in summary_of(archive)["left_unsure"]}
    assert {"q5@example.dk", "q6@example.dk"} <= set(unsure)
    assert "q1@example.dk" not in unsure
    # The one that no draft was made for is for its owner, whatever we understood.
    assert "q7@example.dk" not in unsure
    assert unsure["q6@example.dk"]["text"] == "😀"
    assert any(why.startswith("language: ") for why in unsure["q5@example.dk"]["why"])
    assert "topic: none we know" in unsure["q6@example.dk"]["why"]


def test_the_slowest_come_first_with_what_was_really_answered(archive: Path) -> None:
    found = summary_of(archive)
    times = [each["milliseconds"] for each in found["slowest"]]
    assert times == sorted(times, reverse=True)
    assert times[0] == found["slowest_milliseconds"] >= found["median_milliseconds"] > 0
    answers = {each["message_id"]: each["answer"] for each in found["slowest"]}
    assert answers.get("q1@example.dk", "Hej Mette, 499 kr. er på vej.") == "Hej Mette, 499 kr. er på vej."


def test_secret_numbers_are_masked_wherever_they_would_stand(archive: Path) -> None:
    done = tillid(archive, "--ours", OURS, "--json")
    shown = tillid(archive, "--ours", OURS, "--shown", 50)
    assert CARD not in done.stdout + shown.stdout
    asked = next(
        line for line in map(json.loads, done.stdout.splitlines()) if line.get("subject") == "•••• 1111"
    )
    assert asked["text"].startswith("Mit kort er •••• 1111.")


def test_the_next_steps_fit_what_was_found(archive: Path, tmp_path: Path) -> None:
    said = "\n".join(summary_of(archive)["advice"])
    assert "about nothing we know" in said
    assert "Drafted in English" in said and "de 1" in said
    assert "named person" in said
    assert "second path" not in said
    unanswered = summary_of(keep(tmp_path / "other", question(1)))
    assert unanswered["advice"] == [each for each in unanswered["advice"] if "second path" in each] != []


def test_only_our_own_mail_says_that_no_customer_was_found(tmp_path: Path) -> None:
    done = tillid(keep(tmp_path, answer("Hej.")), "--ours", OURS)
    assert done.exit_code == 0
    assert "No mail of a customer was found" in done.stdout


def test_people_see_answers_beside_drafts_and_a_summary_in_tables(archive: Path) -> None:
    done = tillid(archive, "--ours", OURS)
    assert done.exit_code == 0
    assert "499 kr. er på vej" in done.stdout
    assert "Really sent" in done.stdout
    for title in ("By intent", "By language", "Left unsure", "Slowest"):
        assert title in done.stdout


def test_other_peoples_words_are_no_markup_and_cannot_steer_the_terminal(tmp_path: Path) -> None:
    nasty = question(1, "[/b] [red]hvad[/nope] koster \x07\x1b[31mden?", subject="[/i] tilbud [x")
    done = tillid(keep(tmp_path, nasty), "--ours", OURS)
    assert done.exit_code == 0, done.exception
    assert "[/i] tilbud [x" in done.stdout
    assert "[red]hvad[/nope]" in done.stdout
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout
