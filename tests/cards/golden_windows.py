"""Every window a colleague reads or types into."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any

from card_views import NOW
from golden_conversations import FEED, danish, with_others
from golden_texts import (
    BOKMAL_REPLY,
    BY_MAIL,
    DANISH_REPLY,
    FINDINGS,
    FIRM,
    IN_SLACK,
    LINK,
    NYNORSK_REPLY,
    PROOF,
    SAME,
    SWEDISH_REPLY,
)

from bot.cards import case_modals, modals, nudges
from bot.cards.customer import (
    ConsentLine,
    CustomerView,
    DueLine,
    FieldLine,
    NoteLine,
    OrderFactsLine,
    customer_card,
)
from bot.cards.files import enclosing, files_window
from bot.cards.presses import send_label
from bot.cards.shapes import FileLine
from bot.cards.together import closing

ON = '{"c": 12, "v": 3}'
YEAR = timedelta(days=365)


def answering() -> dict[str, partial[Any]]:
    """A reply before it goes."""
    house_file = (("house", "Returseddel æøå.pdf 88 kB"),)
    together = [*enclosing(1, house_file, by_mail=True), *closing(with_others()["with_shared_cases"])]
    view = danish()
    edit = partial(modals.edit_reply, target=view.customer_name, version=1, send_label=send_label(view))
    no_money = partial(modals.edit_reply, target="", amount="", version=2, send_label=modals_send())
    kinder = partial(modals.kinder_wording, DANISH_REPLY, metadata=ON)
    return {
        "edit_reply": partial(edit, DANISH_REPLY, ON, amount="499 kr.", enclosing=together),
        "edit_reply_in_slack": partial(no_money, BOKMAL_REPLY, ON, enclosing=enclosing(2, (), by_mail=False)),
        "edit_reply_from_nothing": partial(no_money, "", ON),
        "edit_reply_in_two_fields": partial(no_money, "\n\n".join([SWEDISH_REPLY] * 12), ON),
        "edit_reply_too_long": partial(no_money, SWEDISH_REPLY * 200, ON),
        "kinder_wording": partial(kinder, findings=(PROOF,), attempt=2, amount="499 kr."),
        "kinder_wording_in_four_places": partial(kinder, findings=(*FINDINGS, PROOF), attempt=3),
    }


def modals_send() -> str:
    """What Send says where no money goes."""
    return send_label(danish(send_refunds=False))


def deciding() -> dict[str, partial[Any]]:
    """What is asked after a press on a card."""
    later = partial(modals.follow_up, "Hej Mette\n\nEr pengene kommet frem? 😊", NOW)
    bank = "the bank needs five days"
    return {
        "loading": partial(modals.loading, "Files", "files", ON),
        "notice": partial(modals.notice, "Edit reply", "Jonas is writing to Åsa & <others> already."),
        "dismiss": partial(modals.dismiss, ON),
        "correct_intent": partial(modals.correct_intent, "late_delivery", ON, "nn"),
        "correct_intent_of_nothing_known": partial(modals.correct_intent, "", ON),
        "follow_up": partial(later, bank, ON, resolving=False, kind="money_arrived"),
        "resolve": partial(later, bank, ON, resolving=True, kind="money_arrived"),
        "resolve_after_a_failure_of_ours": partial(
            modals.follow_up, "", None, "", ON, resolving=True, kind="", compulsory=True
        ),
        "refund": partial(modals.refund, "10432", 49900, "DKK", 49900, ON),
        "refund_not_in_our_books": partial(modals.refund, "", None, "SEK", None, ON),
        "refund_in_whole_amounts": partial(modals.refund, "ÍS-77", 4990, "ISK", 12_000, ON),
        "refund_with_nothing_left": partial(modals.refund, "10432", 49900, "NOK", 0, ON),
    }


def passing_on() -> dict[str, partial[Any]]:
    """Whose a case is, and when."""
    wall = timezone(timedelta(hours=1))
    choices = [
        ("today", datetime(2026, 11, 5, 15, 0, tzinfo=wall)),
        ("tomorrow", datetime(2026, 11, 6, 9, 0, tzinfo=wall)),
        ("next_week", datetime(2026, 11, 9, 9, 0, tzinfo=wall)),
    ]
    return {
        "hand_over": partial(case_modals.hand_over, ON),
        "hand_over_without_a_note": partial(case_modals.hand_over, ON, warned=True),
        "snooze": partial(case_modals.snooze, choices, ON),
        "snooze_in_the_evening": partial(case_modals.snooze, choices[1:], ON),
        "sibling": partial(case_modals.sibling, NYNORSK_REPLY, "nn", "sv"),
        "sibling_of_none": partial(case_modals.sibling, "", "da", "sv"),
    }


def reading() -> dict[str, partial[Any]]:
    """Files, and kinder words to copy."""
    files = (
        replace(FEED[0], shown_as="F0BILLEDE"),
        *FEED[1:],
        FileLine("notater & mål.txt", 412, "text", can_be_shown=True),
        FileLine("", 0, "?", left_out="empty"),
    )
    posted = "Hej, send os et skærmbillede af begge betalinger, så ser vi på det <snart>."
    kinder = "Hej, jeg kan se begge betalinger her hos mig og ser på det nu."
    return {
        "files": partial(files_window, files, 2),
        "files_without_pictures": partial(files_window, files, 0, pictures=False),
        "files_too_many_to_list": partial(files_window, files[1:2] * 41, 1),
        "better_wording": partial(nudges.better_wording, posted, kinder, (PROOF,)),
        "better_wording_of_nothing": partial(nudges.better_wording, "Hei på deg 😊", "Hei på deg 😊", ()),
        "better_wording_told": partial(nudges.told, "Your message is not there any more."),
    }


def known() -> dict[str, partial[Any]]:
    """The customer card."""
    fields = (
        FieldLine("Preferred name", "Mette Sørensen", "customers_file.name", NOW),
        FieldLine("Town", "Ærøskøbing", "agent", NOW),
        FieldLine("Company", FIRM, "customers_file", NOW),
        FieldLine("Language", "", "", NOW),
        FieldLine("Mail", "mette@sørensen.example (mail came back)", "mail", NOW),
    )
    note = NoteLine(3, "Skriv, ring ikke 🙏 <tak>", "U0SIGRID", NOW, NOW + YEAR)
    orders = (
        OrderFactsLine(
            "10432", NOW, ("499 kr. paid", "parcel shipped, promised for 9 November"), "read 2 h ago"
        ),
    )
    full = CustomerView(
        customer_id=3, name="Mette Sørensen", fields=fields, since=NOW - YEAR, day_of_first_hundred=12,
        strikes=(date(2026, 9, 1), date(2026, 10, 12)), second_chance=True, no_follow_ups=False,
        cases=(IN_SLACK, BY_MAIL), sale=(NoteLine(0, "Gratis montering & pærer til Ærø", "", NOW, None),),
        due=(DueLine("Follow-up", NOW), DueLine("499 kr. to go back", None, "as soon as somebody moves it", LINK)),
        notes=(note,), consents=(ConsentLine("marketing", False, "customers_file", NOW),), orders=orders,
        likenesses=(SAME,), joined=(replace(SAME, join_id=8),),
    )  # fmt: skip
    notes = tuple(replace(note, note_id=number) for number in range(3, 8))
    empty = CustomerView(9, "", (), NOW, None, (), False, True, (), (), (), (), (), ())
    return {
        "customer": partial(customer_card, full, '{"k": 3}'),
        "customer_with_five_notes": partial(customer_card, replace(full, notes=notes), '{"k": 3}'),
        "customer_not_known": partial(
            customer_card, empty, '{"k": 9}', "Somebody removed this note already."
        ),
    }


def windows() -> dict[str, partial[Any]]:
    """One of each."""
    return answering() | deciding() | passing_on() | reading() | known()
