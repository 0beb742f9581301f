"""The two letters on a card: what the customer wrote, and our answer with what the trust check says of it."""

from babel.numbers import format_decimal

from bot.cards import labels
from bot.cards.elements import bullets, context, leaf, mrkdwn, preformatted, quote, section
from bot.cards.files import came_along, goes_along
from bot.cards.room import Room
from bot.cards.shapes import Block, CardView, FindingLine
from bot.cards.texts import (
    clean,
    cut,
    instant,
    line,
    link,
    passage,
    person,
    quoted,
    sentence,
    width,
)
from bot.speech import mark, say, say_number, spoken

MOST_FINDINGS = 3
MOST_HINTS = 4
#: The law of a country is told in one.
MOST_HINT = 240
_GOES_OUT = mark("Shown cut: the whole reply of {number} characters goes out.")
_WENT_OUT = mark("Shown cut: the whole reply of {number} characters went out.")
_GOES_ON_RETRY = mark("Shown cut: the whole reply of {number} characters goes out on Retry.")


def customer_name(view: CardView) -> str:
    """Who wrote, in the shortest form we have."""
    return line(view.customer_name or view.address, 80, otherwise=say("the customer"))


def headline(view: CardView) -> str:
    """What it is about."""
    about = say(view.headline) or view.subject or labels.named(labels.INTENTS, view.intent).lower()
    return line(about, 150, otherwise=say("a message"))


def origin(view: CardView) -> Block:
    """Where the message came from, when, and how it reads."""
    address = "" if view.address == view.customer_name else line(view.address, 90)
    came = [labels.named(labels.CHANNELS, view.channel), line(view.customer_name, 80), address]
    times = [instant(view.received_at)]
    if view.waiting_since < view.received_at:
        times.append(say("waiting since {when}", when=instant(view.waiting_since)))
    return context(
        " · ".join(part for part in came if part),
        mrkdwn(" · ".join(times)),
        " · ".join(_reading(view)),
        mrkdwn(say("With {who}", who=person(view.assigned_to))) if view.assigned_to else "",
        mrkdwn(link(view.permalink, say("View thread"))) if view.permalink else "",
    )


def customers_words(view: CardView, most: int) -> list[Block]:
    """Subject, words and attachments, with a word where the message answers our follow-up."""
    blocks = []
    if view.answers_follow_up:
        blocks.append(context(say("This answers our follow-up")))
    if view.subject.strip():
        blocks.append(context(say("Subject: {subject}", subject=line(view.subject, 150))))
    blocks.append(quote(passage(view.customer_text, most)))
    if view.attachments and not view.files:
        blocks.append(context(_attached(view.attachments)))
    blocks += came_along(view)
    return blocks


def suggested_reply(view: CardView, room: Room) -> list[Block]:
    """The draft as it will be sent, then the trust check and the advice on it."""
    blocks = [
        section(say("*Suggested reply*")),
        *_letter(view, view.draft, _GOES_OUT, room),
        *goes_along(view, room.words),
    ]
    findings = view.findings[: min(MOST_FINDINGS, room.rows)]
    blocks.append(context(_trust_check(len(view.findings), len(findings))))
    if view.findings:
        blocks.append(bullets([_finding(finding) for finding in findings]))
    if any(hint.strip() for hint in view.hints):
        blocks.append(context(_advice(view.hints, room)))
    return blocks


def reply(view: CardView, room: Room) -> list[Block]:
    """What goes out or went out."""
    text = view.sent_text or view.draft
    if not text.strip():
        return []
    went = _WENT_OUT if view.state == "sent" else _GOES_OUT
    return [section(say("*Reply*")), *_letter(view, text, went, room), *goes_along(view, room.words)]


def reply_to_copy(view: CardView, room: Room) -> list[Block]:
    """What did not go out, for sending it another way."""
    text = view.sent_text or view.draft
    if not text.strip():
        return []
    to_copy = context(say("The reply, to copy:"))
    return [to_copy, preformatted(cut(clean(text), room.draft)), *_cut_note(text, _GOES_ON_RETRY, room)]


def _letter(view: CardView, text: str, goes: str, room: Room) -> list[Block]:
    shown = say("Subject: {subject}", subject=line(view.subject_line, 150))
    subject = [context(shown)] if view.subject_line.strip() else []
    return [*subject, quote(cut(clean(text), room.draft)), *_cut_note(text, goes, room)]


def _cut_note(text: str, goes: str, room: Room) -> list[Block]:
    if width(clean(text)) <= room.draft:
        return []
    return [context(say(goes, number=format_decimal(len(text), locale=spoken())))]


def _reading(view: CardView) -> list[str]:
    parts = [line(view.language_name or view.language, 40), labels.feeling(view.feeling)]
    if view.urgent:
        parts.append(say("Urgent"))
    if view.second_chance:
        parts.append(say("Second chance"))
    if view.open_cases > 1:
        parts.append(say_number(view.open_cases, "{number} open case", "{number} open cases"))
    return [part for part in parts if part]


def _attached(names: tuple[str, ...]) -> str:
    shown = ", ".join(line(name, 60, otherwise=say("a file")) for name in names[:5])
    if len(names) > 5:
        return say("Attached: {names} and {number} more", names=shown, number=len(names) - 5)
    return say("Attached: {names}", names=shown)


def _trust_check(number: int, shown: int) -> str:
    if not number:
        return say("Trust check: no findings")
    if number > shown > 1:
        return say("Trust check: {number} findings, the first {shown} shown", number=number, shown=shown)
    return say_number(number, "Trust check: {number} finding", "Trust check: {number} findings")


def _finding(finding: FindingLine) -> list[Block]:
    category = labels.named(labels.CATEGORIES, line(finding.category, 40))
    leaves = [
        leaf(f"{category}: ", bold=True),
        leaf(f"{quoted(line(finding.text, 100))}. {line(finding.why, 160)}"),
    ]
    if finding.rewrite.strip():
        kinder = say("Kinder: “{rewrite}”", rewrite=line(finding.rewrite, 200))
        leaves.append(leaf(f" {kinder}"))
    return leaves


def _advice(hints: tuple[str, ...], room: Room) -> str:
    shown = [hint for hint in hints if hint.strip()][: min(MOST_HINTS, room.rows)]
    return " ".join(sentence(line(say(hint), min(MOST_HINT, room.words))) for hint in shown)
