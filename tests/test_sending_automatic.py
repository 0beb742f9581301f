"""Mail that goes by itself: not too much to one address, not in a burst after a pause, and not to who said no."""

from typing import Any

import pytest
from scenes import OURS, Scene, mail, planned

from bot import desk, pipeline
from bot.errors import TemporaryFailure
from bot.outbound.composing import compose
from storage import customers, unsubscribing
from storage.tables import Conversation, Customer, FollowUp, FollowUpState, OutboxItem, UnsubscribeLink

QUESTION = "Hej, hvornår kommer min pakke {number}?"


async def follow_up_set(scene: Scene, number: int, sender: str = "Mette Hansen <mette@example.dk>") -> None:
    """One more solved case of this customer, with a follow-up."""
    await scene.receive(
        mail(
            QUESTION.format(number=number), sender=sender, subject=f"Nr. {number}", message_id=f"<{number}@x>"
        )
    )
    scene.send()
    await scene.work()
    scene.do(desk.resolve, scene.press(), planned(scene), scene.now)
    await scene.work()


async def later(scene: Scene, **length: float) -> int:
    """Time passes, and what is due goes; how many follow-ups went."""
    before = len(followed(scene))
    scene.pass_time(**length)
    await pipeline.remind(scene.parts)
    await scene.work()
    return len(followed(scene)) - before


def followed(scene: Scene) -> list[Any]:
    return [item for item in scene.mails() if item.key.startswith("follow_up:")]


def until_due(scene: Scene) -> float:
    """Hours until every follow-up is due."""
    latest = max(row.due_at for row in scene.rows(FollowUp))
    return (latest - scene.now).total_seconds() / 3600 + 0.1


async def test_one_address_gets_so_many_automatic_mails_a_day_and_the_rest_the_next_days(
    scene: Scene,
) -> None:
    for number in range(5):
        await follow_up_set(scene, number)
    most = scene.parts.house.policy.most_automatic_per_day
    went = [await later(scene, hours=until_due(scene))]
    went += [await later(scene, hours=1) for _ in range(8)]
    assert went == [most, *[0] * 8]
    hourly = went + [await later(scene, hours=2) for _ in range(60)]
    assert sum(hourly) == 5
    assert max(sum(hourly[at : at + 12]) for at in range(9, 58)) <= most
    assert {row.state for row in scene.rows(FollowUp)} == {FollowUpState.SENT}


async def test_the_measure_is_each_addresss_own(scene: Scene) -> None:
    for number in range(4):
        await follow_up_set(scene, number, f"Mette Hansen <mette{number}@example.dk>")
    assert await later(scene, hours=until_due(scene)) == 4


async def test_an_answer_that_a_person_sends_counts_for_nothing_here(scene: Scene) -> None:
    for number in range(2):
        await follow_up_set(scene, number)
    await later(scene, hours=until_due(scene))
    await scene.receive(mail("Hej, hvor er min pakke nu?", message_id="<new@x>"))
    scene.send()
    await scene.work()
    assert scene.mails()[-1].key.startswith("reply:")


async def test_after_two_days_off_what_was_due_goes_once_and_not_in_a_burst(scene: Scene) -> None:
    for number in range(6):
        await follow_up_set(scene, number)
    for number in range(6, 9):
        await follow_up_set(scene, number, f"Mette Hansen <mette{number}@example.dk>")
    due_in = until_due(scene)
    most = scene.parts.house.policy.most_automatic_per_day
    # Nobody ran the clock for two days; then it ticks again, often.
    went = [await later(scene, hours=due_in + 48)]
    went += [await later(scene, minutes=1) for _ in range(20)]
    assert went == [most + 3, *[0] * 20]
    assert len({item.key for item in followed(scene)}) == most + 3


async def test_after_weeks_off_a_person_decides_about_each(scene: Scene) -> None:
    for number in range(3):
        await follow_up_set(scene, number)
    assert await later(scene, hours=until_due(scene) + 24 * 21) == 0
    assert {row.state for row in scene.rows(FollowUp)} == {FollowUpState.CANCELLED}
    assert sum(item.key.startswith("left_out:") for item in scene.sent) == 3


