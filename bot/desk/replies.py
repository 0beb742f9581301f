"""Sending a reply: settled once, with the refund it states in the same transaction."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.enclosing import Picked, enclosed
from bot.desk.press import (
    Desk,
    Press,
    acting,
    check_newest,
    take_up,
    why_settled,
)
from bot.desk.refunds import refund_of_card
from bot.desk.together import OutOfDate, check_leads, close_with, held, to_close
from bot.desk.undoing import noting, reply_key
from bot.drafting import YOUR_NAME, signed
from bot.errors import Refused
from bot.gathering import first_name
from bot.letters import Letter, send_letter
from bot.masking import mask
from bot.promising import Wrote, note_promises
from bot.rules.composing import amounts_agree
from bot.rules.decisions import Remedy, Situation
from bot.rules.loops import may_send
from bot.rules.stops import Sending, why_stopped
from bot.speech import mark, say
from bot.views import remedy_of, sends_refund
from storage import audit, conversations, files, outbox
from storage.files import NewFile
from storage.tables import Agent, CardState, Conversation, Customer, Suggestion

#: How far a sent draft brings the conversation: need, understood, solved, and whether that is accepted.
BALA = {"open": "need", "looking": "accepted", "approval": "accepted", "granted": "accept_asked"}

_MANY_IN_CONVERSATION = mark(
    "This conversation has had many mails within the hour. Please look before you send more."
)
_MANY_TO_ADDRESS = mark("This address has had many mails within the hour. Please look before you send more.")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that a person changed: what goes, what the trust check still says of it, what it caught before."""

    text: str
    findings: int = 0
    caught: int = 0
    #: What the colleague sends along, and whether the letter's own file still goes.
    files: tuple[NewFile, ...] = ()
    with_house_file: bool = True
    #: Of the files of a reply that was taken back, those that still go.
    kept_files: tuple[int, ...] = ()
    #: The other cases that this reply closes; None: those that the draft speaks for.
    closing: tuple[int, ...] | None = None


def send(
    session: Session,
    desk: Desk,
    press: Press,
    now: datetime,
    wording: Wording | None = None,
    *,
    then: Callable[[Session, Conversation, datetime], None] | None = None,
) -> str:
    """Send the draft, or a person's own wording of it, and the refund it states; what was done, in words.

    It goes when the house's seconds for Undo have passed; nobody hears of the refund before that. `then` is done to
    the case with it, and undone with it.
    Raises Refused when it is too late, not allowed, or the words and the money do not agree.
    """
    agent = acting(session, press.slack_user_id)
    before = conversations.latest_suggestion(session, press.conversation_id)
    chosen = wording.closing if wording else None
    conversation = held(session, press.conversation_id, _closing(before, chosen))
    if wording is None and conversation.redraft_since is not None:
        raise OutOfDate(say("This draft is being made anew. Please read the new one."))
    if desk.places.shadow:
        raise Refused(say("Shadow mode: cards are made, nothing can be sent. Set TILLID_MODE=live to send."))
    assert agent.id is not None
    closing = _closed_too(session, conversation, before, press, chosen)
    suggestion = conversations.settle_card(
        session, press.conversation_id, press.version, CardState.SENDING, agent.id, now
    )
    if suggestion is None:
        raise Refused(why_settled(session, before, press.version))
    wait = timedelta(seconds=desk.house.policy.undo_seconds)
    with noting(session, conversation, suggestion, closing) if wait else nullcontext():
        done = _go(session, desk, conversation, suggestion, agent, closing, wording, now, wait)
        if then is not None:
            then(session, conversation, now)
    return done


def _go(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    agent: Agent,
    closing: list[Conversation],
    wording: Wording | None,
    now: datetime,
    wait: timedelta,
) -> str:
    text = wording.text if wording else suggestion.final_text or suggestion.text
    known_in = suggestion.language if conversation.known_agent_id == agent.id else ""
    text = signed(text, first_name(agent.name), known_in=known_in).strip()
    _check(session, desk, conversation, suggestion, text, now)
    edited = _keep_wording(session, suggestion, text, agent, wording, known=bool(known_in))
    take_up(session, conversation, agent)
    conversation.bala = BALA.get(suggestion.situation, conversation.bala)
    done = (
        refund_of_card(session, desk, conversation, suggestion, agent, now, wait)
        if sends_refund(suggestion)
        else ""
    )
    _write(session, desk, conversation, suggestion, agent, text, wording, now, wait)
    for case in closing:
        close_with(session, conversation, suggestion, case, agent, now)
    wrote = Wrote(reply_key(suggestion), text, suggestion.language, agent.id, as_drafted=not edited)
    note_promises(session, desk.house, conversation, wrote, now)
    audit.record(
        session,
        "reply_sent",
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=suggestion.id,
        edited=edited,
        findings=suggestion.findings_sent,
    )
    soon = say("Goes out in {seconds} seconds. Undo takes it back.", seconds=wait.seconds)
    went = soon if wait else say("Sent.")
    return " ".join(each for each in (went, done) if each)


