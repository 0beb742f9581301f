"""How well the newly written part of a mail is found, by client and by language, beside mail-parser-reply.

    python -m bench.replies_found                 the test half
    python -m bench.replies_found --development   the half the code may be changed by
    python -m bench.replies_found --wrong         what is not exact, of the development half only
    python -m bench.replies_found --all           both halves, each with its own figures

The mails in tests/data/mail/replies/ are written by us in the shapes that the clients give their answers; they are
no customers' mail. expected.yaml lists the outputs that are right for each. The test half was written before its
author had seen bot/mail/replies.py and bot/mail/quotes.py, and nothing is tuned on it; its single misses are never
printed.

exact: equal to one of the right outputs, white space collapsed. lost: words of every right output that are missing
in what was found. emptied: nothing was found. Both readers get the same text, the one that `parse_mail` reads;
mail-parser-reply with all of its languages.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES

from bot.mail.reading import parse_mail

MAILS = Path(__file__).parent.parent / "tests" / "data" / "mail" / "replies"
HALVES = ("test", "development")


@dataclass(frozen=True, slots=True)
class LabelledMail:
    """One mail of the set: what both readers were given, what ours found, and the outputs that are right."""

    file: str
    half: str
    client: str
    language: str
    text: str
    reply: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """How one reader did on one mail."""

    mail: LabelledMail
    found: str
    is_exact: bool
    is_emptied: bool
    lost: tuple[str, ...]


def labelled_mails(half: str | None = None) -> list[LabelledMail]:
    """The mails of one half, or all of them."""
    rows = yaml.safe_load((MAILS / "expected.yaml").read_text(encoding="utf-8"))
    return [_labelled(row) for row in rows if half in (None, row["half"])]


def _labelled(row: dict[str, Any]) -> LabelledMail:
    message = parse_mail((MAILS / row["file"]).read_bytes())
    accepted = (message.text,) if row.get("full") else tuple(row["accept"])
    return LabelledMail(
        row["file"], row["half"], row["client"], row["language"], message.text, message.reply, accepted
    )


def judge(mail: LabelledMail, found: str) -> Judged:
    words = Counter(found.split())
    missing = [tuple((Counter(right.split()) - words).elements()) for right in mail.accepted]
    is_exact = any(found.split() == right.split() for right in mail.accepted)
    return Judged(mail, found, is_exact, not found.strip(), min(missing, key=len))


def ours(mail: LabelledMail) -> Judged:
    return judge(mail, mail.reply)


def mail_parser_reply(mail: LabelledMail) -> Judged:
    parser = EmailReplyParser(languages=sorted(MAIL_LANGUAGES))
    return judge(mail, parser.parse_reply(mail.text) or "")


def figures(judged: Sequence[Judged]) -> str:
    """One line: exact, mails that lost words of their own, emptied."""
    exact = sum(each.is_exact for each in judged)
    lost = sum(bool(each.lost) for each in judged)
    emptied = sum(each.is_emptied for each in judged)
    return f"{exact:3} of {len(judged):3} exact ({exact / max(len(judged), 1):5.1%}), lost {lost:2}, emptied {emptied}"


def report(half: str) -> str:
    mails = labelled_mails(half)
    readers: dict[str, Callable[[LabelledMail], Judged]] = {
        "ours": ours,
        "mail-parser-reply": mail_parser_reply,
    }
    lines = [f"{half} half: {len(mails)} mails"]
    for name, reader in readers.items():
        judged = [reader(mail) for mail in mails]
        lines.append(f"\n{name:22} {figures(judged)}")
        for kind in ("client", "language"):
            for key in sorted({getattr(mail, kind) for mail in mails}):
                part = [each for each in judged if getattr(each.mail, kind) == key]
                lines.append(f"  {kind:9} {key:16} {figures(part)}")
    return "\n".join(lines)


def wrong() -> str:
    """Every miss of ours in the development half, with what was right."""
    misses = [each for each in map(ours, labelled_mails("development")) if not each.is_exact]
    shown = [
        f"== {each.mail.file}\n-- right:\n{each.mail.accepted[0]}\n-- found:\n{each.found}" for each in misses
    ]
    return "\n".join([*shown, f"{len(misses)} not exact"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--development", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    if given.wrong:
        print(wrong())
        return
    halves = HALVES if given.all else ("development",) if given.development else ("test",)
    print("\n\n".join(report(half) for half in halves))


if __name__ == "__main__":
    main()
