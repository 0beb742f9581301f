"""What we may do about it: the amounts, who may give them, and what is never given."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rules_builders import NOW, facts, order, policy

from bot.rules import remedies
from bot.rules.facts import CustomerFacts, Delivery, Item

TWO_LAMPS = (Item("Lampe Nord", 49900), Item("Lampe Nord", 49900))


@pytest.mark.parametrize(
    ("books", "named", "kind", "amount"),
    [
        # Two captures: the extra one goes back, once.
        ({"captures_minor": (54800, 54800)}, (), "refund", 54800),
        ({"captures_minor": (49900, 49900), "items": (), "shipping_minor": ()}, (), "refund", 49900),
        # Three captures: two of them are too many.
        ({"captures_minor": (54800, 54800, 54800)}, (), "refund", 109600),
        # Two different payments, one of them on top of what the order is worth.
        ({"captures_minor": (54800, 49900)}, (), "refund", 49900),
        ({"captures_minor": (50000, 10000)}, (), "refund", 5200),
        # Two things were paid twice: the words say which.
        (
            {"captures_minor": (60000, 60000, 49900, 49900), "items": (), "shipping_minor": ()},
            ((49900, "DKK"),),
            "refund",
            49900,
        ),
        # The customer writes the sum and the price: the price is a capture.
        ({"captures_minor": (54800, 54800)}, ((109600, "DKK"), (54800, "DKK")), "refund", 54800),
        # Kroner of another country name no capture of ours.
        ({"captures_minor": (54800, 54800)}, ((54800, "NOK"),), "refund", 54800),
        # Captured and reserved: the reservation is let go, nothing is refunded.
        ({"reservations_minor": (54800,)}, (), "release", 54800),
        ({"captures_minor": (), "reservations_minor": (54800, 54800)}, (), "release", 54800),
        # Captured twice and reserved: the money that was taken comes first.
        (
            {"captures_minor": (54800, 54800), "reservations_minor": (54800,)},
            (),
            "refund",
            54800,
        ),
    ],
)
def test_a_double_charge_in_the_books_is_set_right(
    books: dict[str, Any], named: tuple[tuple[int, str], ...], kind: str, amount: int
) -> None:
    remedy = remedies.double_charge(facts("double_charge", order=order(**books), named=named))
    assert (remedy.kind, remedy.amount_minor, remedy.currency) == (kind, amount, "DKK")
    assert (remedy.tier, remedy.known, remedy.within_authority) == ("A", True, True)


@pytest.mark.parametrize(
    "books",
    [
        {},  # one capture, no reservation
        {"reservations_minor": (10000,)},  # a reservation that doubles nothing
        # Two equal parcels, sent and paid one by one, are no double charge.
        {"items": TWO_LAMPS, "shipping_minor": (), "captures_minor": (49900, 49900)},
        {
            "items": TWO_LAMPS,
            "shipping_minor": (),
            "captures_minor": (49900,),
            "reservations_minor": (49900,),
        },
        # Everything has gone back already.
        {"captures_minor": (54800, 54800), "refundable_minor": 0},
    ],
)
def test_without_support_in_the_books_the_customer_is_believed_and_we_look(books: dict[str, Any]) -> None:
    remedy = remedies.double_charge(facts("double_charge", order=order(**books)))
    assert (remedy.kind, remedy.known, remedy.amount_minor) == ("refund", False, None)


@pytest.mark.parametrize(
    ("left", "known"), [(109_600, True), (55_000, True), (54_800, False), (30_000, False)]
)
def test_what_has_gone_back_already_is_looked_at_before_it_goes_twice(left: int, known: bool) -> None:
    books = order(captures_minor=(54800, 54800), refundable_minor=left)
    remedy = remedies.double_charge(facts("double_charge", order=books))
    assert (remedy.known, remedy.amount_minor) == (known, 54_800 if known else None)


@pytest.mark.parametrize(("minor", "within"), [(200_000, True), (200_001, False)])
def test_an_amount_only_the_customer_names_counts_against_the_limit(minor: int, within: bool) -> None:
    remedy = remedies.double_charge(facts("double_charge", named=((minor, "DKK"),)))
    assert (remedy.amount_minor, remedy.currency, remedy.known) == (minor, "DKK", False)
    assert remedy.within_authority is within


def test_of_998_instead_of_499_the_payment_is_499() -> None:
    named = ((99_800, "DKK"), (49_900, "DKK"))
    assert remedies.double_charge(facts("double_charge", named=named)).amount_minor == 49_900


def test_the_customers_own_money_needs_no_approval_however_small_the_limits() -> None:
    mean = policy({"authority": {"goodwill": {"DKK": 0}, "make_it_right": {"DKK": 0}, "refunds": "never"}})
    books = order(captures_minor=(54800, 54800))
    remedy = remedies.double_charge(facts("double_charge", order=books, policy=mean))
    assert (remedy.amount_minor, remedy.within_authority) == (54800, True)


@pytest.mark.parametrize(("minor", "checked"), [(1_000_000, False), (1_000_001, True)])
def test_a_large_restitution_is_checked_by_a_colleague_not_a_lead(minor: int, checked: bool) -> None:
    books = order(captures_minor=(minor, minor), items=(), shipping_minor=())
    remedy = remedies.double_charge(facts("double_charge", order=books))
    assert (remedy.needs_second_check, remedy.within_authority) == (checked, True)


@pytest.mark.parametrize(
    ("fees", "amount"),
    [((4900, 4900), 4900), ((4900, 4900, 4900), 9800), ((4900, 2900, 4900), 4900)],
)
def test_a_fee_charged_again_goes_back_once_for_each_time(fees: tuple[int, ...], amount: int) -> None:
    remedy = remedies.duplicate_fee(facts("duplicate_fee", order=order(shipping_minor=fees)))
    assert (remedy.kind, remedy.tier, remedy.amount_minor, remedy.known) == ("refund", "A", amount, True)


def test_two_different_fees_are_looked_into() -> None:
    books = order(shipping_minor=(4900, 2900))
    remedy = remedies.duplicate_fee(facts("duplicate_fee", order=books, named=((4900, "DKK"),)))
    assert (remedy.known, remedy.amount_minor) == (False, 4900)


THREE_LINES = (Item("Lampe Nord", 49900), Item("Regnjakke, gul", 89900), Item("Vase Blå", 29900))


@pytest.mark.parametrize(
    ("noun", "named", "amount"),
    [
        ("lampen", (), 49900),
        ("jakken", (), 89900),
        ("", ((29900, "DKK"),), 29900),
        ("den gule regnjakke", (), 89900),
    ],
)
def test_the_damaged_line_is_the_one_the_customer_names(
    noun: str, named: tuple[tuple[int, str], ...], amount: int
) -> None:
    books = order(items=THREE_LINES, captures_minor=(174600,))
    remedy = remedies.new_item_or_money(facts("damaged_item", order=books, noun=noun, named=named))
    assert (remedy.kind, remedy.options) == ("choice", ("replacement", "refund"))
    assert (remedy.amount_minor, remedy.known) == (amount, True)


def test_where_several_lines_fit_nobody_guesses() -> None:
    books = order(items=THREE_LINES, captures_minor=(174600,))
    remedy = remedies.new_item_or_money(facts("damaged_item", order=books, noun="stolen"))
    assert (remedy.kind, remedy.known, remedy.amount_minor) == ("choice", False, None)


def _delivery(status: str = "sent", **days: int) -> Delivery:
    moments = {name: NOW + timedelta(days=count) for name, count in days.items()}
    return Delivery(status, **moments)


@pytest.mark.parametrize(
    ("delivery", "known"),
    [
        (_delivery(promised_at=-2), True),
        (_delivery("pending", promised_at=-1), True),
        (_delivery("lost", promised_at=3), True),
        (_delivery(promised_at=1), False),
        (_delivery("delivered", promised_at=-2), False),
        (_delivery(promised_at=-2, delivered_at=-1), False),
        (Delivery("sent"), False),
        # A bare date holds until its day is over, in the customer's time.
        (Delivery("sent", datetime(2025, 11, 19, 0, 0, tzinfo=UTC)), False),
        (Delivery("sent", datetime(2025, 11, 18, 23, 0, tzinfo=UTC)), False),
        (Delivery("sent", datetime(2025, 11, 18, 0, 0, tzinfo=UTC)), True),
        (Delivery("sent", NOW - timedelta(minutes=1)), True),
    ],
)
def test_shipping_goes_back_unasked_where_the_books_show_the_delay(delivery: Delivery, known: bool) -> None:
    remedy = remedies.late_delivery(facts("late_delivery", order=order(delivery=delivery)))
    assert remedy is not None
    assert (remedy.kind, remedy.tier, remedy.known) == ("shipping_refund", "B", known)
    assert remedy.amount_minor == (4900 if known else None)


def test_free_shipping_leaves_nothing_to_give_back() -> None:
    books = order(delivery=_delivery(promised_at=-2), shipping_minor=())
    assert remedies.late_delivery(facts("late_delivery", order=books)) is None


@pytest.mark.parametrize(
    ("minor", "received_days_ago", "within", "at_once"),
    [
        (49900, 3, True, True),
        (49900, 40, True, True),
        (300_000, 14, True, False),
        (300_000, 15, False, False),
        (300_000, None, True, False),
    ],
)
def test_a_return_in_time_needs_no_approval_and_a_small_one_is_paid_at_once(
    minor: int, received_days_ago: int | None, within: bool, at_once: bool
) -> None:
    received = None if received_days_ago is None else NOW - timedelta(days=received_days_ago)
    books = order(
        items=(Item("Sofa", minor),),
        captures_minor=(minor + 4900,),
        delivery=Delivery("delivered", delivered_at=received),
    )
    remedy = remedies.returned_goods(facts("return", order=books))
    assert remedy.amount_minor == minor + 4900
    assert (remedy.within_authority, remedy.optional) == (within, not at_once)


@pytest.mark.parametrize(
    ("customer", "named", "amount", "currency"),
    [
        (CustomerFacts(country="DK"), (), 20_000, "DKK"),
        (CustomerFacts(country="NO"), (), 30_000, "NOK"),
        (CustomerFacts(country="NO"), ((500, "SEK"),), 30_000, "SEK"),
        (CustomerFacts(country="DK", strikes=(date(2025, 6, 1),)), (), 40_000, "DKK"),
        (CustomerFacts(country="DK", strikes=(date(2024, 6, 1),)), (), 20_000, "DKK"),
        (CustomerFacts(), (), None, None),
    ],
)
def test_goodwill_is_doubled_for_whom_we_let_down_before_and_never_in_the_languages_currency(
    customer: CustomerFacts,
    named: tuple[tuple[int, str], ...],
    amount: int | None,
    currency: str | None,
) -> None:
    remedy = remedies.goodwill(facts("service_complaint", customer=customer, named=named, language="sv"))
    assert (remedy.amount_minor, remedy.currency) == (amount, currency)
    assert (remedy.tier, remedy.optional, remedy.within_authority) == ("C", True, True)


def test_the_orders_currency_comes_before_what_the_customer_wrote() -> None:
    case = facts("service_complaint", order=order(currency="NOK"), named=((100, "SEK"),))
    assert remedies.goodwill(case).currency == "NOK"
