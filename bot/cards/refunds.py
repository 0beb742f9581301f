"""Money on cards: who is asked for a yes, who moves it, and what became of it."""

from bot.cards.elements import actions, button, confirm, context, header, leaf, mrkdwn, pressed_on, rich_text
from bot.cards.labels import refund_done, refund_to_do
from bot.cards.shapes import Block, Card, RefundLine
from bot.cards.texts import capitalized, clean, escaped, line, person, sentence

UNKNOWN = "Not in our books yet: look it up before the money moves."


def refund_line(refund: RefundLine) -> str:
    """Where a refund is, as one line of mrkdwn."""
    asked = f"{escaped(_done_name(refund), 90)} asked by {person(refund.requested_by)}"
    return f"{asked} · {outcome(refund)}"


def outcome(refund: RefundLine) -> str:
    """What became of a refund, or what it waits for, as mrkdwn."""
    match refund.state:
        case "requested":
            return "waiting for approval"
        case "approved" if refund.needs_second_check:
            return "to be paid out, a colleague checks the typing"
        case "approved":
            return "to be paid out"
        case "settled":
            return f"done by {person(refund.settled_by)}"
        case "declined":
            return f"declined by {person(refund.decided_by)}"
        case "failed":
            return f"not possible, says {person(refund.settled_by)}: the customer needs to know"
        case other:
            return escaped(line(other, 40, otherwise="unknown"))


def approval_card(refund: RefundLine, customer_name: str, why: str, conversation_id: int) -> Card:
    """Asks a lead for a yes or a no; once that is said, the outcome without buttons."""
    name = line(customer_name, 80, otherwise="the customer")
    waits = refund.state == "requested"
    asks = f"{refund_to_do(refund.kind, _amount(refund))} for {name}"
    ending = "Please approve or decline." if waits else sentence(capitalized(_decision(refund)))
    blocks = [
        header(f"{asks}?" if waits else asks),
        context(mrkdwn(f"Asked by {person(refund.requested_by)}"), f"Case {conversation_id}"),
        rich_text(leaf("Why: ", bold=True), leaf(line(why, 1000, otherwise="no reason was given"))),
    ]
    if not refund.known:
        blocks.append(context(UNKNOWN))
    if waits:
        blocks.append(_approval_buttons(refund, conversation_id))
    else:
        blocks.append(context(mrkdwn(capitalized(_decision(refund)))))
    return Card(f"{person(refund.requested_by)} asks: {escaped(clean(asks))}. {ending}", blocks)


def payout_card(refund: RefundLine, customer_name: str, order_number: str, conversation_id: int) -> Card:
    """Asks a person to move the money in the shop's own tool and to say so; then the outcome."""
    task = _task(refund, customer_name, order_number)
    waits = refund.state == "approved"
    notes = _payout_notes(refund, order_number)
    ending = " ".join((", then press Done.", *notes)) if waits else f". {capitalized(outcome(refund))}."
    blocks: list[Block] = [
        header(task),
        context(mrkdwn(f"Asked by {person(refund.requested_by)}"), f"Case {conversation_id}"),
    ]
    if waits:
        blocks.append(context(mrkdwn("Move the money first, then press Done.")))
        blocks += [context(mrkdwn(note)) for note in notes]
        blocks.append(_payout_buttons(refund, conversation_id))
    else:
        blocks.append(context(mrkdwn(capitalized(outcome(refund)))))
    return Card(escaped(clean(task)) + ending, blocks)


def _decision(refund: RefundLine) -> str:
    if refund.state == "declined":
        return outcome(refund)
    return f"approved by {person(refund.decided_by)} · {outcome(refund)}"


def _approval_buttons(refund: RefundLine, conversation_id: int) -> Block:
    value = pressed_on(r=refund.refund_id)
    question = confirm(
        f"Approve {_amount(refund)}?",
        f"{sentence(refund_to_do(refund.kind, _amount(refund)))} A person then moves the money.",
        "Approve Refund",
        "Not Yet",
    )
    return actions(
        f"refund:{refund.refund_id}:c{conversation_id}",
        button("Approve Refund", "refund_approve", value, style="primary", confirm=question),
        button("Decline", "refund_decline", value),
    )


def _payout_buttons(refund: RefundLine, conversation_id: int) -> Block:
    value = pressed_on(r=refund.refund_id)
    return actions(
        f"payout:{refund.refund_id}:c{conversation_id}",
        button("Done", "refund_done", value, style="primary"),
        button("Not Possible", "refund_failed", value),
    )


def _payout_notes(refund: RefundLine, order_number: str) -> list[str]:
    notes = []
    if refund.needs_second_check:
        notes.append(
            f"A colleague other than {person(refund.requested_by)} checks the typing and presses Done."
        )
    if not refund.known or not order_number.strip():
        notes.append(UNKNOWN)
    return notes


def _task(refund: RefundLine, customer_name: str, order_number: str) -> str:
    name = line(customer_name, 60, otherwise="the customer")
    number = line(order_number, 30)
    order = f" on order {number}" if number else ""
    match refund.kind:
        case "release":
            return f"Let go of the reserved {_amount(refund)} for {name}{order}"
        case "credit":
            return f"Give {name} a credit of {_amount(refund)}{order}"
        case _:
            return f"Give back {_amount(refund)} to {name}{order}"


def _done_name(refund: RefundLine) -> str:
    return refund_done(refund.kind, _amount(refund))


def _amount(refund: RefundLine) -> str:
    return line(refund.amount, 30, otherwise="the amount")
