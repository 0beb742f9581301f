"""After the story: does what left agree with what was written down, and did a person approve every word?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.drafting import signed
from bot.sandbox.demo.letters import received
from bot.sandbox.smtp_server import SentMail
from bot.sandbox.web_api import ApiCall
from storage.tables import FollowUp, OutboxItem, OutboxState, Suggestion

LETTERS = ("mail", "slack_reply")


@dataclass(frozen=True, slots=True)
class Proof:
    """Counts; the three `wrong` ones must be 0."""

    mails: int
    letters: int
    #: Mails that are not there exactly once on both sides.
    wrong_copies: int
    #: Letters to customers whose words no person approved.
    wrong_words: int
    #: Calls that the Slack-compatible workspace refused.
    wrong_calls: int

    def rows(self) -> tuple[tuple[str, str], ...]:
        """For people."""
        return (
            ("Mails at the SMTP server", str(self.mails)),
            ("… not exactly once in the outbox", str(self.wrong_copies)),
            ("Letters to customers, mail and Slack", str(self.letters)),
            ("… whose words no person approved", str(self.wrong_words)),
            ("Calls the workspace refused", str(self.wrong_calls)),
        )


def prove(session: Session, mails: Sequence[SentMail], refused: Sequence[ApiCall]) -> Proof:
    """Compare the outbox with the SMTP server, and every letter with what a person approved."""
    kinds = col(OutboxItem.kind).in_(LETTERS)
    sent = select(OutboxItem).where(kinds, col(OutboxItem.state) == OutboxState.SENT)
    rows = list(session.execute(sent).scalars())
    written = Counter(str(row.payload["message_id"]) for row in rows if row.kind == "mail")
    arrived = Counter(received(mail).message_id for mail in mails)
    ids = written.keys() | arrived.keys()
    return Proof(
        mails=len(mails),
        letters=len(rows),
        wrong_copies=sum((written[each], arrived[each]) != (1, 1) for each in ids),
        wrong_words=sum(str(row.payload["text"]) not in _approved(session, row) for row in rows),
        wrong_calls=len(refused),
    )


def _approved(session: Session, row: OutboxItem) -> list[str]:
    """The words a person approved for this letter: the follow-up as it was set, or the reply as it was sent."""
    follow_up_id = row.payload.get("follow_up_id")
    if follow_up_id is not None:
        follow_up = session.get(FollowUp, follow_up_id)
        return [follow_up.text] if follow_up and follow_up.approved_at else []
    decided = (
        col(Suggestion.conversation_id) == row.conversation_id,
        col(Suggestion.decided_by).is_not(None),
        col(Suggestion.version) == int(row.key.rpartition(":")[2]),
    )
    found = session.execute(select(Suggestion).where(*decided)).scalars()
    name = str(row.payload["agent"]).split()[0]
    return [each.final_text or signed(each.text, name).strip() for each in found]
