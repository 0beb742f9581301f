"""The windows behind the message shortcuts: something to read, and at most one thing to press."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import context, leaf, mrkdwn, paragraph, preformatted, quote, rich_text, section
from bot.cards.shapes import Block, FindingLine
from bot.cards.texts import counted, line, link, passage
from bot.cards.views import modal

DRAFT, WORDING, FOLLOW_UP, TRACK = "Draft a reply", "Check my wording", "Set follow-up", "Track or untrack"
#: Each finding may take two blocks; a window with more is no help to anybody.
MOST_FINDINGS = 12
MOST_WORDS = 2500


def told(title: str, text: str, url: str = "") -> Block:
    """What was done, or what to do, and the way to the card where there is one."""
    blocks = [paragraph(text), *([section(link(url, "Open the card"))] if url else [])]
    return modal(title, "told", "", blocks, close="Done")


def wording(text: str, findings: Sequence[FindingLine]) -> Block:
    """What a customer may hear as distrust in somebody's words, and kinder ones to copy."""
    if not text.strip():
        return told(WORDING, "There are no words in this message to check.")
    blocks = [paragraph(_lead(findings)), quote(passage(text, MOST_WORDS))]
    for finding in findings[:MOST_FINDINGS]:
        blocks += _finding(finding)
    if len(findings) > MOST_FINDINGS:
        blocks.append(context(f"And {len(findings) - MOST_FINDINGS} more"))
    blocks.append(context("Only you see this. Nothing was sent or changed."))
    return modal(WORDING, "wording", "", blocks, close="Done")


def tracked(metadata: str, url: str) -> Block:
    """A thread that is tracked: the way to its card, and out of it."""
    blocks = [
        paragraph("This thread is tracked: what customers write in it gets a card with a draft."),
        *([section(link(url, "Open the card"))] if url else []),
        context(mrkdwn("Stop tracking ends its case here. Nothing is written to the customer.")),
    ]
    return modal(TRACK, "untrack", metadata, blocks, submit="Stop Tracking", close="Keep")


def _lead(findings: Sequence[FindingLine]) -> str:
    if not findings:
        return "Nothing here sounds like distrust."
    return f"A customer may hear distrust in {counted(len(findings), 'place')} of this text."


def _finding(finding: FindingLine) -> list[Block]:
    category = labels.named(labels.CATEGORIES, line(finding.category, 40))
    said = leaf(f"“{line(finding.text, 300, otherwise='...')}”", bold=True)
    shown = [rich_text(said, leaf(f"\n{category}. {line(finding.why, 300)}"))]
    kinder = passage(finding.rewrite, 500, otherwise="")
    return [*shown, preformatted(kinder)] if kinder else shown
