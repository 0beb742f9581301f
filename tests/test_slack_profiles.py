"""Who somebody in Slack is by the address in their profile: joined, asked about, or left as they are."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from scenes import FREJA, MORNING, OURS, Scene, keep_order, order
from sqlalchemy import select
from sqlmodel import col

from bot.parts import Person
from bot.sandbox.stage import Stage
from bot.slack_profiles import CERTAIN, LIKELY
from storage import agents, customers, joining
from storage.customers import Door
from storage.engine import reading, transaction
from storage.tables import AddressKind, Conversation, Customer, CustomerAddress, Join, JoinState

METTE = "mette@example.dk"
WORDS = "Hej, hvor er min pakke?"
#: Somebody of another company, a guest of our workspace, a colleague who is no agent, and an agent.
OUTSIDER = Person("UTORE00001", "Mette Hansen", "TNORD", METTE)
GUEST = Person("UGUEST0001", "Mette Hansen", "TLAMPE", METTE, is_guest=True)
MEMBER = Person("UMEMBER001", "Mette Hansen", "TLAMPE", METTE)
AGENT = Person(FREJA, "Freja Holm", "TLAMPE", METTE)


async def say(scene: Scene, person: Person, text: str = WORDS, **event: str) -> None:
    """They write in a watched channel, and Slack tells who they are."""

    async def find(_user_id: str) -> Person:
        return person

    scene.parts = replace(scene.parts, find_person=find)
    scene.pass_time(minutes=1)
    await scene.hear_slack(text, user=person.id, team=person.team, **event)
    await scene.work()


def questions(scene: Scene) -> list[tuple[str, str]]:
    return [(each.state.value, each.because) for each in scene.rows(Join)]


def doors(scene: Scene) -> dict[str, int]:
    """Addresses, and whose they are; teams are left out."""
    return {each.value.rpartition(":")[2]: each.customer_id for each in scene.rows(CustomerAddress)}


@dataclass(frozen=True)
class Case:
    """Whose profile, what is in it, what the shop knows; and what becomes of it."""

    who: Person
    known: bool
    outcome: list[tuple[str, str]]
    owners: dict[str, int]


RULES = {
    "a guest whose address we know is joined": Case(
        GUEST, True, [("joined", CERTAIN)], {METTE: 1, GUEST.id: 1}
    ),
    "a guest whose address nobody knows has it as one more door": Case(
        GUEST, False, [], {GUEST.id: 1, METTE: 1}
    ),
    "an outsider whose address we know is asked about": Case(
        OUTSIDER, True, [("proposed", LIKELY)], {METTE: 1, OUTSIDER.id: 2}
    ),
    "an outsider whose address nobody knows is left as they are": Case(OUTSIDER, False, [], {OUTSIDER.id: 1}),
    "a colleague who is no agent is no customer": Case(MEMBER, True, [], {METTE: 1}),
    "an agent is no customer": Case(AGENT, True, [], {METTE: 1}),
    "an outsider who calls themselves a guest is an outsider": Case(
        replace(OUTSIDER, is_guest=True), True, [("proposed", LIKELY)], {METTE: 1, OUTSIDER.id: 2}
    ),
    "without an address nothing is looked for": Case(
        replace(GUEST, email=""), True, [], {METTE: 1, GUEST.id: 2}
    ),
    "an address of ours is nobody's": Case(replace(GUEST, email=OURS), True, [], {METTE: 1, GUEST.id: 2}),
}


@pytest.mark.parametrize("rule", RULES)
async def test_the_rules_of_profiles(scene: Scene, rule: str) -> None:
    case = RULES[rule]
    if case.known:
        scene.do(keep_order, order(email=METTE))
    for _ in range(2):  # said again, nothing changes
        await say(scene, case.who)
        assert questions(scene) == case.outcome
        assert doors(scene) == case.owners


async def test_a_guest_who_is_joined_sees_the_draft_made_with_their_order(scene: Scene) -> None:
    scene.do(keep_order, order(email=METTE))
    await say(scene, GUEST, "Hej, I har trukket 499 kr. to gange for ordre 10432.")
    assert scene.rows(Conversation)[0].customer_id == 1
    assert scene.card().situation != "looking"
    assert "499" in scene.card().text


async def test_an_outsider_gets_no_facts_of_the_person_whose_address_they_give(scene: Scene) -> None:
    scene.do(keep_order, order(email=METTE))
    await say(scene, OUTSIDER, "Hej, I har trukket 499 kr. to gange for ordre 10432.")
    assert "499" not in scene.card().text


async def test_whom_a_colleague_parted_stays_apart(scene: Scene) -> None:
    scene.do(keep_order, order(email=METTE))
    await say(scene, GUEST)
    (join,) = scene.rows(Join)
    scene.do(joining.undo, join.id, scene.now)
    assert doors(scene) == {METTE: 1, GUEST.id: 2}
    await say(scene, GUEST, "Hallo?")
    assert questions(scene) == [("undone", CERTAIN)]
    assert doors(scene) == {METTE: 1, GUEST.id: 2}


async def test_a_question_of_before_is_answered_by_what_is_certain(scene: Scene) -> None:
    scene.do(keep_order, order(email=METTE))
    await say(scene, replace(GUEST, email=""))
    scene.do(joining.propose, 1, 2, "They have the same phone number.", scene.now)
    await say(scene, GUEST)
    assert [each.state for each in scene.rows(Join)] == [JoinState.JOINED]
    assert doors(scene) == {METTE: 1, GUEST.id: 1}


async def test_a_joining_between_two_messages_keeps_their_case(scene: Scene) -> None:
    """The shop's file comes after the first message, the address with the second."""
    await say(scene, replace(GUEST, email=""))
    scene.do(keep_order, order(email=METTE))
    await say(scene, GUEST, "Hallo?", thread_ts=f"{scene.now.timestamp():.6f}")
    (case,) = scene.rows(Conversation)
    assert (case.customer_id, len(scene.rows(Customer))) == (2, 2)


# ---- through Slack ----------------------------------------------------------------------------------------------


async def _guest_writes(stage: Stage) -> dict[str, int]:
    """Mette, whose order we know, is invited as a guest, and writes; whose the addresses are then."""
    guest = stage.workspace.add_user("mette", real_name="Mette Hansen", is_restricted=True, email=METTE)
    await stage.slack.people.join(guest.id, stage.shared.id)
    with transaction(stage.running.parts.engine) as session:
        keep_order(session, order(email=METTE))
        agents.watch(session, stage.workspace.team_id, stage.shared.id, stage.clock())
    await stage.slack.people.say(guest.id, stage.shared.id, WORDS)
    await stage.idle()
    with reading(stage.running.parts.engine) as session:
        rows = session.execute(select(col(CustomerAddress.value), col(CustomerAddress.customer_id))).all()
        slack = customers.by_address(
            session, Door(AddressKind.SLACK, f"{stage.workspace.team_id}:{guest.id}")
        )
        assert slack is not None
    return {("slack" if guest.id in value else value): owner for value, owner in rows}


@pytest.mark.parametrize("granted", [True, False])
async def test_slack_tells_the_address_where_it_was_granted_and_all_else_works_without(
    tmp_path: Path, database_url: str, granted: bool
) -> None:
    async with Stage(tmp_path, database_url=database_url, morning=MORNING) as stage:
        if not granted:
            stage.workspace.scopes -= {"users:read.email"}
        owners = await _guest_writes(stage)
        assert owners == {METTE: 1, "slack": 1 if granted else 2}
        assert stage.card("pakke")
        assert stage.slack.refused == []
