"""The two letters on a card: what the customer wrote, and our answer with what the trust check says of it."""

from bot.cards import labels
from bot.cards.elements import bullets, context, leaf, mrkdwn, preformatted, quote, section
from bot.cards.files import came_along, goes_along
from bot.cards.shapes import Block, CardView, FindingLine
from bot.cards.texts import (
    clean,
    counted,
    cut,
    instant,
    line,
    link,
    passage,
    person,
    sentence,
    width,
)

MOST_CUSTOMER = 600
MOST_DRAFT = 2800
MOST_FINDINGS = 3
MOST_HINTS = 4


def customer_name(view: CardView) -> str:
    """Who wrote, in the shortest form we have."""
    return line(view.customer_name or view.address, 80, otherwise="the customer")


def headline(view: CardView) -> str:
    """What it is about."""
    about = view.headline or view.subject or labels.named(labels.INTENTS, view.intent).lower()
    return line(about, 150, otherwise="a message")


def origin(view: CardView) -> Block:
    """Where the message came from, when, and how it reads."""
    address = "" if view.address == view.customer_name else line(view.address, 90)
    came = [labels.named(labels.CHANNELS, view.channel), line(view.customer_name, 80), address]
    received = instant(view.received_at)
    if view.waiting_since < view.received_at:
        received += f" · waiting since {instant(view.waiting_since)}"
    return context(
        " · ".join(part for part in came if part),
        mrkdwn(received),
        " · ".join(_reading(view)),
        mrkdwn(f"With {person(view.assigned_to)}") if view.assigned_to else "",
        mrkdwn(link(view.permalink, "View thread")) if view.permalink else "",
    )


def customers_words(view: CardView, most: int = MOST_CUSTOMER) -> list[Block]:
    """Subject, words and attachments, with a word where the message answers our follow-up."""
    blocks = []
    if view.answers_follow_up:
        blocks.append(context("This answers our follow-up"))
    if view.subject.strip():
        blocks.append(context(f"Subject: {line(view.subject, 150)}"))
    blocks.append(quote(passage(view.customer_text, most)))
    if view.attachments and not view.files:
        blocks.append(context(_attached(view.attachments)))
    blocks += came_along(view)
    return blocks


def suggested_reply(view: CardView) -> list[Block]:
    """The draft as it will be sent, then the trust check and the advice on it."""
    blocks = [section("*Suggested reply*"), *_letter(view, view.draft, "goes out"), *goes_along(view)]
    blocks.append(context(_trust_check(view)))
    if view.findings:
        blocks.append(bullets([_finding(finding) for finding in view.findings[:MOST_FINDINGS]]))
    if any(hint.strip() for hint in view.hints):
        blocks.append(context(_advice(view.hints)))
    return blocks


def reply(view: CardView) -> list[Block]:
    """What goes out or went out."""
    text = view.sent_text or view.draft
    if not text.strip():
        return []
    went = "went out" if view.state == "sent" else "goes out"
    return [section("*Reply*"), *_letter(view, text, went), *goes_along(view)]


def reply_to_copy(view: CardView) -> list[Block]:
    """What did not go out, for sending it another way."""
    text = view.sent_text or view.draft
    if not text.strip():
        return []
    return [context("The reply, to copy:"), preformatted(_shown(text)), *_cut_note(text, "goes out on Retry")]


def _letter(view: CardView, text: str, goes: str) -> list[Block]:
    subject = [context(f"Subject: {line(view.subject_line, 150)}")] if view.subject_line.strip() else []
    return [*subject, quote(_shown(text)), *_cut_note(text, goes)]


def _shown(text: str) -> str:
    return cut(clean(text), MOST_DRAFT)


def _cut_note(text: str, goes: str) -> list[Block]:
    if width(clean(text)) <= MOST_DRAFT:
        return []
    return [context(f"Shown cut: the whole reply of {len(text):,} characters {goes}.")]


def _reading(view: CardView) -> list[str]:
    parts = [line(view.language_name or view.language, 40), labels.feeling(view.feeling)]
    if view.urgent:
        parts.append("Urgent")
    if view.second_chance:
        parts.append("Second chance")
    if view.open_cases > 1:
        parts.append(counted(view.open_cases, "open case"))
    return [part for part in parts if part]


def _attached(names: tuple[str, ...]) -> str:
    shown = ", ".join(line(name, 60, otherwise="a file") for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"Attached: {shown}{more}"


def _trust_check(view: CardView) -> str:
    if not view.findings:
        return "Trust check: no findings"
    more = len(view.findings) - MOST_FINDINGS
    shown = f", the first {MOST_FINDINGS} shown" if more > 0 else ""
    return f"Trust check: {counted(len(view.findings), 'finding')}{shown}"


def _finding(finding: FindingLine) -> list[Block]:
    category = labels.named(labels.CATEGORIES, line(finding.category, 40))
    leaves = [
        leaf(f"{category}: ", bold=True),
        leaf(f"“{line(finding.text, 100)}”. {line(finding.why, 160)}"),
    ]
    if finding.rewrite.strip():
        leaves.append(leaf(f" Kinder: “{line(finding.rewrite, 200)}”"))
    return leaves


def _advice(hints: tuple[str, ...]) -> str:
    return " ".join(sentence(line(hint, 140)) for hint in hints[:MOST_HINTS] if hint.strip())
