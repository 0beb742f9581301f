"""The card of a conversation in each of its states, and what may stand on it besides."""

from datetime import timedelta
from functools import partial
from typing import Any

from card_views import NOW, card_view, refund
from golden_texts import (
    BOKMAL,
    BOKMAL_REPLY,
    BY_MAIL,
    DANISH,
    DANISH_REPLY,
    ENGLISH,
    FINDINGS,
    FIRM,
    IN_SLACK,
    LINK,
    LONG_NAME,
    MONEY_FOLLOW_UP,
    NYNORSK,
    NYNORSK_REPLY,
    SAME,
    SWEDISH,
    SWEDISH_REPLY,
    THANKS,
)

from bot.cards.queue_cards import next_case
from bot.cards.shapes import CardView, FileLine, FollowUpLine, Leading, OrderChoice, PromiseLine, SharedCase
from bot.cards.suggestion import suggestion_card
from bot.cards.together import folded_card

EARLIER = NOW - timedelta(hours=3)
LATER = NOW + timedelta(days=5)
AS_OF = "as of 2 h ago"
DONE: dict[str, Any] = {"decided_by": "U0SIGRID", "decided_at": NOW}
PICTURE = FileLine("kvittering æøå.jpg", 412_000, "image", can_be_shown=True)
FEED = (
    PICTURE,
    FileLine("faktura.pdf", 80_400, "program", disguised=True),
    FileLine("video fra stuen.mov", 31_000_000, "media", left_out="too_large"),
)


def danish(**changes: Any) -> CardView:
    """Charged twice, and the money goes with the reply."""
    given: dict[str, Any] = {
        "customer_id": 3, "customer_name": "Mette Sørensen", "address": "mette@sørensen.example",
        "subject": "Trukket to gange for ordre 10432", "subject_line": "", "customer_text": DANISH,
        "draft": DANISH_REPLY, "feeling": 1, "remedy": "refund 499 kr.", "remedy_amount": "499 kr.",
        "remedy_kind": "refund", "send_refunds": True, "follow_up": MONEY_FOLLOW_UP,
        "facts": (f"Order 10432, {AS_OF}", "Capture of 499 kr. on 2 November", "Capture of 499 kr. on 2 November"),
        "customer_type": "doer", "customer_type_because": ("inden weekenden",),
        "permalink": "https://mail.example/m/10432?a=1&b=2",
    }  # fmt: skip
    return card_view(**given | changes)


def bokmal(**changes: Any) -> CardView:
    """A late parcel, in Slack."""
    given: dict[str, Any] = {
        "customer_id": 4, "channel": "slack", "customer_name": "Kåre Bjørnstad", "address": "", "subject": "",
        "headline": "a parcel is late", "customer_text": BOKMAL, "draft": BOKMAL_REPLY, "subject_line": "",
        "language": "nb", "language_name": "Norwegian Bokmål", "urgent": True, "intent": "late_delivery",
        "intents": (("late_delivery", 91),), "because": ("sporingen", "begynner å haste"),
        "rule": "own_the_delay", "facts": (f"Order 10561, {AS_OF}", "Parcel with Posten: shipped"),
        "permalink": "https://lampehuset.slack.com/archives/C0KUNDER/p1793871000000100",
    }  # fmt: skip
    return card_view(**given | changes)


def nynorsk(**changes: Any) -> CardView:
    """A damaged shade, by mail."""
    given: dict[str, Any] = {
        "customer_name": "Eirik Øvrebø", "address": "eirik@ovrebo.example", "subject": "Bulk i skjermen",
        "headline": "something arrived damaged", "customer_text": NYNORSK, "draft": NYNORSK_REPLY,
        "subject_line": "", "language": "nn", "language_name": "Norwegian Nynorsk", "intent": "damaged_item",
        "intents": (("damaged_item", 78), ("wrong_item", 11)), "because": ("ei bulk", "knekt kant"),
        "remedy": "send a new one", "remedy_kind": "replacement", "rule": "replace_what_is_damaged",
    }  # fmt: skip
    return card_view(**given | changes)


