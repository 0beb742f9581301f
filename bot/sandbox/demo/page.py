"""The day as one page: no scripts, no fonts or pictures from elsewhere, customers' words escaped."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.rules.composing import format_money
from bot.sandbox.demo.lanes import LANES, NAMES, rows, used
from bot.sandbox.demo.moments import Act, CaseBeat, Lane, Piece
from bot.sandbox.demo.proof import Proof
from storage.figures import Report

LANGUAGE_NAMES = {"da": "Danish", "nb": "Bokmål", "nn": "Nynorsk", "sv": "Swedish", "en": "English"}
COMMAND = """echo '{"text": "I was charged twice, 49.50 EUR each time"}' | TILLID suggest"""


def command() -> str:
    """How to try one's own mail from here: with a path where `tillid` is not found without one."""
    beside = Path(sys.executable).with_name("tillid")
    bare = shutil.which("tillid") is not None or not beside.exists()
    return COMMAND.replace("TILLID", "tillid" if bare else os.path.relpath(beside))


def render(acts: Sequence[Act], figures: Report, proof: Proof) -> str:
    """The page, self-contained."""
    environment = Environment(
        loader=PackageLoader("bot.sandbox.demo", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["case"] = lambda told: isinstance(told, CaseBeat)
    environment.filters["kind"] = lambda piece: type(piece).__name__
    template = environment.get_template("page.html.j2")
    return template.render(
        acts=acts,
        tiles=_tiles(figures),
        languages=[LANGUAGE_NAMES[each] for each in figures.languages if each in LANGUAGE_NAMES],
        report=asdict(figures),
        proof=proof.rows(),
        command=command(),
        lanes=LANES,
        lane_names=NAMES,
        in_lane=_in_lane,
        rows=rows,
        used=used,
    )


def _in_lane(told: CaseBeat, lane: Lane) -> list[Piece]:
    return [piece for where, piece in told.pieces if where is lane]


def _tiles(figures: Report) -> tuple[tuple[str, str], ...]:
    money = ", ".join(
        format_money(minor, currency, "en") for currency, minor in figures.refunds_minor.items()
    )
    return (
        (str(figures.inbound), "messages in"),
        (str(figures.replies), "replies sent"),
        (str(figures.edited), "of them edited"),
        (str(figures.refunds), "refunds: " + money),
        (str(figures.approvals), "approved by the lead"),
        (str(figures.follow_ups_sent), "follow-ups sent"),
        (str(figures.follow_ups_cancelled), "taken back in time"),
        (str(figures.quarantined), "messages lost or stuck"),
    )
