"""Dates the law sets: who asked for their data has an answer within a month, who returns something has the money back.

Before such a date the colleague who has the case is told below its card, and everybody in the triage channel; once.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.card_rows import note
from bot.house import House
from bot.parts import Parts
from bot.rules.business_days import zone
from bot.speech import mark, say_to_all
from bot.views.days import day
from storage import audit, legal_clocks, outbox
from storage.engine import commit, read
from storage.legal_clocks import Running
from storage.tables import Agent

log = logs.get(__name__)
#: How long before the date we speak up.
WARN_BEFORE = {"data_request": timedelta(days=7), "return": timedelta(days=3)}
#: Where no law of a known country says: everywhere in the EU and the EEA.
REPAYMENT_DAYS = 14
_DATA_DUE = mark(
    "The answer to this data request is due by {day}, one month after it came. `tillid customers export` "
    "and `customers erase` do the work; resolve the case when it is done."
)
_DATA_LATE = mark(
    "The answer to this data request was due by {day}, one month after it came. `tillid customers export` "
    "and `customers erase` do the work; resolve the case when it is done."
)
_MONEY_DUE = mark(
    "The money for this return has to be with the customer by {day}. Settle the refund, or resolve the case."
)
_MONEY_LATE = mark(
    "The money for this return had to be with the customer by {day}. Settle the refund, or resolve the case."
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A case with a date that the law sets."""

    conversation_id: int
    agent_id: int | None
    intent: str
    due_at: datetime
    #: Where the date is counted.
    place: ZoneInfo

    @property
    def key(self) -> str:
        """Names the warning, so that there is one."""
        return f"clock:{self.intent}:{self.conversation_id}:{self.due_at:%Y%m%d}"


async def warn_of_dates(parts: Parts) -> int:
    """Warn of every date that is near and was not warned of; how many. Each once, whoever looks too.

    One the database refuses waits for the next time, and holds up no other.
    """
    now = parts.clock()
    warned = 0
    for each in await read(parts.engine, near_dates, parts.house, now):
        try:
            if not await commit(parts.engine, _warn, each, now):
                continue
        except DBAPIError as error:
            log.error("legal_date_put_back", conversation=each.conversation_id, error=type(error).__name__)
            continue
        log.info("legal_date_near", conversation=each.conversation_id, intent=each.intent)
        warned += 1
    if warned:
        parts.written.set()
    return warned


def near_dates(session: Session, house: House, now: datetime) -> list[Clock]:
    """Cases whose date is near, or over, and of which nobody has been told."""
    clocks = [_clock(each, house) for each in legal_clocks.running(session)]
    near = [each for each in clocks if each.due_at - WARN_BEFORE[each.intent] <= now]
    told = outbox.by_keys(session, [each.key for each in near])
    return [each for each in near if each.key not in told]


def _clock(case: Running, house: House) -> Clock:
    country = next((each for each in (case.country, house.country) if each in house.policy.law), "")
    if case.intent == "data_request":
        due_at = month_after(case.received_at)
    else:
        law = house.policy.law.get(country)
        due_at = case.received_at + timedelta(days=law.repayment_days if law else REPAYMENT_DAYS)
    place = zone(case.country or house.country)
    return Clock(case.conversation_id, case.agent_id, case.intent, due_at, place)


def month_after(moment: datetime) -> datetime:
    """The same day of the next month, or its last day where it has none such."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _warn(session: Session, clock: Clock, now: datetime) -> bool:
    """False where somebody else has warned of it."""
    agent = session.get(Agent, clock.agent_id) if clock.agent_id else None
    mention = agent.slack_user_id if agent else ""
    text = told(clock, now)
    if not note(session, clock.key, clock.conversation_id, text, now, mention=mention):
        return False
    for_all = {
        "text": say_to_all("Case {case}: {warning}", case=clock.conversation_id, warning=text),
        "for": "agents",
    }
    outbox.put(
        session,
        f"{clock.key}:all",
        "alert",
        for_all,
        now,
        lane="alerts",
        conversation_id=clock.conversation_id,
    )
    audit.record(
        session,
        "legal_date_warned",
        now,
        conversation_id=clock.conversation_id,
        agent_id=clock.agent_id,
        intent=clock.intent,
    )
    return True


def told(clock: Clock, now: datetime) -> str:
    """The warning, in words for colleagues."""
    late = clock.due_at < now.astimezone(UTC)
    if clock.intent == "data_request":
        sentence = _DATA_LATE if late else _DATA_DUE
    else:
        sentence = _MONEY_LATE if late else _MONEY_DUE
    return say_to_all(sentence, day=day(clock.due_at.astimezone(clock.place)))
