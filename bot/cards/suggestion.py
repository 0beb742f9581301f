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
from bot.cards.room import Room, fitting
from bot.cards.shapes import Block, Card, CardView, FollowUpLine
from bot.cards.texts import capitalized, escaped, instant, line, person, sentence
from bot.cards.together import folded_card, shared_cases
from bot.speech import mark, say, say_number

MOST_REFUNDS = 3
_FOLLOW_UPS = {
    "planned": mark("Follow-up when this is resolved"),
    "proposed": mark("Follow-up when this is resolved"),
    "scheduled": mark("Follow-up set for"),
    "sending": mark("Follow-up on its way"),
    "sent": mark("Follow-up sent"),
    "cancelled": mark("Follow-up cancelled, was set for"),
    "failed": mark("Follow-up not sent, was set for"),
}
_SOME_FOLLOW_UP = mark("Follow-up")


def suggestion_card(view: CardView) -> Card:
    """The card as it stands in the state of `view`; equal views give equal cards."""
    if view.automatic and view.automatic != "event":
        return _quiet_card(view)
    if view.leading is not None:
        return folded_card(view, customer_name(view))
    return Card(_summary(view), fitting(lambda room: _blocks(view, room)))


def _blocks(view: CardView, room: Room) -> list[Block]:
    return [
        header(capitalized(f"{customer_name(view)}: {headline(view)}")),
        origin(view),
        *about_the_person(view, room.rows),
        *customers_words(view, room.customer),
        *shared_cases(view, room.rows),
        *which_order(view),
        *_answer(view, room),
        *_follow_up(view.follow_up),
        *promise_line(view.promise),
        *(context(mrkdwn(refund_line(refund))) for refund in view.refunds[-min(MOST_REFUNDS, room.rows) :]),
        why_this_answer(view, room.rows),
        *_outcome(view, room),
        *_put_off(view),
        *_overtaken(view),
        *buttons(view),
        *person_buttons(view),
        *_promise(view),
    ]


def _quiet_card(view: CardView) -> Card:
    kind = labels.named(labels.AUTOMATIC, view.automatic or "")
    settled = view.state in ("dismissed", "withdrawn")
    bounced = view.automatic == "bounce"
    todo = say("Please check the address.") if bounced else say("Nothing to answer.")
    name = customer_name(view)
    blocks = [
        context(kind, name, mrkdwn(instant(view.received_at))),
        *customers_words(view, most=300),
        *(_outcome(view, Room()) if settled else [quiet_menu(view)]),
    ]
    return Card(f"{kind}, {escaped(name)}: {escaped(headline(view))}. {todo}", blocks)


def _answer(view: CardView, room: Room) -> list[Block]:
    match view.state:
        case "new" if view.owner_only:
            return [section(_owner_line(view))]
        case "new" if view.draft.strip():
            return [*suggested_reply(view, room), *_remedy(view)]
        case "new":
            told = say("*No draft for this one.* Please write the reply yourself.")
            return [section(told), *_remedy(view)]
        case "sending" | "sent":
            return reply(view, room)
        case _:
            return []


def _owner_line(view: CardView) -> str:
    reason = escaped(labels.named(labels.OWNER_ONLY, line(view.owner_only or "", 80)).lower(), 120)
    owner = person(view.owner_id) if view.owner_id else say("A lead decides who.")
    told = say("*Only a named person answers this:* {reason}.", reason=reason)
    return f"{told} {owner}"


def _remedy(view: CardView) -> list[Block]:
    remedy = escaped(line(say(view.remedy), 300), 400)
    if not remedy:
        return []
    if view.within_authority and view.known:
        notes = [say("*You may give this now:* {remedy}", remedy=remedy)]
    else:
        notes = [say("*This could make it right:* {remedy}", remedy=remedy)]
    if not view.within_authority:
        notes.append(say("Above your limit: a lead says yes or no."))
    if not view.known:
        notes.append(say(UNKNOWN))
    if view.needs_second_check:
        notes.append(say("A colleague checks the typing before the money moves."))
    return [section("\n".join(notes))]


def _follow_up(follow_up: FollowUpLine | None) -> list[Block]:
    if follow_up is None:
        return []
    lead = say(_FOLLOW_UPS.get(follow_up.state, _SOME_FOLLOW_UP))
    about = labels.named(labels.FOLLOW_UPS, line(follow_up.kind, 40))
    why = line(say(follow_up.why), 200)
    return [context(mrkdwn(f"{lead} · {instant(follow_up.due_at)}"), f"{about} · {why}" if why else about)]


def _outcome(view: CardView, room: Room) -> list[Block]:
    problem = _problem(view)
    note = [context(problem)] if problem else []
    match view.state:
        case "sending":
            return [context(_going_out(view)), *note]
        case "sent":
            return [context(mrkdwn(_done(view))), *_delivered(view), *note]
        case "failed":
            why = problem or say("the reason is not known")
            return [context(say("Not sent: {problem}", problem=why)), *reply_to_copy(view, room)]
        case "dismissed":
            return [context(mrkdwn(_done(view))), *note]
        case "withdrawn":
            why = problem or say("something newer came in")
            return [context(say("Withdrawn: {problem}", problem=why))]
        case _:
            return note


