"""The shop's orders as JSON: what it posts to us, and what it answers when asked. `orders.schema.json` says it all."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from bot.rules.names import given_name
from storage.orders import Line, Movement, OrderRecord, Parcel
from storage.tables import PaymentKind, ShipmentStatus

MOST_ORDERS = 1000
MOST_PARTS = 500
#: How far the shop's clock may be ahead of ours.
AHEAD = timedelta(minutes=5)
#: How many faults are told at once.
MOST_TOLD = 10
_YEARS = range(1970, 2200)


def _within_reach(at: datetime) -> datetime:
    if at.year not in _YEARS:
        raise ValueError("the year is out of reach")
    return at


Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Instant = Annotated[AwareDatetime, AfterValidator(_within_reach)]
Amount = Annotated[
    int, Field(ge=0, le=10**15, description="In the currency's smallest unit: 499,50 kr. is 49950.")
]


class StrictJson(BaseModel):
    """Nothing is guessed: an unknown field is a fault, and so is an amount in a string."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class LineJson(StrictJson):
    """One thing on the order, or a fee for sending it."""

    kind: Literal["item", "shipping"] = "item"
    name: Text
    amount_minor: Amount


class PaymentJson(StrictJson):
    """One movement of money: taken, held or given back."""

    kind: Literal["capture", "reservation", "refund"]
    reference: Annotated[Name, Field(description="The provider's id of the movement; each once in an order.")]
    amount_minor: Amount
    at: Instant


class ShipmentJson(StrictJson):
    """One parcel."""

    carrier: Text = ""
    tracking: Annotated[Text, Field(description="Each once in an order.")] = ""
    status: Literal["pending", "sent", "delivered", "lost"] = "pending"
    promised_at: Instant | None = None
    delivered_at: Instant | None = None


class OrderJson(StrictJson):
    """One order, whole: what is not in it any more is not ours either."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
    name: Annotated[Text, Field(description="The customer's whole name; letters greet by the first.")] = ""
    language: Annotated[str, StringConstraints(max_length=8, pattern=r"^[A-Za-z-]*$")] = ""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217.")]
    country: Annotated[
        str, StringConstraints(pattern=r"^([A-Z]{2})?$"), Field(description="Of the delivery address.")
    ] = ""
    placed_at: Instant
    updated_at: Annotated[
        Instant,
        Field(description="When all this was true in the shop's books. What is older than we have is left."),
    ]
    lines: Annotated[list[LineJson], Field(max_length=MOST_PARTS)] = []
    payments: Annotated[list[PaymentJson], Field(max_length=MOST_PARTS)] = []
    shipments: Annotated[list[ShipmentJson], Field(max_length=MOST_PARTS)] = []

    @model_validator(mode="after")
    def _each_once(self) -> "OrderJson":
        for name, keys in (
            ("payments: each reference", [each.reference for each in self.payments]),
            ("shipments: each tracking number", [each.tracking for each in self.shipments]),
        ):
            if len(set(keys)) < len(keys):
                raise ValueError(f"{name} may be there once")
        return self

    def record(self) -> OrderRecord:
        """As our books keep it."""
        return OrderRecord(
            number=self.number.strip(),
            email=self.email.lower(),
            name=given_name(self.name),
            language=self.language.lower(),
            currency=self.currency,
            country=self.country,
            placed_at=self.placed_at,
            lines=tuple(Line(each.kind, each.name, each.amount_minor) for each in self.lines),
            movements=tuple(
                Movement(PaymentKind(each.kind), each.reference, each.amount_minor, each.at)
                for each in self.payments
            ),
            parcels=tuple(
                Parcel(
                    each.carrier,
                    each.tracking,
                    ShipmentStatus(each.status),
                    each.promised_at,
                    each.delivered_at,
                )
                for each in self.shipments
            ),
            updated_at=self.updated_at,
        )


_ONE = TypeAdapter(OrderJson)
_MANY = TypeAdapter(Annotated[list[OrderJson], Field(max_length=MOST_ORDERS)])


class WrongOrders(ValueError):
    """What came is not by the schema. `faults` are (path, what is wrong) and never hold what came."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {said}" for path, said in faults))
        self.faults = faults


def read_orders_json(body: bytes, now: datetime) -> list[OrderRecord]:
    """One order, or a list of up to `MOST_ORDERS`. Raises WrongOrders with the path of what is wrong."""
    try:
        found = _MANY.validate_json(body) if body.lstrip()[:1] == b"[" else [_ONE.validate_json(body)]
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise WrongOrders([(path_of(each["loc"]), str(each["msg"])) for each in faults[:MOST_TOLD]]) from None
    ahead = [place for place, each in enumerate(found) if each.updated_at > now + AHEAD]
    if ahead:
        # Taken, it would keep out everything that comes until then.
        where = f"$[{ahead[0]}]" if body.lstrip()[:1] == b"[" else "$"
        raise WrongOrders([(f"{where}.updated_at", "this is in the future")])
    return [each.record() for each in found]


def path_of(place: tuple[int | str, ...]) -> str:
    """Where in what came something is wrong: `$[1].lines[0].amount_minor`."""
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place)


def schema() -> dict[str, Any]:
    """The JSON schema of what `read_orders_json` takes (draft 2020-12)."""
    either: TypeAdapter[Any] = TypeAdapter(
        OrderJson | Annotated[list[OrderJson], Field(max_length=MOST_ORDERS)]
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **either.json_schema()}