def swedish(**changes: Any) -> CardView:
    """A refund that never came: a large amount, an angry person, and somebody we let down before."""
    given: dict[str, Any] = {
        "customer_id": 5, "customer_name": "Åsa Lindström-Håkansson", "address": "asa@lindstrom.example",
        "subject": "Var är mina pengar?", "headline": "waits for a refund", "customer_text": SWEDISH,
        "draft": SWEDISH_REPLY, "subject_line": "", "language": "sv", "language_name": "Swedish", "feeling": 2,
        "second_chance": True, "open_cases": 2, "intent": "refund_status", "intents": (("refund_status", 88),),
        "because": ("tillbaka mina 4 998 kr",), "remedy": "refund 4 998 kr", "remedy_amount": "4 998 kr",
        "remedy_kind": "refund", "within_authority": False, "needs_second_check": True, "known": False,
        "waiting_since": EARLIER, "rule": "pay_what_was_returned", "hints": ("Name the day of the payout",),
    }  # fmt: skip
    return card_view(**given | changes)


def english(**changes: Any) -> CardView:
    """Two of twelve are missing, from a firm whose name is full of signs."""
    given: dict[str, Any] = {
        "customer_name": f"Siobhán O’Brien, {FIRM}", "address": "siobhan@bjorn-son.example",
        "subject": "Order #20871: 10 < 12", "headline": "something is missing", "customer_text": ENGLISH,
        "draft": "", "subject_line": "", "language": "en", "language_name": "English", "feeling": 0,
        "intent": "missing_item", "intents": (("missing_item", 93),), "because": ("only <ten> arrived",),
        "attachments": ("packing list & photo.pdf", "følgeseddel.pdf"), "bala": "reopened",
    }  # fmt: skip
    return card_view(**given | changes)


def under_way() -> dict[str, CardView]:
    """Before a reply is on its way."""
    return {
        "new": danish(),
        "new_with_a_large_amount": swedish(),
        "new_with_findings": nynorsk(findings=(*FINDINGS, FINDINGS[0]), hints=("Say when the shade comes",)),
        "new_in_slack": bokmal(),
        "new_owner_only": swedish(owner_only="complaints_board", owner_id="U0BODIL", headline="needs a named person"),
        "new_owner_only_without_an_owner": bokmal(owner_only="injury"),
        "new_without_draft": english(),
        "new_with_a_long_name": danish(customer_name=LONG_NAME, headline="a question about a bill"),
        "new_claimed": bokmal(assigned_to="U0SIGRID"),
        "new_snoozed": nynorsk(snoozed_until=LATER, assigned_to="U0SIGRID"),
        "new_answering_our_follow_up": danish(answers_follow_up=True, bala="accept_asked"),
        "shown": danish(state="shown", draft="", customer_text=THANKS, headline="says thank you", follow_up=None,
                        remedy="", remedy_amount="", remedy_kind="", send_refunds=False,
                        bala="accepted_by_customer", feeling=0),
        "told_by_the_shop": nynorsk(automatic="event", customer_text="", subject="", attachments=()),
        "quiet_bounce": bokmal(automatic="bounce", channel="email", address="mailer-daemon@epost.example"),
        "quiet_auto_reply": swedish(automatic="auto_reply", customer_text="Jag är på semester till måndag 🌞"),
        "quiet_dismissed": swedish(automatic="list", state="dismissed", **DONE),
    }  # fmt: skip


