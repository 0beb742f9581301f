"""What only the colleague sees who wrote: a remark on their wording, kinder words to copy, and what is muted."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards import labels
from bot.cards.elements import (
    actions,
    button,
    context,
    leaf,
    mrkdwn,
    overflow,
    paragraph,
    preformatted,
    quote,
    rich_text,
    section,
)
from bot.cards.shapes import Block, Card, FindingLine
from bot.cards.texts import escaped, instant, line, passage, quoted, sentence, spelled
from bot.cards.views import modal
from bot.speech import mark, say, say_number

TITLE = mark("Better wording")
BETTER, FINE, MORE, UNMUTE = "nudge_better", "nudge_fine", "nudge_more", "quiet_unmute"
MUTE = "mute"
MOST_WORDS = 2800
MOST_SHOWN = 25


def nudge(nudge_id: int, finding: FindingLine) -> Card:
    """The remark below their message: what may be heard, why, and other words for the sentence."""
    said = line(finding.text, 200, otherwise=say("your words"))
    what = labels.named(labels.CATEGORIES, line(finding.category, 40))
    why = sentence(line(finding.why, 300, otherwise=say("A customer may hear distrust in it.")))
    kinder = passage(finding.rewrite, 700, otherwise="")
    blocks = [
        rich_text(
            leaf(say("Only you can see this. ")), leaf(quoted(said), bold=True), leaf(f"\n{what}. {why}")
        ),
        *([quote(kinder)] if kinder else []),
        actions(
            f"nudge:{nudge_id}",
            button(say("Show Better Wording"), BETTER, str(nudge_id)),
            button(say("Fine As Is"), FINE, str(nudge_id)),
            overflow(MORE, [(say("Don't remind me about this"), MUTE)]),
        ),
        context(
            mrkdwn(say("Your message stands as you wrote it. `/tillid quiet 2h` stops these for a while."))
        ),
    ]
    return Card(escaped(_in_short(said, why, line(kinder, 700))), blocks)


def _in_short(said: str, why: str, kinder: str) -> str:
    if not kinder:
        return say("Only you can see this. A customer may take “{said}” amiss: {why}", said=said, why=why)
    return say(
        "Only you can see this. A customer may take “{said}” amiss: {why} Kinder: {kinder}",
        said=said,
        why=why,
        kinder=kinder,
    )


def better_wording(text: str, better: str, findings: Sequence[FindingLine]) -> Block:
    """The window with the whole message in kinder words, to copy: we cannot edit what a person posted."""
    if not findings:
        return told(say("Nothing in this message sounds like distrust."))
    reasons = [
        [leaf(f"{quoted(line(each.text, 120))} ", bold=True), leaf(sentence(line(each.why, 200)))]
        for each in findings[:5]
    ]
    blocks = [
        paragraph(say("Edit your message in Slack and put this in its place. Only you can do that.")),
        preformatted(passage(better, MOST_WORDS)),
        *(rich_text(*each) for each in reasons),
        context(say("You wrote")),
        quote(passage(text, MOST_WORDS)),
    ]
    return modal(say(TITLE), "told", "", blocks, close=say("Done"))


def told(text: str) -> Block:
    """Words to read in the same window."""
    return modal(say(TITLE), "told", "", [paragraph(text)], close=say("Done"))


def muted_now(category: str) -> Card:
    """In the remark's place, once it will not be made again."""
    what = labels.named(labels.CATEGORIES, line(category, 40))
    said = say(
        "You will not be reminded of this any more: {what}. /tillid quiet shows it, and turns it on again.",
        what=what,
    )
    return Card(escaped(said), [paragraph(said)])


def quiet(until: datetime | None, muted: Sequence[str], news: str = "") -> Card:
    """How things stand with somebody's reminders, with a button for each that can be turned on again."""
    names = [labels.named(labels.CATEGORIES, line(each, 40)) for each in muted]
    news = line(news, 300)
    if until is not None:
        lead = say(
            "Quiet until {when}: no remarks on your wording and no personal reminders. Notes that name you still "
            "come: they are work. `/tillid quiet off` ends it.",
            when=instant(until),
        )
        said = say("Quiet until {when}.", when=spelled(until))
    else:
        lead = say(
            "You are not quiet. `/tillid quiet 2h`, `today` or `until monday` stops remarks on your wording."
        )
        said = say("You are not quiet.")
    about = say("Muted for you: {names}.", names=", ".join(names)) if names else say("Nothing is muted.")
    blocks = [*([paragraph(news)] if news else []), section(lead), paragraph(about)]
    for each, name in zip(muted[:MOST_SHOWN], names, strict=False):
        blocks.append(
            {
                **paragraph(name),
                "accessory": button(say("Turn On Again"), UNMUTE, line(each, 40, otherwise="-")),
            }
        )
    return Card(escaped(" ".join(filter(None, (news, said, about)))), blocks)


def figure(by_category: Sequence[tuple[str, int]]) -> str:
    """The team's remarks in one line."""
    total = sum(number for _, number in by_category)
    if not total:
        return say("none")
    parts = ", ".join(f"{labels.named(labels.CATEGORIES, name)} {number}" for name, number in by_category[:4])
    return say_number(total, "{number} remark ({parts})", "{number} remarks ({parts})", parts=parts)
