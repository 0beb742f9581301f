"""Taking a reply back while it waits for its seconds to pass: everything is as it was before Send, the draft too.

Whoever takes the outbox row wins, the sender or Undo; the rest follows in the same transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import note, refresh_card
from bot.desk.payouts import refund_key
from bot.desk.press import Press, acting
from bot.desk.together import answered_with_ids, held
from bot.errors import Refused
from bot.speech import mark, say, say_to_all
from storage import audit, conversations, files, outbox, outdated, stacks, taking_back
from storage import together as cases
from storage.tables import Agent, CardState, Conversation, ConversationState, Refund, Suggestion

ON_ITS_WAY = mark("Too late: the reply is on its way.")
_TOO_LATE = {
    CardState.SENT: mark("Too late: the reply has gone out."),
    CardState.FAILED: mark("The reply did not go out: there is nothing to take back."),
    CardState.WITHDRAWN: mark("This reply was taken back before."),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a reply back has led to."""

    said: str
    #: Cases whose drafts speak of what has not happened; they are marked as out of date.
    outdated: tuple[int, ...] = ()


@contextmanager
def noting(
    session: Session, conversation: Conversation, suggestion: Suggestion, closing: Sequence[Conversation]
) -> Iterator[None]:
    """Note on the draft what is changed inside, for as long as its reply can be taken back."""
    assert conversation.id is not None
    ids = {conversation.id, *(each.id or 0 for each in closing), *answered_with_ids(session, conversation.id)}
    before = taking_back.look(session, ids)
    yield
    journal = taking_back.difference(before, taking_back.look(session, ids))
    posts = [refund_key(each) for each in journal["made"]["refunds"]]
    went = outbox.by_key(session, reply_key(suggestion))
    along = list(went.payload.get("files") or ()) if went is not None else []
    journal |= {"cases": sorted(ids), "rows": [reply_key(suggestion), *posts], "files": along}
    if closing:
        journal["closing"] = sorted(each.id or 0 for each in closing)
    suggestion.undo = journal
    session.add(suggestion)


def reply_key(suggestion: Suggestion) -> str:
    """The one outbox row of the reply that a draft became."""
    return f"reply:{suggestion.conversation_id}:{suggestion.version}"


def undo(session: Session, press: Press, now: datetime) -> Undone:
    """Take a reply back that has not begun to go: the draft is there again as it was sent, and no money is promised.

    Raises Refused when it is too late, or was done before.
    """
    agent = acting(session, press.slack_user_id)
    reply = conversations.of_version(session, press.conversation_id, press.version)
    if reply is None:
        raise Refused(say(ON_ITS_WAY))
    conversation = held(session, press.conversation_id, (reply.undo or {}).get("cases", ()))
    session.refresh(reply)
    journal = reply.undo
    if reply.state is not CardState.SENDING or not journal:
        raise Refused(say(_TOO_LATE.get(reply.state, ON_ITS_WAY)))
    _check_gone_on(session, conversation, reply)
    orders = {each.order_id for each in _refunds(session, journal["made"]["refunds"]) if each.order_id}
    sent_at = reply.decided_at or now
    taken = taking_back.take_rows(session, journal["rows"])
    if not taken or not taking_back.put_back(session, journal, reply.id or 0):
        raise Refused(say(ON_ITS_WAY))
    again = _draft_again(session, conversation, reply, now)
    for each in journal["cases"]:
        _moved(session, each, now)
    audit.record(
        session,
        "reply_undone",
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=reply.id,
    )
    untrue = _untrue(session, orders, sent_at, conversation)
    if again:
        return Undone(say("Taken back. Nothing was sent."), _marked(session, untrue, now))
    _keep_the_words(session, reply, agent, now)
    said = say("Taken back. The card has a newer draft; your text stands below it.")
    return Undone(said, _marked(session, (press.conversation_id, *untrue), now))


def _check_gone_on(session: Session, conversation: Conversation, reply: Suggestion) -> None:
    """Raises Refused where somebody has built on the reply: what they did could not stand without it."""
    latest = conversations.latest_suggestion(session, reply.conversation_id)
    if latest is not None and latest.id != reply.id and latest.state in (CardState.SENDING, CardState.SENT):
        raise Refused(say("A newer reply is on its way in this case. Take that one back first."))
    if conversation.state is ConversationState.RESOLVED and not _closed_by(reply):
        raise Refused(say("Too late: this case has been called solved."))


def _closed_by(reply: Suggestion) -> bool:
    """We began the case, and sending its letter closed it."""
    closed = ["conversations", reply.conversation_id, "state"]
    return any(
        each[:3] == closed and each[-1] == ConversationState.RESOLVED for each in reply.undo["changed"]
    )


def _refunds(session: Session, ids: Sequence[int]) -> list[Refund]:
    return [each for each in (session.get(Refund, number) for number in ids) if each is not None]


def _draft_again(session: Session, conversation: Conversation, reply: Suggestion, now: datetime) -> bool:
    """The draft as it was sent, as a new version: old buttons stay refused. False where a newer one stands there."""
    text, files_kept, with_house_file = reply.final_text, _kept(session, reply), reply.with_house_file
    speaks_for = (reply.undo or {}).get("closing", reply.speaks_for)
    checked = (reply.findings_sent, reply.findings_caught)
    latest = conversations.latest_suggestion(session, conversation.id or 0)
    reply.state, reply.undo, reply.kept_files = CardState.WITHDRAWN, {}, []
    reply.findings_sent, reply.findings_caught = None, 0
    session.add(reply)
    session.flush()
    if latest is None or latest.id != reply.id:
        files.take_waiting(session, conversation.id or 0, files_kept)
        return False
    again = cases.draft_again(session, conversation, now)
    assert again is not None
    stacks.follow(session, again.conversation_id, reply.version, again.version)
    again.final_text, again.kept_files, again.with_house_file = text, files_kept, with_house_file
    again.findings_sent, again.findings_caught = checked
    again.speaks_for = speaks_for
    # It is one draft: counted once.
    reply.findings_drafted = 0
    session.add_all((again, reply))
    return True


def _kept(session: Session, reply: Suggestion) -> list[int]:
    """What a colleague picked; our copy of the letter's own file goes, the next letter gets its own."""
    ours = [each for each in reply.undo["files"] if each not in reply.kept_files]
    files.take_waiting(session, reply.conversation_id, ours)
    return reply.kept_files


def _moved(session: Session, conversation_id: int, now: datetime) -> None:
    """Whoever read the case before starts over; its card says how it stands."""
    case = session.get(Conversation, conversation_id)
    if case is None:
        return
    case.version += 1
    session.add(case)
    session.flush()
    refresh_card(session, conversation_id, now)


def _keep_the_words(session: Session, reply: Suggestion, agent: Agent, now: datetime) -> None:
    key = f"undone:{reply.id}"
    head = say_to_all("This reply was taken back before it went out:")
    text = f"{head}\n{reply.final_text or reply.text}"
    note(session, key, reply.conversation_id, text, now, mention=agent.slack_user_id)


def _untrue(
    session: Session, orders: set[int], since: datetime, conversation: Conversation
) -> tuple[int, ...]:
    """Other cases whose drafts were made while this money was promised."""
    found = taking_back.open_drafts_on(session, orders, since) if orders else []
    return tuple(each for each in found if each != conversation.id)


def _marked(session: Session, cases: Iterable[int], now: datetime) -> tuple[int, ...]:
    """These cases, whose drafts are to be made anew."""
    found = sorted(set(cases))
    for each in found:
        outdated.mark(session, session.get_one(Conversation, each), now)
    return tuple(found)
