"""suggest, lint, mail parse: what we make of words. They need no settings."""

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.cards.texts import clean
from bot.checking import check
from bot.commands.lines import BAD, each_line, errors, opened_house, show
from bot.errors import MalformedMessage
from bot.house import House
from bot.mail.reading import as_json, parse_mail
from bot.messages import Channel
from bot.suggesting import suggest

File = Annotated[Path | None, typer.Argument(help="JSON lines; - or nothing is standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")]
HouseFolder = Annotated[Path | None, typer.Option("--house", help="A house folder.", envvar="TILLID_HOUSE")]
#: Years a message may be from, and its parcel promised for.
YEARS = range(1970, 2200)
#: A sum larger than this is a typing error: what no order ever came to.
LARGEST_MINOR = 10**13
CHANNELS = tuple(each.value for each in Channel)
mail = typer.Typer(help="How raw mail is read.", no_args_is_help=True)


def suggest_command(file: File = None, as_json: AsJson = False, house: HouseFolder = None) -> None:
    """What a customer wrote, what we may do about it, and the draft of an answer."""
    company = opened_house(house)
    now = datetime.now(UTC)
    is_empty = True
    for _, found in each_line(file, lambda given: suggest(company, _shaped(given), now)):
        is_empty = False
        if as_json:
            show(found)
        else:
            _tell(found)
    if is_empty:
        errors.print('Nothing to read: give a line for each message, such as {"text": "Hello"}', markup=False)


def _shaped(given: dict[str, Any]) -> dict[str, Any]:
    """The line, when what must be an object or words is. Raises ValueError with the key's name."""
    customer, order = given.get("customer") or {}, given.get("order") or {}
    objects = {"customer": customer, "order": order, "agent": given.get("agent") or {}}
    if isinstance(order, dict):
        objects["order.delivery"] = order.get("delivery") or {}
    for key, value in objects.items():
        if not isinstance(value, dict):
            raise ValueError(f"`{key}` must be an object")
    if not isinstance(customer.get("customer_since") or "", str):
        raise ValueError("`customer.customer_since` must be a date, written as 2026-03-02")
    if (channel := given.get("channel") or "email") not in CHANNELS:
        raise ValueError(f"`channel` must be one of {', '.join(CHANNELS)}, not {channel!r}")
    if not isinstance(given.get("subject") or "", str):
        raise ValueError("`subject` must be text")
    if isinstance(given.get("id"), float) and not math.isfinite(given["id"]):
        raise ValueError("`id` must be text or a number")
    _refuse_times(given, order)
    _refuse_sums(order)
    return given


def _refuse_times(given: dict[str, Any], order: dict[str, Any]) -> None:
    """No calendar knows the working days around a year far away."""
    delivery = order.get("delivery") or {}
    for key, value in (
        ("now", given.get("now")),
        ("order.delivery.promised_at", delivery.get("promised_at")),
    ):
        try:
            year = datetime.fromisoformat(str(value)).year if value else YEARS.start
        except ValueError:
            # What is no time at all is named, with how to write one, where it is read.
            continue
        if year not in YEARS:
            raise ValueError(f"`{key}` must be between the years {YEARS.start} and {YEARS.stop - 1}")


def _refuse_sums(order: dict[str, Any]) -> None:
    items = order.get("items") or []
    if not isinstance(items, list):
        raise ValueError("`order.items` must be a list")
    sums = [("order.paid_minor", order.get("paid_minor"))]
    for key in ("captures_minor", "reservations_minor", "shipping_minor"):
        value = order.get(key) or []
        sums += [(f"order.{key}", each) for each in (value if isinstance(value, list) else [])]
    sums += [("order.items", each.get("amount_minor")) for each in items if isinstance(each, dict)]
    for key, value in sums:
        if isinstance(value, int) and not 0 <= value <= LARGEST_MINOR:
            raise ValueError(f"`{key}` must be between 0 and {LARGEST_MINOR:,}, in the smallest unit")


def _tell(found: dict[str, Any]) -> None:
    console = Console()
    names = ", ".join(f"{each['name']} {each['confidence']:.0%}" for each in found["intents"])
    console.print(
        Text(clean(str(found["id"] or "Message")), "bold"), f" {found['language']}  {names}", highlight=False
    )
    if found["owner_only"]:
        console.print(f"A named person answers: {found['owner_only']}", markup=False)
    if found["reply"]:
        console.print(_letter(found["reply"]["text"], found["reply"]["subject"]))
    for hint in found["hints"]:
        console.print(f"- {clean(hint)}", markup=False)
    console.print(f"Rule: {found['rule']}", style="dim", markup=False)


def _letter(text: str, title: str) -> Panel:
    """Somebody's words in a frame; square brackets in them are theirs, and no markup, nor can they steer a terminal."""
    return Panel(Text(clean(text)), title=Text(clean(title)))


def lint_command(file: File = None, as_json: AsJson = False, house: HouseFolder = None) -> None:
    """What a customer may hear as distrust in our own words, with a kinder sentence."""
    company = opened_house(house)
    for number, found in each_line(file, lambda given: _lint(company, given)):
        if as_json:
            show(found)
            continue
        console = Console()
        if not found["findings"]:
            console.print(f"{found['id'] or number}: no findings", style="green", markup=False)
        for each in found["findings"]:
            console.print(
                f"{found['id'] or number}: {each['severity']} {each['category']}: “{each['text']}”\n"
                f"    {each['why']}\n    Kinder: {each['rewrite']}",
                markup=False,
                highlight=False,
            )


def _lint(company: House, given: dict[str, Any]) -> dict[str, Any]:
    text = given.get("text")
    if not isinstance(text, str):
        raise ValueError("`text` is missing")
    language = str(given.get("language") or _language(company, text))
    found = check(
        company,
        text,
        language=language,
        intent=given.get("intent"),
        referral_allowed=bool(given.get("referral_allowed")),
    )
    names = ("category", "severity", "start", "end", "text", "why", "rewrite")
    findings = [{name: getattr(each, name) for name in names} for each in found]
    return {"id": given.get("id"), "language": language, "findings": findings}


def _language(company: House, text: str) -> str:
    from bot.rules.reading import read_message

    scores = company.languages.scores(text)
    return read_message(text, company.packs, scores=scores, house_language=company.language).language


@mail.command("parse")
def parse(
    files: Annotated[list[Path], typer.Argument(help="Raw mails (.eml).")],
    json_lines: Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")] = False,
) -> None:
    """How a raw mail is read: who, what, and what of it is new."""
    bad = 0
    for file in files:
        try:
            message = parse_mail(file.read_bytes())
        except (OSError, MalformedMessage) as error:
            bad += 1
            errors.print(f"{file}: {error}", style="red", markup=False)
            continue
        if json_lines:
            show(as_json(message, str(file)))
        else:
            Console().print(_letter(message.reply, f"{message.sender}: {message.subject}"))
    if bad:
        raise typer.Exit(BAD)
