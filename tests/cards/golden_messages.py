"""Every other card: about money, lists, notes and alarms, remarks on wording, and what a customer reads."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from card_views import NOW, refund
from golden_texts import (
    BOKMAL_REPLY,
    DANISH_REPLY,
    ENGLISH_REPLY,
    FIRM,
    LINK,
    LONG_NAME,
    NYNORSK_REPLY,
    PROOF,
    SWEDISH_REPLY,
    TONE,
)

from bot.cards import nudges, queue_cards
from bot.cards.digest import Digest, Oldest, digest
from bot.cards.lists import due, help_card, queue
from bot.cards.notes import mailbox_alert, note, quarantine_alert
from bot.cards.refunds import approval_card, payout_card
from bot.cards.replies import customer_reply
from bot.cards.shapes import DueRow, QueueRow
from bot.cards.stats_card import stats

ROWS = (
    QueueRow(
        "Åsa Lindström", "waits for a refund", "email", NOW - timedelta(hours=5), urgent=True, link=LINK
    ),
    QueueRow(
        LONG_NAME, "a parcel is late", "slack", NOW - timedelta(hours=2), assigned_to="U0SIGRID", link=LINK
    ),
    QueueRow(FIRM, "something is missing", "email", NOW),
)
DUE = (
    DueRow("Mette Sørensen", "money_arrived", NOW, "the bank needs five days", "U0SIGRID", LINK),
    DueRow(
        "Kåre Bjørnstad",
        "broken_promise",
        NOW,
        "Vi ringer deg før helgen.",
        "",
        LINK,
        day="Friday 30 October",
    ),
)
REFUND_STATES = ("requested", "approved", "settled", "declined", "failed")


def money() -> dict[str, partial[Any]]:
    """A refund in each state, as a lead and as whoever pays out sees it."""
    why = "To trækninger på samme ordre 😕 & kun én vare"
    swedish = refund(amount="4 998 kr", needs_second_check=True, known=False)
    asked = {
        f"refund_approval_{state}": partial(approval_card, refund(state=state), "Mette Sørensen", why, 12)
        for state in REFUND_STATES
    }
    paid = {
        f"refund_payout_{state}": partial(payout_card, refund(state=state), "Mette Sørensen", "10432", 12)
        for state in REFUND_STATES[1:]
    }
    kinds = {
        f"refund_payout_of_a_{kind}": partial(
            payout_card, refund(state="approved", kind=kind), "Eirik Øvrebø", "10561", 14
        )
        for kind in ("release", "credit", "shipping_refund", "price_difference")
    }
    return asked | paid | kinds | {
        "refund_approval_not_in_our_books": partial(approval_card, swedish, FIRM, "", 13),
        "refund_payout_of_a_large_amount": partial(
            payout_card, replace(swedish, state="approved"), LONG_NAME, "", 13
        ),
    }  # fmt: skip


def lists() -> dict[str, partial[Any]]:
    """What a command answers."""
    many = tuple(replace(ROWS[0], customer_name=f"Åsa {number}") for number in range(1, 13))
    figures = [("Refunds", "12"), ("Given back", "4.210 kr."), ("Længste ventetid", "3 h")]
    return {
        "queue": partial(queue, ROWS),
        "queue_with_more": partial(queue, many),
        "queue_empty": partial(queue, ()),
        "due": partial(due, DUE),
        "due_follow_ups_only": partial(due, DUE[:1] * 12),
        "due_empty": partial(due, ()),
        **{f"help_{role}": partial(help_card, role) for role in ("agent", "lead", "manager")},
        "help_for_everybody_else": partial(help_card, ""),
        "stats": partial(stats, "Refunds this week", figures, "Counted from 2 November 2026 to now"),
        "stats_empty": partial(stats, "Follow-ups in Ærøskøbing", (), ""),
        "queue_done": partial(queue_cards.done, "Sent to Mette Sørensen.", 12, 3),
        "queue_done_for_good": partial(queue_cards.done, "Dismissed. Nothing was sent.", 12),
        "queue_nobody": partial(queue_cards.nobody, 0),
        "queue_nobody_for_you": partial(queue_cards.nobody, 1),
        "queue_nobody_but_theirs": partial(queue_cards.nobody, 4),
    }  # fmt: skip


def notes() -> dict[str, partial[Any]]:
    """Notes in a thread, and alarms."""
    wrote = "Kåre wrote again: «Ring meg, så ordner vi det & <ferdig>»"
    error = "Traceback (most recent call last):\n  File \"intake.py\"\nUnicodeDecodeError: 'æøå' <0xe6>\n"
    refused = "the server says: login failed for <hej@lampehuset.example>"
    return {
        "note": partial(note, wrote, ""),
        "note_for_a_colleague": partial(note, wrote, "U0SIGRID"),
        "alert_mailbox": partial(mailbox_alert, "hej@lampehuset.example", refused, NOW),
        "alert_mailbox_over": partial(mailbox_alert, "hej@lampehuset.example", "", NOW),
        "alert_quarantine": partial(quarantine_alert, 41, error),
        "alert_quarantine_without_words": partial(quarantine_alert, 42, ""),
    }


def remarks() -> dict[str, partial[Any]]:
    """What only the colleague sees who wrote."""
    news = "You will be reminded of this again: Sounds cold."
    return {
        "nudge": partial(nudges.nudge, 7, PROOF),
        "nudge_without_better_words": partial(nudges.nudge, 8, TONE),
        "nudge_muted_now": partial(nudges.muted_now, "demands_proof"),
        "nudge_quiet": partial(nudges.quiet, NOW, ("demands_proof", "coldness")),
        "nudge_quiet_ended": partial(nudges.quiet, None, (), news),
    }


def mornings() -> dict[str, partial[Any]]:
    """What waits for one colleague."""
    oldest = Oldest("asks about <their> data & orders", NOW - timedelta(days=2), LINK)
    full = Digest(
        waiting=3, oldest=oldest, broken=2, broken_link=LINK, due=1, due_link=LINK, going=4, going_link=LINK,
        unset=1, unset_link=LINK, asked=2, asked_link=LINK,
    )  # fmt: skip
    one = Digest(waiting=1, oldest=replace(oldest, link=""), broken=1, going=1, asked=1)
    return {"digest": partial(digest, full), "digest_of_one_each": partial(digest, one)}


def replies() -> dict[str, partial[Any]]:
    """What a customer reads in their own thread, in their language."""
    linked = "Du kan følge pakken på https://spor.example/p?id=1&lang=da. *Sig endelig til* <3"
    said = {
        "da": DANISH_REPLY,
        "nb": BOKMAL_REPLY,
        "nn": NYNORSK_REPLY,
        "sv": SWEDISH_REPLY,
        "en": ENGLISH_REPLY,
    }
    signed = {
        f"reply_to_a_customer_{language}": partial(
            customer_reply, text.replace("[your name]", "Sigrid"), "Sigrid Ærlig", "Lampehuset", language
        )
        for language, text in said.items()
    }
    return signed | {
        "reply_to_a_customer_with_a_link": partial(customer_reply, linked, "Åse", FIRM, "da"),
        "reply_to_a_customer_from_nobody": partial(customer_reply, SWEDISH_REPLY, "", "", "sv"),
    }


def messages() -> dict[str, partial[Any]]:
    """One of each."""
    return money() | lists() | notes() | remarks() | mornings() | replies()