def _closing(before: Suggestion | None, chosen: tuple[int, ...] | None) -> list[int]:
    """The cases that may be closed too: to be held before anything is looked at."""
    if chosen is not None:
        return list(chosen)
    return before.speaks_for if before is not None else []


def _closed_too(
    session: Session,
    conversation: Conversation,
    before: Suggestion | None,
    press: Press,
    chosen: tuple[int, ...] | None,
) -> list[Conversation]:
    """The other cases that this press closes. Raises Refused where another card speaks for this case."""
    if before is None:
        return []
    session.refresh(before)
    if before.version != press.version or before.state is not CardState.NEW:
        return []  # too late for anything: whoever settles the card says so
    check_leads(session, conversation)
    return to_close(session, conversation, before, chosen)


def _keep_wording(
    session: Session, suggestion: Suggestion, text: str, agent: Agent, wording: Wording | None, *, known: bool
) -> bool:
    """What went out and what the trust check said of it; whether a person changed it."""
    known_in = suggestion.language if known else ""
    edited = text != signed(suggestion.text, first_name(agent.name), known_in=known_in).strip()
    if wording or not suggestion.final_text:
        suggestion.findings_sent = wording.findings if wording else suggestion.findings_drafted
        suggestion.findings_caught = wording.caught if wording else 0
    suggestion.final_text = text if edited else None
    session.add(suggestion)
    return edited


def _check(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    text: str,
    now: datetime,
) -> None:
    if not text:
        raise Refused(say("Write a reply before sending."))
    if YOUR_NAME in text:
        raise Refused(say("Replace {name} with your name before sending.", name=YOUR_NAME))
    customer = session.get(Customer, conversation.customer_id)
    erased = customer is None or customer.erased_at is not None
    if why := why_stopped(Sending(holds_secret=mask(text) != text, erased=erased)):
        raise Refused(say(why))
    if not amounts_agree(text, _stated(suggestion), suggestion.language):
        raise Refused(say("The text names another amount than the refund. Make them agree, or use Refund."))
    assert conversation.id is not None
    hour_ago, mail = now - timedelta(hours=1), conversation.channel == "email"
    here = outbox.sent_to_conversation(session, conversation.id, hour_ago)
    # Two machines whose mails carry no ids begin a conversation each time: the address is counted too.
    there = conversations.mails_written_to(session, conversation.answer_to, hour_ago) if mail else []
    for sent, told in ((here, _MANY_IN_CONVERSATION), (there, _MANY_TO_ADDRESS)):
        if not may_send([each.astimezone(UTC) for each in sent], now, desk.house.policy):
            raise Refused(say(told))


def _stated(suggestion: Suggestion) -> Remedy | None:
    """The remedy whose amount the text may name: one that goes with it, is offered, or has been given."""
    remedy = remedy_of(suggestion)
    offered = remedy is not None and remedy.kind == "choice" and suggestion.situation == Situation.GRANTED
    return remedy if sends_refund(suggestion) or offered or (remedy is not None and remedy.given) else None


def _write(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    agent: Agent,
    text: str,
    wording: Wording | None,
    now: datetime,
    wait: timedelta,
) -> None:
    assert agent.id is not None
    assert conversation.id is not None
    picked = Picked(wording.files, wording.with_house_file, wording.kept_files) if wording else None
    own, others = enclosed(session, desk, conversation, suggestion, picked)
    suggestion.with_house_file = wording.with_house_file if wording else suggestion.with_house_file
    stored = files.add(session, conversation.id, None, [own, *others] if own else others, now)
    suggestion.kept_files = stored[1:] if own else stored
    letter = Letter(
        key=reply_key(suggestion),
        subject=suggestion.subject,
        text=text,
        agent_id=agent.id,
        house_name=desk.house.name,
        files=tuple(stored),
        wait=wait,
    )
    send_letter(session, conversation, desk.places, letter, now)
    refresh_card(session, conversation.id, now)


def retry(session: Session, press: Press, now: datetime) -> str:
    """Try a reply that failed once more. Raises Refused when it is not failed any more."""
    agent = acting(session, press.slack_user_id)
    assert agent.id is not None
    check_newest(session, press)
    settled = conversations.settle_card(
        session,
        press.conversation_id,
        press.version,
        CardState.SENDING,
        agent.id,
        now,
        expected=CardState.FAILED,
    )
    if settled is None or not outbox.retry(session, reply_key(settled), now):
        raise Refused(say("This reply is on its way already."))
    audit.record(session, "reply_retried", now, conversation_id=press.conversation_id, agent_id=agent.id)
    refresh_card(session, press.conversation_id, now)
    return say("Trying again.")
