"""What a card says of the person: who it may be besides, where else they write, what is hidden until one is sure."""

import re
from collections.abc import Sequence

from bot.cards.elements import actions, button, confirm, context, mrkdwn, paragraph, pressed_on
from bot.cards.presses import case_menu
from bot.cards.shapes import Block, CardView, Likeness, OtherCase
from bot.cards.texts import escaped, instant, line, link, sentence
from bot.speech import say

MOST_LIKENESSES = 2
MOST_CASES = 4
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")


def about_the_person(view: CardView, most: int = MOST_CASES) -> list[Block]:
    """Other open cases, at most so many, and whether somebody else is the same person."""
    blocks = [context(*map(_case, view.other_cases[: min(MOST_CASES, most)]))] if view.other_cases else []
    for each in view.likenesses[: min(MOST_LIKENESSES, most)] if view.state == "new" else ():
        blocks += likeness(each, view.conversation_id)
    return blocks


def _case(case: OtherCase) -> Block:
    since = instant(case.since)
    if _in_channel(case):
        told = say("Also writes in {channel} since {when}", channel=f"<#{case.slack_channel}>", when=since)
    else:
        told = say("Also writes by mail since {when}", when=since)
    return mrkdwn(told + _about(case))


def _in_channel(case: OtherCase) -> bool:
    return _CHANNEL.fullmatch(case.slack_channel) is not None


def _about(case: OtherCase) -> str:
    about = escaped(line(say(case.headline), 100), 150)
    shown = f" ({about})" if about else ""
    opening = link(case.link, say("Open")) if case.link else ""
    return f"{shown} · {opening}" if opening else shown


def likeness(found: Likeness, conversation_id: int) -> list[Block]:
    """The question whether two are one, in two clicks."""
    name = line(found.name, 60, otherwise=say("a customer"))
    address = line(found.address, 90, otherwise=say("no address"))
    said = say("May be the same person as {name} ({address}).", name=name, address=address)
    value = pressed_on(j=found.join_id, c=conversation_id)
    same = confirm(
        say("Are they one person?"),
        say(
            "Everything of {name} is then this customer's: addresses, cases, orders and notes. "
            "It can be undone.",
            name=name,
        ),
        say("Same Person"),
        say("Not Sure"),
    )
    other = confirm(
        say("Are they two?"),
        say("You are not asked about these two again."),
        say("Two People"),
        say("Not Sure"),
    )
    return [
        paragraph(f"{said} {_because(found)}", 600),
        actions(
            f"join:{found.join_id}",
            button(say("Same Person"), "join_same", value, confirm=same),
            button(say("Somebody Else"), "join_other", value, confirm=other),
        ),
    ]


def _because(found: Likeness) -> str:
    return sentence(line(say(found.because), 200))


def parting(found: Likeness) -> list[Block]:
    """Somebody who was joined, with the way back."""
    name = line(found.name, 60, otherwise=say("a customer"))
    said = say("Joined with {name}.", name=name)
    back = say("What was {name}'s goes back to them; what came since stays here.", name=name)
    return [
        context(f"{said} {_because(found)}"),
        actions(
            f"part:{found.join_id}",
            button(
                say("Part Again"),
                "join_part",
                pressed_on(j=found.join_id, c=0),
                confirm=confirm(say("Make them two again?"), back, say("Part"), say("Keep")),
            ),
        ),
    ]


def person_buttons(view: CardView) -> list[Block]:
    """The customer's own card, and the word of somebody who is sure."""
    menu = case_menu(view)
    if not view.customer_id and not menu:
        return []
    value = pressed_on(c=view.conversation_id, v=view.version)
    elements = [*menu]
    if view.customer_id:
        elements.insert(0, button(say("Customer"), "card_customer", pressed_on(k=view.customer_id)))
    blocks: list[Block] = []
    if view.customer_id and view.doubt and view.state in ("new", "shown"):
        doubt = sentence(line(say(view.doubt), 200))
        hidden = say("Order facts are hidden until somebody is sure.")
        blocks.append(context(f"{doubt} {hidden}"))
        sure = button(say("I Know It Is Them"), "card_confirm_person", value, confirm=_sure(view))
        elements.insert(0, sure)
    return [*blocks, actions(f"card:{view.conversation_id}:v{view.version}:person", *elements)]


def _sure(view: CardView) -> Block:
    where = line(view.doubted_address, 80, otherwise=say("this address"))
    meaning = say(
        "The draft is made anew with their orders, for whoever writes from {address} in this case. "
        "Changes such as a new address may be promised. It is recorded that you said so.",
        address=where,
    )
    return confirm(say("Are you sure who it is?"), meaning, say("I Know Them"), say("Not Sure"))


def open_cases(cases: Sequence[OtherCase]) -> list[str]:
    """A line each, for mrkdwn."""
    return [_written(case) + _about(case) for case in cases]


def _written(case: OtherCase) -> str:
    since = instant(case.since)
    if _in_channel(case):
        return say("Writes in {channel} since {when}", channel=f"<#{case.slack_channel}>", when=since)
    return say("Writes by mail since {when}", when=since)
