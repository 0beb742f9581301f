"""customers: what we know of one person, all of it to take along, and forgetting it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.commands.lines import errors, show
from bot.commands.records import database
from bot.errors import BotError
from bot.house import open_house
from bot.records.erasing import Certificate, erase_person
from bot.records.everything import Everything, everything
from bot.records.export import write_export
from bot.settings import load
from storage import audit, persons
from storage.engine import reading, transaction
from storage.tables import Customer

customers = typer.Typer(help="Customers: shown, handed over, forgotten.", no_args_is_help=True)
console = Console(soft_wrap=True)
Who = Annotated[str, typer.Argument(help="An address, a Slack id, a phone number, or a customer's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
#: Fields of a customer's row that a person reads.
FIELDS = ("preferred_name", "language", "country", "since_at")


def the_customer(engine: Engine, who: str) -> int:
    """The number of the one customer meant; exits, saying why, where there is none or are several."""
    with reading(engine) as session:
        found = persons.find(session, who)
        erased = _erased_at(session, found[0]) if len(found) == 1 else None
    if not found:
        errors.print("No customer is known by that. Give an address, a Slack id, a phone number or a number.")
        raise typer.Exit(1)
    if len(found) > 1:
        errors.print(
            f"That means several customers: {', '.join(map(str, found))}. Give one of these numbers."
        )
        raise typer.Exit(1)
    if erased is not None:
        errors.print(f"Customer {found[0]} was erased on {erased:%-d %B %Y}; nothing more is known.")
        raise typer.Exit(1)
    return found[0]


def _erased_at(session: Session, customer_id: int) -> datetime | None:
    customer = session.get(Customer, customer_id)
    return customer.erased_at if customer else None


def _looked(engine: Engine, action: str, customer_id: int) -> None:
    """Who looks at a customer's data leaves a trace."""
    with transaction(engine) as session:
        audit.record(session, action, datetime.now(UTC), subject_id=customer_id, operator="command line")


@customers.command("show")
def show_command(who: Who, as_json: AsJson = False) -> None:
    """What we know of one person, each field with where it is from and since when. The look is recorded."""
    engine = database()
    customer_id = the_customer(engine, who)
    _looked(engine, "customer_viewed", customer_id)
    with reading(engine) as session:
        found = everything(session, customer_id)
    if as_json:
        show({"customer": found.customer_id, "fields": _known(found), **_counts(found)})
        return
    table = Table("Field", "Value", "Source", "Since", title=f"Customer {found.customer_id}")
    for row in _known(found):
        table.add_row(*(Text(str(row[key] or "–")) for key in ("field", "value", "source", "since")))
    console.print(table)
    counted = ", ".join(
        f"{count} {kind.replace('_', ' ')}" for kind, count in _counts(found).items() if count
    )
    console.print(
        f"Beside it: {counted or 'nothing'}. `tillid customers export` writes it all.", markup=False
    )


def _known(found: Everything) -> list[dict[str, Any]]:
    """Every field with its source and date; the customer's own row stands in where no source was kept."""
    rows = [
        _line(each["name"], each["value"], each["source"], each["known_at"])
        for each in found.tables["fields"]
    ]
    sourced = {each["field"] for each in rows}
    since = found.person["created_at"]
    rows += [
        _line(name.removesuffix("_at"), found.person[name], "", since)
        for name in FIELDS
        if found.person[name] and name.removesuffix("_at") not in sourced
    ]
    of, date = found.tables, "created_at"
    rows += [_line(each["kind"], each["value"], each["source"], each[date]) for each in of["addresses"]]
    rows += [
        _line(
            f"consent to {each['purpose']}",
            "yes" if each["given"] else "no",
            each["source"],
            each["given_at"],
        )
        for each in of["consents"]
    ]
    rows += [_line(each["kind"], each["text"], each["source"], each[date]) for each in of["notes"]]
    return rows


def _line(field: str, value: str, source: str, since: str) -> dict[str, Any]:
    return {"field": field, "value": value, "source": source, "since": since[:10]}


def _counts(found: Everything) -> dict[str, int]:
    told = ("fields", "addresses", "consents", "notes")
    return {kind: len(rows) for kind, rows in found.tables.items() if kind not in told}


@customers.command("export")
def export_command(
    who: Who,
    out: Annotated[Path | None, typer.Option(help="A new folder; customer-NUMBER without it.")] = None,
) -> None:
    """Everything about one person: a readable JSON, CSV files, and their files as files. The export is recorded."""
    engine = database()
    customer_id = the_customer(engine, who)
    folder = out or Path(f"customer-{customer_id}")
    with reading(engine) as session:
        found = everything(session, customer_id)
    try:
        written = write_export(found, folder)
    except OSError as error:
        raise BotError(f"{folder}: cannot be written ({error.strerror})") from None
    _looked(engine, "customer_exported", customer_id)
    console.print(f"{len(written)} files in {folder}; begin with everything.json.", markup=False)


@customers.command("erase")
def erase_command(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget one person, for good; what bookkeeping keeps names nobody. Prints the certificate."""
    engine = database()
    customer_id = the_customer(engine, who)
    if not yes:
        with reading(engine) as session:
            counts = _counts(everything(session, customer_id))
        counted = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items() if count)
        errors.print(f"Customer {customer_id}: {counted or 'nothing beside the customer'}.", markup=False)
        if not typer.confirm("Forget this person? It cannot be taken back.", err=True):
            raise typer.Exit(1)
    settings = load()
    keep = open_house(settings.tillid_house).policy.keep
    try:
        done = erase_person(
            engine,
            customer_id,
            lambda: datetime.now(UTC),
            channel=settings.tillid_triage_channel,
            fingerprints=keep.fingerprints > 0,
        )
    except DBAPIError as error:
        raise BotError(
            f"The database did not take it ({type(error.orig).__name__}); nothing was erased."
        ) from None
    if as_json:
        show(done.as_json())
    else:
        _tell(done)


def _tell(done: Certificate) -> None:
    console.print(f"Certificate {done.number}, {done.erased_at:%-d %B %Y %H:%M} UTC", markup=False)
    for kind, count in done.gone.items():
        console.print(f"  gone   {count:>6}  {kind}", markup=False)
    for kind, told in done.kept.items():
        console.print(f"  stays  {told['rows']:>6}  {kind}: {told['why']}", markup=False)
    posts = done.gone.get("posts in Slack", 0)
    if posts:
        console.print("The running program takes the posts in Slack down with its next tick.")
    if not done.overwritten:
        errors.print(
            "The database was busy: let SQLite run VACUUM once, so that the bytes leave its file too."
        )
    console.print(f"Note: {done.note}.", markup=False)
