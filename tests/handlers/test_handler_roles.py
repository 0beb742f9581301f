"""Who is staff, and in which role: house.yaml, user groups, the triage channel; read anew when any of them changes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from case_scenes import Office

from bot.house import House
from bot.manifest import SCOPES
from bot.roster import UNTOLD, find_roles
from bot.sandbox.stage import Stage
from bot.slack_parts import slack_client
from storage.tables import Agent, Role

pytestmark = pytest.mark.asyncio(loop_scope="module")
LEADS, MANAGERS = "S00000LEAD", "S00000BOSS"


class Company(Office):
    """A company that names its leads and managers by user groups."""

    async def role(self, who: str) -> Role | None:
        rows = await self.rows(Agent)
        return next((each.role for each in rows if each.slack_user_id == who and each.active), None)

    async def has(self, who: str, role: Role | None) -> None:
        """Wait until somebody has this role; None: none at all."""

        async def there() -> bool:
            return await self.role(who) is role

        await self.stage.until(there)


async def opened(folder: Path, groups: dict[str, list[str]] | None, **words: Any) -> tuple[Stage, Company]:
    stage = Stage(folder, only=())
    await stage.__aenter__()
    stage.workspace.user_groups = groups
    told = {"name": "Lampehuset", "language": "da", "country": "DK", "leads": [LEADS], "managers": [MANAGERS]}
    (folder / "house" / "house.yaml").write_text(yaml.safe_dump(told | words), encoding="utf-8")
    return stage, Company(stage)


@pytest_asyncio.fixture(loop_scope="module")
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    stage, company = await opened(tmp_path, {LEADS: [], MANAGERS: []})
    stage.workspace.user_groups = {LEADS: [stage.signe.id], MANAGERS: [stage.marius.id]}
    await stage.start_program(("slack", "deliver", "clock"))
    yield company
    await stage.__aexit__(None, None, None)


async def test_a_user_group_gives_its_members_their_role(company: Company) -> None:
    stage = company.stage
    assert await company.role(stage.signe.id) is Role.LEAD
    assert await company.role(stage.marius.id) is Role.MANAGER
    assert await company.role(stage.freja.id) is Role.AGENT
    assert "a user group that house.yaml names" in await company.command(stage.signe, "whoami")
    assert "you are in the triage channel" in await company.command(stage.freja, "whoami")


async def test_a_change_of_the_group_counts_at_once(company: Company) -> None:
    stage = company.stage
    stage.slack.upkeep.regroup(LEADS, [stage.nils.id])
    await company.has(stage.nils.id, Role.LEAD)
    await company.has(stage.signe.id, Role.AGENT)


async def test_a_change_whose_event_got_lost_counts_within_the_hour(company: Company) -> None:
    stage = company.stage
    assert stage.workspace.user_groups is not None
    stage.workspace.user_groups[LEADS] = [stage.freja.id]
    assert stage.running.roster is not None
    assert stage.running.scheduler is not None
    (tick,) = [each for each in stage.running.scheduler.get_jobs() if each.id == "roster"]
    assert tick.trigger.interval.total_seconds() == 3600
    await stage.running.roster()
    assert await company.role(stage.freja.id) is Role.LEAD


async def test_who_is_in_the_group_and_not_in_the_triage_channel_is_no_staff(company: Company) -> None:
    stage = company.stage
    olav = stage.workspace.add_user("olav", real_name="Olav Dal")
    guest = stage.workspace.add_user("gro", real_name="Gro Vik", is_restricted=True)
    robot = stage.workspace.add_user("robot", is_bot=True)
    stage.triage.members += [guest.id, robot.id, stage.guest.id]
    stage.slack.upkeep.regroup(LEADS, [stage.signe.id, olav.id, guest.id, robot.id, stage.guest.id])
    await stage.slack.wait_until_idle()
    assert stage.running.roster is not None
    await stage.running.roster()
    for who in (olav, guest, robot, stage.guest):
        assert await company.role(who.id) is None


async def test_roles_are_kept_while_slack_does_not_answer(company: Company) -> None:
    stage = company.stage
    assert stage.running.roster is not None
    for fault in ("http_500", "internal_error", "drop"):
        stage.slack.fault("usergroups.users.list", fault)
        await stage.running.roster()
        assert await company.role(stage.signe.id) is Role.LEAD


async def test_who_leaves_the_triage_channel_has_no_role_any_more(company: Company) -> None:
    stage = company.stage
    stage.slack.upkeep.leave(stage.nils.id, stage.triage.id)
    await company.has(stage.nils.id, None)
    alone = stage.workspace.direct_message(stage.nils.id).id
    result = await company.people.command(stage.nils.id, alone, "/tillid", "queue")
    assert "support staff" in str(result.payload)


async def test_an_archived_triage_channel_takes_nobody_s_role(company: Company) -> None:
    stage = company.stage
    stage.triage.is_archived, stage.triage.members = True, [stage.workspace.bot.id]
    assert stage.running.roster is not None
    await stage.running.roster()
    assert await company.role(stage.signe.id) is Role.LEAD


@pytest.mark.parametrize(
    ("groups", "scopes", "why"),
    [
        (None, SCOPES, "plan_upgrade_required"),
        ({MANAGERS: []}, SCOPES, "no_such_subteam"),
        (
            {LEADS: [], MANAGERS: []},
            tuple(each for each in SCOPES if each != "usergroups:read"),
            "missing_scope",
        ),
    ],
)
async def test_without_user_groups_the_program_starts_and_says_so(
    tmp_path: Path, groups: dict[str, list[str]] | None, scopes: tuple[str, ...], why: str
) -> None:
    stage, company = await opened(tmp_path, groups, leads=[LEADS, "USIGNE"])
    try:
        stage.workspace.scopes = frozenset(scopes)
        await stage.start_program(("slack", "deliver", "clock"))
        assert await company.role(stage.signe.id) is Role.AGENT
        house: House = stage.running.parts.house
        _, problems = await find_roles(slack_client(stage.settings()), house)
        assert UNTOLD[why] in problems[0]
        assert LEADS in problems[0]
    finally:
        await stage.__aexit__(None, None, None)


async def test_who_is_named_has_that_role_whatever_the_group_says(tmp_path: Path) -> None:
    stage, company = await opened(tmp_path, {LEADS: [], MANAGERS: []})
    stage.workspace.user_groups = {LEADS: [stage.marius.id], MANAGERS: [stage.signe.id, stage.marius.id]}
    told = {"name": "L", "leads": [LEADS, stage.signe.id], "managers": [MANAGERS]}
    (tmp_path / "house" / "house.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    try:
        await stage.start_program(("slack", "deliver", "clock"))
        assert await company.role(stage.signe.id) is Role.LEAD
        assert await company.role(stage.marius.id) is Role.MANAGER
        assert "house.yaml names you" in await company.command(stage.signe, "whoami")
    finally:
        await stage.__aexit__(None, None, None)
