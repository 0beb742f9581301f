"""Merge and unmerge from the command line, and what becomes of conversations on the way."""

from collections.abc import Iterator
from pathlib import Path

import builders
import pytest
from builders import NOW
from click.testing import Result
from scenes import FREJA, TWICE, Scene, mail
from sqlalchemy import Engine, select
from sqlmodel import col
from typer.testing import CliRunner

from bot import desk
from bot.__main__ import cli
from bot.gathering import of_conversation
from storage import joining
from storage.engine import connect, reading, transaction
from storage.migrate import migrate
from storage.tables import AuditEvent, Conversation, Customer, Suggestion


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'tillid.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = connect(url)
    migrate(engine)
    with transaction(engine) as session:
        for email in ("mette@example.dk", "mh@work.example", "nils@example.no"):
            builders.conversation(session, customer_id=builders.identity(builders.customer(session, email)))
    yield engine
    engine.dispose()


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["customers", *words])


def owners(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return list(
            session.execute(select(col(Conversation.customer_id)).order_by(col(Conversation.id))).scalars()
        )


def test_two_are_merged_and_parted_by_address_or_number(database: Engine) -> None:
    done = run("merge", "mette@example.dk", "mh@work.example")
    assert (done.exit_code, "Customer 2 is customer 1 now" in done.stdout) == (0, True), done.output
    assert owners(database) == [1, 1, 3]
    assert "1 and 2 are two again" in run("unmerge", "1").stdout
    assert owners(database) == [1, 2, 3]
    with reading(database) as session:
        actions = session.execute(select(col(AuditEvent.action))).scalars().all()
    assert [each for each in actions if each.startswith("customers_")] == [
        "customers_joined",
        "customers_parted",
    ]


@pytest.mark.parametrize(
    "words", [("merge", "1", "1"), ("unmerge", "3"), ("merge", "1", "nobody@example.dk")]
)
def test_what_cannot_be_is_said_and_changes_nothing(database: Engine, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr.strip()
    assert owners(database) == [1, 2, 3]


def test_of_several_joined_the_one_that_is_named_is_parted(database: Engine) -> None:
    run("merge", "1", "2")
    run("merge", "1", "3")
    assert run("unmerge", "1", "--from", "2").exit_code == 0
    assert owners(database) == [1, 2, 1]


def test_a_chain_is_undone_from_its_end(database: Engine) -> None:
    run("merge", "2", "3")
    run("merge", "1", "2")
    with transaction(database) as session, pytest.raises(joining.CannotJoin, match="undo that first"):
        joining.undo(session, 1, NOW)
    assert run("unmerge", "1").exit_code == 0
    assert run("unmerge", "2").exit_code == 0
    assert owners(database) == [1, 2, 3]


async def test_a_joined_customers_next_mail_finds_its_case_and_is_nobody_elses(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<1@example.dk>"))
    await scene.receive(
        mail(TWICE, sender="Mette <mh@work.example>", subject="Igen", message_id="<2@work.example>")
    )
    scene.do(joining.join, 1, 2, "by hand", scene.now)
    await scene.receive(mail("Hvordan går det?", sender="Mette <mh@work.example>", answers="1@example.dk"))
    with reading(scene.parts.engine) as session:
        found = of_conversation(session, session.get_one(Conversation, 1))
    assert (found.customer_id, found.is_other) == (1, False)
    assert len(scene.rows(Customer)) == 2
    assert "not by this case's customer" not in str(scene.card().hints)


async def test_a_joining_in_the_middle_of_a_message_makes_it_start_over(paid_twice: Scene) -> None:
    await paid_twice.receive(mail(TWICE, sender="Mette <mh@work.example>", message_id="<2@work.example>"))
    before = paid_twice.rows(Conversation)[1].version
    paid_twice.do(joining.join, 1, 2, "by hand", paid_twice.now)
    assert paid_twice.rows(Conversation)[1].version == before + 1
    assert paid_twice.do(desk.view_customer, FREJA, 2, paid_twice.now) == 1
    assert len(paid_twice.rows(Suggestion)) == 2
