"""The whole program on a stage: customers write, colleagues press, and what each of them then sees."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from bot.card_rows import card_key
from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import Message, User, View
from bot.sandbox.screens import elements
from bot.sandbox.stage import Stage
from storage import orders, outbox
from storage.engine import commit, read
from storage.tables import Conversation, FollowUp, PaymentKind, Refund, Suggestion
from storage.tables import Message as Said

Row = TypeVar("Row", bound=SQLModel)
Found = TypeVar("Found")
TWICE = "Der er trukket 499 kr. to gange på mit kort for ordre {order}. Vil I se på det?"
BROKEN = "Lampen fra ordre {order} er gået i stykker. Glasset var knust, da jeg åbnede pakken."
UNKIND = "Send et billede som bevis."
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_numbers = itertools.count(1)


class Office:
    """A stage, and the cases on it. Every case has a customer and an order of its own."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.freja, self.nils, self.signe = stage.freja, stage.nils, stage.signe
        self.people = stage.slack.people

    async def case(self, text: str = TWICE, *, captures: Sequence[int] = ()) -> "Case":
        """A customer writes; with captures, in øre, the order is in our books. The card is there on return."""
        number = next(_numbers)
        case = Case(self, f"Mette Krogh{LETTERS[number // 26]}{LETTERS[number % 26]}", f"{20000 + number}")
        if captures:
            record = _order(case, captures, self.stage)
            await commit(self.stage.running.parts.engine, orders.keep, record, self.stage.clock())
        await case.writes(text.format(order=case.order))
        return case

    async def paid_twice(self) -> "Case":
        """Our books show two payments: the draft states the refund, and goes with it."""
        return await self.case(captures=(49_900, 49_900))

    async def rows(self, table: type[Row], *where: Any) -> list[Row]:
        """Rows of a table, oldest first."""
        numbered: Any = table

        def find(session: Session) -> list[Row]:
            chosen = select(table).where(*where).order_by(col(numbered.id))
            return list(session.execute(chosen).scalars())

        return await self.read(find)

    async def read(self, work: Callable[[Session], Found]) -> Found:
        """What the program's database says."""
        return await read(self.stage.running.parts.engine, work)

    async def heard_again(self, kind: str, attempt: int) -> None:
        """The newest event of that kind comes once more; what it leads to is done on return."""
        heard = [
            each for each in self.stage.slack.deliveries if each.payload.get("event", {}).get("type") == kind
        ]
        await self.stage.slack.socket_mode.deliver("events_api", heard[-1].payload, attempt=attempt)
        await self.stage.idle()

    async def told(self, *users: User, lines: int = 1) -> list[str]:
        """What only these people see, oldest first. It comes after the acknowledgement: waits for so many lines."""
        ids = {user.id for user in users}

        def there(_: object) -> list[str] | None:
            said = [each.text for each in self.stage.workspace.ephemerals if each.user_id in ids]
            return said if len(said) >= lines else None

        found = await self.stage.slack.wait_for(there)
        assert found is not None
        return found

    async def command(self, user: User, words: str) -> str:
        """Somebody asks /tillid in the triage channel; what the answer shows, its blocks too."""
        result = await self.people.command(user.id, self.stage.triage.id, "/tillid", words)
        assert result.acknowledged
        answer = result.payload or {}
        return f"{answer.get('text')}\n{answer.get('blocks') or ''}"


