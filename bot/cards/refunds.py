"""Money on cards: who is asked for a yes, who moves it, and what became of it."""

from bot.cards.elements import actions, button, confirm, context, header, leaf, mrkdwn, pressed_on, rich_text
from bot.cards.labels import refund_done, refund_to_do
from bot.cards.shapes import Block, Card, RefundLine
from bot.cards.texts import capitalized, clean, escaped, line, person, sentence
from bot.speech import mark, say

UNKNOWN = mark("Not in our books yet: look it up before the money moves.")
#: What a lead is asked to say yes to, by the kind of refund.
_ASKED = {
    "refund": mark("Refund {amount} for {name}"),
    "release": mark("Let go of the reserved {amount} for {name}"),
    "shipping_refund": mark("Refund {amount} of shipping for {name}"),
    "price_difference": mark("Refund the price difference of {amount} for {name}"),
    "credit": mark("Give a credit of {amount} for {name}"),
}
#: What somebody then does in the shop's own tool.
_TASKS = {
    "refund": mark("Give back {amount} to {name}"),
    "release": mark("Let go of the reserved {amount} for {name}"),
    "credit": mark("Give {name} a credit of {amount}"),
}
#: What somebody does once a lead has said yes.
_THEN = {
    "refund": mark("A person then moves the money."),
    "release": mark("A person then lets go of the reservation."),
    "credit": mark("A person then gives the credit."),
}
#: What an approved one waits for.
_WAITS = {"refund": mark("to be paid out"), "release": mark("to be released"), "credit": mark("to be given")}
#: What comes before Done.
_FIRST = {
    "refund": mark("Move the money first, then press Done."),
    "release": mark("Let go of the reservation first, then press Done."),
    "credit": mark("Give the credit first, then press Done."),
}


def refund_line(refund: RefundLine) -> str:
    """Where a refund is, as one line of mrkdwn."""
    asked = say(
        "{refund} asked by {person}",
        refund=escaped(_done_name(refund), 90),
        person=person(refund.requested_by),
    )
    return f"{asked} · {outcome(refund)}"


def outcome(refund: RefundLine) -> str:
    """What became of a refund, or what it waits for, as mrkdwn."""
    match refund.state:
        case "requested":
            return say("waiting for approval")
        case "approved":
            waits = say(_WAITS.get(refund.kind, _WAITS["refund"]))
            checked = say("a colleague checks the typing") if refund.needs_second_check else ""
            return ", ".join(filter(None, (waits, checked)))
        case "settled":
            return say("done by {person}", person=person(refund.settled_by))
        case "declined":
            return say("declined by {person}", person=person(refund.decided_by))
        case "failed":
            return say(
                "not possible, says {person}: the customer needs to know", person=person(refund.settled_by)
            )
        case other:
            return escaped(line(other, 40, otherwise=say("unknown")))


def approval_card(refund: RefundLine, customer_name: str, why: str, conversation_id: int) -> Card:
    """Asks a lead for a yes or a no; once that is said, the outcome without buttons."""
    waits = refund.state == "requested"
    asks = _asked(refund, customer_name)
    ending = say("Please approve or decline.") if waits else sentence(capitalized(_decision(refund)))
    reason = line(why, 1000, otherwise=say("no reason was given"))
    blocks = [
        header(f"{asks}?" if waits else asks),
        _asked_by(refund, conversation_id),
        rich_text(leaf(f"{say('Why:')} ", bold=True), leaf(reason)),
    ]
    if not refund.known:
        blocks.append(context(say(UNKNOWN)))
    if waits:
        blocks.append(_approval_buttons(refund, conversation_id))
    else:
        blocks.append(context(mrkdwn(capitalized(_decision(refund)))))
    said = say("{person} asks: {request}.", person=person(refund.requested_by), request=escaped(clean(asks)))
    return Card(f"{said} {ending}", blocks)


def payout_card(refund: RefundLine, customer_name: str, order_number: str, conversation_id: int) -> Card:
    """Asks a person to move the money in the shop's own tool and to say so; then the outcome."""
    task = _task(refund, customer_name, order_number)
    waits = refund.state == "approved"
    notes = _payout_notes(refund, order_number)
    written = escaped(clean(task))
    said = f"{written}. {capitalized(outcome(refund))}."
    if waits:
        said = " ".join((say("{task}, then press Done.", task=written), *notes))
    blocks: list[Block] = [header(task), _asked_by(refund, conversation_id)]
    if waits:
        blocks.append(context(mrkdwn(say(_FIRST.get(refund.kind, _FIRST["refund"])))))
        blocks += [context(mrkdwn(note)) for note in notes]
        blocks.append(_payout_buttons(refund, conversation_id))
    else:
        blocks.append(context(mrkdwn(capitalized(outcome(refund)))))
    return Card(said, blocks)


def _asked_by(refund: RefundLine, conversation_id: int) -> Block:
    who = say("Asked by {person}", person=person(refund.requested_by))
    return context(mrkdwn(who), say("Case {number}", number=conversation_id))


def _asked(refund: RefundLine, customer_name: str) -> str:
    name = line(customer_name, 80, otherwise=say("the customer"))
    return say(_ASKED.get(refund.kind, _ASKED["refund"]), amount=_amount(refund), name=name)


def _decision(refund: RefundLine) -> str:
    if refund.state == "declined":
        return outcome(refund)
    approved = say("approved by {person}", person=person(refund.decided_by))
    return f"{approved} · {outcome(refund)}"


def _approval_buttons(refund: RefundLine, conversation_id: int) -> Block:
    value = pressed_on(r=refund.refund_id)
    amount = _amount(refund)
    question = confirm(
        say("Approve {amount}?", amount=amount),
        f"{sentence(refund_to_do(refund.kind, amount))} {say(_THEN.get(refund.kind, _THEN['refund']))}",
        say("Approve Refund"),
        say("Not Yet"),
    )
    return actions(
        f"refund:{refund.refund_id}:c{conversation_id}",
        button(say("Approve Refund"), "refund_approve", value, style="primary", confirm=question),
        button(say("Decline"), "refund_decline", value),
    )


def _payout_buttons(refund: RefundLine, conversation_id: int) -> Block:
    value = pressed_on(r=refund.refund_id)
    return actions(
        f"payout:{refund.refund_id}:c{conversation_id}",
        button(say("Done"), "refund_done", value, style="primary"),
        button(say("Not Possible"), "refund_failed", value),
    )


def _payout_notes(refund: RefundLine, order_number: str) -> list[str]:
    notes = []
    if refund.needs_second_check:
        notes.append(
            say(
                "A colleague other than {person} checks the typing and presses Done.",
                person=person(refund.requested_by),
            )
        )
    if not refund.known or not order_number.strip():
        notes.append(say(UNKNOWN))
    return notes


def _task(refund: RefundLine, customer_name: str, order_number: str) -> str:
    name = line(customer_name, 60, otherwise=say("the customer"))
    number = line(order_number, 30)
    task = say(_TASKS.get(refund.kind, _TASKS["refund"]), amount=_amount(refund), name=name)
    return say("{task} on order {number}", task=task, number=number) if number else task


def _done_name(refund: RefundLine) -> str:
    return refund_done(refund.kind, _amount(refund))


def _amount(refund: RefundLine) -> str:
    return line(refund.amount, 30, otherwise=say("the amount"))
