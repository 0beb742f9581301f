"""A mailbox on a server that breaks off, falls silent or refuses: nothing lost, nothing twice, nothing held up."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from mailbox_scenes import Post, mail, reading, until
from scripted_imap import ScriptedImap, Talk, Trouble, bye, no, reset, silence
from structlog.testing import capture_logs

from bot import pipeline
from bot.handlers.mailbox import Mailbox
from storage.tables import Conversation, InboxItem, Quarantine, Suggestion

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def garbage(talk: Talk) -> None:
    """Something that is no IMAP at all."""
    await talk.says(b"\xff\xfe{99999999999", b"* 1 FETCH ((((", b"\x00\x00")
    talk.writer.close()


def patient(post: Post, **more: object) -> Mailbox:
    return post.mailbox(deadline=0.5, first_wait=0.02, **more)


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "STATUS"])
@pytest.mark.parametrize("trouble", [bye, reset, silence, no, garbage])
async def test_whatever_breaks_off_is_begun_again_and_each_mail_comes_once(
    scripted: Post, command: str, trouble: Trouble
) -> None:
    async with reading(patient(scripted)):
        await scripted.until_met()
    await scripted.server.deliver(mail("a"))
    await scripted.server.deliver(mail("b"))
    scripted.server.troubles[command] = [trouble]
    async with reading(patient(scripted)):
        assert await scripted.until_stored(2) == ["a", "b"]
        await scripted.server.deliver(mail("c"))
        assert await scripted.until_stored(3) == ["a", "b", "c"]

        async def one_line() -> bool:
            return scripted.server.open == 1

        await until(one_line)


async def test_a_greeting_that_turns_us_away_is_taken_as_one(scripted: Post) -> None:
    async with ScriptedImap() as server:
        server.capabilities = "nothing that we know"
        with capture_logs() as logs:
            async with reading(patient(scripted, url=server.url)):
                await until(lambda: _heard(logs, "mailbox_unreachable", 3))
    assert {each["error"] for each in logs if each["event"] == "mailbox_unreachable"} == {"ImapTrouble"}


async def _heard(logs: list[dict[str, object]], event: str, times: int = 1) -> bool:
    return sum(each["event"] == event for each in logs) >= times


async def test_numbers_that_change_under_us_give_no_duplicates_and_no_loss(scripted: Post) -> None:
    async with reading(patient(scripted)):
        await scripted.until_met()
        for name in "abc":
            await scripted.server.deliver(mail(name))
        await scripted.until_stored(3)
        mails = scripted.server.folders["INBOX"]
        again = [*mails.values(), mail("d")]
        mails.clear()
        scripted.server.validity = 8
        mails.update(dict(enumerate(again, start=1)))
        assert await scripted.until_stored(4) == ["a", "b", "c", "d"]
        await scripted.server.deliver(mail("e"))
        assert await scripted.until_stored(5) == ["a", "b", "c", "d", "e"]


async def test_a_mail_that_is_moved_away_and_back_is_one_mail(scripted: Post) -> None:
    async with reading(patient(scripted)):
        await scripted.until_met()
        await scripted.server.deliver(mail("a"))
        await scripted.until_stored(1)
        del scripted.server.folders["INBOX"][101]
        scripted.server.folders["INBOX"][140] = mail("a")
        # One that came back from another folder, with an old date and a new number, is new to us.
        scripted.server.folders["INBOX"][141] = mail("from-spam")
        assert await scripted.until_stored(2) == ["a", "from-spam"]


async def test_a_mail_that_somebody_marked_as_deleted_is_taken_all_the_same(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()

    def append() -> None:
        with post.opened() as client:
            client.append("INBOX", r"(\Deleted)", "", mail("marked"))

    await asyncio.to_thread(append)
    async with reading(post.mailbox()):
        assert await post.until_stored(1) == ["marked"]


# ---- mails that cannot be had whole -------------------------------------------------------------------------


async def test_a_mail_that_is_too_large_is_known_by_its_headers_and_shown_without_a_draft(
    scripted: Post,
) -> None:
    async with reading(patient(scripted)):
        await scripted.until_met()
        scripted.server.claims[101] = 52 * 2**20
        await scripted.server.deliver(mail("huge"))
        await scripted.server.deliver(mail("next"))
        assert await scripted.until_stored(2) == ["huge", "next"]
    assert not [said for said in scripted.server.commands if "101" in said and "BODY.PEEK[]" in said]
    while await pipeline.process(scripted.parts):
        pass
    # The two are of two lanes, and processed side by side.
    huge, following = sorted(await scripted.rows(Suggestion), key=lambda each: bool(each.text))
    assert "This mail (52 MB) could not be fetched whole" in huge.hints[0]
    assert huge.text == ""
    assert huge.remedy is None
    assert following.text != ""
    conversations = {each.subject: each for each in await scripted.rows(Conversation)}
    assert set(conversations) == {"Pakke huge", "Pakke next"}
    assert conversations["Pakke huge"].mailbox == "sandbox@127.0.0.1"


async def test_a_mail_that_the_server_never_hands_over_holds_nobody_up(scripted: Post) -> None:
    async with reading(patient(scripted)):
        await scripted.until_met()
        scripted.server.stuck.add(101)
        for name in ("stuck", "b", "c"):
            await scripted.server.deliver(mail(name))
        assert await scripted.until_stored(3) == ["stuck", "b", "c"]
    items = await scripted.rows(InboxItem)
    assert [each.kind for each in items] == ["mail_big", "mail", "mail"]


def re_asks(command: str, uid: int) -> bool:
    return str(uid) in command.split()[2].split(",") and "BODY" in command


async def test_a_mail_that_kills_the_servers_process_is_put_aside_and_told(scripted: Post) -> None:
    server = scripted.server

    async def breaks(talk: Talk) -> None:
        await (reset(talk) if re_asks(talk.command, 101) else server._uid_fetch(talk))

    async with reading(patient(scripted)):
        await scripted.until_met()
        server.always["UID FETCH"] = breaks
        for name in ("killer", "b", "c"):
            await server.deliver(mail(name))
        assert await scripted.until_stored(3) == ["", "b", "c"]
    while await pipeline.process(scripted.parts):
        pass
    assert len(await scripted.rows(Quarantine)) == 1
    assert len(await scripted.rows(Suggestion)) == 2


# ---- several mailboxes --------------------------------------------------------------------------------------


async def test_one_mailbox_in_trouble_does_not_disturb_the_others(scripted: Post) -> None:
    async with AsyncExitStack() as stack:
        mute, locked = ScriptedImap(), ScriptedImap()
        mute.always["SELECT"] = silence
        locked.always["LOGIN"] = no
        for server in (mute, locked):
            await stack.enter_async_context(server)
        nobody = "imap://sandbox:sandbox@127.0.0.1:9/INBOX"
        for url in (mute.url, locked.url, nobody, scripted.server.url):
            await stack.enter_async_context(reading(patient(scripted, url=url.replace("sandbox:", "a%2Fb:"))))
        await scripted.until_met()
        for number in range(5):
            await scripted.server.deliver(mail(number))
        assert await scripted.until_stored(5) == [str(number) for number in range(5)]


async def test_a_mailbox_with_thousands_of_folders_is_read(scripted: Post) -> None:
    scripted.server.folders |= {f"Arkiv/{number}": {} for number in range(3000)}
    async with reading(patient(scripted)):
        await scripted.until_met()
        await scripted.server.deliver(mail("a"))
        assert await scripted.until_stored(1) == ["a"]
    assert scripted.server.connections == 1
