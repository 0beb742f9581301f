"""The four shortcuts in the menu of a message: what each shows, does, and refuses."""

from datetime import timedelta

import pytest
from case_scenes import Office
from shared_rooms import Room
from sqlmodel import col
from thread_scenes import TWICE, Hall, card_of, use

from bot.desk.press import STAFF_ONLY
from bot.manifest import manifest
from bot.sandbox.slackcheck import check_view
from storage.tables import CardState, Conversation, ConversationState, FollowUp, FollowUpState

pytestmark = pytest.mark.asyncio(loop_scope="module")
ALL = ("draft_reply", "check_wording", "set_followup", "toggle_track")


@pytest.fixture
def hall(office: Office) -> Hall:
    return Hall(office)


# ---- Draft a reply ------------------------------------------------------------------------------------------


async def test_a_draft_for_a_thread_that_nobody_watches(hall: Hall) -> None:
    ts = await hall.asks()
    assert await hall.cases() == []
    view = await hall.use("draft_reply", ts)
    (case,) = await hall.cases()
    (draft,) = await hall.drafts()
    card = await card_of(hall.office, case.id or 0)
    assert draft.state is CardState.NEW and "Olav Dal" in card.text
    assert card.ts in str(view.blocks) and "Nothing is sent" in str(view.blocks)
    assert view.payload["close"]["text"] == "Done" and "submit" not in view.payload
    # Nobody was written to.
    assert len(hall.office.stage.workspace.thread(hall.channel.id, ts)) == 1


async def test_what_the_asker_adds_comes_in_and_what_others_say_does_not(hall: Hall) -> None:
    ts = await hall.asks()
    await hall.use("draft_reply", ts)
    await hall.asks("Det er stadig ikke kommet tilbage.", thread_ts=ts)
    kari = hall.office.stage.workspace.add_user("kari", real_name="Kari Lie")
    hall.channel.members.append(kari.id)
    await hall.people.say(kari.id, hall.channel.id, "Det har jeg også oplevet, 300 kr.", thread_ts=ts)
    await hall.office.stage.idle()
    assert len(await hall.heard()) == 2
    assert (await hall.drafts())[-1].version == 2


async def test_a_draft_on_an_answer_takes_in_what_was_said_before_it(hall: Hall) -> None:
    ts = await hall.asks()
    await hall.people.say(hall.office.freja.id, hall.channel.id, "Jeg kigger på det.", thread_ts=ts)
    reply = await hall.asks("Tak. Hvornår kan jeg regne med svar?", thread_ts=ts)
    await hall.use("draft_reply", reply)
    assert await hall.heard() == [TWICE, "Tak. Hvornår kan jeg regne med svar?"]
    assert len(await hall.cases()) == 1


async def test_asking_twice_makes_one_case_and_one_draft(hall: Hall) -> None:
    ts = await hall.asks()
    for user in (hall.office.freja, hall.office.nils):
        view = await hall.use("draft_reply", ts, user)
        assert "The draft is on the card" in str(view.blocks)
    assert len(await hall.cases()) == len(await hall.drafts()) == 1


async def test_a_dismissed_draft_is_made_again(hall: Hall) -> None:
    ts = await hall.asks()
    await hall.use("draft_reply", ts)
    (case,) = await hall.cases()
    card = await card_of(hall.office, case.id or 0)
    await hall.people.react(hall.office.freja.id, card.channel_id, card.ts, "white_check_mark")
    await hall.office.stage.idle()
    assert (await hall.cases())[0].state is ConversationState.RESOLVED
    await hall.use("draft_reply", ts)
    assert [each.state for each in await hall.drafts()] == [CardState.WITHDRAWN, CardState.NEW]
    assert (await hall.cases())[0].state is ConversationState.OPEN


