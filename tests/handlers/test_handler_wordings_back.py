"""/tillid template: two leads at once, versions that come back, and who may."""

import pytest
import pytest_asyncio
from case_scenes import Office, text_of
from wording_scenes import edit, field, forget_all, make, press, publish, run, send_off, shown, versions

from bot.cards.wording_fields import typed_parts
from bot.sandbox.screens import ImpossibleInSlack
from storage.tables import AuditEvent, Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def untouched(office: Office) -> None:
    """Nothing is published at first."""
    await forget_all(office)


async def test_the_second_of_two_leads_is_told_keeps_their_text_and_can_still_publish(office: Office) -> None:
    await edit(office, office.signe)
    await edit(office, office.stage.marius)
    await send_off(office, office.stage.marius, fix="Marius' ord.", question="Er det godt?")
    await publish(office, office.signe, fix="Signes ord.")
    await send_off(office, office.stage.marius)
    view = shown(office, office.stage.marius)
    assert "Signe Lund published version 1 while you were writing" in str(view.blocks)
    assert "Signes ord." in str(view.blocks)
    kept = typed_parts(view.values)
    assert (kept["fix"], kept["question"]) == ("Marius' ord.", "Er det godt?")
    assert len(await versions(office)) == 1
    await send_off(office, office.stage.marius)
    assert "Published as version 2" in str(shown(office, office.stage.marius).blocks)
    assert "Marius' ord." in (await versions(office))[-1].text


async def test_undo_brings_the_version_before_back_and_is_on_record(office: Office) -> None:
    for words in ("Første.", "Anden."):
        await edit(office, office.signe)
        await publish(office, office.signe, fix=words)
    view = await press(office, office.signe, "wording_undo")
    assert "Version 1 counts again" in str(view.blocks)
    case = await office.case()
    await case.press(office.freja, "card_send")
    assert "Første." in text_of(case.mails()[0])
    await press(office, office.signe, "wording_undo")
    rows = await versions(office)
    assert [(row.version, row.brings_back) for row in rows] == [(1, None), (2, None), (3, 1), (4, 0)]
    case = await office.case()
    await case.press(office.freja, "card_send")
    assert "Første." not in text_of(case.mails()[0])
    with pytest.raises(ImpossibleInSlack):
        await press(office, office.signe, "wording_undo")
    events = [each.action for each in await office.rows(AuditEvent) if each.action.startswith("wording_")]
    assert events[-2:] == ["wording_brought_back"] * 2


async def test_any_version_can_come_back_from_the_list_and_typed_words_below_stay(office: Office) -> None:
    for words in ("Første.", "Anden."):
        await edit(office, office.signe)
        await publish(office, office.signe, fix=words)
    await edit(office, office.signe)
    below = shown(office, office.signe)
    below.values[field(below, "fix")]["text"]["value"] = "Halvfærdig."
    listed = await press(office, office.signe, "wording_versions")
    assert str(listed.blocks).count("Bring Back") >= 2
    button = next(
        element
        for block in listed.blocks
        if block.get("block_id") == "wording:version:1"
        for element in block["elements"]
    )
    view = await press(office, office.signe, "wording_bring_back", button["value"])
    assert "Version 1 counts again" in str(view.blocks)
    await office.people.close_view(office.signe.id, view.id)
    assert typed_parts(shown(office, office.signe).values)["fix"] == "Halvfærdig."
    await send_off(office, office.signe)
    assert "published version 3 while you were writing" in str(shown(office, office.signe).blocks)


async def test_an_undo_in_an_old_window_changes_nothing_and_shows_how_it_stands(office: Office) -> None:
    await edit(office, office.signe)
    await publish(office, office.signe, fix="Første.")
    await edit(office, office.stage.marius)
    await publish(office, office.stage.marius, fix="Anden.")
    view = await press(office, office.signe, "wording_undo")
    assert "Marius Dahl published another version meanwhile. Nothing was changed." in str(view.blocks)
    assert len(await versions(office)) == 2


async def test_who_is_no_lead_any_more_is_refused_at_every_press(office: Office) -> None:
    await edit(office, office.signe)
    await publish(office, office.signe, fix="Første.")
    listed = shown(office, office.signe)
    await edit(office, office.stage.marius)
    await send_off(office, office.stage.marius, fix="Anden.")
    await make(office, office.signe, Role.AGENT)
    await make(office, office.stage.marius, Role.AGENT)
    try:
        refused = await send_off(office, office.stage.marius)
        assert "Leads and managers" in str(refused.errors)
        assert typed_parts(shown(office, office.stage.marius).values)["fix"] == "Anden."
        view = await press(office, office.stage.marius, "wording_versions")
        assert "Leads and managers" in str(view.blocks)
        assert listed.id == shown(office, office.signe).id
        view = await press(office, office.signe, "wording_undo")
        assert "Leads and managers" in str(view.blocks)
        assert len(await versions(office)) == 1
    finally:
        await make(office, office.signe, Role.LEAD)
        await make(office, office.stage.marius, Role.MANAGER)


async def test_the_window_to_choose_refuses_an_agent_too(office: Office) -> None:
    await run(office, office.signe, "template declined")
    view = shown(office, office.signe)
    await make(office, office.signe, Role.AGENT)
    try:
        result = await office.people.submit(office.signe.id, view.id)
        assert "Leads and managers" in result.errors["letter"]
    finally:
        await make(office, office.signe, Role.LEAD)
