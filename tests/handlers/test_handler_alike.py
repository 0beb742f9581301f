"""Six mails about one carrier's breakdown in Slack: one stack, its window, and Undo for the whole sending."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import pytest_asyncio
from case_scenes import Case, Office, text_of

from bot.card_rows import stack_key
from bot.sandbox.records import Message, User, View
from bot.sandbox.screens import elements
from bot.sandbox.stage import Stage
from storage import outbox
from storage.tables import Stack

pytestmark = pytest.mark.asyncio(loop_scope="module")
WAIT = timedelta(seconds=16)
#: A carrier for each test: nobody's mails stand in another one's stack.
CARRIERS: Iterator[str] = iter(("PostNord", "GLS", "Budbee"))
WRITTEN = (
    "Hvornår kommer min pakke? {carrier} siger, at den er forsinket. Det er ordre {{order}}.",
    "Når kommer pakken min? {carrier} sier at den er forsinket. Det gjelder ordre {{order}}.",
    "När kommer mitt paket? {carrier} säger att det är försenat. Det gäller order {{order}}.",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("stage"), undo_seconds=15) as opened:
        yield opened


async def six(office: Office) -> list[Case]:
    carrier = next(CARRIERS)
    return [await office.case(WRITTEN[number % 3].format(carrier=carrier)) for number in range(6)]


async def card(office: Office) -> Message:
    stack = (await office.rows(Stack))[-1]
    posted = await office.read(lambda session: outbox.receipt(session, stack_key(stack.id or 0)))
    found = office.stage.workspace.message(office.stage.triage.id, posted["ts"])
    assert found is not None
    return found


async def shown(office: Office, user: User, words: str = "") -> View:
    """The window, as soon as it says that."""

    def there(_: object) -> View | None:
        view = office.people.screen(user.id)
        ready = view is not None and "One moment" not in str(view.blocks) and words in str(view.blocks)
        return view if ready else None

    found = await office.stage.slack.wait_for(there)
    assert found is not None
    return found


async def window(office: Office, user: User) -> View:
    post = await card(office)
    assert (await office.people.click(user.id, post.channel_id, post.ts, "stack_open")).acknowledged
    return await shown(office, user)


def ticked(view: View) -> list[str]:
    return [
        each["label"]["text"]
        for each in view.blocks
        if each["type"] == "input" and "initial_options" in each["element"]
    ]


async def test_the_window_shows_their_words_and_the_draft_and_undo_there_takes_back_ones_own(
    office: Office,
) -> None:
    cases = await six(office)
    assert "6 drafts" in (await card(office)).text
    assert [await each.buttons() for each in cases] == [["stack_open", "stack_leave"]] * 6
    view = await window(office, office.freja)
    assert len(ticked(view)) == 6
    text = str(view.blocks)
    assert text.count("Has written: “Hej Hvornår kommer min pakke?") == 2
    assert text.count("Vänliga hälsningar\\nFreja") + text.count("Hälsningar\\nFreja") == 2
    first = next(each for each in view.blocks if each["type"] == "input")
    await office.people.submit(office.freja.id, view.id, {first["block_id"]: {first["block_id"]: []}})
    await office.stage.idle()
    after = await shown(office, office.freja, "5 letters go out in 15 seconds. Undo takes them back.")
    assert "5 letters go out in a few seconds" in str((await card(office)).blocks)
    other = await window(office, office.nils)
    await office.people.submit(office.nils.id, other.id, {})
    await office.stage.idle()
    await shown(office, office.nils, "1 letter goes out in 15 seconds.")
    (undo,) = [each for _, each in elements(after.blocks) if each.get("action_id") == "stack_undo_own"]
    await office.people.click_view(
        office.freja.id, after.id, "stack_undo_own", value=undo["value"], block_id=f"stack_undo:{_id(undo)}"
    )
    await office.stage.idle()
    back = await shown(office, office.freja, "5 letters taken back. They have not gone out.")
    assert len(ticked(back)) == 5
    await office.stage.move_clock(WAIT)
    (went,) = [mail for each in cases for mail in each.mails()]
    assert "Nils" in text_of(went)
    assert "5 to read and send" in str((await card(office)).blocks)


def _id(undo: dict[str, str]) -> str:
    return "".join(filter(str.isdigit, undo["value"]))


async def test_what_is_ticked_goes_once_when_its_seconds_have_passed(office: Office) -> None:
    cases = await six(office)
    office.stage.workspace.views.clear()
    view = await window(office, office.nils)
    await office.people.submit(office.nils.id, view.id, {})
    await office.stage.idle()
    await shown(office, office.nils, "6 letters go out")
    await office.stage.move_clock(WAIT)
    assert [len(each.mails()) for each in cases] == [1] * 6
    assert "Nils" in text_of(cases[0].mails()[0])
    assert "None is left to send." in (await card(office)).text
    assert ["Sent by" in str((await each.card()).blocks) for each in cases] == [True] * 6


async def test_one_is_taken_out_on_its_short_card_and_the_whole_sending_taken_back_on_the_stacks(
    office: Office,
) -> None:
    cases = await six(office)
    await cases[0].press(office.nils, "stack_leave")
    assert "card_send" in await cases[0].buttons()
    office.stage.workspace.views.clear()
    view = await window(office, office.freja)
    assert len(ticked(view)) == 5
    await office.people.submit(office.freja.id, view.id, {})
    await office.stage.idle()
    await shown(office, office.freja, "5 letters go out")
    post = await card(office)
    assert (await office.people.click(office.signe.id, post.channel_id, post.ts, "stack_undo")).acknowledged
    await office.stage.idle()
    await office.stage.move_clock(WAIT)
    assert [each.mails() for each in cases] == [[]] * 6
    assert "5 to read and send" in str((await card(office)).blocks)
