"""`tillid events import`: errors by line, in any encoding, once, and without a word to a customer."""

import json
from pathlib import Path

import pytest
from builders import NOW
from command_line import tillid
from event_scenes import on_its_way
from scenes import house, keep_order
from sqlalchemy import Engine, select

from bot.event_files import Line, read_events
from bot.event_importing import BATCH, ImportedEvents, import_events
from bot.event_outcomes import Outcome
from storage.engine import connect, reading, transaction
from storage.migrate import migrate
from storage.tables import AuditEvent, OutboxItem, ShopEvent, Suggestion

HEAD = (
    "key,kind,email,order_number,happened_at,new_date,reason,what,until,amount,old_amount,currency,due_date,paid,"
    "price_now"
)
GOOD = "e1,delay,,10432,2026-03-02T07:00:00+01:00,2026-03-10,,,,,,,,,"


def row(**cells: str) -> str:
    """A delay of Mette's order, with other cells."""
    good = dict(zip(HEAD.split(","), GOOD.split(","), strict=True))
    return ",".join((good | cells)[name] for name in HEAD.split(","))


def taken(engine: Engine, *rows: str, dry_run: bool = False) -> ImportedEvents:
    return import_events(engine, house(), [HEAD, *rows], NOW, NOW, dry_run=dry_run)


@pytest.fixture
def shop(engine: Engine) -> Engine:
    with transaction(engine) as session:
        keep_order(session, on_its_way())
        keep_order(session, on_its_way("2", "nils@example.dk"))
    return engine


def rows_of(engine: Engine, table: type) -> list[object]:
    with reading(engine) as session:
        return list(session.execute(select(table)).scalars())


