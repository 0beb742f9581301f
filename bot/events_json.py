"""One event of the shop as JSON, with those it concerns: what is posted to us. `events.schema.json` says it all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from bot.orders_json import AHEAD, MOST_TOLD, Amount, Instant, StrictJson, WrongOrders, path_of
from bot.shop_events import LONGEST_KEY, LONGEST_WORDS, YEARS, Kind, Told, checked

#: Each is a letter that is written and checked before we answer: some hundredths of a second.
MOST_CONCERNED = 500
_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


def _a_day(written: str) -> str:
    if datetime.fromisoformat(written).year not in YEARS:
        raise ValueError("the year is out of reach")
    return written


Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS, pattern=r"^[^\x00-\x1f]*$")]
Day = Annotated[str, StringConstraints(pattern=_DAY), AfterValidator(_a_day)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217.")]


class DetailsJson(StrictJson):
    """What there is to tell; which of it belongs to an event depends on its kind."""

    new_date: Annotated[Day | None, Field(description="delay: the day it comes instead.")] = None
    reason: Annotated[
        Words | None, Field(description="delay, outage, bill: a few words that fit behind “it is due to”.")
    ] = None
    what: Annotated[
        Words | None, Field(description="outage: what does not work, in its definite form (“the internet”).")
    ] = None
    until: Annotated[Instant | None, Field(description="outage: when it should work again.")] = None
    amount_minor: Annotated[Amount | None, Field(description="bill: what it will be, smallest unit.")] = None
    old_amount_minor: Annotated[Amount | None, Field(description="bill: what it usually is.")] = None
    due_date: Annotated[Day | None, Field(description="bill: the last day to pay it.")] = None
    paid_minor: Annotated[Amount | None, Field(description="price_drop: what the customer paid.")] = None
    price_now_minor: Annotated[Amount | None, Field(description="price_drop: what it costs now.")] = None
    currency: Currency | None = None


class ConcernedJson(DetailsJson):
    """One customer: an address, an order's number, or both. Details here count before the event's own."""

    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$")] = ""
    order_number: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f]*$")] = ""

    @model_validator(mode="after")
    def _somebody(self) -> "ConcernedJson":
        if not (self.email or self.order_number):
            raise ValueError("give `email`, `order_number`, or both")
        return self


class EventJson(DetailsJson):
    """One event. Told again under the same key, it changes the drafts that have not been sent."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY, pattern=r"^[^\x00-\x1f]+$")]
    kind: Literal["delay", "outage", "bill", "price_drop"]
    happened_at: Instant
    updated_at: Annotated[
        Instant | None, Field(description="When the shop knew it so; what is older than we have is left.")
    ] = None
    language: Annotated[
        Literal["da", "nb", "nn", "sv", "en"] | None,
        Field(description="Of `reason` and `what`, which stand in letters of that language only."),
    ] = None
    concerned: Annotated[list[ConcernedJson], Field(min_length=1, max_length=MOST_CONCERNED)]


_EVENT = TypeAdapter(EventJson)
_DETAILS = tuple(DetailsJson.model_fields)


def read_event_json(body: bytes, now: datetime) -> list[Told]:
    """The event once for each customer, in the order given. Raises WrongOrders with the path of what is wrong."""
    try:
        event = _EVENT.validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise WrongOrders([(path_of(each["loc"]), str(each["msg"])) for each in faults[:MOST_TOLD]]) from None
    for name in ("happened_at", "updated_at"):
        at = getattr(event, name)
        if at is not None and at > now + AHEAD:
            raise WrongOrders([(f"$.{name}", "this is in the future")])
    told, wrong = [], []
    for place, each in enumerate(event.concerned):
        try:
            told.append(_told(event, each))
        except ValueError as error:
            wrong.append((f"$.concerned[{place}]", str(error)))
    if wrong:
        raise WrongOrders(wrong[:MOST_TOLD])
    return told


def _told(event: EventJson, concerned: ConcernedJson) -> Told:
    kind = Kind(event.kind)
    details = {**_given(event), **_given(concerned)}
    if event.language and ("reason" in details or "what" in details):
        details["language"] = event.language
    return Told(
        key=event.key.strip(),
        kind=kind,
        happened_at=event.happened_at,
        email=concerned.email.lower(),
        order_number=concerned.order_number.strip(),
        updated_at=event.updated_at,
        details=checked(kind, details, event.happened_at),
    )


def _given(details: DetailsJson) -> Mapping[str, Any]:
    found = {name: getattr(details, name) for name in _DETAILS}
    plain = {name: each.isoformat() if isinstance(each, datetime) else each for name, each in found.items()}
    return {name: value for name, value in plain.items() if value is not None}


def schema() -> dict[str, Any]:
    """The JSON schema of what `read_event_json` takes (draft 2020-12)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_EVENT.json_schema()}
