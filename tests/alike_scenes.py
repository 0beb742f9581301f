"""Many customers who wait for a parcel of one carrier, each with an order of their own."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from scenes import MORNING, Scene, keep_order, mail, order

from storage.orders import OrderRecord, Parcel
from storage.tables import Conversation, ShipmentStatus, Suggestion

#: What people write when a carrier stands still, in five languages.
WAITING = (
    "Hej, hvor bliver min pakke af? Den skulle være kommet i fredags. Det er ordre {number}.",
    "Hei, pakken min står fast hos PostNord. Når kommer den? Ordre {number}.",
    "Hei, eg har ikkje fått pakka mi enno. Når kjem ho? Ordre {number}.",
    "Hej, mitt paket har fastnat hos PostNord. När kommer det? Order {number}.",
    "Hi, my parcel is stuck with PostNord. When will it arrive? Order {number}.",
)
ANGRY = "Nu er det ANDEN gang I ikke leverer! Jeg er rasende. Hvor er min pakke, ordre {number}?"


def delayed(number: str, email: str, carrier: str = "PostNord", **fields: Any) -> OrderRecord:
    """An order that was promised for yesterday and has not come."""
    parcel = Parcel(carrier, f"T{number}", ShipmentStatus.SENT, MORNING - timedelta(days=1))
    return order(number, email=email, **({"captures": (49_900,), "parcels": (parcel,)} | fields))


def address(place: int) -> str:
    return f"kunde{place}@example.dk"


async def write(
    scene: Scene, place: int, text: str = "", *, carrier: str = "PostNord", file: str = ""
) -> None:
    """One customer with an order of their own writes; nothing is processed yet."""
    number = f"{20_000 + place}"
    scene.do(keep_order, delayed(number, address(place), carrier))
    words = text or WAITING[place % len(WAITING)]
    raw = mail(
        words.format(number=number),
        sender=f"Kunde {place} <{address(place)}>",
        subject="Pakke",
        message_id=f"<{place}-first@example.dk>",
    )
    await scene.hear(_with(raw, file) if file else raw)


def _with(raw: bytes, name: str) -> bytes:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


async def many_write(scene: Scene, places: range, **fields: Any) -> None:
    for place in places:
        await write(scene, place, **fields)
    await scene.work()


def case_of(scene: Scene, place: int) -> Conversation:
    (found,) = [each for each in scene.rows(Conversation) if each.answer_to == address(place)]
    assert isinstance(found, Conversation)
    return found


def newest(scene: Scene, place: int) -> Suggestion:
    case = case_of(scene, place)
    found = [each for each in scene.rows(Suggestion) if each.conversation_id == case.id][-1]
    assert isinstance(found, Suggestion)
    return found


async def writes_again(scene: Scene, place: int, text: str) -> None:
    """The same customer answers in the same thread."""
    first = f"{place}-first@example.dk"
    again = mail(text, sender=f"Kunde {place} <{address(place)}>", subject="Re: Pakke", answers=first)
    await scene.receive(again)