async def test_a_draft_in_a_customers_channel_is_of_the_same_case(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    view = await use(room.office, room.office.freja, "draft_reply", room.channel.id, ts)
    assert (await card_of(room.office, message.conversation_id)).ts in str(view.blocks)
    assert len(await room.said()) == 1


async def test_in_the_triage_channel_it_says_what_to_do(office: Office) -> None:
    case = await office.case()
    card = await case.card()
    note = await office.people.say(office.freja.id, card.channel_id, "Hvem tager den?", thread_ts=card.ts)
    for ts in (card.ts, note):
        view = await use(office, office.freja, "draft_reply", card.channel_id, ts)
        assert "press Send Reply or Edit there" in str(view.blocks) and card.ts in str(view.blocks)


async def test_a_thread_of_colleagues_alone_has_nothing_to_answer(hall: Hall) -> None:
    ts = await hall.people.say(hall.office.freja.id, hall.channel.id, "Husk mødet kl. 10.")
    assert "Nobody but colleagues" in str((await hall.use("draft_reply", ts)).blocks)
    assert await hall.cases() == []


async def test_where_the_app_is_not_it_asks_to_be_invited(office: Office) -> None:
    workspace = office.stage.workspace
    olav = workspace.add_user("olav", real_name="Olav Dal")
    away = workspace.add_channel(f"uden-{olav.id}", [office.freja, olav], with_bot=False)
    ts = await office.people.say(olav.id, away.id, TWICE)
    view = await use(office, office.freja, "draft_reply", away.id, ts)
    assert "/invite @Tillid" in str(view.blocks)
    office.stage.slack.calls.clear()


# ---- Check my wording ---------------------------------------------------------------------------------------


async def test_my_wording_is_checked_and_kinder_words_are_offered(hall: Hall) -> None:
    text = "Send os et skærmbillede som bevis, ellers kan vi desværre ikke hjælpe dig."
    ts = await hall.people.say(hall.office.freja.id, hall.channel.id, text)
    view = await hall.use("check_wording", ts)
    assert "may hear distrust" in str(view.blocks) and "rich_text_preformatted" in str(view.blocks)
    assert "submit" not in view.payload and view.payload["close"]["text"] == "Done"
    assert await hall.cases() == []


async def test_kind_words_have_no_findings(hall: Hall) -> None:
    ts = await hall.people.say(
        hall.office.freja.id, hall.channel.id, "Hej Mette. Tak, fordi du skrev. Pengene er på vej."
    )
    assert "Nothing here sounds like distrust." in str((await hall.use("check_wording", ts)).blocks)


@pytest.mark.parametrize(
    "text", ["<!channel> <@U123> &lt;!here&gt;", "x" * 10_000, "\u202egnp.exe |> `*_~", "🔥" * 3000, ":wave:"]
)
async def test_hostile_words_make_a_legal_window(hall: Hall, text: str) -> None:
    ts = await hall.asks(text)
    view = await hall.use("check_wording", ts)
    assert check_view(view.payload) == []
    assert "<!channel>" not in str(view.blocks)


# ---- Set follow-up ------------------------------------------------------------------------------------------


async def test_the_follow_up_of_a_customers_thread_is_set(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    view = await use(room.office, room.office.freja, "set_followup", room.channel.id, ts)
    assert view.payload["callback_id"] == "follow_up"
    due = int((room.office.stage.clock() + timedelta(days=2)).timestamp())
    await room.people.submit(room.office.freja.id, view.id, {"due": {"due": due}})
    await room.settled()
    (follow_up,) = await room.office.rows(FollowUp, col(FollowUp.conversation_id) == message.conversation_id)
    assert follow_up.state is FollowUpState.SCHEDULED


async def test_the_follow_up_of_a_card_is_that_of_its_case(office: Office) -> None:
    case = await office.case()
    card = await case.card()
    view = await use(office, office.freja, "set_followup", card.channel_id, card.ts)
    assert f'"c": {case.id}' in view.payload["private_metadata"]


async def test_a_thread_without_a_case_has_no_follow_up(hall: Hall) -> None:
    assert "has no case" in str((await hall.use("set_followup", await hall.asks())).blocks)


# ---- Track or untrack ---------------------------------------------------------------------------------------


async def test_tracking_takes_a_thread_up_and_twice_is_once(hall: Hall) -> None:
    ts = await hall.asks()
    assert "Tracked." in str((await hall.use("toggle_track", ts)).blocks)
    assert len(await hall.drafts()) == 1
    again = await hall.use("toggle_track", ts)
    assert "Stop Tracking" in str(again.payload)
    assert len(await hall.cases()) == len(await hall.drafts()) == 1


async def test_untracked_threads_make_no_cards_until_they_are_tracked_again(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    freja = room.office.freja
    view = await use(room.office, freja, "toggle_track", room.channel.id, ts)
    for _ in range(2):
        await room.people.submit(freja.id, view.id) if "submit" in view.payload else None
        view = room.people.screen(freja.id) or view
    await room.settled()
    assert "No longer tracked" in str(view.blocks)
    (case,) = await room.office.rows(Conversation, col(Conversation.id) == message.conversation_id)
    assert case.state is ConversationState.RESOLVED
    await room.people.say(room.guest.id, room.channel.id, "Hallo? Har I set det?", thread_ts=ts)
    await room.settled()
    assert len(await room.said()) == 1
    # Other threads of the channel go on as before.
    await room.people.say(room.guest.id, room.channel.id, "Og hvor er ordre 10999? Den er forsinket.")
    await room.settled()
    assert len(await room.said()) == 2
    assert "Tracked." in str((await use(room.office, freja, "toggle_track", room.channel.id, ts)).blocks)
    assert [each.reply for each in await room.said()][-1] == "Hallo? Har I set det?"
    (case,) = await room.office.rows(Conversation, col(Conversation.id) == message.conversation_id)
    assert case.state is ConversationState.OPEN


async def test_the_triage_channel_cannot_be_tracked(office: Office) -> None:
    ts = await office.people.say(office.freja.id, office.stage.triage.id, "Hej alle")
    view = await use(office, office.freja, "toggle_track", office.stage.triage.id, ts)
    assert "nothing to track" in str(view.blocks)


async def test_the_manifest_names_each_shortcut_and_what_they_need(office: Office) -> None:
    given = manifest("https://tillid.example.dk")
    shortcuts = given["features"]["shortcuts"]
    assert tuple(each["callback_id"] for each in shortcuts) == ALL
    assert all(each["type"] == "message" and len(each["name"]) <= 24 for each in shortcuts)
    scopes, events = (
        given["oauth_config"]["scopes"]["bot"],
        given["settings"]["event_subscriptions"]["bot_events"],
    )
    assert {"commands", "reactions:read", "app_mentions:read", "im:history", "groups:history"} <= set(scopes)
    assert {"app_home_opened", "app_mention", "message.im", "reaction_added", "reaction_removed"} <= set(
        events
    )
    assert given["features"]["app_home"]["home_tab_enabled"]


# ---- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shortcut", ALL)
async def test_outsiders_are_refused_by_their_own_team(room: Room, shortcut: str) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    stage, before = room.office.stage, await room.office.rows(Conversation)
    message = stage.workspace.message(room.channel.id, ts)
    assert message is not None
    # Slack does not offer them the shortcuts: somebody made this request by hand.
    interactions = stage.slack._interactions
    result = await interactions.message_action(room.guest, room.channel, message, shortcut)
    assert result.acknowledged
    assert await room.office.told(room.guest) == [STAFF_ONLY]
    assert room.people.screen(room.guest.id) is None
    assert len(await room.office.rows(Conversation)) == len(before)


@pytest.mark.parametrize("shortcut", ALL)
async def test_people_of_ours_who_are_no_colleagues_learn_nothing(hall: Hall, shortcut: str) -> None:
    ts = await hall.asks()
    view = await hall.use(shortcut, ts, hall.olav)
    assert STAFF_ONLY in str(view.blocks)
    assert await hall.cases() == []


async def test_a_window_left_open_by_somebody_who_left_the_team_does_nothing(hall: Hall) -> None:
    ts = await hall.asks()
    await hall.use("toggle_track", ts)
    view = await hall.use("toggle_track", ts)
    hall.office.stage.workspace.users[hall.office.freja.id].team_id = "T0ELSEWHERE"
    try:
        await hall.people.submit(hall.office.freja.id, view.id)
    finally:
        hall.office.stage.workspace.users[hall.office.freja.id].team_id = hall.office.stage.workspace.team_id
    shown = hall.people.screen(hall.office.freja.id)
    assert shown is not None and STAFF_ONLY in str(shown.blocks)
    assert (await hall.cases())[0].state is ConversationState.OPEN
