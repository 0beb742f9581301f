"""Sending a reply: settled once, with the refund it states in the same transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.press import (
    Desk,
    Press,
    acting,
    check_newest,
    conversation_of,
    take_up,
    why_settled,
)
from bot.desk.refunds import refund_of_card
from bot.drafting import YOUR_NAME, signed
from bot.errors import Refused
from bot.gathering import first_name
from bot.letters import Letter, send_letter
from bot.masking import mask
from bot.rules.composing import amounts_agree
from bot.rules.decisions import Remedy, Situation
from bot.rules.loops import may_send
from bot.rules.stops import Sending, why_stopped
from bot.views import remedy_of, sends_refund
from storage import audit, conversations, files, outbox
from storage.files import NewFile
from storage.tables import Agent, CardState, Conversation, Customer, Suggestion

#: What one letter carries, the letter's own file among it.
MOST_ENCLOSED = 6
MOST_ENCLOSED_BYTES = 15 * 1024 * 1024
#: How far a sent draft brings the conversation: need, understood, solved, and whether that is accepted.
BALA = {"open": "need", "looking": "accepted", "approval": "accepted", "granted": "accept_asked"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that a person changed: what goes, what the trust check still says of it, what it caught before."""

    text: str
    findings: int = 0
    caught: int = 0
    #: What the colleague sends along, and whether the letter's own file still goes.
    files: tuple[NewFile, ...] = ()
    with_house_file: bool = True


def send(session: Session, desk: Desk, press: Press, now: datetime, wording: Wording | None = None) -> str:
    """Send the draft, or a person's own wording of it, and the refund it states; what was done, in words.

    Raises Refused when it is too late, not allowed, or the words and the money do not agree.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    before = conversations.latest_suggestion(session, press.conversation_id)
    if desk.places.shadow:
        raise Refused("Shadow mode: cards are made, nothing can be sent. Set TILLID_MODE=live to send.")
    assert agent.id is not None
    suggestion = conversations.settle_card(
        session, press.conversation_id, press.version, CardState.SENDING, agent.id, now
    )
    if suggestion is None:
        raise Refused(why_settled(session, before, press.version))
    text = signed(wording.text if wording else suggestion.text, first_name(agent.name)).strip()
    _check(session, desk, conversation, suggestion, text, now)
    edited = text != signed(suggestion.text, first_name(agent.name)).strip()
    suggestion.final_text = text if edited else None
    suggestion.findings_sent = wording.findings if wording else suggestion.findings_drafted
    suggestion.findings_caught = wording.caught if wording else 0
    session.add(suggestion)
    take_up(session, conversation, agent)
    conversation.bala = BALA.get(suggestion.situation, conversation.bala)
    done = (
        refund_of_card(session, desk, conversation, suggestion, agent, now)
        if sends_refund(suggestion)
        else ""
    )
    enclosed = _enclosed(desk, conversation, suggestion, wording)
    _write(session, desk, conversation, suggestion, agent, text, enclosed, now)
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
    return " ".join(each for each in ("Sent.", done) if each)


def _check(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    text: str,
    now: datetime,
) -> None:
    if not text:
        raise Refused("Write a reply before sending.")
    if YOUR_NAME in text:
        raise Refused(f"Replace {YOUR_NAME} with your name before sending.")
    customer = session.get(Customer, conversation.customer_id)
    erased = customer is None or customer.erased_at is not None
    if why := why_stopped(Sending(holds_secret=mask(text) != text, erased=erased)):
        raise Refused(why)
    if not amounts_agree(text, _stated(suggestion), suggestion.language):
        raise Refused("The text names another amount than the refund. Make them agree, or use Refund.")
    assert conversation.id is not None
    hour_ago, mail = now - timedelta(hours=1), conversation.channel == "email"
    here = outbox.sent_to_conversation(session, conversation.id, hour_ago)
    # Two machines whose mails carry no ids begin a conversation each time: the address is counted too.
    there = conversations.mails_written_to(session, conversation.answer_to, hour_ago) if mail else []
    for sent, what in ((here, "conversation"), (there, "address")):
        if not may_send([each.astimezone(UTC) for each in sent], now, desk.house.policy):
            raise Refused(
                f"This {what} has had many mails within the hour. Please look before you send more."
            )


def _stated(suggestion: Suggestion) -> Remedy | None:
    """The remedy whose amount the text may name: one that goes with it, is offered, or has been given."""
    remedy = remedy_of(suggestion)
    offered = remedy is not None and remedy.kind == "choice" and suggestion.situation == Situation.GRANTED
    return remedy if sends_refund(suggestion) or offered or (remedy is not None and remedy.given) else None


def _enclosed(
    desk: Desk, conversation: Conversation, suggestion: Suggestion, wording: Wording | None
) -> list[NewFile]:
    """The letter's own file, unless it was taken out, and what the colleague sends along."""
    picked = list(wording.files) if wording else []
    if conversation.channel != "email":
        if picked:
            raise Refused("Files go by mail only. Send the answer without them.")
        return []
    own = desk.house.attachments.get(suggestion.template or "")
    enclosed = [own, *picked] if own and (wording is None or wording.with_house_file) else picked
    if len(enclosed) > MOST_ENCLOSED:
        raise Refused(f"At most {MOST_ENCLOSED} files go along with one letter.")
    if sum(each.size_bytes for each in enclosed) > MOST_ENCLOSED_BYTES:
        raise Refused(
            f"The files are over {MOST_ENCLOSED_BYTES // 1024**2} MB together; many mailboxes refuse that."
        )
    return enclosed


def _write(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    agent: Agent,
    text: str,
    enclosed: list[NewFile],
    now: datetime,
) -> None:
    assert agent.id is not None
    assert conversation.id is not None
    letter = Letter(
        key=f"reply:{conversation.id}:{suggestion.version}",
        subject=suggestion.subject,
        text=text,
        agent_id=agent.id,
        house_name=desk.house.name,
        files=tuple(files.add(session, conversation.id, None, enclosed, now)),
    )
    send_letter(session, conversation, desk.places, letter, now)
    refresh_card(session, conversation.id, now)


def retry(session: Session, press: Press, now: datetime) -> str:
    """Try a reply that failed once more. Raises Refused when it is not failed any more."""
    agent = acting(session, press.slack_user_id)
    key = f"reply:{press.conversation_id}:{press.version}"
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
    if settled is None or not outbox.retry(session, key, now):
        raise Refused("This reply is on its way already.")
    audit.record(session, "reply_retried", now, conversation_id=press.conversation_id, agent_id=agent.id)
    refresh_card(session, press.conversation_id, now)
    return "Trying again."
