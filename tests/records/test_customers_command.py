"""`tillid customers` and `tillid export`: what is shown, handed over and forgotten, and the trace a look leaves."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import builders
import pytest
from builders import NOW, identity
from planting import plant
from sqlalchemy import Engine, select
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.errors import BotError
from bot.records.export import cell
from bot.settings import Settings
from storage import customers, persons
from storage.engine import connect, reading, transaction
from storage.migrate import migrate
from storage.tables import (
    AddressKind,
    AuditEvent,
    Customer,
    CustomerNote,
    InboxItem,
    InboxState,
    KnownField,
    StoredFile,
)

MAIL = b"From: Mette <mette@example.dk>\r\nMessage-ID: <1@x>\r\n\r\nHej\r\n"


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """A database of its own, and no other setting; Mette with a case, an order, a file and a mail."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'tillid.db'}")
    engine = connect(f"sqlite:///{tmp_path / 'tillid.db'}")
    migrate(engine)
    with transaction(engine) as session:
        person = builders.customer(session, "mette@example.dk")
        for kind, value in ((AddressKind.SLACK, "TNORD:UMETTE0001"), (AddressKind.PHONE, "+4520304050")):
            customers.add_address(
                session, identity(person), customers.Door(kind, value), source="form", now=NOW
            )
        order = builders.order(session, email="mette@example.dk", number="10432")
        case = builders.conversation(session, customer_id=person.id, subject="=HYPERLINK(1)", order_id=order)
        message = builders.message(session, case, text="Hej, hvor er min lampe?")
        session.add_all(
            [
                KnownField(
                    customer_id=identity(person), name="town", value="Århus", source="orders", known_at=NOW
                ),
                CustomerNote(customer_id=identity(person), text="Har kat", source="agent", created_at=NOW),
                StoredFile(
                    conversation_id=identity(case), message_row_id=message.id, name="kasse.jpg", type="image/jpeg",
                    size_bytes=3, sha256="", content=b"\xff\xd8\xff", stored_at=NOW,
                ),
                InboxItem(
                    source="mail:a", external_id="1" * 64, kind="mail", lane="l", raw=MAIL, state=InboxState.DONE,
                    received_at=NOW, processed_at=NOW,
                ),
            ]
        )  # fmt: skip
    yield engine
    engine.dispose()


def tillid(*words: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, [str(each) for each in words], input=stdin)


def events(engine: Engine) -> list[tuple[str, int | None, object]]:
    with reading(engine) as session:
        rows = session.execute(select(AuditEvent).order_by("id")).scalars()
        return [(each.action, each.subject_id, each.details) for each in rows]


@pytest.mark.parametrize(
    "who",
    [
        "mette@example.dk",
        "Mette@Example.DK",
        "UMETTE0001",
        "TNORD:UMETTE0001",
        "+45 20 30 40 50",
        "20304050",
        "1",
    ],
)
def test_a_customer_is_found_by_every_door(books: Engine, who: str) -> None:
    with reading(books) as session:
        assert persons.find(session, who) == [1]


@pytest.mark.parametrize("who", ["nobody@example.dk", "UNOBODY001", "+4599999999", "77", "", "%"])
def test_nobody_is_found_by_anything_else(books: Engine, who: str) -> None:
    result = tillid("customers", "show", who)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No customer" in result.stderr
    assert events(books) == []


def test_show_names_each_field_with_its_source_and_date_and_the_look_is_recorded(books: Engine) -> None:
    result = tillid("customers", "show", "mette@example.dk", "--json")
    shown = json.loads(result.stdout)
    fields = {each["field"]: (each["value"], each["source"], each["since"]) for each in shown["fields"]}
    assert fields["town"] == ("Århus", "orders", "2026-03-02")
    assert fields["phone"] == ("+4520304050", "form", "2026-03-02")
    assert fields["note"] == ("Har kat", "agent", "2026-03-02")
    assert (shown["conversations"], shown["orders"], shown["files"]) == (1, 1, 1)
    assert events(books) == [("customer_viewed", 1, {"operator": "command line"})]


