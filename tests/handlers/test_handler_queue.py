"""/tillid next: case after case, never the same for two people, two presses for each."""

import asyncio

import pytest
import pytest_asyncio
from case_scenes import Case, Office, conversation

from bot.sandbox.records import Ephemeral, User
from bot.sandbox.screens import elements

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nobody_waits(office: Office) -> None:
    """Each test begins with an empty queue."""
    for user in (office.freja, office.nils):
        while "Nobody waits for you" not in (shown := await begin(office, user)).text:
            await press(office, user, shown, "card_send")
    office.stage.workspace.ephemerals.clear()


async def begin(office: Office, user: User) -> Ephemeral:
    """Somebody asks for their next case; what they alone see."""
    await office.command(user, "next")
    await office.stage.idle()
    return [each for each in office.stage.workspace.ephemerals if each.user_id == user.id][-1]


async def press(office: Office, user: User, shown: Ephemeral, action: str) -> Ephemeral:
    """A press on what somebody alone sees, and what stands there afterwards."""
    result = await office.people.click(user.id, shown.channel_id, shown.ts, action)
    assert result.acknowledged
    await office.stage.idle()
    return shown


def actions_of(shown: Ephemeral) -> list[str]:
    return [str(each["action_id"]) for _, each in elements(shown.blocks) if "action_id" in each]


def is_about(shown: Ephemeral, case: Case) -> bool:
    return case.name.split()[0] in shown.text and f"card:{case.id}:" in str(shown.blocks)


async def test_the_next_case_is_the_asker_s_own_and_has_its_whole_card(office: Office) -> None:
    case = await office.case()
    shown = await begin(office, office.freja)
    assert is_about(shown, case)
    assert {"card_send", "card_edit", "queue_next"} <= set(actions_of(shown))
    assert (await conversation(case)).agent_id is not None
    assert (
        "Nobody waits for you. 1 customer waits for a colleague." in (await begin(office, office.nils)).text
    )


async def test_send_and_next_lead_from_case_to_case(office: Office) -> None:
    first, second = await office.case(), await office.case()
    shown = await begin(office, office.freja)
    assert is_about(shown, first)
    await press(office, office.freja, shown, "card_send")
    assert shown.text.startswith("Sent.")
    assert len(first.mails()) == 1
    await press(office, office.freja, shown, "queue_next")
    assert is_about(shown, second)
    await press(office, office.freja, shown, "card_send")
    await press(office, office.freja, shown, "queue_next")
    assert "Nobody waits for you." in shown.text
    assert len(second.mails()) == 1


async def test_two_people_who_ask_at_once_get_two_cases(office: Office) -> None:
    cases = [await office.case(), await office.case()]
    freja, nils = await asyncio.gather(
        office.people.command(office.freja.id, office.stage.triage.id, "/tillid", "next"),
        office.people.command(office.nils.id, office.stage.triage.id, "/tillid", "next"),
    )
    shown = [str(each.payload) for each in (freja, nils)]
    whose = [[case.id for case in cases if f"card:{case.id}:" in each] for each in shown]
    assert sorted(whose) == [[cases[0].id], [cases[1].id]]


async def test_what_is_skipped_goes_back_and_comes_round_to_somebody_else(office: Office) -> None:
    first, second = await office.case(), await office.case()
    shown = await begin(office, office.freja)
    await press(office, office.freja, shown, "queue_next")
    assert is_about(shown, second)
    assert (await conversation(first)).agent_id is None
    assert is_about(await begin(office, office.nils), first)
    await press(office, office.freja, shown, "queue_next")
    assert "Nobody waits for you." in shown.text


async def test_a_customer_who_writes_back_comes_to_the_one_who_answered(office: Office) -> None:
    case = await office.case()
    await press(office, office.freja, await begin(office, office.freja), "card_send")
    await case.writes("Tak, men pengene er her stadig ikke.")
    assert "Nobody waits for you." in (await begin(office, office.nils)).text
    assert is_about(await begin(office, office.freja), case)


async def test_the_urgent_comes_before_who_came_first(office: Office) -> None:
    await office.case()
    urgent = await office.case("Det haster: lampen fra ordre {order} skal bruges i morgen og er ikke kommet.")
    assert (await conversation(urgent)).urgent
    assert is_about(await begin(office, office.freja), urgent)


async def test_next_stands_on_the_card_once_it_is_answered(office: Office) -> None:
    first, second = await office.case(), await office.case()
    assert "queue_next" not in await first.buttons()
    await first.press(office.freja, "card_send")
    assert "queue_next" in await first.buttons()
    await first.press(office.nils, "queue_next")
    (said,) = await office.told(office.nils)
    assert second.name.split()[0] in said


async def test_somebody_outside_the_triage_channel_gets_no_case(office: Office) -> None:
    case = await office.case()
    olav = office.stage.workspace.add_user("olav", real_name="Olav Dal")
    office.stage.shared.members.append(olav.id)
    result = await office.people.command(olav.id, office.stage.shared.id, "/tillid", "next")
    assert "support staff" in str(result.payload)
    assert (await conversation(case)).agent_id is None
