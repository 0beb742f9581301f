"""Short messages in a row are one message, without anybody waiting for it; mail never is."""

from datetime import timedelta

import pytest
from scenes import FREJA, MORNING, Scene, mail
from sqlmodel import Session

from bot.bursts import said_before
from bot.views import card_view
from storage.tables import Conversation, Direction, Message, OutboxItem, Suggestion

PARTS = ("Hej, jeg har købt en lampe hos jer", "Den gik i stykker, da jeg tændte den", "Ordre 10432")


async def row(scene: Scene, *texts: str, pause: float = 20, user: str = "UTORE00001") -> None:
    """Somebody writes these one after the other, beside all threads."""
    for text in texts:
        await scene.hear_slack(text, user=user)
        await scene.work()
        scene.pass_time(seconds=pause)


async def test_a_row_of_short_messages_is_one_case_with_one_card(scene: Scene) -> None:
    await row(scene, *PARTS)
    assert len(scene.rows(Conversation)) == 1
    assert len({each.key for each in scene.rows(OutboxItem) if each.kind == "card"}) == 1
    assert [each.reply for each in scene.rows(Message)] == list(PARTS)


async def test_the_row_is_understood_as_one(scene: Scene) -> None:
    await row(scene, *PARTS)
    newest = scene.rows(Suggestion)[-1]
    assert newest.intent == "damaged_item"
    assert newest.reading["order_numbers"] == ["10432"]


async def test_the_card_shows_the_whole_row(scene: Scene) -> None:
    await row(scene, *PARTS)

    def shown(session: Session) -> str:
        view = card_view(session, 1, scene.parts.house, scene.now)
        assert view is not None
        return view.customer_text

    assert scene.do(shown) == "\n".join(PARTS)


async def test_messages_that_come_at_once_are_one_case_too(scene: Scene) -> None:
    for number, text in enumerate(PARTS):
        await scene.hear_slack(text, ts=f"{scene.now.timestamp() + number / 10:.6f}")
    await scene.work()
    assert len(scene.rows(Conversation)) == 1


async def test_after_a_pause_it_is_something_else(scene: Scene) -> None:
    await row(scene, PARTS[1], pause=121)
    await row(scene, "Hvornår har I åbent i påsken?")
    assert len(scene.rows(Conversation)) == 2


async def test_what_two_people_write_is_two_cases(scene: Scene) -> None:
    await row(scene, PARTS[1], user="UTORE00001")
    await row(scene, PARTS[1], user="UANNE00001")
    assert len(scene.rows(Conversation)) == 2


async def test_what_was_answered_is_not_gone_on_with(scene: Scene) -> None:
    await row(scene, PARTS[1], pause=1)
    scene.send(FREJA)
    await scene.work()
    await row(scene, "Og hvornår har I åbent i påsken?")
    assert len(scene.rows(Conversation)) == 2


async def test_two_mails_in_a_row_are_two_cases(scene: Scene) -> None:
    for text in PARTS[:2]:
        await scene.receive(mail(text))
    assert len(scene.rows(Conversation)) == 2


@pytest.mark.parametrize(
    ("seconds_before", "ours_after", "said"),
    [
        ((10, 5), None, "0\n1"),
        ((200, 5), None, "1"),
        ((110, 100), 105, "1"),
        ((), None, ""),
        ((230, 115), None, "0\n1"),
        ((240, 130), None, ""),
    ],
)
def test_what_belongs_to_a_row(
    seconds_before: tuple[float, ...], ours_after: float | None, said: str
) -> None:
    def message(text: str, before: float, direction: Direction = Direction.IN) -> Message:
        at = MORNING - timedelta(seconds=before)
        return Message(conversation_id=1, direction=direction, text=text, reply=text, at=at)

    row = [message(str(number), before) for number, before in enumerate(seconds_before)]
    if ours_after is not None:
        row.append(message("ours", ours_after, Direction.OUT))
    assert said_before(sorted(row, key=lambda each: each.at), MORNING) == said
