"""Several open cases of one person on one card: what the leading card says, and the one line of the others."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.elements import actions, button, confirm, context, mrkdwn, option, pressed_on, section
from bot.cards.shapes import Block, Card, CardView, Leading, SharedCase
from bot.cards.texts import escaped, line, link
from bot.cards.views import input_block

MOST_SHARED = 5
WINDOW_BLOCK = "closing"
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")


def shared_cases(view: CardView) -> list[Block]:
    """The other open cases that stand on this card, and which of them Send answers too."""
    if not view.shared or view.state != "new":
        return []
    told = [mrkdwn(_told(each)) for each in view.shared[:MOST_SHARED]]
    left_out = len(view.shared) - MOST_SHARED
    more = [f"and {left_out} more"] if left_out > 0 else []
    return [context(*told, *more), context(what_send_closes(view))]


def what_send_closes(view: CardView) -> str:
    """The plain sentence about the button."""
    answered = [each for each in view.shared if each.answered_too]
    if not answered:
        return "Send answers this case only. Press Edit to close another one with the same reply."
    return f"Send is one reply, and also closes {_listed([_named(each) for each in answered])}."


def _told(case: SharedCase) -> str:
    words = escaped(line(case.words, 120, otherwise="no words"))
    parts = [f"Case {case.case_id}, {_where(case)}: “{words}”"]
    if case.remedy:
        parts.append(f"not in this reply: {escaped(line(case.remedy, 90))}")
    if not case.answered_too:
        why = "others read this channel" if case.read_by_others else "the draft does not speak of it"
        parts.append(f"not closed by Send, because {why}")
    if case.link:
        parts.append(link(case.link, "Open"))
    return " · ".join(parts)


def _where(case: SharedCase) -> str:
    """The door it came through, for mrkdwn."""
    if case.channel == "slack":
        return f"in <#{case.slack_channel}>" if _CHANNEL.fullmatch(case.slack_channel) else "in Slack"
    return "by form" if case.by_form else "by mail"


def _named(case: SharedCase) -> str:
    """ "case 12 (the form of 12 November)", plain."""
    door = "the message in Slack" if case.channel == "slack" else "the form" if case.by_form else "the mail"
    return f"case {case.case_id} ({door} of {case.opened_at.day} {case.opened_at:%B})"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def closing(view: CardView) -> list[Block]:
    """The ticks of the reply window: which other cases this reply closes. Read them with `closed_too`."""
    offered = view.shared[:10]
    if not offered:
        return []
    options = [option(f"Also closes {_named(each)}", str(each.case_id)) for each in offered]
    ticked = [made for made, each in zip(options, offered, strict=True) if each.answered_too]
    boxes: Block = {"type": "checkboxes", "action_id": WINDOW_BLOCK, "options": options}
    if ticked:
        boxes["initial_options"] = ticked
    blocks = [input_block(WINDOW_BLOCK, "One reply for several cases", boxes, optional=True)]
    if any(each.read_by_others for each in offered):
        blocks.append(
            context("Others in this channel read the answer: what came by mail is not known to them.")
        )
    return blocks


def closed_too(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[int, ...] | None:
    """What is ticked, from a view's `state.values`; None where the window did not ask."""
    held = values.get(WINDOW_BLOCK)
    if held is None:
        return None
    return tuple(int(each["value"]) for each in held.get(WINDOW_BLOCK, {}).get("selected_options") or ())


def folded_card(view: CardView, name: str) -> Card:
    """One line: where this case is answered, and the way back to a card of its own."""
    assert view.leading is not None
    said = _stands(view.leading)
    opening = f" · {link(view.leading.link, 'Open')}" if view.leading.link else ""
    blocks = [section(f"{escaped(name)}: {said}{opening}")]
    if not view.leading.resolved:
        apart = button(
            "Take It Apart",
            "card_apart",
            pressed_on(c=view.conversation_id, v=view.version),
            confirm=confirm(
                "A card of its own?",
                "This case then gets its own draft, and its own answer.",
                "Take It Apart",
                "Leave It",
            ),
        )
        blocks.append(actions(f"card:{view.conversation_id}:v{view.version}", apart))
    return Card(f"{escaped(name)}: {said}.", blocks)


def _stands(leading: Leading) -> str:
    if not leading.answered:
        return f"Answered together with case {leading.case_id}"
    if leading.failed:
        return f"Answered together with case {leading.case_id}, whose reply did not go out: see there"
    solved = ", and solved with it" if leading.resolved else ""
    return f"Answered together with case {leading.case_id}{solved}"
