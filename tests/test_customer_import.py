"""The shop's customers from a file: every field with its source and date, whatever the file looks like."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW
from sqlalchemy import Engine, select
from sqlmodel import col
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.commands.customer_import import import_customers
from bot.csv_files import CsvText, opened_csv
from bot.customer_imports import Bad, Read, read_customers
from storage import customers, joining, knowledge
from storage.customer_records import Outcome
from storage.customers import Door
from storage.engine import connect, reading, transaction
from storage.tables import AddressKind, Consent, Customer, CustomerAddress, CustomerNote, Join, KnownField

HEADER = "email;name;preferred_name;language;country;town;company;phone;consent_marketing;notes;since"
METTE = "mette@example.dk;Mette Bjørn;Mo;da;dk;Århus;Bjørn ApS;12 34 56 78;yes;Gratis opsætning;2024-03-02"
FILE_DAY = NOW - timedelta(days=10)


def read(*rows: str) -> list[Read | Bad]:
    return list(read_customers([f"{each}\n" for each in (HEADER, *rows)], NOW))


def csv(*rows: str, at: datetime = FILE_DAY) -> CsvText:
    return CsvText(iter([f"{each}\n" for each in (HEADER, *rows)]), "UTF-8", 0, lambda: 0, at)


def take(engine: Engine, *rows: str, at: datetime = FILE_DAY) -> dict[Outcome, int]:
    done = import_customers(engine, csv(*rows), at, NOW)
    assert done.bad == []
    return dict(done.outcomes)


def fields(engine: Engine, email: str = "mette@example.dk") -> dict[str, tuple[str, str, datetime]]:
    with reading(engine) as session:
        customer = customers.by_address(session, Door(AddressKind.EMAIL, email))
        assert customer is not None
        known = knowledge.fields_of(session, customer.id or 0)
    return {name: (each.value, each.source, each.known_at) for name, each in known.items()}


def test_a_row_becomes_a_record() -> None:
    (row,) = read(METTE)
    assert isinstance(row, Read)
    record = row.record
    assert (record.emails, record.preferred_name, record.given_name) == (("mette@example.dk",), "Mo", "Mette")
    assert (record.language, record.country, record.town, record.company) == (
        "da",
        "DK",
        "Århus",
        "Bjørn ApS",
    )
    assert (record.phone, record.consent, record.consent_at) == ("+4512345678", True, None)
    assert (record.note, record.since_at) == ("Gratis opsætning", datetime(2024, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("email", "", "is empty"),
        ("email", "mette", "not an address"),
        ("email", "mette@example.dk <b>", "not an address"),
        ("language", "klingon", "not one of"),
        ("country", "Danmark", "two letters"),
        ("phone", "call me", "no digits"),
        ("phone", "123", "not a number"),
        ("consent_marketing", "perhaps", "yes, no"),
        ("consent_marketing", "2999-01-01", "yes, no"),
        ("since", "yesterday", "not a day"),
        ("since", "0001-01-01T00:00:00+14:00", "not a day"),
        ("since", "2999-01-01", "in the future"),
        ("town", "x" * 201, "longer than 200"),
        ("notes", "x" * 1001, "longer than 1,000"),
        ("notes", "x" * 1_000_000, "longer than"),
    ],
)
def test_a_bad_cell_is_told_with_its_line_and_spoils_no_other(column: str, written: str, reason: str) -> None:
    cells = dict(zip(HEADER.split(";"), METTE.split(";"), strict=True)) | {column: written}
    bad, good = read(";".join(cells.values()), METTE)
    assert isinstance(bad, Bad)
    assert (bad.number, reason in bad.reason) == (2, True), bad.reason
    assert "mette@" not in bad.reason
    assert isinstance(good, Read)


@pytest.mark.parametrize(
    ("country", "written", "phone"),
    [
        ("SE", "070-123 45 67", "+46701234567"),
        ("NO", "00 47 22 33 44 55", "+4722334455"),
        ("", "'+45 12 34 56 78", "+4512345678"),
        ("GB", "+44 (0)20 7946 0000", "+442079460000"),
    ],
)
def test_a_phone_number_is_kept_as_it_is_dialled_from_anywhere(
    country: str, written: str, phone: str
) -> None:
    (row,) = read(f"a@b.example;;;;{country};;;{written};;;")
    assert isinstance(row, Read)
    assert row.record.phone == phone


def test_only_the_address_has_to_be_there_and_a_file_without_it_is_refused() -> None:
    (row,) = read_customers(["E-mail,Email\n", "x,mette@example.dk\n"], NOW)
    assert isinstance(row, Read)
    with pytest.raises(ValueError, match="email"):
        list(read_customers(["name\n", "Mette\n"], NOW))


def test_secret_numbers_in_notes_are_masked() -> None:
    (row,) = read("a@b.example;;;;;;;;;cpr 0101701234, kort 4111 1111 1111 1111;")
    assert isinstance(row, Read)
    assert "0101701234" not in row.record.note
    assert "4111 1111" not in row.record.note


def test_every_field_has_its_source_and_the_day_of_the_file(engine: Engine) -> None:
    assert take(engine, METTE) == {Outcome.NEW: 1}
    found = fields(engine)
    assert found["preferred_name"] == ("Mo", "customers_file", FILE_DAY)
    assert found["town"] == ("Århus", "customers_file", FILE_DAY)
    assert set(found) == {"preferred_name", "language", "country", "town", "company", "phone", "since"}
    with reading(engine) as session:
        (customer,) = session.execute(select(Customer)).scalars()
        assert (customer.preferred_name, customer.language, customer.country) == ("Mo", "da", "DK")
        (consent,) = session.execute(select(Consent)).scalars()
        assert (consent.given, consent.source, consent.given_at) == (True, "customers_file", FILE_DAY)
        (note,) = session.execute(select(CustomerNote)).scalars()
        assert (note.kind, note.text, note.expires_at) == ("sale", "Gratis opsætning", None)


def test_the_same_file_again_changes_nothing(engine: Engine) -> None:
    rows = (METTE, "nils@example.no;Nils;;nb;NO;;;;no;;", METTE.replace("Mo", "Mia").replace("yes", "no"))
    take(engine, *rows)

    def everything() -> list[object]:
        with reading(engine) as session:
            tables = (Customer, CustomerAddress, KnownField, Consent, CustomerNote)
            rows = [session.execute(select(table).order_by(table.id)).scalars() for table in tables]
            return [each.model_dump() for table in rows for each in table]

    before = everything()
    take(engine, *rows)
    assert everything() == before


def test_of_one_address_in_two_rows_the_later_counts_and_that_is_told(engine: Engine) -> None:
    done = import_customers(
        engine, csv(METTE, "x@y.example;;;;;;;;;;", METTE.replace("Mo", "Mia")), FILE_DAY, NOW
    )
    assert done.repeated == [(2, 4)]
    assert fields(engine)["preferred_name"][0] == "Mia"


def test_an_older_file_never_overwrites_a_newer_value(engine: Engine) -> None:
    take(engine, METTE)
    take(engine, METTE.replace("Århus", "Odense"), at=FILE_DAY - timedelta(days=1))
    assert fields(engine)["town"][0] == "Århus"
    take(engine, METTE.replace("Århus", "Odense"), at=FILE_DAY + timedelta(days=1))
    assert fields(engine)["town"] == ("Odense", "customers_file", FILE_DAY + timedelta(days=1))


def test_what_a_person_said_wins_over_any_file(engine: Engine) -> None:
    with transaction(engine) as session:
        door, before = Door(AddressKind.EMAIL, "mette@example.dk"), FILE_DAY - timedelta(days=1)
        person = customers.ensure(session, door, name="Mette", source="email", now=before)
        customers.write_in(session, person, "sv", "email", before)
        knowledge.learn(session, person, "town", "Odense", "agent", before)
        said = {"purpose": "marketing", "given": False, "source": "agent", "given_at": before}
        session.add(Consent(customer_id=person.id or 0, **said))
    assert take(engine, METTE) == {Outcome.CHANGED: 1}
    found = fields(engine)
    assert (found["language"][:2], found["town"][:2]) == (("sv", "mail"), ("Odense", "agent"))
    # What they asked the shop to be called is theirs too, and newer than the name they wrote under.
    assert found["preferred_name"][0] == "Mo"
    with reading(engine) as session:
        assert [each.given for each in session.execute(select(Consent)).scalars()] == [False]


def test_consents_are_only_ever_added(engine: Engine) -> None:
    take(engine, METTE)
    take(engine, METTE.replace("yes", "no"), at=FILE_DAY + timedelta(days=1))
    take(engine, METTE.replace("yes", "2026-03-01"), at=FILE_DAY + timedelta(days=2))
    with reading(engine) as session:
        given = session.execute(select(col(Consent.given)).order_by(col(Consent.id))).scalars().all()
        assert given == [True, False, True]
        (latest,) = knowledge.consents_of(session, 1)
        assert latest.given_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_two_addresses_in_one_row_are_one_person_and_are_joined(engine: Engine) -> None:
    take(engine, "a@x.example;Anna;;;;;;;;;", "b@x.example;;;;;;;;;;")
    assert take(engine, "a@x.example b@x.example c@x.example;;;;;;;;;;") == {Outcome.CHANGED: 1}
    with reading(engine) as session:
        owners = {each.customer_id for each in session.execute(select(CustomerAddress)).scalars()}
        assert owners == {1}
        assert session.get_one(Customer, 2).joined_to_id == 1
    with transaction(engine) as session:
        joining.undo(session, 1, NOW)
    # What a colleague parted, no file joins again.
    take(engine, "a@x.example b@x.example;;;;;;;;;;")
    with reading(engine) as session:
        assert session.get_one(Customer, 2).joined_to_id is None


def test_a_phone_of_two_people_is_a_question_and_no_join(engine: Engine) -> None:
    take(engine, "a@x.example;;;;;;;+4511111111;;;", "b@x.example;;;;;;;+4511111111;;;")
    with reading(engine) as session:
        (join,) = session.execute(select(Join)).scalars()
        assert (join.state.value, join.because) == ("proposed", "They have the same phone number.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_usual_encoding_and_separator_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes("\n".join((HEADER, METTE)).replace(";", separator).encode(encoding))
    with opened_csv(file) as opened:
        (row,) = read_customers(opened.lines, NOW)
    assert isinstance(row, Read)
    assert row.record.town == "Århus"


def test_the_command_tells_what_it_did_and_a_dry_run_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'tillid.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    file = tmp_path / "customers.csv"
    file.write_text("\n".join((HEADER, METTE, "nobody;;;;;;;;;;")), encoding="utf-8")
    tried = CliRunner().invoke(cli, ["customers", "import", str(file), "--dry-run"])
    assert (tried.exit_code, "1 customers would be taken, 1 bad lines" in tried.stdout) == (2, True), (
        tried.output
    )
    assert "line 3: the column `email` is not an address" in tried.stderr
    engine = connect(url)
    with reading(engine) as session:
        assert session.execute(select(Customer)).first() is None
    done = CliRunner().invoke(cli, ["customers", "import", str(file)])
    assert "1 customers taken, 1 bad lines" in done.stdout
    with reading(engine) as session:
        assert session.execute(select(Customer)).first() is not None
    engine.dispose()
