"""The customer card, from the press or the command to the record of who looked."""

from typing import Any

import pytest
from case_scenes import TWICE, Case, Office
from sqlmodel import Session, col

from bot.sandbox.records import View
from storage.engine import commit
from storage.tables import (
    AuditEvent,
    ConfirmedPerson,
    Conversation,
    Customer,
    CustomerNote,
    Join,
    JoinState,
    Suggestion,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def customer_of(case: Case) -> int:
    (found,) = await case.office.rows(Conversation, col(Conversation.id) == case.id)
    return found.customer_id


async def looks(office: Office, customer_id: int) -> list[int | None]:
    events = await office.rows(
        AuditEvent, col(AuditEvent.action) == "customer_viewed", col(AuditEvent.subject_id) == customer_id
    )
    return [each.agent_id for each in events]


async def shown(office: Office) -> View:
    def there(_: object) -> View | None:
        view = office.people.screen(office.freja.id)
        return view if view is not None and "One moment" not in str(view.blocks) else None

    found = await office.stage.slack.wait_for(there)
    assert found is not None
    return found


async def note(case: Case, view: View, text: str) -> Any:
    return await case.send_off(case.office.freja, view, {"note": text})


async def test_the_button_opens_the_card_and_the_look_is_recorded(office: Office) -> None:
    case = await office.paid_twice()
    view = await case.window(office.freja, "card_customer")
    text = str(view.blocks)
    assert all(
        words in text
        for words in ("Preferred name: Mette", case.address, case.order, "day 3 of the first 100")
    )
    assert len(await looks(office, await customer_of(case))) == 1


@pytest.mark.parametrize("by", ["address", "order"])
async def test_the_command_finds_a_customer_by(office: Office, by: str) -> None:
    case = await office.paid_twice()
    before = len(await looks(office, await customer_of(case)))
    await office.command(office.freja, f"customer {case.address if by == 'address' else case.order}")
    assert case.address in str((await shown(office)).blocks)
    assert len(await looks(office, await customer_of(case))) == before + 1


async def test_the_command_says_when_nobody_is_meant(office: Office) -> None:
    assert "No customer is known" in await office.command(office.freja, "customer nobody@example.dk")
    assert "Say who" in await office.command(office.freja, "customer")
    assert office.people.screen(office.freja.id) is None


async def test_somebody_outside_the_triage_channel_sees_no_customer(office: Office) -> None:
    case = await office.paid_twice()
    olav = office.stage.workspace.add_user("olav2", real_name="Olav Dal")
    office.stage.shared.members.append(olav.id)
    result = await office.people.command(
        olav.id, office.stage.shared.id, "/tillid", f"customer {case.address}"
    )
    assert "support staff" in str(result.payload)
    assert office.people.screen(olav.id) is None


async def test_a_note_is_added_and_removed_in_the_window(office: Office) -> None:
    case = await office.paid_twice()
    view = await case.window(office.freja, "card_customer")
    assert (await note(case, view, "Skriv, ring ikke. cpr 0101701234")).errors == {}
    (kept,) = await office.rows(CustomerNote, col(CustomerNote.customer_id) == await customer_of(case))
    assert kept.text.startswith("Skriv, ring ikke.") and "0101701234" not in kept.text
    assert kept.expires_at is not None
    assert (kept.expires_at - kept.created_at).days == 365
    view = await shown(office)
    assert "Skriv, ring ikke." in str(view.blocks)
    await office.people.click_view(office.freja.id, view.id, "note_remove")

    def gone(_: object) -> bool | None:
        now = office.people.screen(office.freja.id)
        return True if now is not None and "0 notes" in str(now.blocks) else None

    assert await office.stage.slack.wait_for(gone)
    assert await office.rows(CustomerNote, col(CustomerNote.customer_id) == await customer_of(case)) == []


async def test_an_empty_note_is_refused_in_its_field(office: Office) -> None:
    case = await office.paid_twice()
    view = await case.window(office.freja, "card_customer")
    assert (await note(case, view, "  ")).errors == {"note": "Write what is to be remembered."}


async def stranger(office: Office, owner: Case) -> Case:
    """Somebody writes from another address about that case's order."""
    case = await office.case(TWICE.replace("{order}", owner.order))
    assert "499" not in await draft(case)
    return case


async def draft(case: Case) -> str:
    """The reply as it would go now."""
    return (await case.office.rows(Suggestion, col(Suggestion.conversation_id) == case.id))[-1].text


async def test_a_colleague_who_is_sure_gets_a_draft_with_the_facts(office: Office) -> None:
    owner = await office.paid_twice()
    case = await stranger(office, owner)
    assert "card_confirm_person" in await case.buttons()
    await case.press(office.freja, "card_confirm_person")
    assert "499" in await draft(case)
    assert "card_confirm_person" not in await case.buttons()
    (row,) = await office.rows(ConfirmedPerson, col(ConfirmedPerson.conversation_id) == case.id)
    assert row.address == case.address


async def test_the_same_person_is_joined_from_the_card_and_parted_from_the_window(office: Office) -> None:
    owner = await office.paid_twice()
    case = await stranger(office, owner)
    await case.press(office.freja, "join_same")
    assert await customer_of(case) == await customer_of(owner)
    card = str((await case.card()).blocks)
    assert f"Case {owner.id}, by mail" in card
    assert "join_same" not in await case.buttons()
    view = await case.window(office.freja, "card_customer")
    await office.people.click_view(office.freja.id, view.id, "join_part")
    await office.stage.idle()
    assert await customer_of(case) != await customer_of(owner)


async def test_somebody_else_stays_somebody_else(office: Office) -> None:
    owner = await office.paid_twice()
    case = await stranger(office, owner)
    await case.press(office.freja, "join_other")
    joins = await office.rows(Join, col(Join.gone_id) == await customer_of(case))
    assert [each.state for each in joins] == [JoinState.REFUSED]
    assert "join_other" not in await case.buttons()


async def test_a_customer_forgotten_while_the_card_stands_is_not_shown(office: Office) -> None:
    case = await office.paid_twice()
    who = await customer_of(case)

    def forget(session: Session) -> None:
        session.get_one(Customer, who).erased_at = office.stage.clock()

    await commit(office.stage.running.parts.engine, forget)
    view = await case.window(office.freja, "card_customer")
    assert "not here any more" in str(view.blocks)
    assert case.address not in str(view.blocks)
