"""The card of one conversation: what the customer wrote, what we suggest, and what a person can do."""

from bot.cards import labels
from bot.cards.elements import actions, context, header, mrkdwn, section
from bot.cards.letter import (
    customer_name,
    customers_words,
    headline,
    origin,
    reply,
    reply_to_copy,
    suggested_reply,
)
from bot.cards.orders import which_order
from bot.cards.people import about_the_person, person_buttons
from bot.cards.presses import buttons, quiet_menu, send_label, undo_button
from bot.cards.promises import promise_line
from bot.cards.reasons import why_this_answer
from bot.cards.refunds import UNKNOWN, refund_line
from bot.cards.shapes import Block, Card, CardView, FollowUpLine
from bot.cards.texts import capitalized, counted, escaped, instant, line, person, sentence
from bot.cards.together import folded_card, shared_cases

MOST_REFUNDS = 3
_FOLLOW_UPS = {
    "planned": "Follow-up when this is resolved",
    "proposed": "Follow-up when this is resolved",
    "scheduled": "Follow-up set for",
    "sending": "Follow-up on its way",
    "sent": "Follow-up sent",
    "cancelled": "Follow-up cancelled, was set for",
    "failed": "Follow-up not sent, was set for",
}


def suggestion_card(view: CardView) -> Card:
    """The card as it stands in the state of `view`; equal views give equal cards."""
    if view.automatic and view.automatic != "event":
        return _quiet_card(view)
    if view.leading is not None:
        return folded_card(view, customer_name(view))
    blocks = [
        header(capitalized(f"{customer_name(view)}: {headline(view)}")),
        origin(view),
        *about_the_person(view),
        *customers_words(view),
        *shared_cases(view),
        *which_order(view),
        *_answer(view),
        *_follow_up(view.follow_up),
        *promise_line(view.promise),
        *(context(mrkdwn(refund_line(refund))) for refund in view.refunds[-MOST_REFUNDS:]),
        why_this_answer(view),
        *_outcome(view),
        *_put_off(view),
        *_overtaken(view),
        *buttons(view),
        *person_buttons(view),
        *_promise(view),
    ]
    return Card(_summary(view), blocks)


def _quiet_card(view: CardView) -> Card:
    kind = labels.named(labels.AUTOMATIC, view.automatic or "")
    settled = view.state in ("dismissed", "withdrawn")
    todo = "Please check the address." if view.automatic == "bounce" else "Nothing to answer."
    name = customer_name(view)
    blocks = [
        context(kind, name, mrkdwn(instant(view.received_at))),
        *customers_words(view, most=300),
        *(_outcome(view) if settled else [quiet_menu(view)]),
    ]
    return Card(f"{kind}, {escaped(name)}: {escaped(headline(view))}. {todo}", blocks)


def _answer(view: CardView) -> list[Block]:
    match view.state:
        case "new" if view.owner_only:
            return [section(_owner_line(view))]
        case "new" if view.draft.strip():
            return [*suggested_reply(view), *_remedy(view)]
        case "new":
            return [section("*No draft for this one.* Please write the reply yourself."), *_remedy(view)]
        case "sending" | "sent":
            return reply(view)
        case _:
            return []


def _owner_line(view: CardView) -> str:
    reason = escaped(labels.named(labels.OWNER_ONLY, line(view.owner_only or "", 80)).lower())
    owner = person(view.owner_id) if view.owner_id else "A lead decides who."
    return f"*Only a named person answers this:* {reason}. {owner}"


def _remedy(view: CardView) -> list[Block]:
    remedy = escaped(line(view.remedy, 300), 400)
    if not remedy:
        return []
    may = "You may give this now" if view.within_authority and view.known else "This could make it right"
    notes = [f"*{may}:* {remedy}"]
    if not view.within_authority:
        notes.append("Above your limit: a lead says yes or no.")
    if not view.known:
        notes.append(UNKNOWN)
    if view.needs_second_check:
        notes.append("A colleague checks the typing before the money moves.")
    return [section("\n".join(notes))]


def _follow_up(follow_up: FollowUpLine | None) -> list[Block]:
    if follow_up is None:
        return []
    lead = _FOLLOW_UPS.get(follow_up.state, "Follow-up")
    about = labels.named(labels.FOLLOW_UPS, line(follow_up.kind, 40))
    why = line(follow_up.why, 200)
    return [context(mrkdwn(f"{lead} · {instant(follow_up.due_at)}"), f"{about} · {why}" if why else about)]


