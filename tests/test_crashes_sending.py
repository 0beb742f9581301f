"""When the process dies while something goes out, or is asked to end: nothing is there twice, money least of all."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from crashing.moments import Kind, Moment
from crashing.process import Nursery
from crashing.scene import PAST_EVERY_LEASE, Scene, is_one_of_each, scene

from bot.settings import PARTS
from storage.tables import (
    CardState,
    Order,
    OutboxItem,
    OutboxState,
    Refund,
    Suggestion,
)


def of_cards(rows: Sequence[OutboxItem]) -> list[OutboxItem]:
    """Without the morning's messages to colleagues, which may go in between."""
    return [each for each in rows if each.kind == "card"]


# ---- after the send, before it is settled: the lease runs out, and nothing is there twice ---------------------


async def test_a_card_that_a_dead_process_posted_is_found_again(tmp_path: Path, nursery: Nursery) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_SEND, "card")) as on:
        await on.mail_comes()
        assert await on.was_killed()
        rows = of_cards(await on.rows(OutboxItem))
        assert [(row.state, row.receipt) for row in rows] == [(OutboxState.SENDING, {})]
        assert len(on.stage.cards()) == 1
        await on.recover(PAST_EVERY_LEASE)
        assert await is_one_of_each(on)
        rows = of_cards(await on.rows(OutboxItem))
        assert [(row.state, row.receipt["ts"]) for row in rows] == [
            (OutboxState.SENT, on.stage.cards()[0].ts)
        ]


async def test_a_card_is_found_again_although_slack_stumbled_and_the_customer_wrote_on(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_SEND, "card")) as on:
        await on.mail_comes()
        assert await on.was_killed()
        on.stage.slack.fault("conversations.history", "internal_error")
        on.stage.clock.move(PAST_EVERY_LEASE)
        await on.stage.start_program(PARTS)
        await on.until(OutboxItem, lambda rows: of_cards(rows)[0].state is OutboxState.PENDING)
        await on.mail_comes(number="m2", answers="m1")
        await on.until(Suggestion, lambda rows: len(rows) == 2)
        await on.stage.idle()
        assert len(on.stage.cards()) == 1


async def test_an_answer_in_a_channel_that_a_dead_process_posted_is_found_again(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_SEND, "slack_reply")) as on:
        question = await on.guest_speaks()
        await on.freja_presses_send()
        assert await on.was_killed()
        assert len(on.answers(question)) == 1
        await on.recover(PAST_EVERY_LEASE)
        assert len(on.answers(question)) == 1
        assert [each.state for each in await on.rows(Suggestion)] == [CardState.SENT]
        assert "may have it twice" not in on.stage.cards()[0].text


async def test_a_mail_of_unknown_outcome_goes_again_under_its_own_name_and_the_agent_is_told(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_SEND, "mail")) as on:
        await on.mail_comes()
        await on.freja_presses_send()
        assert await on.was_killed()
        assert len(on.stage.mail.mails) == 1
        await on.recover(PAST_EVERY_LEASE)
        assert len(on.stage.mail.mails) == 2
        assert len(on.message_ids()) == 1
        assert [each.state for each in await on.rows(Suggestion)] == [CardState.SENT]
        assert "may have it twice" in on.stage.cards()[0].text


async def test_a_mail_whose_outcome_is_unknown_twice_is_left_to_a_person(
    tmp_path: Path, nursery: Nursery
) -> None:
    moment = Moment(Kind.AFTER_SEND, "mail")
    async with scene(tmp_path, nursery, moment) as on:
        await on.mail_comes()
        await on.freja_presses_send()
        assert await on.was_killed()
        await on.begin(moment)
        on.stage.clock.move(PAST_EVERY_LEASE)
        assert await on.was_killed()
        await on.recover(PAST_EVERY_LEASE)
        assert len(on.stage.mail.mails) == 2
        assert len(on.message_ids()) == 1
        assert [each.state for each in await on.rows(Suggestion)] == [CardState.FAILED]
        assert "it may have gone out" in on.stage.cards()[0].text


