"""What commands answer, what colleagues are told, and what a customer reads in Slack."""

from datetime import timedelta

import pytest
from card_views import NOW, errors_of, mrkdwn_texts, texts, walked

from bot.cards.lists import COMMANDS, due, help_card, queue
from bot.cards.notes import note, quarantine_alert
from bot.cards.replies import customer_reply
from bot.cards.shapes import DueRow, QueueRow
from bot.cards.stats_card import stats
from bot.errors import Refused
from bot.speech import speaking


def test_help_names_every_command_and_tells_working_from_coming() -> None:
    card = help_card("lead")
    assert errors_of(card) == []
    for word, _, works, _ in COMMANDS:
        assert (f"`/tillid {word}`" in texts(card)) is works
    working = {word for word, _, works, _ in COMMANDS if works}
    assert working == {
        "help",
        "queue",
        "due",
        "stats",
        "whoami",
        "watch",
        "unwatch",
        "status",
        "customer",
        "next",
        "template",
        "quiet",
        "away",
    }
    assert len(COMMANDS) == 15


def test_help_leaves_watching_to_leads_and_figures_to_the_team() -> None:
    assert "watch" not in texts(help_card("agent"))
    assert "queue" not in texts(help_card(""))
    assert errors_of(help_card("")) == []


def test_the_queue_shows_ten_and_says_how_many_more() -> None:
    rows = [
        QueueRow(f"Customer {n}", "late delivery", "email", NOW - timedelta(hours=n), n == 0)
        for n in range(17)
    ]
    card = queue(rows)
    assert errors_of(card) == []
    assert "Customer 9, late delivery" in texts(card)
    assert "Customer 10" not in texts(card)
    assert "And 7 more" in texts(card)
    assert card.text == "17 customers wait for an answer. First: Customer 0, late delivery."
    assert texts(card).count("Urgent") == 1


def test_one_waiting_customer_is_one() -> None:
    assert (
        queue([QueueRow("Mette", "", "slack", NOW)]).text == "1 customer waits for an answer. First: Mette."
    )


def test_empty_lists_say_so() -> None:
    assert queue([]).text == "Nobody waits for an answer."
    assert due([]).text == "No follow-up is due."
    assert errors_of(queue([])) == errors_of(due([])) == []


def test_due_follow_ups_name_customer_kind_time_and_person() -> None:
    card = due(
        [DueRow("Mette", "money_arrived", NOW, "the bank is slow", "U0PRIYA", "https://acme.example/p1")]
    )
    assert errors_of(card) == []
    for part in (
        "Mette, Has the money arrived",
        "due <!date^",
        "the bank is slow",
        "with <@U0PRIYA>",
        "|Open>",
    ):
        assert part in texts(card)


def test_figures_stand_in_the_text_too_for_those_who_listen() -> None:
    card = stats(
        "Refunds this week", [("Refunds", "12"), ("Given back", "4.210 kr.")], "Read from the ledger"
    )
    assert errors_of(card) == []
    assert card.text == "Refunds this week. Refunds: 12; Given back: 4.210 kr."
    assert "Read from the ledger" in texts(card)
    assert errors_of(stats("Nothing", [], "")) == []


def test_a_note_calls_the_person_it_is_for() -> None:
    card = note("Mette wrote again.", "U0PRIYA")
    assert errors_of(card) == []
    assert card.text == "<@U0PRIYA> Mette wrote again."
    assert {"type": "user", "user_id": "U0PRIYA"} in list(walked(card.blocks))
    assert note("Mette wrote again.", "").text == "Mette wrote again."


def test_an_alarm_shows_the_last_line_of_the_error_and_the_way_out() -> None:
    card = quarantine_alert(41, 'Traceback\n  File "x"\nValueError: <!channel>\n')
    assert errors_of(card) == []
    assert "ValueError: <!channel>" in texts(card)
    assert "<!channel>" not in card.text
    assert "tillid replay 41" in card.text
    assert "Traceback" not in texts(card)


def test_a_customer_reads_the_reply_word_for_word_and_who_sent_it() -> None:
    text = "Hej Mette\n\n*Du* har ret.\n\nHilsen\nPriya"
    card = customer_reply(text, "Priya", "Lampehuset", "da")
    assert errors_of(card) == []
    assert card.blocks[0]["elements"][0]["elements"] == [{"type": "text", "text": text}]
    assert card.blocks[1]["elements"][0]["text"] == "Læst igennem og sendt af Priya · Lampehuset"
    assert mrkdwn_texts(card.blocks) == []
    assert card.text == text


@pytest.mark.parametrize(
    ("language", "agent", "signed"),
    [
        ("da", "", "Læst igennem og sendt af en medarbejder"),
        ("nb", "Nils", "Lest gjennom og sendt av Nils"),
        ("nn", "Nils", "Lese gjennom og sendt av Nils"),
        ("sv", "Freja", "Granskat och skickat av Freja"),
        ("en", "", "Reviewed and sent by a colleague"),
        ("de", "Freja", "Reviewed and sent by Freja"),
    ],
)
def test_who_sent_it_is_said_in_the_customers_language_whatever_ours_is(
    language: str, agent: str, signed: str
) -> None:
    with speaking("da", "sv"):
        card = customer_reply("Hej", agent, "", language)
    assert card.blocks[1]["elements"][0]["text"] == signed


def test_addresses_in_a_reply_can_be_pressed_and_nothing_around_them_is_lost() -> None:
    card = customer_reply("Se https://lampe.example/a?b=1. Tak", "Priya", "", "da")
    assert errors_of(card) == []
    leaves = card.blocks[0]["elements"][0]["elements"]
    assert [one.get("url") or one["text"] for one in leaves] == [
        "Se ",
        "https://lampe.example/a?b=1",
        ". Tak",
    ]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 11_001])
def test_a_reply_is_refused_rather_than_cut(text: str) -> None:
    with pytest.raises(Refused):
        customer_reply(text, "Priya", "Lampehuset", "da")