def _outcome(view: CardView) -> list[Block]:
    problem = line(view.problem, 300)
    note = [context(problem)] if problem else []
    when = f" · {instant(view.decided_at)}" if view.decided_at else ""
    match view.state:
        case "sending":
            if view.undo_version == view.version:
                return [
                    context(f"Goes out {view.undo_seconds} seconds after Send. Undo takes it back."),
                    *note,
                ]
            return [context("Sending ..."), *note]
        case "sent":
            edited = " (edited)" if view.edited else ""
            sent = context(mrkdwn(f"Sent by {person(view.decided_by)}{when}{edited}"))
            return [sent, *_delivered(view), *note]
        case "failed":
            return [context(f"Not sent: {problem or 'the reason is not known'}"), *reply_to_copy(view)]
        case "dismissed":
            done = "Not a request, says" if view.not_a_request else "Dismissed by"
            return [context(mrkdwn(f"{done} {person(view.decided_by)}{when}")), *note]
        case "withdrawn":
            return [context(f"Withdrawn: {problem or 'something newer came in'}")]
        case _:
            return note


def _put_off(view: CardView) -> list[Block]:
    return [context(mrkdwn(f"Snoozed until {instant(view.snoozed_until)}"))] if view.snoozed_until else []


def _overtaken(view: CardView) -> list[Block]:
    """A reply is about to go, and something newer has come in: it goes all the same, unless it is taken back."""
    if not view.undo_version or view.undo_version == view.version:
        return []
    told = "Something newer came in while your reply waits to go. It goes out in a moment, unless you press Undo."
    undo = undo_button(view.conversation_id, view.undo_version)
    return [context(told), actions(f"undo:{view.conversation_id}:v{view.undo_version}", undo)]


def _delivered(view: CardView) -> list[Block]:
    if view.delivered_at is None:
        return []
    where = "Delivered to the mail server" if view.channel == "email" else "Posted in the customer's thread"
    return [context(mrkdwn(f"✓ {where} · {instant(view.delivered_at)}"))]


def _promise(view: CardView) -> list[Block]:
    if view.state != "new":
        return []
    name = customer_name(view)
    if view.owner_only or not view.draft.strip():
        return [context(f"Nothing reaches {name} until you write the reply and send it.")]
    return [context(sentence(f"Nothing reaches {name} until you press {send_label(view)}"))]


def _summary(view: CardView) -> str:
    urgent = "Urgent. " if view.urgent and view.state == "new" else ""
    about = escaped(capitalized(f"{customer_name(view)}: {headline(view)}"))
    return f"{urgent}{sentence(about)} {_next_step(view)}"


def _next_step(view: CardView) -> str:
    problem = escaped(line(view.problem, 300))
    who = person(view.decided_by)
    match view.state:
        case "new":
            return _first_step(view)
        case "sending":
            if view.undo_version == view.version:
                return "The reply goes out in a few seconds. Press Undo to take it back."
            return "The reply is being sent; nothing to do."
        case "sent":
            note = f" {sentence(problem)}" if problem else ""
            return f"Reply sent by {who}.{note} Press Resolve once it is solved."
        case "failed":
            return (
                f"Not sent: {sentence(problem or 'the reason is not known')} Press Retry or copy the reply."
            )
        case "dismissed":
            return f"Suggestion dismissed by {who}. Press Resolve if nothing is left to do."
        case "withdrawn":
            return f"Suggestion withdrawn: {sentence(problem or 'something newer came in')}"
        case _:
            return "No answer is needed: write one if you like, or press Resolve."


def _first_step(view: CardView) -> str:
    if view.owner_only:
        return f"{_owner_line(view).replace('*', '')} Press Write Reply."
    if not view.draft.strip():
        return "There is no draft: please press Write Reply."
    found = f" The trust check has {counted(len(view.findings), 'finding')}." if view.findings else ""
    above = bool(view.remedy) and not view.within_authority
    limit = " The remedy is above your limit: a lead decides." if above else ""
    press = sentence(escaped(f"Please read it and press {send_label(view)}"))
    return f"A draft is ready.{found}{limit} {press}"
