"""Published in one process, in force in all: at the next draft, over the house's files, over ours."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import NOW, identity
from scenes import PLACES, TWICE, Scene, mail
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from bot import desk
from bot.desk.wordings import Overtaken, Proposal
from bot.drafting import written
from bot.errors import Refused
from bot.house import House, open_house
from bot.parts import Parts
from bot.trying_wordings import sample
from bot.views.wordings import letters, recent_cases, wording_state
from bot.wording_parts import parts_of, text_of
from bot.wordings import keep_up
from storage import wordings
from storage.engine import connect, reading, transaction
from storage.tables import Agent, AuditEvent, Conversation, Customer, FollowUpState, Role, Suggestion

LETTER = "reply/double_charge_looking"
FILE = "da/reply/double_charge_looking.j2"


def ours(house: House, name: str = FILE) -> str:
    assert house.our_templates.loader is not None
    return house.our_templates.loader.get_source(house.our_templates, name)[0]


def worded(house: House, first: str) -> str:
    return text_of({**parts_of(ours(house)), "fix": first})


@pytest.fixture
def people(engine: Engine) -> dict[str, str]:
    """Slack ids by role."""
    with transaction(engine) as session:
        return {
            "agent": builders.agent(session).slack_user_id,
            "lead": builders.agent(session, Role.LEAD, name="Signe Lund").slack_user_id,
            "manager": builders.agent(session, Role.MANAGER, name="Marius Dahl").slack_user_id,
        }


@pytest.fixture
def processes(engine: Engine, tmp_path: Path) -> Iterator[tuple[Parts, Parts]]:
    """Two processes on one database, the second with a file of the house's own for the letter."""
    folder = tmp_path / "house" / "templates" / "da" / "reply"
    folder.mkdir(parents=True)
    plain, filed = open_house(), open_house()
    (folder / "double_charge_looking.j2").write_text(worded(plain, "Fra husets fil."), encoding="utf-8")
    filed = open_house(tmp_path / "house")
    other = connect(engine.url.render_as_string(hide_password=False))
    yield Parts(engine, lambda: NOW, plain, PLACES), Parts(other, lambda: NOW, filed, PLACES)
    other.dispose()


def publish(engine: Engine, who: str, text: str, seen: int, letter: str = LETTER) -> int:
    with transaction(engine) as session:
        return desk.publish_wording(session, who, Proposal(letter, "da", text, seen), NOW)


def back(engine: Engine, who: str, version: int, seen: int) -> int:
    with transaction(engine) as session:
        return desk.bring_back(session, who, LETTER, "da", version=version, seen=seen, now=NOW)


def first_line(parts: Parts) -> str:
    text = written(parts.house, LETTER, "da", sample(parts.house, "da"))[0].text
    return text.split("\n\n")[1]


async def test_every_process_writes_the_next_letter_in_the_published_words(
    processes: tuple[Parts, Parts], people: dict[str, str], engine: Engine
) -> None:
    one, other = processes
    before = first_line(one)
    assert first_line(other) == "Fra husets fil."
    publish(engine, people["lead"], worded(one.house, "Fra chatten."), 0)
    # Nobody has asked yet: letters are still as they were.
    assert (first_line(one), first_line(other)) == (before, "Fra husets fil.")
    for parts in processes:
        await keep_up(parts)
        assert first_line(parts) == "Fra chatten."
    back(engine, people["manager"], 0, 1)
    for parts in processes:
        await keep_up(parts)
    assert (first_line(one), first_line(other)) == (before, "Fra husets fil.")


async def test_a_new_version_is_taken_up_and_an_undo_too(
    processes: tuple[Parts, Parts], people: dict[str, str], engine: Engine
) -> None:
    parts = processes[0]
    for number, words in enumerate(("Den ene.", "Den anden.")):
        publish(engine, people["lead"], worded(parts.house, words), number)
        await keep_up(parts)
        assert first_line(parts) == words
    assert back(engine, people["lead"], 1, 2) == 3
    await keep_up(parts)
    assert first_line(parts) == "Den ene."


