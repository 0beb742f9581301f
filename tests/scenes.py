"""The program without its edges: real rows, real rules, real templates; senders that keep what they are given."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, SQLModel

from bot import desk, pipeline
from bot.desk.follow_ups import Approved
from bot.desk.refunds import Wish
from bot.errors import MalformedMessage
from bot.house import House, open_house
from bot.mail.reading import parse_mail
from bot.messages import Outgoing
from bot.parts import Parts, Places
from storage import agents, inbox, orders
from storage.engine import reading, transaction
from storage.orders import Line, Movement, OrderRecord
from storage.tables import InboxItem, OutboxItem, OutboxState, PaymentKind, Role, Suggestion

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS = "hej@lampehuset.example"
FREJA, NILS, SIGNE = "UFREJA0001", "UNILS00001", "USIGNE0001"
PLACES = Places(
    team="TLAMPE",
    triage_channel="CTRIAGE",
    operators_channel="CTRIAGE",
    mail_from=f"Lampehuset <{OURS}>",
    own_addresses=frozenset({OURS}),
)


@cache
def house() -> House:
    """Our own house, read once. Replies go at once, unless a test is about taking them back."""
    ours = open_house()
    return replace(ours, policy=replace(ours.policy, undo_seconds=0))


class Scene:
    """One company at work on one database."""

    def __init__(self, engine: Engine) -> None:
        self.now = MORNING
        self.sent: list[Outgoing] = []
        #: How many connections were in use at each send.
        self.open_connections: list[int] = []
        #: What the next sends of a kind raise, first in first out.
        self.troubles: dict[str, list[Exception]] = {}
        kinds = ("mail", "slack_reply", "card", "stack", "note", "refund", "alert", "nudge", "digest")
        senders = {kind: self._sender(kind) for kind in kinds}
        self.parts = Parts(engine, lambda: self.now, house(), PLACES, senders)
        self.desk = desk.Desk(house(), PLACES)
        roles = {SIGNE: Role.LEAD}
        members = {FREJA: "Freja Holm", NILS: "Nils Berg", SIGNE: "Signe Lund"}
        with transaction(engine) as session:
            agents.keep(session, members, roles, self.now)
            agents.watch(session, "TLAMPE", "CSHARED", self.now)

    def _sender(self, kind: str) -> Callable[[Outgoing], Any]:
        async def send(item: Outgoing) -> dict[str, Any]:
            self.open_connections.append(self.parts.engine.pool.checkedout())  # type: ignore[attr-defined]
            if self.troubles.get(kind):
                raise self.troubles[kind].pop(0)
            self.sent.append(item)
            return {"ts": str(len(self.sent))}

        return send

    def mails(self) -> list[Outgoing]:
        """What went out to customers by mail."""
        return [item for item in self.sent if item.key.startswith(("reply:", "follow_up:"))]

    async def hear(self, raw: bytes, mailbox: str = OURS) -> None:
        """A mail is accepted; nothing is processed yet."""
        try:
            seen = parse_mail(raw, own_addresses=PLACES.own_addresses)
            refers = (*seen.in_reply_to, *reversed(seen.references))
            message_id, token = seen.message_id, seen.reply_token
        except MalformedMessage:  # what is unreadable is accepted all the same
            message_id, refers, token = "", (), ""
        arrived = inbox.Arrived(
            f"mail:{mailbox}", hashlib.sha256(raw).hexdigest(), "mail", raw, message_id, refers, token
        )
        await pipeline.accept(self.parts, [arrived])

    async def hear_slack(
        self, text: str, user: str = "UTORE00001", team: str = "TNORD", **event: Any
    ) -> None:
        """A message in the shared channel is accepted."""
        ts = event.pop("ts", f"{self.now.timestamp():.6f}")
        body = {
            "type": "event_callback",
            "team_id": "TLAMPE",
            "event_id": f"Ev{ts}{user}",
            "is_ext_shared_channel": True,
            "event": {
                "type": "message", "user": user, "user_team": team, "channel": "CSHARED", "ts": ts, "text": text,
                **event,
            },
        }  # fmt: skip
        root = event.get("thread_ts") or user
        arrived = inbox.Arrived(
            "slack:TLAMPE",
            str(body["event_id"]),
            "slack",
            json.dumps(body).encode(),
            f"TLAMPE:CSHARED:{ts}",
            (f"TLAMPE:CSHARED:{root}",),
        )
        await pipeline.accept(self.parts, [arrived])

    async def work(self) -> None:
        """Process and deliver until nothing waits."""
        while await pipeline.process(self.parts):
            pass
        while await pipeline.deliver(self.parts):
            pass

    async def receive(self, raw: bytes) -> None:
        """A mail comes in and everything it leads to goes out."""
        await self.hear(raw)
        await self.work()

    def pass_time(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)

    def do(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A person acts at the desk."""
        with transaction(self.parts.engine) as session:
            return act(session, *args, **kwargs)

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """All rows of a table, oldest first."""
        with reading(self.parts.engine) as session:
            return list(session.execute(select(table).order_by(table.id)).scalars())  # type: ignore[attr-defined]

    def card(self) -> Suggestion:
        """The newest card."""
        found = self.rows(Suggestion)[-1]
        assert isinstance(found, Suggestion)
        return found

    def press(
        self, who: str = FREJA, version: int | None = None, conversation: int | None = None
    ) -> desk.Press:
        """A press on the newest card."""
        card = self.card()
        return desk.Press(who, conversation or card.conversation_id, version or card.version)

    def send(self, who: str = FREJA, **kwargs: Any) -> str:
        """Press Send."""
        return str(self.do(desk.send, self.desk, self.press(who), self.now, **kwargs))

    def waiting(self, kind: str) -> list[OutboxItem]:
        """Outbox rows of a kind that have not gone."""
        return [
            row
            for row in self.rows(OutboxItem)
            if row.kind == kind and row.state in (OutboxState.PENDING, OutboxState.SENDING)
        ]

    def inbox_states(self) -> list[str]:
        """The states of what came in."""
        return [row.state.value for row in self.rows(InboxItem)]