class Case:
    """One customer's conversation by mail."""

    def __init__(self, office: Office, name: str, order: str) -> None:
        self.office = office
        self.name = name
        self.order = order
        self.address = f"{name.split()[1].lower()}@example.dk"
        self.id = 0
        self._written = 0

    # The customer

    async def writes(self, text: str) -> None:
        """The customer writes, or writes again in the same thread."""
        self._written += 1
        head = {
            "From": f"{self.name} <{self.address}>",
            "To": "hej@lampehuset.example",
            "Subject": "Min ordre" if self._written == 1 else "Re: Min ordre",
            "Message-ID": f"<{self.order}.{self._written}@example.dk>",
            "Date": "Mon, 02 Mar 2026 09:12:00 +0100",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
        }
        if self._written > 1:
            head["In-Reply-To"] = f"<{self.order}.1@example.dk>"
        lines = [*(f"{key}: {value}" for key, value in head.items()), "", f"Hej\n\n{text}\n\nVenlig hilsen"]
        await self.office.stage.receive("\n".join([*lines, self.name.split()[0], ""]).encode())
        self.id = self.id or await self._find_id()

    async def _find_id(self) -> int:
        (said,) = await self.office.rows(Said, col(Said.message_id) == f"{self.order}.1@example.dk")
        return said.conversation_id

    def mails(self) -> list[EmailMessage]:
        """What we have sent to the customer, oldest first."""
        ours = [each for each in self.office.stage.mail.mails if self.address in each.recipients]
        parsed = [message_from_bytes(each.raw, policy=default) for each in ours]
        return [each for each in parsed if isinstance(each, EmailMessage)]

    # The card

    async def card(self) -> Message:
        """The card as it stands in the channel now."""
        posted = await self.office.read(lambda session: outbox.receipt(session, card_key(self.id)))
        found = self.office.stage.workspace.message(self.office.stage.triage.id, posted["ts"])
        assert found is not None
        return found

    async def buttons(self) -> list[str]:
        """What can be pressed on the card, by action."""
        card = await self.card()
        return [str(element["action_id"]) for _, element in elements(card.blocks) if "action_id" in element]

    async def notes(self) -> list[Message]:
        """What stands below the card."""
        card = await self.card()
        return self.office.stage.workspace.thread(card.channel_id, card.ts)[1:]

    async def press(
        self, user: User, action: str, *, option: str | None = None, on: Message | None = None
    ) -> InteractionResult:
        """Somebody presses a button on the card, or on a message below it; all it led to is done on return."""
        message = on or await self.card()
        result = await self.office.people.click(
            user.id, message.channel_id, message.ts, action, option=option
        )
        assert result.acknowledged
        await self.office.stage.idle()
        return result

    async def window(self, user: User, action: str, *, option: str | None = None) -> View:
        """Somebody presses a button that opens a window; the window with its content."""
        await self.press(user, action, option=option)

        def there(_: object) -> View | None:
            shown = self.office.people.screen(user.id)
            return shown if shown is not None and "One moment" not in str(shown.blocks) else None

        shown = await self.office.stage.slack.wait_for(there)
        assert shown is not None
        return shown

    async def send_off(
        self, user: User, view: View, values: Mapping[str, Any] | None = None
    ) -> InteractionResult:
        """Somebody fills in the window's fields (block id and action id are the same) and sends it off."""
        fields = {block_id: {_action(block_id): value} for block_id, value in (values or {}).items()}
        result = await self.office.people.submit(user.id, view.id, fields)
        assert result.acknowledged
        await self.office.stage.idle()
        return result


def _action(block_id: str) -> str:
    return "text" if block_id.startswith("reply:") else block_id


def text_of(mail: EmailMessage) -> str:
    """What the customer reads."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def reply_field(view: View) -> str:
    """The block id of the reply in an open window."""
    names = [str(block.get("block_id", "")) for block in view.blocks]
    return next(name for name in names if name.startswith("reply:"))


def reply_text(view: View) -> str:
    """The reply as the window shows it."""
    return str(view.values[reply_field(view)]["text"]["value"])


async def conversation(case: Case) -> Conversation:
    (found,) = await case.office.rows(Conversation, col(Conversation.id) == case.id)
    return found


async def suggestions(case: Case) -> list[Suggestion]:
    return await case.office.rows(Suggestion, col(Suggestion.conversation_id) == case.id)


async def follow_ups(case: Case) -> list[FollowUp]:
    return await case.office.rows(FollowUp, col(FollowUp.conversation_id) == case.id)


async def refunds(case: Case) -> list[Refund]:
    return await case.office.rows(Refund, col(Refund.conversation_id) == case.id)


def _order(case: Case, captures: Sequence[int], stage: Stage) -> orders.OrderRecord:
    now = stage.clock()
    movements = [
        orders.Movement(PaymentKind.CAPTURE, f"p{number}", amount, now - timedelta(days=1))
        for number, amount in enumerate(captures)
    ]
    return orders.OrderRecord(
        number=case.order,
        email=case.address,
        name=case.name,
        language="da",
        currency="DKK",
        country="DK",
        placed_at=now - timedelta(days=2),
        lines=(orders.Line("item", "Bordlampe", captures[0]),),
        movements=tuple(movements),
    )
