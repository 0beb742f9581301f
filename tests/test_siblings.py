"""One press shows a draft in the agent's own language: the same letter, its days and its money."""

import pytest
from scenes import TWICE, Scene, house, keep_order, mail, order

from bot.cards import case_modals
from bot.sandbox.slackcheck import check_view
from bot.views.siblings import own_language, sibling


@pytest.fixture
async def danish(scene: Scene) -> Scene:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE))
    return scene


@pytest.mark.parametrize(
    ("language", "greeting", "day"),
    [("en", "Hi Mette", "by "), ("sv", "Hej Mette", "senast "), ("nb", "Hei Mette", "senest ")],
)
async def test_the_sibling_is_the_same_letter(danish: Scene, language: str, greeting: str, day: str) -> None:
    card = danish.card()
    assert card.language == "da"
    shown = sibling(house(), card, language)
    assert shown.startswith(greeting)
    assert "499" in shown
    assert day in shown
    assert "[your name]" in shown


async def test_its_days_are_written_as_in_that_language(danish: Scene) -> None:
    card = danish.card()
    english = sibling(house(), card, "en")
    assert card.context["by_date"] in card.text
    assert card.context["by_date"] not in english
    assert "March" in english


async def test_a_draft_without_a_letter_has_none(danish: Scene) -> None:
    card = danish.card()
    card.template = None
    assert sibling(house(), card, "en") == ""


@pytest.mark.parametrize(
    ("speaks", "theirs", "shown"),
    [((), "sv", "da"), ((), "da", "en"), (("sv",), "da", "sv"), (("sv",), "sv", "da"), (("fi",), "nb", "da")],
)
def test_which_language_is_somebodys_own(speaks: tuple[str, ...], theirs: str, shown: str) -> None:
    assert own_language(house(), speaks, theirs) == shown


@pytest.mark.parametrize("text", ["Hi Mette,\n\nYour money is on its way.", "", "x" * 9000, "<!channel> *x*"])
def test_the_window_is_legal_whatever_it_shows(text: str) -> None:
    assert check_view(case_modals.sibling(text, "en", "da")) == []


def test_the_language_somebody_chose_for_themselves_comes_first() -> None:
    assert own_language(house(), ["en"], "da", "sv") == "sv"
    assert own_language(house(), ["en"], "da", "da") == "en"