def test_every_kind_is_read_with_its_details() -> None:
    lines = [
        row(),
        row(kind="outage", new_date="", what="internettet", until="2026-03-02T14:00:00+01:00"),
        row(
            kind="bill", new_date="", amount="349.00", old_amount="299", currency="dkk", due_date="2026-03-20"
        ),
        row(kind="price_drop", new_date="", paid="499", price_now="399.50", currency="DKK"),
    ]
    found = list(read_events([HEAD, *lines]))
    assert all(isinstance(each, Line) for each in found)
    assert [dict(each.told.details) for each in found if isinstance(each, Line)] == [
        {"new_date": "2026-03-10"},
        {"what": "internettet", "until": "2026-03-02T13:00:00+00:00"},
        {"amount_minor": 34_900, "old_amount_minor": 29_900, "currency": "DKK", "due_date": "2026-03-20"},
        {"paid_minor": 49_900, "price_now_minor": 39_950, "currency": "DKK"},
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"key": ""}, "`key`"),
        ({"kind": "strike"}, "`kind` is 'strike'"),
        ({"order_number": ""}, "`email`, `order_number`, or both"),
        ({"email": "mette"}, "`email` is not an address"),
        ({"happened_at": "yesterday"}, "`happened_at`"),
        ({"happened_at": "9999-01-01"}, "`happened_at`"),
        ({"new_date": "10.3.2026"}, "`new_date`"),
        ({"new_date": "2026-03-01"}, "before `happened_at`"),
        ({"amount": "349", "currency": "DKK"}, "delay: there is no `"),
        ({"kind": "outage", "new_date": ""}, "outage: `what` is needed"),
        ({"kind": "bill", "new_date": "", "amount": "349"}, "bill: `currency` is needed"),
        ({"kind": "bill", "new_date": "", "amount": "1 249", "currency": "DKK"}, "`amount` is '1 249'"),
        ({"kind": "bill", "new_date": "", "amount": "1.234", "currency": "DKK"}, "`amount`"),
        ({"kind": "bill", "new_date": "", "amount": "9", "old_amount": "9", "currency": "DKK"}, "not differ"),
        (
            {"kind": "price_drop", "new_date": "", "paid": "1", "price_now": "1", "currency": "DKK"},
            "no price drop",
        ),
        ({"reason": "x" * 201}, "`reason`"),
        ({"reason": "a\u202eb"}, "`reason`"),
        ({"reason": "x" * 20_000}, "longer than"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_spoils_no_other(
    shop: Engine, cells: dict[str, str], reason: str
) -> None:
    done = taken(shop, row(**cells), row(order_number="2"))
    assert (done.bad_lines, done.bad[0].number, done.drafts) == (1, 2, 1)
    assert reason in done.bad[0].reason


def test_half_a_row_and_a_missing_column_are_told(shop: Engine) -> None:
    assert taken(shop, "e1,delay").bad_lines == 1
    with pytest.raises(ValueError, match="happened_at"):
        import_events(shop, house(), ["key,kind,email", "e1,delay,a@example.dk"], NOW, NOW)


def test_twice_changes_nothing_and_a_newer_file_makes_the_draft_anew(shop: Engine) -> None:
    assert taken(shop, row()).outcomes == {Outcome.NEW: 1}
    assert taken(shop, row()).outcomes == {Outcome.SAME: 1}
    assert taken(shop, row(new_date="2026-03-12")).outcomes == {Outcome.CHANGED: 1}
    assert len(rows_of(shop, ShopEvent)) == 1


def test_a_dry_run_tells_and_writes_nothing(shop: Engine) -> None:
    done = taken(shop, row(), row(order_number="77"), dry_run=True)
    assert (done.drafts, done.without) == (1, [(3, Outcome.UNKNOWN)])
    assert rows_of(shop, ShopEvent) == rows_of(shop, OutboxItem) == rows_of(shop, AuditEvent) == []


def test_a_person_who_stands_there_twice_gets_one_letter(shop: Engine) -> None:
    done = taken(shop, row(), row(email="mette@example.dk"), row(new_date="2026-03-15"), row())
    assert done.outcomes == {Outcome.NEW: 1, Outcome.SAME: 2, Outcome.TWICE: 1}


def test_a_file_of_many_is_one_stack_and_one_post(shop: Engine) -> None:
    many = range(BATCH * 2 + 3)
    with transaction(shop) as session:
        for number in many:
            keep_order(session, on_its_way(f"{30_000 + number}", f"k{number}@example.dk"))
    done = taken(shop, *(row(order_number=f"{30_000 + number}") for number in many))
    assert done.drafts == len(many) == len(rows_of(shop, Suggestion))
    assert len(rows_of(shop, OutboxItem)) == 1


# ---- The command ------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = connect(url)
    migrate(engine)
    with transaction(engine) as session:
        keep_order(session, on_its_way())
    engine.dispose()
    return tmp_path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_command_reads_any_encoding_and_semicolons(place: Path, encoding: str) -> None:
    file = place / "events.csv"
    text = "\n".join([HEAD, row(reason="storm på Storebælt"), row(order_number="77")]).replace(",", ";")
    file.write_bytes(text.encode(encoding))
    done = tillid("events", "import", file)
    assert (done.exit_code, done.stdout.strip()) == (0, "1 letter drafted, 0 bad lines")
    assert "line 3: no customer or order of that name is known here" in done.stderr
    engine = connect(f"sqlite:///{place / 'shop.db'}")
    (draft,) = rows_of(engine, Suggestion)
    assert "Storebælt" in draft.text  # type: ignore[attr-defined]  # a Suggestion
    engine.dispose()


def test_the_command_answers_scripts_in_json_and_says_when_lines_were_bad(place: Path) -> None:
    text = "\n".join([HEAD, row(), row(kind="strike"), row(order_number="77")])
    done = tillid("events", "import", "-", "--json", stdin=text.encode())
    said = json.loads(done.stdout)
    assert (done.exit_code, said["drafts"], said["outcomes"]["new"], said["bad_lines"]) == (2, 1, 1, 1)
    assert (said["bad"][0]["line"], said["without_draft"][0]["line"]) == (3, 4)
    again = tillid("events", "import", "-", "--dry-run", stdin=text.encode())
    assert "0 letters would be drafted" in again.stdout
    assert tillid("events", "import", place / "nothing.csv").exit_code == 1
