"""init, check, manifest: setting a house up."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import aiosmtplib
import typer
import yaml
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.slack import slack_is_well
from bot.commands.starter import ENVIRONMENT, HOUSE, templates_readme, words_readme
from bot.errors import BotError, ConfigError
from bot.handlers.mailbox import Mailbox
from bot.house import House, open_house
from bot.mail_parts import mail_tokens
from bot.manifest import manifest
from bot.outbound.mail import MailSender
from bot.parts import Parts, Places
from bot.rules.composing import format_money
from bot.rules.policy_warnings import warnings
from bot.settings import Settings, load
from storage.engine import connect
from storage.migrate import migrate

console = Console(soft_wrap=True)


def init(folder: Annotated[Path, typer.Argument(help="A new folder for the house's own files.")]) -> None:
    """A commented starter house: what you change there wins over our own files."""
    own = Path(str(files("bot")))
    wanted = {
        "house.yaml": HOUSE,
        "policy.yaml": (own / "rules" / "policy.yaml").read_text(encoding="utf-8"),
        ".env": ENVIRONMENT,
        "templates/README.md": templates_readme(own / "templates"),
        "words/README.md": words_readme(own / "rules" / "packs"),
    }
    there = [name for name in wanted if (folder / name).exists()]
    if there:
        console.print(f"{folder} has {', '.join(there)} already; nothing was changed.", markup=False)
        raise typer.Exit(1)
    try:
        for name, text in wanted.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        console.print(f"{error.filename}: cannot be written ({error.strerror}).", markup=False)
        raise typer.Exit(1) from None
    console.print(
        f"A starter house is in {folder}. Read house.yaml first, then `tillid check`. "
        "The README.md in templates/ and in words/ says how to change a letter and the words.",
        markup=False,
    )


def manifest_command(
    http: Annotated[str, typer.Option(help="Your public URL, for HTTP instead of Socket Mode.")] = "",
) -> None:
    """The Slack app manifest to paste at api.slack.com/apps."""
    print(yaml.safe_dump(manifest(http), sort_keys=False, allow_unicode=True), end="")


def check() -> None:
    """Every setting named, every connection tried; a line each, with the remedy."""
    try:
        settings = load()
    except ConfigError as error:
        console.print("[red]no[/red]   ", end="")
        console.print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from None
    results = asyncio.run(_check_all(settings))
    raise typer.Exit(0 if all(results) else 1)


async def _check_all(settings: Settings) -> list[bool]:
    checks: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("Database", _database),
        ("Slack", slack_is_well),
        ("Mail in", _mailboxes),
        ("Mail out", _smtp),
    ]
    return [await _house_is_well(settings), *[await _one(name, try_it, settings) for name, try_it in checks]]


async def _house_is_well(settings: Settings) -> bool:
    """A house with a broken template opens, with ours instead; it is a mistake all the same."""
    problems: list[str] = []

    async def open_it(settings: Settings) -> str:
        house = await asyncio.to_thread(open_house, settings.tillid_house)
        problems.extend(house.problems)
        return _told(house)

    opened = await _one("House", open_it, settings)
    for problem in problems:
        _say_no("House", f"{problem} (this file is left out, the others are used)")
    return opened and not problems


async def _one(name: str, try_it: Callable[[Settings], Awaitable[str]], settings: Settings) -> bool:
    try:
        said = await try_it(settings)
    except (BotError, OSError, TimeoutError, SQLAlchemyError, aiosmtplib.SMTPException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        _say_no(name, reason)
        return False
    mark = "[dim]--[/dim] " if said.startswith("not set up") else "[green]yes[/green]"
    console.print(f"{mark}  {name}: ", end="", highlight=False)
    console.print(said, markup=False, highlight=False)
    return True


def _say_no(name: str, reason: str) -> None:
    console.print(f"[red]no[/red]   {name}: ", end="", highlight=False)
    console.print(reason, markup=False, highlight=False)


def _told(house: House) -> str:
    policy = house.policy.authority
    limit = ", ".join(format_money(minor, code, "en") for code, minor in policy.make_it_right_minor.items())
    today = datetime.now(UTC).date()
    notes = "".join(f"\n     note: {each}" for each in warnings(house.policy, today))
    return f"{house.name}; an agent may make things right up to {limit}{notes}"


async def _database(settings: Settings) -> str:
    engine = connect(settings.database_url)
    await asyncio.to_thread(migrate, engine)
    kind = engine.dialect.name
    engine.dispose()
    return f"{kind}, in its newest shape"


async def _mailboxes(settings: Settings) -> str:
    urls = settings.tillid_imap_url.split()
    if not urls:
        return "not set up (TILLID_IMAP_URL is empty)"
    names = []
    for url in urls:
        mailbox = Mailbox(url, _no_parts(settings), poll_seconds=1, tokens=mail_tokens(settings, _now))
        async with asyncio.timeout(20):
            await mailbox.try_out()
        names.append(mailbox.name)
    return ", ".join(names)


def _no_parts(settings: Settings) -> Parts:
    """Just enough to try a mailbox: nothing is read or stored."""
    house = open_house(settings.tillid_house)
    return Parts(connect(settings.database_url), _now, house, Places())


def _now() -> datetime:
    return datetime.now(UTC)


async def _smtp(settings: Settings) -> str:
    if not settings.tillid_smtp_url:
        return "not set up (TILLID_SMTP_URL is empty)"
    await MailSender(settings.tillid_smtp_url, _now, tokens=mail_tokens(settings, _now)).try_out()
    return f"as {settings.tillid_mail_from}"
