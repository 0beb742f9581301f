"""The demo from the first minute to the files it leaves."""

import json
import shutil
import sqlite3
import tempfile
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.errors import ConfigError
from bot.importing import import_orders
from bot.sandbox.demo import page
from bot.sandbox.demo.cast import LANGUAGES
from bot.sandbox.demo.delivery import DeliveryProcess
from bot.sandbox.demo.letters import ZONE
from bot.sandbox.demo.moments import Facts, Lane
from bot.sandbox.demo.morning import the_afternoon, the_morning
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.proof import Proof, prove
from bot.sandbox.demo.special import a_customer_in_slack, above_the_limit, no_machine_answers
from bot.sandbox.demo.spine import mette_was_charged_twice
from bot.sandbox.demo.telling import Telling
from bot.sandbox.demo.week import the_week
from bot.sandbox.smtp_server import SentMail
from bot.sandbox.stage import Stage
from storage.engine import read
from storage.figures import Report, report

PAUSE_SECONDS = 1.0
CLOSING = datetime(2026, 3, 2, 17, 0, tzinfo=ZONE)
DATABASE, REPORT, PAGE, MAILS = "tillid.db", "report.json", "index.html", "mails"


async def play(folder: Path, *, fast: bool, language: str, console: Console) -> Report:
    """Play the day, tell it on `console`, and leave database, mails, report and page in `folder`.

    With `language` only its speakers play, beside the cases the story hangs on. Raises ConfigError for a language
    nobody speaks, and for a folder whose database is no demo's: nothing of yours is overwritten.
    """
    if language and language not in LANGUAGES:
        raise ConfigError(f"--lang: nobody in the demo speaks {language}; choose from {', '.join(LANGUAGES)}")
    _make_room(folder)
    telling = Telling(console, PAUSE_SECONDS if console.is_terminal and not fast else 0)
    with tempfile.TemporaryDirectory(prefix="tillid-demo-") as work:
        stage = Stage(
            Path(work),
            database_url=f"sqlite:///{folder / DATABASE}",
            only=("slack", "mail", "clock"),
            # Said here, so that nobody's environment changes the story.
            tillid_mode="live",
        )
        delivery = DeliveryProcess(Path(work))
        async with stage:
            try:
                await delivery.start(stage.settings())
                figures, proof = await _the_day(Office(stage, delivery), telling, language)
            finally:
                await delivery.stop()
        _leave(folder, stage.mail.mails, figures, telling, proof)
    _say_goodbye(telling, folder)
    return figures


async def _the_day(office: Office, telling: Telling, language: str) -> tuple[Report, Proof]:
    await _opening(office, telling)
    case = await mette_was_charged_twice(office, telling)
    await the_morning(office, telling, language)
    if language in ("", "da"):
        await no_machine_answers(office, telling)
    await above_the_limit(office, telling)
    await the_afternoon(office, telling, language)
    if language in ("", "nb"):
        await a_customer_in_slack(office, telling)
    await office.until(CLOSING)
    await _figures(office, telling, "The day's figures", "stats today")
    await the_week(office, telling, case, language)
    await _figures(office, telling, "The figures after a week", "stats this month")
    engine = office.stage.running.parts.engine
    figures = await read(engine, report)
    proof = await read(engine, prove, office.stage.mail.mails, office.stage.slack.refused)
    await telling.act(
        "What can be checked", "Counted from the database and the SMTP server, not from the script."
    )
    await telling.beat(office.now(), Lane.HOUSE, "Afterwards", ((Lane.HOUSE, Facts(proof.rows())),))
    return figures, proof


async def _opening(office: Office, telling: Telling) -> None:
    await telling.act(
        "Lampehuset opens",
        "A shop for lamps. Freja and Nils answer, Signe leads, Marius reads the numbers.",
    )
    lines = files("bot.sandbox.demo").joinpath("orders.csv").read_text(encoding="utf-8").splitlines()
    engine, stage = office.stage.running.parts.engine, office.stage
    taken = import_orders(engine, lines, stage.clock())
    watching = await office.command(stage.signe, f"watch <#{stage.shared.id}|{stage.shared.name}>")
    facts = Facts(
        (
            ("On this machine", "SQLite, an IMAP and an SMTP server, a Slack-compatible workspace"),
            ("Orders from the shop", str(taken.taken)),
            ("Signe, in Slack", " ".join(line.text for line in watching.lines)),
            ("Delivery", f"a process of its own, {office.delivery.pid}"),
        )
    )
    await telling.beat(office.now(), Lane.HOUSE, "Monday morning", ((Lane.HOUSE, facts),))


async def _figures(office: Office, telling: Telling, title: str, question: str) -> None:
    slip = await office.command(office.stage.marius, question)
    await telling.act(title, "No figure names a person, and none counts what a customer spends.")
    await telling.beat(
        office.now(), Lane.MANAGER, f"Marius asks: /tillid {question}", ((Lane.MANAGER, slip),)
    )


def _make_room(folder: Path) -> None:
    """An empty place for our files; an earlier demo's are replaced, anything else stops us."""
    database = folder / DATABASE
    if database.exists() and not (folder / PAGE).exists():
        raise ConfigError(f"--out: {folder} holds a {DATABASE} that is no demo's; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", REPORT, PAGE):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / MAILS, ignore_errors=True)


def _leave(folder: Path, mails: list[SentMail], figures: Report, telling: Telling, proof: Proof) -> None:
    (folder / MAILS).mkdir()
    for number, mail in enumerate(mails, start=1):
        who = mail.recipients[0].partition("@")[0]
        (folder / MAILS / f"{number:02}-{who}.eml").write_bytes(mail.raw)
    counts = json.dumps(asdict(figures), ensure_ascii=False, indent=2)
    (folder / REPORT).write_text(counts + "\n", encoding="utf-8")
    (folder / PAGE).write_text(page.render(telling.acts, figures, proof), encoding="utf-8")
    # One file to copy, without the journal beside it.
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    for beside in folder.glob(f"{DATABASE}[-.]*"):
        beside.unlink()


def _say_goodbye(telling: Telling, folder: Path) -> None:
    telling.close(
        Text(""),
        Text.assemble(("The whole day, to look at: ", "bold"), (str(folder / PAGE), "cyan")),
        Text(f"Also there: {DATABASE}, {REPORT}, and {MAILS}/ with every mail that left.", "dim"),
        Text(""),
        Text.assemble(("Now your own mail: ", "bold"), (page.command(), "cyan")),
    )