async def test_nothing_new_costs_one_look_and_keeps_what_was_compiled(
    processes: tuple[Parts, Parts], people: dict[str, str], engine: Engine
) -> None:
    parts = processes[0]
    publish(engine, people["lead"], worded(parts.house, "Fra chatten."), 0)
    await keep_up(parts)
    compiled = parts.house.templates.get_template(FILE)
    await keep_up(parts)
    assert parts.house.templates.get_template(FILE) is compiled


async def test_a_published_letter_that_no_longer_works_gives_way_and_the_others_stay(
    processes: tuple[Parts, Parts], people: dict[str, str], engine: Engine
) -> None:
    parts = processes[1]
    publish(engine, people["lead"], worded(parts.house, "{{ gone }}"), 0)
    declined = ours(parts.house, "da/reply/declined.j2")
    publish(engine, people["lead"], declined, 0, "reply/declined")
    await keep_up(parts)
    assert first_line(parts) == "Fra husets fil."
    assert set(parts.house.published.texts) == {"da/reply/declined.j2"}


async def test_a_published_letter_that_breaks_on_a_case_gives_way_to_the_file_and_says_so(
    processes: tuple[Parts, Parts], people: dict[str, str], engine: Engine
) -> None:
    parts = processes[1]
    strange = "{% if order_number == '77' %}{{ 1 / 0 }}{% endif %}Fra chatten."
    publish(engine, people["lead"], worded(parts.house, strange), 0)
    await keep_up(parts)
    assert first_line(parts) == "Fra chatten."
    context = {**sample(parts.house, "da"), "order_number": "77"}
    letter, told = written(parts.house, LETTER, "da", context)
    assert "Fra husets fil." in letter.text
    assert "published in chat fails" in told[0]


async def test_the_draft_of_the_next_mail_has_the_words(scene: Scene) -> None:
    signe = "USIGNE0001"
    publish(scene.parts.engine, signe, worded(scene.parts.house, "Det ser jeg på nu."), 0)
    await scene.receive(mail(TWICE, subject="Betalt", message_id="<w1@example.dk>"))
    (draft,) = scene.rows(Suggestion)
    assert draft.template == LETTER
    assert "Det ser jeg på nu." in draft.text


# ---- Who may, and who was faster ----------------------------------------------------------------------------


def test_an_agent_is_told_kindly_who_may(people: dict[str, str], engine: Engine) -> None:
    with pytest.raises(Refused, match="Ask Signe Lund or Marius Dahl"):
        publish(engine, people["agent"], "x", 0)
    with pytest.raises(Refused, match="Ask Signe Lund or Marius Dahl"):
        back(engine, people["agent"], 0, 0)
    with pytest.raises(Refused, match="support staff"):
        publish(engine, "UNOBODY", "x", 0)
    with reading(engine) as session:
        assert wordings.state(session) == (0, 0)


def test_a_house_without_leads_says_so(engine: Engine) -> None:
    with transaction(engine) as session:
        who = builders.agent(session).slack_user_id
    with pytest.raises(Refused, match="name a lead"):
        publish(engine, who, "x", 0)


def test_the_second_of_two_is_told_who_was_faster(people: dict[str, str], engine: Engine) -> None:
    publish(engine, people["lead"], "første", 0)
    with pytest.raises(Overtaken, match="Signe Lund published another version"):
        publish(engine, people["manager"], "anden", 0)
    with pytest.raises(Overtaken):
        back(engine, people["manager"], 0, 0)
    with reading(engine) as session:
        assert [row.text for row in wordings.history(session, LETTER, "da")] == ["første"]


@pytest.mark.parametrize("version", [2, 9])
def test_only_a_version_with_words_can_come_back(
    people: dict[str, str], engine: Engine, version: int
) -> None:
    publish(engine, people["lead"], "første", 0)
    back(engine, people["lead"], 0, 1)
    with pytest.raises(Refused, match="no such version"):
        back(engine, people["lead"], version, 2)


