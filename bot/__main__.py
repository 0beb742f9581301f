"""The command line: `tillid`, also `python -m bot`."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import app as application
from bot import logs
from bot.commands import archive, backtest, customer_import, customers, events, house, records, words
from bot.errors import BotError
from bot.settings import PARTS, load

cli = typer.Typer(
    help="Tillid: a trust-first support assistant, in Slack and e-mail.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
cli.command("suggest")(words.suggest_command)
cli.command("lint")(words.lint_command)
cli.add_typer(words.mail, name="mail")
cli.command("backtest")(backtest.backtest)
cli.command("stats")(records.stats)
cli.add_typer(records.orders, name="orders")
cli.add_typer(events.events, name="events")
customers.customers.command("import")(customer_import.import_command)
customers.customers.command("merge")(customer_import.merge_command)
customers.customers.command("unmerge")(customer_import.unmerge_command)
cli.add_typer(customers.customers, name="customers")
cli.command("export")(archive.export_command)
cli.command("import")(archive.import_command)
cli.command("replay")(records.replay)
cli.command("init")(house.init)
cli.command("check")(house.check)
cli.command("manifest")(house.manifest_command)


@cli.command()
def run(
    only: Annotated[str, typer.Option(help="Some of slack,mail,clock,deliver; all without it.")] = "",
) -> None:
    """The service. Several processes may run on one PostgreSQL."""
    settings = load()
    logs.set_up(settings.tillid_log_level)
    wanted = [each.strip() for each in only.split(",") if each.strip()]
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: choose from {', '.join(PARTS)}")
    parts = [each for each in PARTS if not wanted or each in wanted]
    raise typer.Exit(asyncio.run(application.run(settings, parts)))


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database to its newest shape; `run` does this by itself."""
    records.database()
    Console().print("The database is in its newest shape.")


@cli.command()
def demo(
    fast: Annotated[bool, typer.Option("--fast", help="Without pauses.")] = False,
    lang: Annotated[str, typer.Option(help="Only customers of one language: da, nb, nn, sv or en.")] = "",
    out: Annotated[Path, typer.Option(help="Where the database, mails and page go.")] = Path("demo-out"),
) -> None:
    """A day of support, played end to end on this machine; no account anywhere."""
    from bot.sandbox.demo import play

    logs.set_up("ERROR")
    asyncio.run(play(out, fast=fast, language=lang, console=Console()))


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is.", min=0, max=65535)] = 8321,
) -> None:
    """The same parts, left running: be the customer, be the agent, press the buttons, move the clock."""
    from bot.sandbox.page import serve

    logs.set_up("WARNING")
    with tempfile.TemporaryDirectory(prefix="tillid-") as folder:
        asyncio.run(serve(Path(folder), port=port, console=Console()))


def main() -> None:
    """Run a command; an error of ours is one clear line, not a traceback."""
    try:
        cli()
    except BotError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
