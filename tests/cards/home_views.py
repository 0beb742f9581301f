"""One Home of each kind and the windows of the message shortcuts: cases of the golden files, see `golden_files`."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.cards import shortcut_windows as windows
from bot.cards.home import home
from bot.cards.home_shapes import (
    AskedRefund,
    ChannelRow,
    HomeView,
    PlannedRow,
    PromisedRow,
    RemarkRow,
    SentRow,
    WeekView,
)
from bot.cards.shapes import FindingLine, QueueRow

GOLDEN = Path(__file__).parent.parent / "data" / "home"
NOW = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
LINK = "https://slack.com/app_redirect?channel=C0TRIAGE&message_ts=1772440200.000100"
WAITING = (
    QueueRow("Mette", "charged twice", "email", NOW - timedelta(hours=2), urgent=True, link=LINK),
    QueueRow("Ola", "a parcel is late", "slack", NOW - timedelta(hours=1), assigned_to="U0FREJA", link=LINK),
)
PLANNED = (
    PlannedRow("Kari", "money_arrived", NOW + timedelta(days=2), "the bank needs five days", link=LINK),
    PlannedRow("Ingrid", "heard", NOW + timedelta(days=3), "she was let down before", is_set=False),
)
SENT = (
    SentRow("Mette", "charged twice", NOW - timedelta(days=1), edited=True, link=LINK),
    SentRow("Kari", "waits for a refund", NOW - timedelta(days=2), is_follow_up=True, problem=True),
)
ASKED = (
    AskedRefund("1.200 kr.", "refund", "Lars", "U0NILS", NOW - timedelta(hours=3), link=LINK),
    AskedRefund("99 kr.", "credit", "Elin", "U0SIGNE", NOW, is_own=True),
)
PROMISED = (
    PromisedRow(
        "Mette", "Senest onsdag skriver jeg, hvornår den kommer.", "Wednesday 4 November", True, LINK
    ),
    PromisedRow("Ola", "", "Friday 6 November, 12:00"),
)
REMARKS = (
    RemarkRow(
        11,
        NOW - timedelta(hours=1),
        "demands_proof",
        "send os et skærmbillede",
        "It sounds as if we doubt them.",
        "Jeg kan se begge betalinger her.",
    ),
    RemarkRow(7, NOW - timedelta(days=4), "coldness", "Sagen er lukket", "", is_fine=True),
)
WEEK = WeekView(
    "42 conversations this week, 3 not answered yet (last week until now: 38). "
    "Median until the first answer: 14 min (n = 39); last week 11 min (n = 35).",
    "Counted from 2 November 2026 to now, 42 conversations",
    (
        ChannelRow("E-mail hej@lampehuset.example", "", 30, 2, "16 min (n = 28)"),
        ChannelRow("Slack", "C0SHARED", 12, 1, "9 min (n = 11)"),
    ),
)
FINDING = FindingLine(
    "demands_proof",
    "high",
    "send os et skærmbillede",
    "It sounds as if we doubt them.",
    "Jeg kan se begge betalinger her.",
)


def views() -> dict[str, HomeView]:
    """One Home of each kind."""
    mine: dict[str, Any] = {"triage_channel": "C0TRIAGE", "waiting": WAITING, "waiting_in_all": 14}
    mine |= {"planned": PLANNED, "planned_in_all": 2, "sent": SENT}
    mine |= {"promised": PROMISED, "promised_in_all": 9, "remarks": REMARKS, "language": "da"}
    money: dict[str, Any] = {"asked": ASKED, "asked_in_all": 2}
    return {
        "agent": HomeView("agent", NOW, **mine),
        "agent_with_nothing": HomeView("agent", NOW, triage_channel="C0TRIAGE"),
        "lead": HomeView("lead", NOW, **mine, **money),
        "manager": HomeView("manager", NOW, week=WEEK, **money),
        "manager_with_nothing": HomeView("manager", NOW),
        "everybody_else": HomeView("", NOW, **mine, **money, week=WEEK),
    }


def cases() -> dict[str, partial[Any]]:
    """By the name of the golden file that each is compared with."""
    homes: dict[str, partial[Any]] = {name: partial(home, view) for name, view in views().items()}
    return homes | {
        "manager_without_table": partial(home, views()["manager"], with_table=False),
        "window_told": partial(windows.told, windows.DRAFT, "The draft is on the card.", LINK),
        "window_wording": partial(windows.wording, "Hej, send os et skærmbillede.", [FINDING]),
        "window_wording_clean": partial(windows.wording, "Hej Mette, pengene er på vej.", []),
        "window_tracked": partial(windows.tracked, '{"channel": "C1", "thread": "1.1"}', LINK),
    }
