"""The windows behind the message shortcuts: something to read, and at most one thing to press."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import context, leaf, mrkdwn, paragraph, preformatted, quote, rich_text, section
from bot.cards.shapes import Block, FindingLine
from bot.cards.texts import line, link, passage, quoted
from bot.cards.views import modal
from bot.speech import mark, say, say_number

#: The titles; the functions here say them.
DRAFT, WORDING = mark("Draft a reply"), mark("Check my wording")
FOLLOW_UP, TRACK = mark("Set follow-up"), mark("Track or untrack")
#: Each finding may take two blocks; a window with more is no help to anybody.
MOST_FINDINGS = 12
MOST_WORDS = 2500


def told(title: str, text: str, url: str = "") -> Block:
    """What was done, or what to do, and the way to the card where there is one."""
    blocks = [paragraph(text), *([section(link(url, say("Open the card")))] if url else [])]
    return modal(say(title), "told", "", blocks, close=say("Done"))


def wording(text: str, findings: Sequence[FindingLine]) -> Block:
    """What a customer may hear as distrust in somebody's words, and kinder ones to copy."""
    if not text.strip():
        return told(WORDING, say("There are no words in this message to check."))
    blocks = [paragraph(_lead(findings)), quote(passage(text, MOST_WORDS))]
    for finding in findings[:MOST_FINDINGS]:
        blocks += _finding(finding)
    if len(findings) > MOST_FINDINGS:
        blocks.append(context(say("And {number} more", number=len(findings) - MOST_FINDINGS)))
    blocks.append(context(say("Only you see this. Nothing was sent or changed.")))
    return modal(say(WORDING), "wording", "", blocks, close=say("Done"))


def tracked(metadata: str, url: str) -> Block:
    """A thread that is tracked: the way to its card, and out of it."""
    blocks = [
        paragraph(say("This thread is tracked: what customers write in it gets a card with a draft.")),
        *([section(link(url, say("Open the card")))] if url else []),
        context(mrkdwn(say("Stop tracking ends its case here. Nothing is written to the customer."))),
    ]
    return modal(say(TRACK), "untrack", metadata, blocks, submit=say("Stop Tracking"), close=say("Keep"))


def _lead(findings: Sequence[FindingLine]) -> str:
    if not findings:
        return say("Nothing here sounds like distrust.")
    return say_number(
        len(findings),
        "A customer may hear distrust in {number} place of this text.",
        "A customer may hear distrust in {number} places of this text.",
    )


def _finding(finding: FindingLine) -> list[Block]:
    category = labels.named(labels.CATEGORIES, line(finding.category, 40))
    said = leaf(quoted(line(finding.text, 300, otherwise="...")), bold=True)
    shown = [rich_text(said, leaf(f"\n{category}. {line(finding.why, 300)}"))]
    kinder = passage(finding.rewrite, 500, otherwise="")
    return [*shown, preformatted(kinder)] if kinder else shown