def test_show_for_people_is_a_table(books: Engine) -> None:
    assert books
    shown = tillid("customers", "show", "1").stdout
    assert "Århus" in shown
    assert "1 conversations" in shown


def test_the_export_is_readable_whole_and_recorded(books: Engine, tmp_path: Path) -> None:
    result = tillid("customers", "export", "mette@example.dk", "--out", tmp_path / "out")
    assert result.exit_code == 0
    whole = json.loads((tmp_path / "out" / "everything.json").read_text(encoding="utf-8"))
    assert whole["messages"][0]["text"] == "Hej, hvor er min lampe?"
    assert (whole["orders"][0]["number"], whole["orders"][0]["paid"]) == ("10432", "548.00")
    assert {each["order_number"] for each in whole["payments"]} == {"10432"}
    assert (tmp_path / "out" / whole["files"][0]["kept_as"]).read_bytes() == b"\xff\xd8\xff"
    assert (tmp_path / "out" / "as_it_came" / "1.eml").read_bytes() == MAIL
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert events(books) == [("customer_exported", 1, {"operator": "command line"})]


def test_no_cell_of_the_export_is_a_formula(books: Engine, tmp_path: Path) -> None:
    assert books
    tillid("customers", "export", "1", "--out", tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [each for row in csv.reader(file) for each in row]
        assert not [each for each in cells if each.startswith(("=", "+", "-", "@", "\t"))]
    assert "'=HYPERLINK(1)" in (tmp_path / "out" / "conversations.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1+1", "'=1+1"), ("+45", "'+45"), ("-2", "'-2"), ("@x", "'@x"), ("\tx", "'\tx"), (-1, "'-1"), ("a=b", "a=b"),
     (None, ""), ({"a": "æ"}, '{"a": "æ"}')],
)  # fmt: skip
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_an_export_never_writes_into_a_folder_that_holds_something(books: Engine, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    result = tillid("customers", "export", "1", "--out", tmp_path / "out")
    assert isinstance(result.exception, BotError)
    assert events(books) == []


def test_joined_persons_are_shown_as_one(books: Engine) -> None:
    with transaction(books) as session:
        customer_id, _ = plant(session)
        joined = session.execute(select(Customer.id).where(Customer.joined_to_id == customer_id)).scalar_one()  # type: ignore[arg-type, call-overload]
    shown = json.loads(tillid("customers", "show", str(joined), "--json").stdout)
    assert shown["customer"] == customer_id
    assert len([each for each in shown["fields"] if each["field"] == "email"]) == 2


def test_erasing_asks_first_and_then_prints_a_certificate_without_a_name(books: Engine) -> None:
    refused = tillid("customers", "erase", "1", stdin="n\n")
    assert (refused.exit_code, events(books)) == (1, [])
    result = tillid("customers", "erase", "mette@example.dk", "--yes", "--json")
    certificate = json.loads(result.stdout)
    assert certificate["gone"]["messages"] == 1
    assert certificate["kept"]["orders"]["rows"] == 1
    assert certificate["overwritten"]
    assert "mette" not in result.stdout.lower()
    assert [each[0] for each in events(books)] == ["customer_erased"]
    again = tillid("customers", "show", "1")
    assert (again.exit_code, "was erased on" in again.stderr) == (1, True)


def test_the_certificate_for_people_says_what_stays_and_why(books: Engine) -> None:
    assert books
    result = tillid("customers", "erase", "1", stdin="y\n")
    assert "orders: bookkeeping law" in result.stdout
    assert "gone" in result.stdout


def test_the_house_goes_out_and_in_by_command(
    books: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert books
    assert tillid("export", tmp_path / "all").exit_code == 0
    again = tillid("import", tmp_path / "all")
    assert "not empty" in str(again.exception)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert "taken in" in tillid("import", tmp_path / "all").stdout
    assert "Århus" in tillid("customers", "show", "1").stdout