def mail(
    text: str,
    *,
    sender: str = "Mette Hansen <mette@example.dk>",
    subject: str = "Hej",
    message_id: str = "",
    answers: str = "",
    **headers: str,
) -> bytes:
    """A raw mail from a customer."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, OURS, subject
    message["Message-ID"] = (
        message_id or f"<{hashlib.sha256((text + subject).encode()).hexdigest()[:16]}@example.dk>"
    )
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def order(
    number: str = "10432",
    *,
    captures: tuple[int, ...] = (49_900, 49_900),
    items: tuple[tuple[str, int], ...] = (("Bordlampe", 49_900),),
    email: str = "mette@example.dk",
    **fields: Any,
) -> OrderRecord:
    """An order in the shop's books; by default paid twice."""
    placed_at = MORNING - timedelta(days=5)
    given: dict[str, Any] = {
        "number": number,
        "email": email,
        "name": "Mette",
        "language": "da",
        "currency": "DKK",
        "country": "DK",
        "placed_at": placed_at,
        "lines": tuple(Line("item", name, amount) for name, amount in items),
        "movements": tuple(
            Movement(PaymentKind.CAPTURE, f"c{index}", amount, placed_at)
            for index, amount in enumerate(captures)
        ),
    }
    return OrderRecord(**(given | fields))


def keep_order(session: Session, record: OrderRecord) -> int:
    """Put an order into the books."""
    return orders.keep(session, record, MORNING)


TWICE = "Hej, I har trukket 499 kr. to gange for ordre 10432. Kan I give mig pengene tilbage?"
BROKEN = "Hej, lampen fra ordre 10432 kom frem i tusind stykker. Øv."


def wish(amount_minor: int, key: str = "window:V1", **fields: Any) -> Wish:
    given: dict[str, Any] = {
        "key": key,
        "kind": "refund",
        "amount_minor": amount_minor,
        "currency": "DKK",
        "order_id": 1,
    }
    return Wish(**(given | fields))


def planned(scene: Scene) -> Approved:
    plan = scene.card().follow_up
    assert plan is not None
    return Approved(
        plan["kind"],
        "Kom pengene?",
        "Hej Mette, kom pengene? Freja",
        datetime.fromisoformat(plan["due_at"]),
        plan["why"],
    )


async def solved(scene: Scene) -> None:
    scene.send()
    await scene.work()
    scene.do(desk.resolve, scene.press(), planned(scene), scene.now)
    await scene.work()


def told(scene: Scene, key: str) -> Outgoing:
    """The one post of that key."""
    (found,) = [item for item in scene.sent if item.key == key]
    return found


def row(scene: Scene, key: str) -> OutboxItem:
    (found,) = [each for each in scene.rows(OutboxItem) if each.key == key]
    assert isinstance(found, OutboxItem)
    return found
