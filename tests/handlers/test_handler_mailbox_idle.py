"""A mailbox that pushes: heard at once, asked again in any case, and left when the line or the server goes quiet."""

import asyncio

import pytest
from mailbox_scenes import Post, mail, reading, until, utc_now
from scripted_imap import Talk, Trouble, bye, no, reset, silence

from bot.handlers.mailbox import LONGEST_IDLE
from bot.parts import Parts

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: Nobody would hear of a mail by asking within a test.
NEVER = 3600


async def listening(post: Post) -> None:
    async def is_so() -> bool:
        return post.server.listening > 0

    await until(is_so)


async def test_a_real_server_is_listened_to_and_asked_because_its_pushes_get_lost(post: Post) -> None:
    # This one pushes most mails, not all of them.
    async with reading(post.mailbox(poll_seconds=1)):
        await post.until_met()
        for number in range(4):
            await post.deliver(mail(number))
            assert await post.until_stored(number + 1) == [str(each) for each in range(number + 1)]


async def test_a_pushed_mail_is_taken_without_asking_and_over_one_connection(scripted: Post) -> None:
    async with reading(scripted.mailbox(poll_seconds=NEVER)):
        for number in range(3):
            await listening(scripted)
            await scripted.server.deliver(mail(number))
            await scripted.until_stored(number + 1)
        await listening(scripted)
    assert await scripted.stored() == ["0", "1", "2"]
    assert scripted.server.most_open == 1
    assert not [said for said in scripted.server.commands if "ENVELOPE" in said or "STRUCTURE" in said]


async def test_what_the_server_chatters_in_between_wakes_nobody(scripted: Post) -> None:
    async with reading(scripted.mailbox(poll_seconds=NEVER)):
        await listening(scripted)
        looks = scripted.server.heard["UID SEARCH"]
        await scripted.server.say_to_listeners("* OK still here", "* 3 FETCH (FLAGS (\\Seen))", "* 3 EXPUNGE")
        await asyncio.sleep(0.2)
        assert scripted.server.listening == 1
        assert scripted.server.heard["UID SEARCH"] == looks
        # A colleague empties the folder: more lines in one go than the library's recursion would bear.
        await scripted.server.say_to_listeners(*("* 1 EXPUNGE" for _ in range(3000)))
        await scripted.server.deliver(mail("a"))
        assert await scripted.until_stored(1) == ["a"]
    assert scripted.server.connections == 1


async def test_listening_is_begun_anew_within_nine_minutes_and_the_mailbox_looked_at(scripted: Post) -> None:
    assert LONGEST_IDLE <= 9 * 60
    async with reading(scripted.mailbox(poll_seconds=0.1)):
        await listening(scripted)
        # The push got lost; only asking finds it.
        scripted.server.folders["INBOX"][101] = mail("unheard")
        assert await scripted.until_stored(1) == ["unheard"]

        async def often() -> bool:
            return scripted.server.heard["IDLE"] >= 4

        await until(often)
    assert scripted.server.connections == 1


async def test_a_server_without_idle_is_asked_now_and_then(scripted: Post) -> None:
    scripted.server.capabilities = "IMAP4rev1"
    async with reading(scripted.mailbox()):
        await scripted.until_met()
        await scripted.server.deliver(mail("a"))
        assert await scripted.until_stored(1) == ["a"]
    assert scripted.server.heard["IDLE"] == 0


async def test_a_server_that_refuses_idle_is_asked_now_and_then(scripted: Post) -> None:
    scripted.server.always["IDLE"] = no
    async with reading(scripted.mailbox()):
        await scripted.until_met()
        await asyncio.sleep(0.3)
        await scripted.server.deliver(mail("a"))
        assert await scripted.until_stored(1) == ["a"]
    assert scripted.server.heard["IDLE"] == 1
    assert scripted.server.connections == 1


async def test_a_server_that_promises_idle_and_never_begins_it_is_asked_now_and_then(scripted: Post) -> None:
    scripted.server.always["IDLE"] = silence
    async with reading(scripted.mailbox(deadline=0.5, first_wait=0.02)):
        await scripted.until_met()
        await scripted.server.deliver(mail("a"))
        assert await scripted.until_stored(1) == ["a"]
        await scripted.server.deliver(mail("b"))
        assert await scripted.until_stored(2) == ["a", "b"]
    assert scripted.server.heard["IDLE"] == 1


async def frozen(talk: Talk) -> None:
    """IDLE begins, and its end is never confirmed."""
    await talk.says("+ idling")
    await silence(talk)


async def says_bye_and_stays(talk: Talk) -> None:
    """It says goodbye and does not close the line."""
    await talk.says("+ idling", "* BYE going down")
    await silence(talk)


@pytest.mark.parametrize("trouble", [bye, reset, frozen, says_bye_and_stays])
async def test_a_line_that_ends_while_we_listen_is_made_again_and_nothing_is_missed(
    scripted: Post, trouble: Trouble
) -> None:
    scripted.server.troubles["IDLE"] = [trouble]
    async with reading(scripted.mailbox(poll_seconds=0.3, deadline=0.5, first_wait=0.02)):
        await scripted.until_met()
        scripted.server.folders["INBOX"][101] = mail("meanwhile")
        assert await scripted.until_stored(1) == ["meanwhile"]
        await listening(scripted)
        await scripted.server.deliver(mail("after"))
        assert await scripted.until_stored(2) == ["meanwhile", "after"]
    assert scripted.server.connections == 2


async def test_two_programs_listening_to_one_mailbox_store_each_mail_once(scripted: Post) -> None:
    other = Post(
        scripted.server, Parts(scripted.parts.engine, utc_now, scripted.parts.house, scripted.parts.places)
    )
    async with reading(scripted.mailbox()), reading(other.mailbox()):
        await scripted.until_met()
        for number in range(20):
            await scripted.server.deliver(mail(number))
        assert await scripted.until_stored(20) == [str(number) for number in range(20)]