def test_every_step_is_on_record_without_the_words(people: dict[str, str], engine: Engine) -> None:
    with transaction(engine) as session:
        proposal = Proposal(LETTER, "da", "hemmeligt", 0, overridden=2)
        desk.publish_wording(session, people["lead"], proposal, NOW)
    back(engine, people["manager"], 0, 1)
    with reading(engine) as session:
        events = session.execute(select(AuditEvent).order_by(col(AuditEvent.id))).scalars().all()
        ids = {each.slack_user_id: each.id for each in session.execute(select(Agent)).scalars()}
    assert [(each.action, each.agent_id) for each in events] == [
        ("wording_published", ids[people["lead"]]),
        ("wording_brought_back", ids[people["manager"]]),
    ]
    assert events[0].details == {"letter": LETTER, "language": "da", "version": 1, "overridden": 2}
    assert events[1].details == {"letter": LETTER, "language": "da", "version": 2, "brings_back": 0}


# ---- What the windows read ----------------------------------------------------------------------------------


def test_a_letter_stands_as_published_as_filed_or_as_it_came(
    processes: tuple[Parts, Parts], people: dict[str, str], engine: Engine
) -> None:
    one, other = (each.house for each in processes)

    def stands(house: House) -> tuple[str, int, int | None, bool, bool]:
        with reading(engine) as session:
            state = wording_state(session, house, LETTER, "da")
        return state.text, state.seen, state.before, state.is_published, state.house_has_file

    assert stands(one) == (ours(one), 0, None, False, False)
    assert stands(other) == (worded(other, "Fra husets fil."), 0, None, False, True)
    publish(engine, people["lead"], "fra chatten", 0)
    assert stands(other) == ("fra chatten", 1, 0, True, True)
    back(engine, people["lead"], 0, 1)
    assert stands(other) == (worded(other, "Fra husets fil."), 2, None, False, True)


def test_what_is_no_letter_cannot_be_opened(engine: Engine) -> None:
    house = open_house()
    assert {"reply/declined", "follow_up/heard"} <= set(letters(house))
    assert not any(each.rpartition("/")[2][0] == "_" for each in letters(house))
    for name in ("reply/_voice", "../house", "reply/nothing"):
        with reading(engine) as session, pytest.raises(KeyError):
            wording_state(session, house, name, "da")


def case(session: Session, name: str, language: str = "da", **more: Any) -> int:
    row = builders.conversation(session)
    customer = session.get_one(Customer, row.customer_id)
    customer.preferred_name = name
    given = {**sample(open_house(), "da"), "name": name, "agent": "‹agent›", "also": []}
    builders.suggestion(session, row, template=LETTER, language=language, context=given, **more)
    return identity(row)


def test_a_letter_is_shown_in_its_last_three_cases_of_that_language(engine: Engine) -> None:
    house = replace(open_house(), name="Lampehuset")
    with transaction(engine) as session:
        for name in ("Anna", "Bo", "Carl", "Dorte"):
            case(session, name)
        case(session, "Elin", "sv")
        gone = case(session, "Forglemt")
        row = session.get_one(Conversation, gone)
        session.get_one(Customer, row.customer_id).erased_at = NOW
    with reading(engine) as session:
        found = recent_cases(session, house, LETTER, "da", "Signe Lund")
        assert [each.name for each in found] == ["Dorte", "Carl", "Bo"]
        assert {each.context["agent"] for each in found} == {"Signe"}
        assert {each.context["house"] for each in found} == {"Lampehuset"}
        assert recent_cases(session, house, "reply/declined", "da", "") == ()


def test_a_context_of_an_earlier_version_lacks_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        row = builders.conversation(session)
        builders.suggestion(session, row, template=LETTER, context={"name": "Bo", "answer_by": "i morgen"})
    with reading(engine) as session:
        (found,) = recent_cases(session, open_house(), LETTER, "da", "Signe")
    assert written(open_house(), LETTER, "da", found.context)[1] == ()


def test_a_follow_up_is_shown_in_cases_that_had_it(engine: Engine) -> None:
    with transaction(engine) as session:
        here, _other = case(session, "Anna"), case(session, "Bo")
        row = session.get_one(Conversation, here)
        signer = builders.agent(session, name="Nils Berg")
        session.add(builders.follow_up(row, signer, kind="heard", state=FollowUpState.SENT))
    with reading(engine) as session:
        found = recent_cases(session, open_house(), "follow_up/heard", "da", "Signe")
    assert [(each.name, each.context["agent"], each.context["first"]) for each in found] == [
        ("Anna", "Nils", True)
    ]
