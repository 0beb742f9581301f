"""What a card says of the person: who it may be besides, where else they write, what is hidden until one is sure."""

import re
from collections.abc import Sequence

from bot.cards.elements import actions, button, confirm, context, mrkdwn, paragraph, pressed_on
from bot.cards.presses import case_menu
from bot.cards.shapes import Block, CardView, Likeness, OtherCase
from bot.cards.texts import escaped, instant, line, link, sentence

MOST_LIKENESSES = 2
MOST_CASES = 4
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")


def about_the_person(view: CardView) -> list[Block]:
    """Other open cases, and whether somebody else is the same person."""
    blocks = [context(*map(_case, view.other_cases[:MOST_CASES]))] if view.other_cases else []
    for each in view.likenesses[:MOST_LIKENESSES] if view.state == "new" else ():
        blocks += likeness(each, view.conversation_id)
    return blocks


def also_writes(case: OtherCase) -> str:
    """ "also writes in #kunder since 10:12", for mrkdwn."""
    where = f"in <#{case.slack_channel}>" if _CHANNEL.fullmatch(case.slack_channel) else "by mail"
    about = escaped(line(case.headline, 100))
    opening = f" · {link(case.link, 'Open')}" if case.link else ""
    return f"{where} since {instant(case.since)}{f' ({about})' if about else ''}{opening}"


def _case(case: OtherCase) -> Block:
    return mrkdwn(f"Also writes {also_writes(case)}")


def likeness(found: Likeness, conversation_id: int) -> list[Block]:
    """The question whether two are one, in two clicks."""
    name = line(found.name, 60, otherwise="a customer")
    said = f"May be the same person as {name} ({line(found.address, 90, otherwise='no address')})."
    value = pressed_on(j=found.join_id, c=conversation_id)
    sure = (
        f"Everything of {name} is then this customer's: addresses, cases, orders and notes. It can be undone."
    )
    return [
        paragraph(f"{said} {sentence(line(found.because, 200))}", 600),
        actions(
            f"join:{found.join_id}",
            button(
                "Same Person",
                "join_same",
                value,
                confirm=confirm("Are they one person?", sure, "Same Person", "Not Sure"),
            ),
            button(
                "Somebody Else",
                "join_other",
                value,
                confirm=confirm(
                    "Are they two?", "You are not asked about these two again.", "Two People", "Not Sure"
                ),
            ),
        ),
    ]


def parting(found: Likeness) -> list[Block]:
    """Somebody who was joined, with the way back."""
    name = line(found.name, 60, otherwise="a customer")
    back = f"What was {name}'s goes back to them; what came since stays here."
    return [
        context(f"Joined with {name}. {sentence(line(found.because, 200))}"),
        actions(
            f"part:{found.join_id}",
            button(
                "Part Again",
                "join_part",
                pressed_on(j=found.join_id, c=0),
                confirm=confirm("Make them two again?", back, "Part", "Keep"),
            ),
        ),
    ]


def person_buttons(view: CardView) -> list[Block]:
    """The customer's own card, and the word of somebody who is sure."""
    menu = case_menu(view)
    if not view.customer_id and not menu:
        return []
    value = pressed_on(c=view.conversation_id, v=view.version)
    known = [button("Customer", "card_customer", pressed_on(k=view.customer_id))] if view.customer_id else []
    elements = [*known, *menu]
    blocks: list[Block] = []
    if view.customer_id and view.doubt and view.state in ("new", "shown"):
        blocks.append(
            context(f"{sentence(line(view.doubt, 200))} Order facts are hidden until somebody is sure.")
        )
        elements.insert(0, button("I Know It Is Them", "card_confirm_person", value, confirm=_sure(view)))
    return [*blocks, actions(f"card:{view.conversation_id}:v{view.version}:person", *elements)]


def _sure(view: CardView) -> Block:
    where = line(view.doubted_address, 80, otherwise="this address")
    return confirm(
        "Are you sure who it is?",
        f"The draft is made anew with their orders, for whoever writes from {where} in this case. "
        "Changes such as a new address may be promised. It is recorded that you said so.",
        "I Know Them",
        "Not Sure",
    )


def open_cases(cases: Sequence[OtherCase]) -> list[str]:
    """A line each, for mrkdwn."""
    return [f"Writes {also_writes(case)}" for case in cases]
