"""/tillid template, from the word to the next customer's letter."""

import pytest
import pytest_asyncio
from case_scenes import Office, text_of
from wording_scenes import (
    HOSTILE,
    LOOKING,
    UNKIND,
    _numbers,
    edit,
    field,
    forget_all,
    press,
    publish,
    run,
    send_off,
    shown,
    submit,
    title,
    versions,
)

from bot.cards.wording_fields import typed_parts
from bot.sandbox.screens import ImpossibleInSlack
from storage.tables import AuditEvent

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def untouched(office: Office) -> None:
    """Nothing is published at first."""
    await forget_all(office)


async def test_a_lead_chooses_a_letter_and_a_language_from_groups(office: Office) -> None:
    await run(office, office.signe, "template")
    view = shown(office, office.signe)
    menu = view.blocks[0]["element"]
    assert menu["option_groups"][0]["label"]["text"] == "Money"
    assert sum(len(each["options"]) for each in menu["option_groups"]) > 40
    assert "before the house's own files" in str(view.blocks)
    values = {"letter": {"letter": LOOKING}, "language": {"language": "sv"}}
    await office.people.submit(office.signe.id, view.id, values)
    opened = shown(office, office.signe)
    assert title(opened) == "Edit wording"
    assert "Charged twice: looked into · Swedish" in str(opened.blocks)
    assert "In force: what came with Tillid." in str(opened.blocks)
    assert typed_parts(opened.values)["subject"].strip() == "Jag går igenom dina betalningar"


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("double charge", 3),
        ("charged twice", 6),
        ("DECLINED", 1),
        ("damged", 3),
        ("honest no", 1),
    ],
)
async def test_words_find_a_letter_by_name_or_intent(office: Office, words: str, letters: int) -> None:
    await run(office, office.signe, f"template {words}")
    menu = next(each["element"] for each in shown(office, office.signe).blocks if each["type"] == "input")
    assert sum(len(each["options"]) for each in menu["option_groups"]) == letters
    assert ("initial_option" in menu) == (letters == 1)


@pytest.mark.parametrize("words", ["xyzzy", HOSTILE, "_voice", "x" * 2000])
async def test_words_that_mean_no_letter_are_answered_in_a_sentence(office: Office, words: str) -> None:
    result = await run(office, office.signe, f"template {words}")
    said = str((result.payload or {}).get("text"))
    assert "No letter is called" in said
    assert "<!" not in said and "<@" not in said
    assert office.people.screen(office.signe.id) is None


async def test_an_agent_is_told_who_may_and_no_window_opens(office: Office) -> None:
    for words in ("template", "template declined da"):
        said = await office.command(office.freja, words)
        assert "Leads and managers" in said
        assert "Signe Lund or Marius Dahl" in said
    assert office.people.screen(office.freja.id) is None
    assert "/tillid template" not in await office.command(office.freja, "help")
    assert "/tillid template" in await office.command(office.signe, "help")


async def test_somebody_who_is_no_colleague_is_told_whose_it_is(office: Office) -> None:
    stage = office.stage
    who = stage.workspace.add_user(f"visitor{next(_numbers)}", real_name="Vida Vik")
    stage.shared.members.append(who.id)
    result = await office.people.command(who.id, stage.shared.id, "/tillid", "template")
    assert "support staff" in str(result.payload)


async def test_what_a_lead_publishes_is_in_the_next_customers_letter(office: Office) -> None:
    earlier = await office.case()
    await edit(office, office.signe)
    await send_off(office, office.signe, fix="Det ser jeg på med det samme.")
    view = shown(office, office.signe)
    assert submit(view) == "Publish"
    assert earlier.name.split()[0] in str(view.blocks)
    assert "Det ser jeg på med det samme." in str(view.blocks)
    assert "Trust check: no findings" in str(view.blocks)
    assert await versions(office) == []
    await send_off(office, office.signe)
    done = shown(office, office.signe)
    assert "Published as version 1" in str(done.blocks)
    assert "Signe Lund" in str(done.blocks)
    # The draft that was there stays; the next one has the words.
    await earlier.press(office.freja, "card_send")
    assert "Det ser jeg på med det samme." not in text_of(earlier.mails()[0])
    case = await office.case()
    await case.press(office.freja, "card_send")
    assert "Det ser jeg på med det samme." in text_of(case.mails()[0])
    (event,) = [each for each in await office.rows(AuditEvent) if each.action == "wording_published"][-1:]
    assert event.details == {"letter": LOOKING, "language": "da", "version": 1}