async def test_a_clock_that_is_set_back_sends_nothing_twice(scene: Scene) -> None:
    await follow_up_set(scene, 1)
    assert await later(scene, hours=until_due(scene)) == 1
    assert [await later(scene, hours=hours) for hours in (-72, 0, 72, 72)] == [0, 0, 0, 0]


# ---- saying no ------------------------------------------------------------------------------------------------


def say_no(scene: Scene) -> None:
    token = scene.rows(UnsubscribeLink)[-1].token
    assert scene.do(unsubscribing.opt_out, token, scene.now) is not None


async def test_each_follow_up_carries_a_link_of_its_own_and_the_words_of_its_language(scene: Scene) -> None:
    await follow_up_set(scene, 1)
    await later(scene, hours=until_due(scene))
    (item,) = followed(scene)
    (link,) = scene.rows(UnsubscribeLink)
    assert (item.payload["automatic"], item.payload["unsubscribe_token"]) == (True, link.token)
    written = compose(item, scene.now, "https://support.example")
    assert written["List-Unsubscribe"] == f"<https://support.example/unsubscribe/{link.token}>"
    assert "Vil du ikke have opfølgende mails" in str(written.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    answer = scene.mails()[0]
    assert "automatic" not in answer.payload
    assert compose(answer, scene.now, "https://support.example")["Auto-Submitted"] is None


async def test_who_said_no_gets_no_follow_up_and_still_gets_answers(scene: Scene) -> None:
    await follow_up_set(scene, 1)
    await later(scene, hours=until_due(scene))
    await follow_up_set(scene, 2)
    say_no(scene)
    assert await later(scene, hours=until_due(scene)) == 0
    assert scene.rows(FollowUp)[-1].cancelled_because == "the customer does not want follow-ups"
    await scene.receive(mail("Hej, hvor er min pakke nu?", message_id="<new@x>"))
    scene.send()
    await scene.work()
    assert scene.mails()[-1].payload["to"] == "mette@example.dk"
    assert scene.mails()[-1].key.startswith("reply:")


async def test_a_no_that_comes_while_the_mail_is_on_its_way_still_counts(scene: Scene) -> None:
    await follow_up_set(scene, 1)
    scene.troubles["mail"] = [TemporaryFailure("busy")]
    assert await later(scene, hours=until_due(scene)) == 0
    say_no(scene)
    scene.pass_time(hours=1)
    await scene.work()
    assert followed(scene) == []
    assert scene.rows(FollowUp)[-1].state is FollowUpState.CANCELLED
    note = next(item for item in scene.sent if item.key.startswith("left_out:"))
    assert "does not want follow-ups" in note.payload["text"]


async def test_a_bounce_while_the_mail_waits_stops_it_too(scene: Scene) -> None:
    await follow_up_set(scene, 1)
    scene.troubles["mail"] = [TemporaryFailure("busy")]
    await later(scene, hours=until_due(scene))
    scene.do(customers.mark_bounced, "mette@example.dk", scene.now)
    scene.pass_time(hours=1)
    await scene.work()
    assert followed(scene) == []


async def test_a_link_stops_the_follow_ups_of_one_customer_only(scene: Scene) -> None:
    await follow_up_set(scene, 1)
    await follow_up_set(scene, 2, "Ida Holm <ida@example.dk>")
    await later(scene, hours=until_due(scene))
    say_no(scene)
    assert [row.no_follow_ups for row in scene.rows(Customer)] == [False, True]


@pytest.mark.parametrize("case", ["answer", "follow-up"])
async def test_every_mail_comes_from_an_address_of_ours(scene: Scene, case: str) -> None:
    await follow_up_set(scene, 1)
    await later(scene, hours=until_due(scene))
    item = scene.mails()[0] if case == "answer" else followed(scene)[0]
    assert item.payload["from"] == f"Lampehuset <{OURS}>"
    assert scene.rows(Conversation)[0].answer_to != OURS
    assert [row.payload["from"] for row in scene.rows(OutboxItem) if row.kind == "mail"] == [
        f"Lampehuset <{OURS}>"
    ] * 2
