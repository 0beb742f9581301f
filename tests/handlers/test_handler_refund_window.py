"""The window of Refund: to the money, the request or the refusal."""

import pytest
from case_scenes import BROKEN, Office, refunds, text_of

from storage.tables import (
    RefundState,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_refund_within_the_limit_is_given_and_told(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    view = await case.window(office.freja, "card_refund")
    assert "899" in str(view.blocks)
    assert (await case.send_off(office.freja, view, {"amount": "150"})).errors == {}
    (refund,) = await refunds(case)
    assert (refund.amount_minor, refund.state) == (15_000, RefundState.APPROVED)
    assert "150 kr." in str((await case.card()).blocks)
    await case.press(office.freja, "card_send")
    assert "150 kr." in text_of(case.mails()[0])
    assert len(await refunds(case)) == 1


async def test_a_refund_above_the_limit_asks_the_leads(office: Office) -> None:
    case = await office.case(BROKEN, captures=(300_000,))
    view = await case.window(office.freja, "card_refund")
    await case.send_off(office.freja, view, {"amount": "2500"})
    (refund,) = await refunds(case)
    assert (refund.amount_minor, refund.state) == (250_000, RefundState.REQUESTED)
    asked = [each for each in await case.notes() if "refund_approve" in str(each.blocks)]
    assert len(asked) == 1


async def test_more_than_is_left_is_refused_in_the_window(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    first = await case.window(office.freja, "card_refund")
    second = await case.window(office.nils, "card_refund")
    await case.send_off(office.freja, first, {"amount": "800"})
    errors = (await case.send_off(office.nils, second, {"amount": "800"})).errors
    assert list(errors) == ["amount"]
    # The first refund made the draft anew: the second window is an old one by then.
    assert "read the new one" in errors["amount"]
    assert [each.amount_minor for each in await refunds(case)] == [80_000]


async def test_the_same_window_sent_twice_is_one_refund(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    view = await case.window(office.freja, "card_refund")
    await case.send_off(office.freja, view, {"amount": "100"})
    office.stage.workspace.views[office.freja.id].append(view)
    await case.send_off(office.freja, view, {"amount": "100"})
    assert [each.amount_minor for each in await refunds(case)] == [10_000]


async def test_more_decimals_than_the_currency_has_are_refused_in_the_window(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    view = await case.window(office.freja, "card_refund")
    errors = (await case.send_off(office.freja, view, {"amount": "1.234"})).errors
    assert list(errors) == ["amount"]
    assert await refunds(case) == []