async def test_other_languages_keep_their_words(office: Office) -> None:
    await edit(office, office.signe)
    await publish(office, office.signe, fix="Kun på dansk.")
    swedish = await edit(office, office.signe, language="sv")
    assert "Kun" not in str(swedish.values)
    danish = await edit(office, office.stage.marius)
    assert typed_parts(danish.values)["fix"].strip() == "Kun på dansk."
    assert "version 1, published here by Signe Lund" in str(danish.blocks)


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("heard", "Det er i orden.\n{% iff x %}", "Line 2: Encountered unknown tag 'iff'"),
        ("fix", "Hej {{ navn }}", "Line 1: No letter is given 'navn'"),
        ("question", "{% endblock %}", "A part cannot hold"),
        ("heard", "{% for a in range(100) %}{% for b in range(100) %}.{% endfor %}{% endfor %}", "Line 1:"),
        ("heard", "{{ name.__class__ }}", "Line 1:"),
    ],
)
async def test_what_does_not_work_is_named_with_its_line_and_nothing_typed_is_lost(
    office: Office, part: str, typed: str, said: str
) -> None:
    view = await edit(office, office.signe)
    result = await send_off(office, office.signe, **{part: typed}, next_step="Også dette.")
    assert list(result.errors) == [field(view, part)]
    assert result.errors[field(view, part)].startswith(said)
    kept = typed_parts(shown(office, office.signe).values)
    assert (kept[part], kept["next_step"]) == (typed, "Også dette.")
    assert await versions(office) == []


async def test_a_letter_without_first_line_cannot_be_sent_off(office: Office) -> None:
    await edit(office, office.signe)
    with pytest.raises(ImpossibleInSlack):
        await send_off(office, office.signe, fix="")
    assert (await send_off(office, office.signe, fix="  \n ")).errors != {}
    assert await versions(office) == []


async def test_a_letter_that_greets_nobody_is_refused(office: Office) -> None:
    view = await edit(office, office.signe)
    head = typed_parts(view.values)["head"] + "\n{% set name = '' %}{% set first = false %}"
    assert "greet" in str((await send_off(office, office.signe, head=head)).errors)


async def test_nothing_changed_is_said(office: Office) -> None:
    await edit(office, office.signe)
    assert "in force already" in str((await send_off(office, office.signe)).errors)


async def test_words_changed_after_the_preview_are_shown_again_first(office: Office) -> None:
    await edit(office, office.signe)
    await send_off(office, office.signe, fix="Det ene.")
    await send_off(office, office.signe, fix="Det andet.")
    view = shown(office, office.signe)
    assert submit(view) == "Publish"
    assert "Det andet." in str([each for each in view.blocks if each["type"] == "rich_text"])
    assert await versions(office) == []
    await send_off(office, office.signe)
    assert "Det andet." in (await versions(office))[0].text


async def test_distrust_is_shown_with_kinder_words_and_needs_a_press_of_its_own(office: Office) -> None:
    await edit(office, office.signe)
    await send_off(office, office.signe, next_step=UNKIND)
    view = shown(office, office.signe)
    assert submit(view) == "Publish"
    assert all(words in str(view.blocks) for words in ("distrust", "Asks for proof (high)", "Kinder: "))
    await send_off(office, office.signe)
    again = shown(office, office.signe)
    assert submit(again) == "Publish Anyway"
    assert await versions(office) == []
    await send_off(office, office.signe)
    (row,) = await versions(office)
    assert row.overridden == 1
    assert "against the trust check" in str(shown(office, office.signe).blocks)
    event = [each for each in await office.rows(AuditEvent) if each.action == "wording_published"][-1]
    assert event.details["overridden"] == 1


async def test_other_unkind_words_are_asked_about_anew(office: Office) -> None:
    await edit(office, office.signe)
    for text in (UNKIND, UNKIND, f"Først: {UNKIND}"):
        await send_off(office, office.signe, next_step=text)
    assert submit(shown(office, office.signe)) == "Publish"
    await send_off(office, office.signe)
    assert submit(shown(office, office.signe)) == "Publish Anyway"
    assert await versions(office) == []


async def test_hostile_text_is_shown_as_it_stands_and_sent_as_it_stands(office: Office) -> None:
    await edit(office, office.signe)
    await publish(office, office.signe, fix=f"Ja. {HOSTILE}")
    (row,) = await versions(office)
    assert "<!channel>" in row.text and "\u202e" not in row.text
    case = await office.case()
    card = str([each for each in (await case.card()).blocks if "mrkdwn" in str(each)])
    assert "<!channel>" not in card
    await edit(office, office.signe)
    await press(office, office.signe, "wording_versions")


async def test_a_part_longer_than_a_field_stands_in_several_and_stays_whole(office: Office) -> None:
    sentence = "Jeg skriver til dig, så snart jeg ved mere. "
    long = "{# " + "husk dette \n\n" * 200 + "#}" + sentence
    assert len(long) < 3000
    await edit(office, office.signe)
    await publish(office, office.signe, heard=long, next_step="x" * 2990 + " ord")
    opened = await edit(office, office.signe)
    doubled = typed_parts(opened.values)
    assert doubled["heard"].strip() == long.strip()
    assert doubled["next_step"] == "x" * 2990 + " ord"
    assert all(len(each["text"].get("value") or "") <= 3000 for each in opened.values.values())