def _problem(view: CardView) -> str:
    return line(say(view.problem), 300)


def _going_out(view: CardView) -> str:
    if view.undo_version != view.version:
        return say("Sending ...")
    return say("Goes out {number} seconds after Send. Undo takes it back.", number=view.undo_seconds)


def _done(view: CardView) -> str:
    """Who sent or dismissed it and when, for mrkdwn."""
    who = person(view.decided_by)
    if view.state == "sent":
        told = say("Sent by {who}", who=who)
    elif view.not_a_request:
        told = say("Not a request, says {who}", who=who)
    else:
        told = say("Dismissed by {who}", who=who)
    when = f" · {instant(view.decided_at)}" if view.decided_at else ""
    edited = say("(edited)") if view.state == "sent" and view.edited else ""
    return f"{told}{when} {edited}".rstrip()


def _put_off(view: CardView) -> list[Block]:
    if view.snoozed_until is None:
        return []
    return [context(mrkdwn(say("Snoozed until {when}", when=instant(view.snoozed_until))))]


def _overtaken(view: CardView) -> list[Block]:
    """A reply is about to go, and something newer has come in: it goes all the same, unless it is taken back."""
    if not view.undo_version or view.undo_version == view.version:
        return []
    told = say(
        "Something newer came in while your reply waits to go. It goes out in a moment, unless you press Undo."
    )
    undo = undo_button(view.conversation_id, view.undo_version)
    return [context(told), actions(f"undo:{view.conversation_id}:v{view.undo_version}", undo)]


def _delivered(view: CardView) -> list[Block]:
    if view.delivered_at is None:
        return []
    by_mail = view.channel == "email"
    where = say("Delivered to the mail server") if by_mail else say("Posted in the customer's thread")
    return [context(mrkdwn(f"✓ {where} · {instant(view.delivered_at)}"))]


def _promise(view: CardView) -> list[Block]:
    if view.state != "new":
        return []
    name = customer_name(view)
    if view.owner_only or not view.draft.strip():
        return [context(say("Nothing reaches {name} until you write the reply and send it.", name=name))]
    told = say("Nothing reaches {name} until you press {button}", name=name, button=send_label(view))
    return [context(sentence(told))]


def _summary(view: CardView) -> str:
    urgent = [say("Urgent.")] if view.urgent and view.state == "new" else []
    about = escaped(capitalized(f"{customer_name(view)}: {headline(view)}"))
    return " ".join((*urgent, sentence(about), _next_step(view)))


def _next_step(view: CardView) -> str:
    problem = escaped(_problem(view))
    who = person(view.decided_by)
    match view.state:
        case "new":
            return _first_step(view)
        case "sending":
            if view.undo_version == view.version:
                return say("The reply goes out in a few seconds. Press Undo to take it back.")
            return say("The reply is being sent; nothing to do.")
        case "sent":
            then = _solved() if view.resolved else say("Press Resolve once it is solved.")
            trouble = [sentence(problem)] if problem else []
            return " ".join((say("Reply sent by {who}.", who=who), *trouble, then))
        case "failed":
            why = sentence(problem or say("the reason is not known"))
            return say("Not sent: {problem} Press Retry or copy the reply.", problem=why)
        case "dismissed":
            then = _solved() if view.resolved else say("Press Resolve if nothing is left to do.")
            return f"{_dismissed(view)} {then}"
        case "withdrawn":
            why = sentence(problem or say("something newer came in"))
            return say("Suggestion withdrawn: {problem}", problem=why)
        case _:
            if view.resolved:
                return f"{say('No answer is needed.')} {_solved()}"
            return say("No answer is needed: write one if you like, or press Resolve.")


def _solved() -> str:
    return say("The case is solved: press Reopen if it is not.")


def _dismissed(view: CardView) -> str:
    who = person(view.decided_by)
    if view.not_a_request:
        return sentence(say("Not a request, says {who}", who=who))
    return say("Suggestion dismissed by {who}.", who=who)


def _first_step(view: CardView) -> str:
    if view.owner_only:
        press = say("Press Write Reply.")
        return f"{_owner_line(view).replace('*', '')} {press}"
    if not view.draft.strip():
        return say("There is no draft: please press Write Reply.")
    told = [say("A draft is ready.")]
    if view.findings:
        told.append(
            say_number(
                len(view.findings),
                "The trust check has {number} finding.",
                "The trust check has {number} findings.",
            )
        )
    if view.remedy and not view.within_authority:
        told.append(say("The remedy is above your limit: a lead decides."))
    press = sentence(escaped(say("Please read it and press {button}", button=send_label(view))))
    return " ".join((*told, press))
