"""The demo, played once: its story is told, and what it leaves behind agrees with itself."""

import asyncio
import io
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select
from sqlmodel import Session, col

from bot.drafting import signed
from bot.errors import ConfigError
from bot.sandbox.demo import play
from bot.sandbox.demo.moments import Act, Beat, Lane, Letter
from bot.sandbox.demo.page import render
from bot.sandbox.demo.proof import Proof
from bot.sandbox.demo.spine import DISTRUST, METTE
from bot.sandbox.demo.week import HENRIK, OLA
from storage.engine import connect
from storage.figures import Report, report
from storage.tables import (
    Agent,
    Conversation,
    FollowUp,
    FollowUpState,
    InboxItem,
    Message,
    OutboxItem,
    OutboxState,
    Refund,
    RefundState,
    Role,
    Suggestion,
)


@dataclass(frozen=True)
class Played:
    """What a play left."""

    folder: Path
    told: str
    figures: Report

    def page(self) -> str:
        return (self.folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo") / "out"
    told = io.StringIO()
    figures = asyncio.run(play(folder, fast=True, language="", console=Console(file=told, width=80)))
    return Played(folder, told.getvalue(), figures)


@pytest.fixture
def session(played: Played) -> Session:
    engine = connect(f"sqlite:///{played.folder / 'tillid.db'}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def _all(session: Session, table: type, *where: object) -> list:
    return list(session.execute(select(table).where(*where)).scalars())


def _mails(played: Played) -> list[tuple[str, str, str]]:
    """Message-ID, recipient and text of every mail that left."""
    found = []
    for path in sorted((played.folder / "mails").glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip()
        found.append((mail["Message-ID"].strip("<>"), mail["To"], text))
    return found


def _case(session: Session, address: str) -> Conversation:
    return _all(session, Conversation, col(Conversation.answer_to) == address)[0]


def test_it_leaves_a_database_mails_a_report_and_a_page_and_nothing_else(played: Played) -> None:
    names = {each.name for each in played.folder.iterdir()}
    assert names == {"tillid.db", "mails", "report.json", "index.html"}


def test_at_least_twenty_messages_come_in_five_languages_by_mail_and_slack(
    played: Played, session: Session
) -> None:
    kinds = Counter(each.kind for each in _all(session, InboxItem))
    assert kinds["mail"] >= 16 and kinds["slack"] >= 4
    assert played.figures.languages == ["da", "en", "nb", "nn", "sv"]


def test_an_auto_reply_and_a_bounce_are_among_them_and_are_not_answered(session: Session) -> None:
    machines = {each.automatic: each for each in _all(session, Message) if each.automatic}
    assert set(machines) == {"auto_reply", "bounce"}
    answered = {each.message_row_id for each in _all(session, Suggestion) if each.decided_by}
    assert not answered & {each.id for each in machines.values()}


def test_nothing_is_left_in_quarantine_or_unsent(played: Played, session: Session) -> None:
    assert played.figures.quarantined == 0
    # Who has nothing before them has no message in the morning.
    sent = [each for each in _all(session, OutboxItem) if each.kind != "digest"]
    assert {each.state for each in sent} == {OutboxState.SENT}


def test_the_report_is_what_the_database_says(played: Played, session: Session) -> None:
    written = json.loads((played.folder / "report.json").read_text(encoding="utf-8"))
    assert written == asdict(report(session)) == asdict(played.figures)


def test_every_sent_mail_has_one_outbox_row_and_one_copy_at_the_mail_server(
    played: Played, session: Session
) -> None:
    rows = _all(session, OutboxItem, col(OutboxItem.kind) == "mail")
    assert len(rows) >= 16
    written = Counter((each.payload["message_id"], each.payload["to"], each.payload["text"]) for each in rows)
    assert written == Counter(_mails(played))
    assert set(written.values()) == {1}


def test_no_customer_got_a_text_that_no_person_approved(session: Session) -> None:
    names = {each.id: each.name.split()[0] for each in _all(session, Agent)}
    replies = {
        (each.conversation_id, each.version): each.final_text
        or signed(each.text, names[each.decided_by]).strip()
        for each in _all(session, Suggestion)
        if each.decided_by
    }
    follow_ups = {each.id: each.text for each in _all(session, FollowUp) if each.approved_at}
    went = _all(session, OutboxItem, col(OutboxItem.kind).in_(("mail", "slack_reply")))
    assert {row.key.partition(":")[0] for row in went} == {"reply", "follow_up"}
    for row in went:
        kind, *ids = row.key.split(":")
        if kind == "follow_up":
            assert row.payload["text"] == follow_ups[int(ids[0])]
        else:
            assert row.payload["text"] == replies[int(ids[0]), int(ids[1])]


def test_the_delivery_process_died_while_sending_and_mette_got_one_mail_and_one_refund(
    played: Played, session: Session
) -> None:
    case = _case(session, METTE)
    first = _all(session, OutboxItem, col(OutboxItem.key) == f"reply:{case.id}:1")[0]
    assert (first.attempts, first.uncertain) == (2, 1)
    assert [to for _, to, text in _mails(played) if text == first.payload["text"]] == [METTE]
    refunds = _all(session, Refund, col(Refund.conversation_id) == case.id)
    assert [(each.amount_minor, each.currency, each.state) for each in refunds] == [
        (49900, "DKK", RefundState.SETTLED)
    ]
    posts = _all(session, OutboxItem, col(OutboxItem.kind) == "refund")
    assert sum(each.conversation_id == case.id for each in posts) == 1
    assert "ended with status -9" in played.told


def test_freja_did_not_send_the_sentence_that_asks_for_proof(played: Played, session: Session) -> None:
    assert DISTRUST in " ".join(played.told.split())
    assert not any(DISTRUST in text for _, _, text in _mails(played))
    first = _all(session, Suggestion, col(Suggestion.conversation_id) == _case(session, METTE).id)[0]
    assert (first.findings_caught, first.findings_sent) == (1, 0)


def test_mettes_follow_up_went_and_her_answer_reached_the_colleague_who_signed_it(session: Session) -> None:
    case = _case(session, METTE)
    went = _all(session, FollowUp, col(FollowUp.conversation_id) == case.id)[0]
    assert went.state is FollowUpState.SENT and went.agent_id == case.agent_id
    note = _all(session, OutboxItem, col(OutboxItem.key).like("answered:%"))[0]
    freja = session.get(Agent, case.agent_id)
    assert freja is not None and note.conversation_id == case.id
    assert note.payload["mention"] == freja.slack_user_id


def test_ola_wrote_first_and_got_no_follow_up(session: Session) -> None:
    case = _case(session, OLA)
    states = [each.state for each in _all(session, FollowUp, col(FollowUp.conversation_id) == case.id)]
    assert FollowUpState.CANCELLED in states and FollowUpState.SENT not in states
    sent = _all(session, OutboxItem, col(OutboxItem.conversation_id) == case.id)
    assert not any(each.key.startswith("follow_up:") for each in sent)


def test_a_refund_above_the_limit_was_approved_by_the_lead(session: Session) -> None:
    agents = {each.id: each for each in _all(session, Agent)}
    asked = [each for each in _all(session, Refund) if each.decided_by != each.requested_by]
    assert [(each.amount_minor, each.currency) for each in asked] == [(899500, "DKK")]
    assert agents[asked[0].requested_by].role is Role.AGENT
    assert agents[asked[0].decided_by].role is Role.LEAD


def test_a_shock_got_no_draft_and_was_answered_by_the_lead(session: Session) -> None:
    cards = [each for each in _all(session, Suggestion) if each.owner_only]
    assert [(each.owner_only, each.text) for each in cards] == [("injury", "")]
    who = session.get(Agent, cards[0].decided_by)
    assert who is not None and who.role is Role.LEAD


def test_a_second_failure_is_known_as_one(session: Session) -> None:
    case = _case(session, HENRIK)
    cards = _all(session, Suggestion, col(Suggestion.conversation_id) == case.id)
    assert cards[-1].second_chance and not cards[0].second_chance


def test_the_story_is_told_in_80_columns(played: Played) -> None:
    assert max(map(len, played.told.splitlines())) <= 80
    for beat in (
        "Capture of 499 kr. on 27 February",
        "Capture of 499 kr. on 28 February",
        "You may give this now",
        "Use Kinder Wording",
        "Send and Refund 499 kr.",
        "What Mette sees on her lock screen",
        "Started again: one mail, one refund",
        "Her answer reaches the colleague who signed it",
        "Signe, the lead, approves",
        "/tillid stats today",
        "tillid suggest",
    ):
        assert beat in played.told


class _Links(HTMLParser):
    """Everything a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe"):
            self.found.append(tag)
        self.found += [
            value for name, value in attrs if name in ("src", "href") and not value.startswith("#")
        ]


def test_the_page_stands_alone_and_ends_with_the_command_for_ones_own_mail(played: Played) -> None:
    links = _Links()
    links.feed(played.page())
    assert links.found == []
    assert "@import" not in played.page() and "url(" not in played.page()
    assert "tillid suggest" in played.page()[played.page().index("Now your own mail") :]


def test_the_page_shows_what_each_of_the_three_saw(played: Played) -> None:
    page = played.page()
    for seen in ("Freja Holm · Lampehuset", "You may give this now:", "Support today", "Kinder wording"):
        assert seen in page


def test_a_customers_words_are_never_markup_on_the_page(played: Played) -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    letter = Letter("<b>Eve</b>", "<script>alert(1)</script>", subject='"><img src=x>')
    act = Act("<i>", "", [Beat(at, Lane.CUSTOMER, "<u>", ((Lane.CUSTOMER, letter),))])
    page = render([act], played.figures, Proof(0, 0, 0, 0, 0))
    assert not any(tag in page for tag in ("<script>", "<img", "<b>Eve", "<i>", "<u>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_one_language_plays_its_own_customers_beside_those_the_story_needs(tmp_path: Path) -> None:
    quiet = Console(file=io.StringIO(), width=80)
    figures = asyncio.run(play(tmp_path, fast=True, language="en", console=quiet))
    assert figures.languages == ["da", "en", "nb"]
    assert (figures.approvals, figures.follow_ups_cancelled, figures.quarantined) == (1, 1, 0)


def test_a_language_nobody_speaks_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--lang"):
        asyncio.run(play(tmp_path, fast=True, language="is", console=Console(file=io.StringIO())))


def test_a_database_that_is_no_demos_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "tillid.db").write_bytes(b"customers")
    with pytest.raises(ConfigError, match="--out"):
        asyncio.run(play(tmp_path, fast=True, language="", console=Console(file=io.StringIO())))
    assert (tmp_path / "tillid.db").read_bytes() == b"customers"