async def test_a_mail_that_the_server_never_took_goes_once(tmp_path: Path, nursery: Nursery) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.NEVER)) as on:
        smtp = on.stage.mail.smtp
        await on.mail_comes()
        smtp.hold()
        await on.freja_presses_send()
        await smtp.wait_for(lambda server: server.held, 20)
        on.child.kill()
        assert await on.was_killed()
        await smtp.wait_for(lambda server: not server.held, 20)
        smtp.release()
        await on.recover(PAST_EVERY_LEASE)
        assert len(on.stage.mail.mails) == 1
        assert [each.state for each in await on.rows(Suggestion)] == [CardState.SENT]


# ---- money is never repeated ----------------------------------------------------------------------------------


async def has_refunded_once(on: Scene) -> bool:
    """One refund is in the ledger, one post hands it over, and the order knows of it once."""
    refunds = [refund.amount_minor for refund in await on.rows(Refund)]
    given_back = [order.given_back_minor for order in await on.rows(Order)]
    posts = [note for note in on.notes() if "refund_done" in str(note.blocks)]
    return refunds == given_back == [49_900] and len(posts) == 1


async def test_send_and_refund_by_a_process_that_died_at_once_is_one_refund_and_one_mail(
    tmp_path: Path, nursery: Nursery
) -> None:
    moment = Moment(Kind.AFTER_COMMIT, "refunds")
    async with scene(tmp_path, nursery, moment, with_order=True) as on:
        await on.mail_comes()
        pressed = await on.freja_presses_send()
        assert await on.was_killed()
        assert not pressed.acknowledged
        assert not (on.stage.mail.mails or on.notes())
        # The card still shows the button, and nobody answered: she presses again.
        on.stage.slack.socket_mode.ack_deadline = timedelta(seconds=15)
        again = asyncio.create_task(on.freja_presses_send())
        await on.recover()
        assert (await again).acknowledged
        assert await has_refunded_once(on)
        assert len(on.stage.mail.mails) == 1


async def test_a_refund_that_a_dead_process_handed_over_is_not_handed_over_again(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.AFTER_SEND, "refund"), with_order=True) as on:
        await on.mail_comes()
        await on.freja_presses_send()
        assert await on.was_killed()
        assert await has_refunded_once(on)
        await on.recover(PAST_EVERY_LEASE)
        assert await has_refunded_once(on)
        assert len(on.message_ids()) == 1


# ---- during shutdown: no more claims, the send in hand is finished, close -------------------------------------


async def test_on_sigterm_the_send_in_hand_is_finished_and_nothing_else_is_begun(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with scene(tmp_path, nursery, Moment(Kind.UNTIL_SIGNAL)) as on:
        smtp = on.stage.mail.smtp
        await on.mail_comes()
        smtp.hold()
        await on.freja_presses_send()
        await smtp.wait_for(lambda server: server.held, 20)
        await on.mail_comes(number="m2", answers="m1")
        # The card goes although the mail server is silent; the second answer waits behind the first.
        await on.until(Suggestion, lambda rows: len(rows) == 2)
        await on.until(OutboxItem, lambda rows: _is_sent(rows, "card:1"))
        await on.freja_presses_send()
        await on.until(OutboxItem, lambda rows: any(row.key == "reply:1:2" for row in rows))
        on.child.terminate()
        await on.stage.slack.wait_for(lambda _: not on.stage.slack.socket_mode.connections, 20)
        smtp.release()
        assert await on.child.ended() == 0
        rows = {row.key: row for row in await on.rows(OutboxItem)}
        assert rows["reply:1:1"].state is OutboxState.SENT
        assert (rows["reply:1:2"].state, rows["reply:1:2"].attempts) == (OutboxState.PENDING, 0)
        await on.recover(PAST_EVERY_LEASE)
        assert len(on.stage.mail.mails) == len(on.message_ids()) == 2


def _is_sent(rows: list[OutboxItem], key: str) -> bool:
    return any(row.key == key and row.state is OutboxState.SENT for row in rows)
