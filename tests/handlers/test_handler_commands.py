"""/tillid, typed by each kind of person."""

import re
from datetime import timedelta

import pytest
from case_scenes import Office

pytestmark = pytest.mark.asyncio(loop_scope="module")
ALL = ("help", "queue", "due", "stats", "whoami", "status")


async def test_help_names_what_works_for_the_asker(office: Office) -> None:
    for_agent = await office.command(office.freja, "help")
    for_lead = await office.command(office.signe, "help")
    assert all(f"/tillid {word}" in for_agent for word in ALL)
    assert "/tillid watch" not in for_agent
    assert "/tillid watch" in for_lead


async def test_nothing_typed_is_help(office: Office) -> None:
    assert await office.command(office.freja, "") == await office.command(office.freja, "help")


@pytest.mark.parametrize(("name", "role"), [("freja", "agent"), ("signe", "lead"), ("marius", "manager")])
async def test_whoami_says_the_role_and_why(office: Office, name: str, role: str) -> None:
    said = await office.command(getattr(office.stage, name), "whoami")
    assert f"You are {role}" in said
    assert "triage channel" in said


async def test_the_queue_shows_who_waits_and_not_who_was_answered(office: Office) -> None:
    waits, answered = await office.case(), await office.case()
    await answered.press(office.freja, "card_send")
    said = await office.command(office.nils, "queue")
    assert waits.name.split()[0] in said
    assert said.count("charged twice") >= 1
    assert "1 customer waits" in said


async def test_due_shows_what_is_planned(office: Office) -> None:
    # What was promised in an answer before may be due; a follow-up is not.
    assert "follow-up due" not in await office.command(office.nils, "due")
    case = await office.case()
    view = await case.window(office.freja, "card_follow_up")
    tomorrow = int((office.stage.clock() + timedelta(days=1)).timestamp())
    await case.send_off(office.freja, view, {"due": tomorrow})
    said = await office.command(office.nils, "due")
    assert re.search(r"1 follow-up (?:and \d+ promises? )?due", said)
    assert f"<@{office.freja.id}>" in said


async def test_stats_answers_a_question_in_words(office: Office) -> None:
    said = await office.command(office.freja, "stats suggestions today")
    assert "Support today" in said
    assert "sent as they were" in said
    assert "Refunds" not in said


async def test_stats_says_when_there_is_nothing_to_count(office: Office) -> None:
    assert "no data yet" in await office.command(office.freja, "stats refunds today")


async def test_a_question_that_is_not_understood_gets_the_nearest(office: Office) -> None:
    said = await office.command(office.freja, "stats refnds week")
    assert "I don't understand" in said
    assert "refunds this week" in said


async def test_status_tells_how_the_program_is_doing(office: Office) -> None:
    said = await office.command(office.freja, "status")
    assert all(words in said for words in ("Last message in", "Due and not sent", "In quarantine"))


async def test_an_agent_cannot_choose_the_channels(office: Office) -> None:
    shared = office.stage.shared
    for word in ("watch", "unwatch"):
        said = await office.command(office.freja, f"{word} <#{shared.id}|{shared.name}>")
        assert "Only support leads" in said


async def test_a_lead_watches_and_unwatches_a_channel(office: Office) -> None:
    shared = office.stage.shared
    named = f"<#{shared.id}|{shared.name}>"
    assert "Watching" in await office.command(office.signe, f"watch {named}")
    assert "watched already" in await office.command(office.signe, f"watch {shared.id}")
    assert "No longer watching" in await office.command(office.stage.marius, f"unwatch {named}")
    assert "was not watched" in await office.command(office.signe, f"unwatch {named}")


async def test_watch_wants_a_channel_and_not_the_triage_channel(office: Office) -> None:
    assert "Name a channel" in await office.command(office.signe, "watch")
    assert "Name a channel" in await office.command(office.signe, "watch kunder")
    triage = office.stage.triage
    assert "triage channel" in await office.command(office.signe, f"watch <#{triage.id}|{triage.name}>")


@pytest.mark.parametrize(
    ("typed", "meant"), [("queu", "queue"), ("statz", "stats"), ("hlep", "help"), ("WHOAM", "whoami")]
)
async def test_an_unknown_word_gets_the_nearest(office: Office, typed: str, meant: str) -> None:
    said = await office.command(office.freja, typed)
    assert f"I don't know `{typed.lower()}`. Did you mean `{meant}`?" in said


async def test_a_word_like_no_other_gets_the_list(office: Office) -> None:
    said = await office.command(office.freja, "xyzzy & <b>")
    assert "Did you mean" not in said
    assert "queue" in said


async def test_a_word_that_comes_later_says_so(office: Office) -> None:
    assert "not here yet" in await office.command(office.freja, "authority")


async def test_somebody_outside_the_triage_channel_is_told_whose_it_is(office: Office) -> None:
    stage = office.stage
    olav = stage.workspace.add_user("olav", real_name="Olav Dal")
    stage.shared.members.append(olav.id)
    for words in ("queue", "stats", "whoami"):
        result = await office.people.command(olav.id, stage.shared.id, "/tillid", words)
        assert "support staff" in str(result.payload)
        assert "blocks" not in (result.payload or {})


async def test_help_tells_an_outsider_what_this_is(office: Office) -> None:
    stage = office.stage
    kari = stage.workspace.add_user("kari", real_name="Kari Moe")
    stage.shared.members.append(kari.id)
    result = await office.people.command(kari.id, stage.shared.id, "/tillid", "help")
    assert "drafts answers to customers" in str(result.payload)
    assert "/tillid queue" not in str(result.payload)
