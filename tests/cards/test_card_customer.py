"""The customer card and what a case's card says of the person: legal whatever strangers wrote, and no score."""

from dataclasses import fields as fields_of
from datetime import date
from typing import Any

import pytest
from card_views import NOW, action_ids, card_view, errors_of, mrkdwn_texts, texts, walked
from test_card_hostile_texts import BAD, OURS

from bot.cards.customer import (
    ConsentLine,
    CustomerView,
    DueLine,
    FieldLine,
    NoteLine,
    OrderFactsLine,
    customer_card,
)
from bot.cards.shapes import Block, Card, Likeness, OtherCase
from bot.cards.suggestion import suggestion_card
from bot.sandbox.slackcheck import check_view

CASE = OtherCase("slack", "CKUNDER", "a parcel is late", NOW, "https://slack.com/app_redirect?channel=C1")
LIKE = Likeness(7, "Mette", "mh@work.example", "They have the same phone number")


def customer_view(text: str = "Mo", times: int = 1, **changes: Any) -> CustomerView:
    """A customer of whom everything is known, in these words, so many times."""
    given: dict[str, Any] = {
        "customer_id": 12,
        "name": text,
        "fields": (FieldLine("Town", text, "customers_file", NOW), FieldLine("Language", "", "", NOW))
        * times,
        "since": NOW,
        "day_of_first_hundred": 12,
        "strikes": (date(2026, 9, 1),) * times,
        "second_chance": True,
        "no_follow_ups": False,
        "cases": (CASE,) * times,
        "sale": (NoteLine(0, text, "", NOW, None),) * times,
        "due": (DueLine(text, NOW), DueLine(text, None, text, text)) * times,
        "notes": (NoteLine(3, text, "U0PRIYA", NOW, NOW),) * times,
        "consents": (ConsentLine(text, True, text, NOW),) * times,
        "orders": (OrderFactsLine(text, NOW, (text,) * times, text),) * times,
        "likenesses": (Likeness(7, text, text, text),) * times,
        "joined": (Likeness(8, text, text, text),) * times,
    }
    return CustomerView(**(given | changes))


def said(view: Block) -> str:
    return "\n".join(one["text"] for one in walked(view["blocks"]) if isinstance(one.get("text"), str))


def test_the_card_shows_everything_with_its_source_and_date() -> None:
    view = customer_card(customer_view(), '{"k": 12}')
    assert check_view(view) == []
    shown = said(view)
    for words in (
        "Promised at the sale: Mo",
        "Second chance: we let them down on 1 September 2026",
        "day 12 of the first 100",
        "Town: Mo",
        "from the customer file, <!date^",
        "Language: –",
        "Customer since 5 November 2026",
        "Writes in <#CKUNDER> since",
        "1 note of at most 5",
        "Consent to Mo: yes",
    ):
        assert words in shown, words
    assert (view["callback_id"], view["submit"]["text"]) == ("customer", "Save Note")


def test_what_was_promised_at_the_sale_stands_first() -> None:
    first = customer_card(customer_view(text="free setup"), "{}")["blocks"][0]
    assert "Promised at the sale: free setup" in str(first)


def test_no_total_and_no_score_has_a_place_in_it() -> None:
    names = {each.name for each in fields_of(CustomerView)}
    assert not [
        each for each in names if any(word in each for word in ("total", "spend", "score", "value", "rank"))
    ]


def test_five_notes_leave_no_room_for_a_sixth() -> None:
    view = customer_card(customer_view(times=5), "{}")
    assert "submit" not in view
    assert [block for block in view["blocks"] if block["type"] == "input"] == []


def test_nothing_known_is_still_a_card() -> None:
    lists = [each.name for each in fields_of(CustomerView) if str(each.type).startswith("tuple")]
    empty: dict[str, Any] = dict.fromkeys(lists, ())
    view = customer_card(customer_view("", second_chance=False, day_of_first_hundred=None, **empty), "{}")
    assert check_view(view) == []
    assert "Orders: none known" in said(view)


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("times", [1, 30])
def test_no_words_make_the_window_illegal_or_turn_into_markup(text: str, times: int) -> None:
    notes = (NoteLine(3, text, text, NOW, NOW),) * min(times, 5)
    ids = [NoteLine(number, each.text, each.by, NOW, NOW) for number, each in enumerate(notes)]
    likenesses = tuple(Likeness(number, text, text, text) for number in range(times))
    joined = tuple(Likeness(number + 100, text, text, text) for number in range(times))
    cases = (OtherCase(text, text, text, NOW, text),) * times
    view = customer_card(
        customer_view(text, times, notes=tuple(ids), likenesses=likenesses, joined=joined, cases=cases),
        "{}",
        text,
    )
    assert check_view(view) == []
    for marked in mrkdwn_texts(view["blocks"]):
        assert not set(OURS.sub("", marked)) & {"<", ">"}, marked


@pytest.mark.parametrize("text", BAD)
def test_a_case_card_survives_any_words_about_the_person(text: str) -> None:
    card = suggestion_card(
        card_view(
            customer_id=3,
            doubt=text or "x",
            doubted_address=text,
            likenesses=tuple(Likeness(number, text, text, text) for number in range(5)),
            other_cases=(OtherCase(text, text, text, NOW, text),) * 9,
        )
    )
    assert errors_of(card) == []
    for marked in mrkdwn_texts(card.blocks):
        assert not set(OURS.sub("", marked)) & {"<", ">"}, marked


def person_card(**changes: Any) -> Card:
    return suggestion_card(card_view(customer_id=3, **changes))


def test_the_case_card_says_where_else_they_write_and_who_they_may_be() -> None:
    card = person_card(other_cases=(CASE,), likenesses=(LIKE,))
    assert errors_of(card) == []
    assert "Also writes in <#CKUNDER> since" in texts(card)
    assert "May be the same person as Mette (mh@work.example). They have the same phone number." in texts(
        card
    )
    assert {"join_same", "join_other", "card_customer"} <= set(action_ids(card))


def test_both_answers_about_two_people_take_a_second_click() -> None:
    card = person_card(likenesses=(LIKE,))
    buttons = [one for one in walked(card.blocks) if str(one.get("action_id")).startswith("join_")]
    assert [("confirm" in each) for each in buttons] == [True, True]


def test_being_sure_of_the_person_is_asked_twice_and_says_what_it_opens() -> None:
    card = person_card(doubt="Somebody else wrote it.", doubted_address="x@y.example")
    (button,) = [one for one in walked(card.blocks) if one.get("action_id") == "card_confirm_person"]
    assert "x@y.example" in button["confirm"]["text"]["text"]
    assert "made anew with their orders" in button["confirm"]["text"]["text"]
    assert "card_confirm_person" not in action_ids(person_card())
    assert "card_confirm_person" not in action_ids(person_card(doubt="x", state="sent"))