def afterwards() -> dict[str, CardView]:
    """Once somebody has pressed."""
    undone: dict[str, Any] = {"undo_version": 3, "undo_seconds": 30}
    sent = DANISH_REPLY.replace("[your name]", "Sigrid")
    set_for = FollowUpLine("money_arrived", LATER, "the bank needs five days", "scheduled")
    delivered: dict[str, Any] = {"sent_text": sent, "delivered_at": NOW, "follow_up": set_for}
    refused = "Mailserveren svarede: 550 <mette@sørensen.example> unknown & rejected"
    silent = "The other side fell silent, so the reply went out once more with the same id."
    return {
        "sending": danish(state="sending", sent_text=sent, **DONE),
        "sending_with_undo": danish(state="sending", sent_text=sent, **undone, **DONE),
        "sent": danish(state="sent", **delivered, **DONE),
        "sent_edited": danish(state="sent", edited=True, problem=silent, **delivered, **DONE),
        "sent_in_slack": bokmal(state="sent", sent_text=BOKMAL_REPLY, delivered_at=NOW, **DONE),
        "sent_and_resolved": danish(state="sent", resolved=True, **delivered, **DONE),
        "sent_owner_only": swedish(state="sent", owner_only="lawyer", sent_text=SWEDISH_REPLY, **DONE),
        "failed": danish(state="failed", sent_text=sent, problem=refused, **DONE),
        "dismissed": nynorsk(state="dismissed", **DONE),
        "dismissed_as_no_request": nynorsk(state="dismissed", not_a_request=True, **DONE),
        "withdrawn": bokmal(state="withdrawn", problem="Jonas answered in the thread"),
        "overtaken": danish(
            version=4, undo_version=3, undo_seconds=30, customer_text="PS: det haster ikke 😊"
        ),
    }


def with_others() -> dict[str, CardView]:
    """What else there is to know: the person, their orders, files, promises, refunds and other cases."""
    form = SharedCase(12, "email", "", True, EARLIER, "Hvor bliver pengene af?", LINK, answered_too=True)
    thread = SharedCase(13, "slack", "C0KUNDER", False, NOW, "Og hvad med fragten & gebyret?", LINK,
                        read_by_others=True, remedy="give the shipping fee of 39 kr. back")  # fmt: skip
    promise = PromiseLine(
        7, "Jeg skriver til dig senest torsdag.", "Thursday 12 November", is_broken=False, others=2
    )
    broken = PromiseLine(8, "Vi ringer deg før helgen.", "Friday 30 October, 12:00", is_broken=True)
    orders = (
        OrderChoice(1, "10432, 27 October, 499 kr., Bordlampe Ærø"),
        OrderChoice(2, "10388, 3 October, 1.298 kr., Gulvlampe Åland", chosen=True),
    )
    states = ("requested", "approved", "settled", "declined", "failed")
    refunds = {
        f"with_a_refund_{state}": danish(
            state="sent",
            sent_text=DANISH_REPLY,
            refunds=(refund(state=state, needs_second_check=state == "approved"),),
            **DONE,
        )
        for state in states
    }
    return {
        "with_other_cases": danish(other_cases=(IN_SLACK, BY_MAIL)),
        "with_a_likeness": danish(likenesses=(SAME,)),
        "with_a_doubt": danish(doubt="Somebody else wrote it", doubted_address="ukendt@post.example"),
        "with_orders_to_choose": danish(order_choices=orders),
        "with_files": danish(files=FEED, earlier_files=2, enclosed=(FileLine("retur & bytte.pdf", 88_000, "pdf"),)),
        "sent_with_files": danish(state="sent", sent_text=DANISH_REPLY, enclosed=FEED[:1], **DONE),
        "with_a_promise": danish(promise=promise),
        "with_a_broken_promise": bokmal(promise=broken),
        "with_shared_cases": danish(shared=(form, thread)),
        "with_a_shared_case_that_stays_open": danish(shared=(thread,)),
        **refunds,
    }  # fmt: skip


def conversations() -> dict[str, partial[Any]]:
    """One of each."""
    views = under_way() | afterwards() | with_others()
    cards = {f"suggestion_{name}": partial(suggestion_card, view) for name, view in views.items()}
    folds = {
        "": Leading(12, LINK, answered=False, resolved=False),
        "_answered": Leading(12, LINK, answered=True, resolved=False),
        "_solved": Leading(12, LINK, answered=True, resolved=True),
        "_failed": Leading(12, "", answered=True, resolved=False, failed=True),
    }
    folded = {
        f"suggestion_folded{name}": partial(folded_card, english(leading=leading), f"Siobhán, {FIRM}")
        for name, leading in folds.items()
    }
    return cards | folded | {"queue_next_case": partial(next_case, nynorsk(), (4, 9))}
