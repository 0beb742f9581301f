"""A mailbox that cannot be read: people hear of it once, with the reason, and once when it works again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from mailbox_scenes import Post, mail, reading, until
from scenes import PLACES, Scene
from scripted_imap import no, silence
from sqlalchemy import Engine

from bot.cards import notes
from bot.handlers.mailbox import LAST_WAIT, LAST_WAIT_REFUSED
from bot.handlers.mailbox_health import GRACE, MailboxHealth
from storage import mailboxes
from storage.tables import MailboxHealth as MailboxHealthRow
from storage.tables import OutboxItem

pytestmark = pytest.mark.asyncio(loop_scope="module")
SOON = timedelta(seconds=0.2)
NAME = "sandbox@127.0.0.1"


async def alerts(post: Post) -> list[str]:
    rows = await post.rows(OutboxItem)
    assert {each.kind for each in rows} <= {"alert"}
    return [each.payload["reason"] for each in rows]


async def until_told(post: Post, count: int) -> list[str]:
    async def told() -> bool:
        return len(await alerts(post)) >= count

    await until(told)
    await asyncio.sleep(0.3)
    return await alerts(post)


@pytest.mark.parametrize(
    ("command", "trouble", "reason"),
    [
        ("LOGIN", no, "the mailbox refused our password"),
        ("SELECT", no, "the folder cannot be opened"),
        ("UID SEARCH", silence, "the server does not answer"),
    ],
)
async def test_trouble_is_told_once_and_its_end_once(
    scripted: Post, command: str, trouble: object, reason: str
) -> None:
    def mailbox() -> object:
        return scripted.mailbox(alert_after=SOON, deadline=0.3, first_wait=0.02)

    async with reading(mailbox()):
        await scripted.until_met()
    scripted.server.always[command] = trouble
    # Two programs look at it, and one of them is started again.
    async with reading(mailbox()):
        async with reading(mailbox()):
            assert await until_told(scripted, 1) == [reason]
        async with reading(mailbox()):
            await asyncio.sleep(0.5)
            assert await alerts(scripted) == [reason]
            scripted.server.always.clear()
            await scripted.server.deliver(mail("meanwhile"))
            assert await until_told(scripted, 2) == [reason, ""]
            assert await scripted.until_stored(1) == ["meanwhile"]
        scripted.server.always[command] = trouble
        scripted.server.drop_all()
        assert await until_told(scripted, 3) == [reason, "", reason]


async def test_a_stumble_is_told_to_nobody(scripted: Post) -> None:
    async with reading(scripted.mailbox(alert_after=timedelta(minutes=15), deadline=0.3, first_wait=0.02)):
        await scripted.until_met()
        scripted.server.troubles["SELECT"] = [no, no, no]
        await scripted.server.deliver(mail("a"))
        await scripted.until_stored(1)

        async def well() -> bool:
            return [each.trouble for each in await scripted.rows(MailboxHealthRow)] == [""]

        await until(well)
    assert await alerts(scripted) == []


async def test_a_locked_account_is_tried_less_often_than_a_broken_line(scripted: Post) -> None:
    assert LAST_WAIT < LAST_WAIT_REFUSED
    scripted.server.always["LOGIN"] = no
    async with reading(scripted.mailbox(first_wait=0.05, chance=lambda: 1.0)):
        await asyncio.sleep(1.2)
    # 0.05 + 0.1 + 0.2 + 0.4 + 0.8: at the most five attempts fit in.
    assert 2 <= scripted.server.connections <= 5


async def test_mailboxes_that_fail_together_do_not_come_back_together(scripted: Post) -> None:
    scripted.server.always["LOGIN"] = no
    gaps = []
    for chance in (0.0, 1.0):
        before = scripted.server.connections
        async with reading(scripted.mailbox(first_wait=2, chance=lambda share=chance: share)):

            async def twice(wanted: int = before + 2) -> bool:
                return scripted.server.connections >= wanted

            await until(twice)
        first, second = scripted.server.connected_at[before : before + 2]
        gaps.append(second - first)
    assert 1 <= gaps[0] < gaps[1]
    assert gaps[1] >= 2


# ---- by the clock of the house ------------------------------------------------------------------------------


async def test_it_is_told_after_the_minutes_that_were_set_whatever_the_waits(scene: Scene) -> None:
    health = MailboxHealth(scene.parts, NAME, timedelta(minutes=15))
    await health.works()
    scene.pass_time(minutes=14)
    await health.fails("the server does not answer")
    scene.pass_time(seconds=30)
    await health.fails("the server does not answer")
    assert scene.waiting("alert") == []
    scene.pass_time(minutes=2)
    await health.fails("the server does not answer")
    (alert,) = scene.waiting("alert")
    assert alert.payload == {
        "mailbox": NAME,
        "reason": "the server does not answer",
        "since": "2026-03-02T09:00:00+00:00",
    }


async def test_a_program_that_was_off_for_a_week_first_tries_a_while(scene: Scene) -> None:
    await MailboxHealth(scene.parts, NAME).works()
    scene.pass_time(days=7)
    health = MailboxHealth(scene.parts, NAME)
    await health.fails("no connection to the server")
    assert scene.waiting("alert") == []
    scene.pass_time(seconds=GRACE.total_seconds())
    await health.fails("no connection to the server")
    assert len(scene.waiting("alert")) == 1


async def test_a_mailbox_that_never_worked_is_told_too(scene: Scene) -> None:
    health = MailboxHealth(scene.parts, NAME)
    await health.fails("the mailbox refused our password")
    scene.pass_time(minutes=15)
    await health.fails("the mailbox refused our password")
    assert len(scene.waiting("alert")) == 1


async def test_the_alert_goes_to_those_who_wait_for_its_mail(engine: Engine) -> None:
    scene = Scene(engine)
    now = scene.now
    scene.do(mailboxes.readable, NAME, now)
    scene.do(
        mailboxes.unreadable,
        NAME,
        "the folder cannot be opened",
        now + timedelta(hours=1),
        timedelta(minutes=15),
    )
    scene.do(mailboxes.readable, NAME, now + timedelta(hours=2))
    scene.pass_time(hours=2)
    await scene.work()
    down, up = [item.payload for item in scene.sent]
    assert (down["channel"], up["channel"]) == (PLACES.triage_channel, PLACES.triage_channel)
    assert "cannot be read: the folder cannot be opened." in down["text"]
    assert "can be read again" in up["text"]


async def test_the_alert_says_what_since_when_and_that_nothing_is_lost() -> None:
    card = notes.mailbox_alert("hej@lampehuset.example@mail.example", "the server does not answer",
                               datetime(2026, 3, 2, 9, tzinfo=UTC))  # fmt: skip
    assert "2 Mar 2026 09:00 UTC" in card.text
    assert "nothing is lost" in card.text
    assert "<" not in notes.mailbox_alert(
        "<!channel>", "<@U1>", datetime(2026, 3, 2, tzinfo=UTC)
    ).text.replace("<!date", "")
