"""Several open cases of one person on one card: what the leading card says, and the one line of the others."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.elements import actions, button, confirm, context, mrkdwn, option, pressed_on, section
from bot.cards.shapes import Block, Card, CardView, Leading, SharedCase
from bot.cards.texts import day_in_words, escaped, line, link
from bot.cards.views import input_block
from bot.speech import say

MOST_SHARED = 5
WINDOW_BLOCK = "closing"
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")


def shared_cases(view: CardView, most: int = MOST_SHARED) -> list[Block]:
    """The other open cases that stand on this card, and which of them Send answers too."""
    if not view.shared or view.state != "new":
        return []
    told = [mrkdwn(_told(each)) for each in view.shared[: min(MOST_SHARED, most)]]
    left_out = len(view.shared) - len(told)
    more = [say("and {number} more", number=left_out)] if left_out > 0 else []
    return [context(*told, *more), context(what_send_closes(view))]


def what_send_closes(view: CardView) -> str:
    """The plain sentence about the button."""
    answered = [each for each in view.shared if each.answered_too]
    if not answered:
        return say("Send answers this case only. Press Edit to close another one with the same reply.")
    named = _listed([_named(each) for each in answered])
    return say("Send is one reply, and also closes {cases}.", cases=named)


def _told(case: SharedCase) -> str:
    words = escaped(line(case.words, 120, otherwise=say("no words")), 180)
    parts = [say("Case {number}, {where}: “{words}”", number=case.case_id, where=_where(case), words=words)]
    if case.remedy:
        parts.append(say("not in this reply: {remedy}", remedy=escaped(line(case.remedy, 90), 130)))
    if not case.answered_too and case.read_by_others:
        parts.append(say("not closed by Send, because others read this channel"))
    elif not case.answered_too:
        parts.append(say("not closed by Send, because the draft does not speak of it"))
    if case.link:
        parts.append(link(case.link, say("Open")))
    return " · ".join(parts)


def _where(case: SharedCase) -> str:
    """The door it came through, for mrkdwn."""
    if case.channel == "slack":
        if _CHANNEL.fullmatch(case.slack_channel):
            return say("in {channel}", channel=f"<#{case.slack_channel}>")
        return say("in Slack")
    return say("by form") if case.by_form else say("by mail")


def _named(case: SharedCase) -> str:
    """ "case 12 (the form of 12 November)", plain."""
    day = day_in_words(case.opened_at, "d MMMM")
    if case.channel == "slack":
        return say("case {number} (the message in Slack of {day})", number=case.case_id, day=day)
    if case.by_form:
        return say("case {number} (the form of {day})", number=case.case_id, day=day)
    return say("case {number} (the mail of {day})", number=case.case_id, day=day)


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return say("{others} and {last}", others=", ".join(names[:-1]), last=names[-1])


def closing(view: CardView) -> list[Block]:
    """The ticks of the reply window: which other cases this reply closes. Read them with `closed_too`."""
    offered = view.shared[:10]
    if not offered:
        return []
    options = [option(say("Also closes {case}", case=_named(each)), str(each.case_id)) for each in offered]
    ticked = [made for made, each in zip(options, offered, strict=True) if each.answered_too]
    boxes: Block = {"type": "checkboxes", "action_id": WINDOW_BLOCK, "options": options}
    if ticked:
        boxes["initial_options"] = ticked
    blocks = [input_block(WINDOW_BLOCK, say("One reply for several cases"), boxes, optional=True)]
    if any(each.read_by_others for each in offered):
        blocks.append(
            context(say("Others in this channel read the answer: what came by mail is not known to them."))
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
    opening = f" · {link(view.leading.link, say('Open'))}" if view.leading.link else ""
    blocks = [section(f"{escaped(name)}: {said}{opening}")]
    if not view.leading.resolved:
        apart = button(
            say("Take It Apart"),
            "card_apart",
            pressed_on(c=view.conversation_id, v=view.version),
            confirm=confirm(
                say("A card of its own?"),
                say("This case then gets its own draft, and its own answer."),
                say("Take It Apart"),
                say("Leave It"),
            ),
        )
        blocks.append(actions(f"card:{view.conversation_id}:v{view.version}", apart))
    return Card(f"{escaped(name)}: {said}.", blocks)


def _stands(leading: Leading) -> str:
    if leading.answered and leading.failed:
        return say(
            "Answered together with case {number}, whose reply did not go out: see there",
            number=leading.case_id,
        )
    if leading.answered and leading.resolved:
        return say("Answered together with case {number}, and solved with it", number=leading.case_id)
    return say("Answered together with case {number}", number=leading.case_id)
