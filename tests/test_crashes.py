"""When the process dies: each line of the table is a child that is really killed, and what the next one finds."""

from pathlib import Path

import pytest
from crashing.moments import Kind, Moment
from crashing.process import Nursery
from crashing.scene import PAST_EVERY_LEASE, is_one_of_each, scene

from bot.settings import Part
from storage.tables import (
    Agent,
    Conversation,
    InboxItem,
    InboxState,
    MailboxCursor,
    Message,
    OutboxItem,
    OutboxState,
    Suggestion,
)

# ---- before the inbox commit: not acknowledged, the cursor has not moved --------------------------------------


async def test_a_slack_message_that_was_not_stored_is_not_acknowledged_and_comes_again(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.BEFORE_COMMIT, "inbox")) as on:
        await on.guest_speaks()
        assert await on.was_killed()
        assert await on.rows(InboxItem) == []
        await on.recover()
        assert on.was_refused_then_taken()
        assert await is_one_of_each(on)


async def test_a_mail_that_was_not_stored_is_read_again(tmp_path: Path, nursery: Nursery) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.BEFORE_COMMIT, "inbox")) as on:
        before = [cursor.last_uid for cursor in await on.rows(MailboxCursor)]
        await on.mail_comes()
        assert await on.was_killed()
        assert await on.rows(InboxItem) == []
        assert [cursor.last_uid for cursor in await on.rows(MailboxCursor)] == before
        await on.recover_with(InboxItem)
        assert await is_one_of_each(on)


# ---- after the commit, before the acknowledgement: comes again, and is nothing new ----------------------------


async def test_a_slack_message_that_was_stored_and_comes_again_is_one_message(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_COMMIT, "inbox")) as on:
        await on.guest_speaks()
        assert await on.was_killed()
        assert len(await on.rows(InboxItem)) == 1
        await on.recover()
        assert on.was_refused_then_taken()
        assert await is_one_of_each(on)


async def test_a_mail_that_was_stored_is_not_read_again(tmp_path: Path, nursery: Nursery) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_COMMIT, "inbox")) as on:
        before = [cursor.last_uid for cursor in await on.rows(MailboxCursor)]
        await on.mail_comes()
        assert await on.was_killed()
        assert [cursor.last_uid for cursor in await on.rows(MailboxCursor)] > before
        await on.recover()
        assert await is_one_of_each(on)


# ---- between accept and process: the row is new, and the next process takes it --------------------------------


async def test_what_was_stored_and_not_begun_is_processed_by_the_next_process(
    tmp_path: Path, nursery: Nursery, database_url: str
) -> None:
    moment = Moment(Kind.BEFORE_CLAIM)
    async with scene(tmp_path, nursery, moment, database_url=database_url) as on:
        await on.guest_speaks()
        await on.child.says("held")
        await on.stage.slack.wait_until_idle(20)
        on.child.kill()
        assert await on.was_killed()
        assert [each.acknowledged for each in on.deliveries()] == [True]
        assert [(item.state, item.attempts) for item in await on.rows(InboxItem)] == [(InboxState.NEW, 0)]
        assert await on.rows(Message) == []
        await on.recover()
        assert await is_one_of_each(on)


# ---- inside process: rolled back, still new -------------------------------------------------------------------


async def test_what_was_half_written_down_is_rolled_back_and_done_once(
    tmp_path: Path, nursery: Nursery, database_url: str
) -> None:
    moment = Moment(Kind.BEFORE_COMMIT, "suggestions")
    async with scene(tmp_path, nursery, moment, database_url=database_url) as on:
        await on.mail_comes()
        assert await on.was_killed()
        assert [(item.state, item.attempts) for item in await on.rows(InboxItem)] == [(InboxState.NEW, 1)]
        assert [len(await on.rows(table)) for table in (Message, Suggestion)] == [0, 0]
        # The morning's messages to colleagues are written beside it.
        assert {row.kind for row in await on.rows(OutboxItem)} <= {"digest"}
        await on.recover(PAST_EVERY_LEASE)
        assert [(item.state, item.attempts) for item in await on.rows(InboxItem)] == [(InboxState.DONE, 2)]
        assert await is_one_of_each(on)


# ---- after process, before the send: the row is pending and due -----------------------------------------------


async def test_what_was_written_down_and_not_sent_is_sent_by_the_next_process(
    tmp_path: Path, nursery: Nursery, database_url: str
) -> None:
    moment = Moment(Kind.AFTER_COMMIT, "outbox")
    only: tuple[Part, ...] = ("slack", "mail")  # nothing delivers in the instant between commit and death
    async with scene(tmp_path, nursery, moment, database_url=database_url, only=only) as on:
        await on.mail_comes()
        assert await on.was_killed()
        assert [(row.state, row.attempts) for row in await on.rows(OutboxItem)] == [(OutboxState.PENDING, 0)]
        assert all(row.due_at <= on.stage.clock() for row in await on.rows(OutboxItem))
        assert on.stage.cards() == []
        await on.recover()
        assert await is_one_of_each(on)


# ---- after a press that outdates a draft, before that is made anew: a mark says so, and the next process does it --


@pytest.mark.parametrize("dies", ["after the press", "while the draft is written down"])
async def test_a_case_that_was_handed_on_is_drafted_in_the_right_name_by_the_next_process(
    tmp_path: Path, nursery: Nursery, database_url: str, dies: str
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.NEVER), database_url=database_url) as on:
        await on.mail_comes()
        await on.freja_takes_it()
        on.child.kill()
        assert await on.was_killed()
        last = Moment(Kind.AFTER_COMMIT, "outbox")
        await on.begin(last if dies == "after the press" else Moment(Kind.BEFORE_COMMIT, "suggestions"))
        await on.freja_goes_away()
        assert await on.was_killed()
        nils = next(each.id for each in await on.rows(Agent) if each.slack_user_id == on.stage.nils.id)
        assert [each.agent_id for each in await on.rows(Conversation)] == [nils]
        assert [_signed(each) for each in await on.rows(Suggestion)] == ["‹agent›", "Freja"]
        assert all(each.redraft_since is not None for each in await on.rows(Conversation))
        await on.recover(PAST_EVERY_LEASE)
        await on.until(Suggestion, lambda rows: len(rows) == 3)
        await on.stage.idle()
        assert [_signed(each) for each in await on.rows(Suggestion)] == ["‹agent›", "Freja", "Nils"]
        assert [each.redraft_since for each in await on.rows(Conversation)] == [None]


def _signed(draft: Suggestion) -> str:
    return draft.text.strip().splitlines()[-1]
