"""Before a message is processed: orders that we do not know are asked for, in the shop's order service."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.gathering import door
from bot.house import House
from bot.importing import kept
from bot.messages import Channel, IncomingMessage
from bot.orders_json import WrongOrders, read_orders_json
from bot.outbound.orders import OrderService, OrdersUnavailable
from bot.rules.order_numbers import read_order_numbers
from bot.rules.words import prepare
from bot.speech import mark
from storage import agents, customers, orders
from storage.engine import read

log = logs.get(__name__)
NOT_ANSWERED = mark("The shop's order service did not answer: facts may be missing")
#: A question that was answered is not asked again for so long: a thread of ten mails is one question.
FRESH = timedelta(minutes=5)
MOST_REMEMBERED = 2000
MOST_NUMBERS = 3
#: Seconds of answers after which the next question is left out.
PATIENCE = 3.0
Question = tuple[str, str]


def find_orders(
    url: str, secret: str, engine: Engine, clock: Callable[[], datetime], house: House
) -> "OrdersOnDemand | None":
    """What asks the shop's order service; None where there is none."""
    return OrdersOnDemand(engine, clock, house, OrderService(url, secret, clock)) if url else None


class OrdersOnDemand:
    """Asks for what is missing and keeps the answers; talks to nobody while a transaction is open."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime], house: House, service: OrderService
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._house = house
        self._service = service
        self._asked: dict[Question, datetime] = {}

    async def __call__(self, incoming: IncomingMessage) -> tuple[str, ...]:
        """Have the orders a message may be about in our books; what the agent should know where that failed."""
        if incoming.automatic is not None:
            return ()
        try:
            numbers = await asyncio.to_thread(self._numbers, incoming)
            questions = await read(self._engine, _missing, incoming, numbers)
            began = time.monotonic()
            for question in questions:
                if self._is_fresh(question) or await self._came_meanwhile(question):
                    continue
                # The card waits no longer for several questions than for one.
                if time.monotonic() - began > PATIENCE or not await self._answered(question):
                    return (NOT_ANSWERED,)
        except DBAPIError as error:
            log.warning("orders_not_asked", error=type(error).__name__)
        return ()

    def _numbers(self, incoming: IncomingMessage) -> list[str]:
        wording = prepare(incoming.reply or incoming.text, incoming.subject)
        found = read_order_numbers(wording, self._house.packs.order_words)
        return [number for number, _, _ in found][:MOST_NUMBERS]

    async def _came_meanwhile(self, question: Question) -> bool:
        """Whether an earlier answer held it."""
        name, value = question
        return name == "number" and value in await read(self._engine, orders.known_numbers, [value])

    def _is_fresh(self, question: Question) -> bool:
        at = self._asked.get(question)
        return at is not None and self._clock() - at < FRESH

    async def _answered(self, question: Question) -> bool:
        now = self._clock()
        try:
            body = await self._service.ask(*question)
        except OrdersUnavailable as error:
            log.warning("orders_unavailable", asked_by=question[0], reason=str(error))
            return False
        try:
            records = await asyncio.to_thread(read_orders_json, body, now)
        except WrongOrders as wrong:
            self._service.failed()
            log.warning("orders_unreadable", asked_by=question[0], faults=len(wrong.faults))
            return False
        if records:
            await asyncio.to_thread(kept, self._engine, records, now)
        self._remember(question, now)
        log.info("orders_asked", asked_by=question[0], orders=len(records))
        return True

    def _remember(self, question: Question, now: datetime) -> None:
        self._asked.pop(question, None)
        self._asked[question] = now
        while len(self._asked) > MOST_REMEMBERED:
            self._asked.pop(next(iter(self._asked)))


def _missing(session: Session, incoming: IncomingMessage, numbers: Sequence[str]) -> list[Question]:
    """What to ask for: the sender's orders where we know none, and the numbers that nobody here has."""
    if incoming.channel is Channel.SLACK and agents.by_slack_id(session, incoming.sender) is not None:
        return []
    questions: list[Question] = []
    if incoming.channel is Channel.EMAIL and "@" in incoming.sender:
        customer = customers.by_address(session, door(incoming))
        if customer is None or not orders.books_of(session, customer.id or 0, limit=1):
            questions.append(("email", incoming.sender))
    known_numbers = orders.known_numbers(session, numbers)
    return [*questions, *(("number", number) for number in numbers if number not in known_numbers)]
