"""Somebody who was forgotten stands in the shop's next file again: left out; whoever comes back themself is new."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import builders
import pytest
from builders import MINUTE, NOW, identity
from scenes import OURS, Scene, mail, order
from sqlalchemy import Engine, select
from sqlmodel import col
from typer.testing import CliRunner

from bot import pipeline
from bot.__main__ import cli
from bot.records.archive import read_archive, write_archive
from bot.records.erasing import Certificate, erase_person
from storage import customer_records, forgotten, inbox, order_batches, persons, retention
from storage.customer_records import CustomerRecord
from storage.engine import connect, reading, transaction
from storage.migrate import migrate
from storage.order_copies import Outcome, compare
from storage.orders import OrderRecord
from storage.tables import Customer, CustomerAddress, ForgottenAddress, HouseKey, Order

METTE, WORK, TORE = "mette@example.dk", "mh@work.example", "tore@example.no"
LATER = NOW + timedelta(days=9)


def erased(engine: Engine, who: str = METTE, *, fingerprints: bool = True) -> Certificate:
    """They are known by an order, and are forgotten."""
    keep_orders(engine, order("1", email=who, placed_at=NOW - timedelta(days=5)))
    with reading(engine) as session:
        (customer_id,) = persons.find(session, who)
    return erase_person(
        engine, customer_id, lambda: NOW, patience=timedelta(seconds=0), fingerprints=fingerprints
    )


def keep_orders(engine: Engine, *records: OrderRecord) -> list[Outcome]:
    with transaction(engine) as session:
        return order_batches.keep_many(session, records, LATER)


def take(engine: Engine, *rows: Sequence[str]) -> list[str]:
    """The shop's customer file, a row of addresses each; what became of each row."""
    records = [CustomerRecord(emails=tuple(each), given_name="Mette") for each in rows]
    with transaction(engine) as session:
        return [each.value for each in customer_records.keep_many(session, records, LATER, LATER)]


def addresses(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.execute(select(col(CustomerAddress.value))).scalars())


# ---- the customers' file ----------------------------------------------------------------------------------------


def test_a_forgotten_person_in_the_next_file_is_left_out_and_nobody_else_is(engine: Engine) -> None:
    erased(engine)
    for outcome in ("new", "same"):
        assert take(engine, [METTE], [TORE]) == ["forgotten", outcome]
        assert addresses(engine) == {TORE}


@pytest.mark.parametrize("row", [[METTE, WORK], [WORK, METTE]])
def test_a_row_with_one_forgotten_address_is_that_persons(engine: Engine, row: list[str]) -> None:
    erased(engine)
    assert take(engine, row) == ["forgotten"]
    assert addresses(engine) == set()


def test_who_came_back_by_another_address_does_not_get_the_forgotten_one_again(engine: Engine) -> None:
    erased(engine)
    take(engine, [WORK])
    assert take(engine, [WORK, METTE]) == ["same"]
    assert addresses(engine) == {WORK}


def test_a_house_may_choose_to_keep_no_fingerprints(engine: Engine) -> None:
    done = erased(engine, fingerprints=False)
    assert "address fingerprints" not in done.kept
    assert take(engine, [METTE]) == ["new"]
    with reading(engine) as session:
        assert session.execute(select(HouseKey)).first() is None


async def test_who_writes_anew_is_a_new_customer_and_the_file_may_tell_of_them(scene: Scene) -> None:
    erased(scene.parts.engine)
    await scene.receive(mail("Hej, har I lampen i blå?"))
    assert take(scene.parts.engine, [METTE, WORK]) == ["changed"]
    assert addresses(scene.parts.engine) == {METTE, WORK}


def test_the_import_says_how_many_were_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'tillid.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = connect(url)
    migrate(engine)
    for who in (METTE, WORK):
        keep_orders(engine, order(who, email=who, placed_at=NOW))
        assert CliRunner().invoke(cli, ["customers", "erase", who, "--yes"]).exit_code == 0
    engine.dispose()
    path = tmp_path / "customers.csv"
    path.write_text(f"email\n{METTE}\n{WORK}\n{TORE}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["customers", "import", str(path)])
    assert done.exit_code == 0, done.output
    assert "1 customers taken, 0 bad lines" in done.stdout
    assert "2 rows are of people who were forgotten: left out" in done.stderr


# ---- the orders' file -------------------------------------------------------------------------------------------


def test_an_order_of_before_is_left_out_and_one_they_made_since_is_their_coming_back(engine: Engine) -> None:
    erased(engine)
    before = order("2", email=METTE.upper(), placed_at=NOW - MINUTE)
    since = order("3", email=METTE, placed_at=NOW + MINUTE)
    with reading(engine) as session:
        assert compare(session, [before, since], LATER) == [Outcome.FORGOTTEN, Outcome.NEW]
    assert keep_orders(engine, before) == [Outcome.FORGOTTEN]
    assert addresses(engine) == set()
    assert keep_orders(engine, since) == [Outcome.NEW]
    assert addresses(engine) == {METTE}


def test_many_orders_skip_those_of_erased_customers(engine: Engine) -> None:
    """Ours by number, whatever address it has now; twice in one delivery; another's that turns out to be theirs."""
    erased(engine)
    keep_orders(engine, order("7", email=TORE, placed_at=NOW - timedelta(days=5)))
    with reading(engine) as session:
        before = session.execute(select(col(Order.number), col(Order.customer_id), col(Order.facts_at))).all()
    theirs = order("1", email=METTE, captures=(1,), placed_at=NOW - timedelta(days=5))
    moved = replace(theirs, email="new@example.dk")
    turned = order("7", email=METTE, placed_at=NOW - timedelta(days=5))
    assert keep_orders(engine, theirs, moved, theirs, turned) == [Outcome.FORGOTTEN] * 4
    with reading(engine) as session:
        assert (
            session.execute(select(col(Order.number), col(Order.customer_id), col(Order.facts_at))).all()
            == before
        )
        assert len(session.execute(select(Customer)).all()) == 2
    assert addresses(engine) == {TORE}


# ---- old mail, age, export --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "comes_back"), [(-1, False), (1, True)])
async def test_a_folders_old_mail_brings_back_only_who_wrote_it_since(
    scene: Scene, days: int, comes_back: bool
) -> None:
    erased(scene.parts.engine)
    raw = mail("Hej", Date=f"{NOW + timedelta(days=days):%a, %d %b %Y %H:%M:%S +0000}")
    scene.now = LATER
    key = hashlib.sha256(raw).hexdigest()
    arrived = inbox.Arrived(f"mail:{OURS}", key, inbox.OLD_MAIL, raw, "old@example.dk", ())
    await pipeline.accept(scene.parts, [arrived])
    await scene.work()
    assert addresses(scene.parts.engine) == ({METTE} if comes_back else set())


def test_the_certificate_says_that_a_fingerprint_stays_and_it_goes_with_age(engine: Engine) -> None:
    kept = erased(engine).kept["address fingerprints"]
    assert (kept["rows"], "next file" in kept["why"]) == (1, True)
    with transaction(engine) as session:
        assert retention.KINDS["fingerprints"](session, NOW, NOW) == 0
        assert retention.KINDS["fingerprints"](session, NOW + MINUTE, NOW) == 1
    assert take(engine, [METTE]) == ["new"]


def test_a_fingerprint_is_of_its_house_alone_and_holds_no_address(engine: Engine, tmp_path: Path) -> None:
    other = connect(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    found = []
    for house in (engine, other):
        erased(house)
        with reading(house) as session:
            found.append(session.execute(select(col(ForgottenAddress.fingerprint))).scalar_one())
    assert found[0] != found[1]
    assert hashlib.sha256(METTE.encode()).hexdigest() not in found
    other.dispose()


def test_who_is_forgotten_once_more_counts_from_then(engine: Engine) -> None:
    with transaction(engine) as session:
        for at in (NOW, LATER):
            assert forgotten.remember(session, [METTE], at) == 1
    with reading(engine) as session:
        assert forgotten.among(session, {METTE, TORE}) == {METTE: LATER}
        assert forgotten.among(session, set()) == {}


def test_a_moved_house_still_knows_whom_it_forgot(engine: Engine, tmp_path: Path) -> None:
    erased(engine)
    write_archive(engine, tmp_path / "out", None, lambda _table, _rows: None)
    moved = connect(f"sqlite:///{tmp_path / 'moved.db'}")
    migrate(moved)
    read_archive(moved, tmp_path / "out", None, lambda _table, _rows: None)
    assert take(moved, [METTE]) == ["forgotten"]
    moved.dispose()


def test_a_joined_persons_addresses_are_all_remembered(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = builders.customer(session, METTE), builders.customer(session, WORK)
        gone.joined_to_id = kept.id
        session.flush()
        customer_id = identity(kept)
    done = erase_person(engine, customer_id, lambda: NOW, patience=timedelta(seconds=0))
    assert done.kept["address fingerprints"]["rows"] == 2
    assert take(engine, [WORK], [METTE]) == ["forgotten", "forgotten"]
