from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.models import LANGUAGES, LanguageModel

TEXTS = (
    "Hvornår kommer min pakke egentlig?",
    "Når kommer pakken min egentlig?",
    "När kommer mitt paket egentligen?",
    "When is my parcel going to arrive?",
    "Wann kommt mein Paket eigentlich an?",
    "Milloin pakettini oikein saapuu perille?",
)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.load()


def test_scores_cover_every_language_and_sum_to_one(model: LanguageModel) -> None:
    for text in TEXTS:
        scores = model.scores(text)
        assert set(scores) == set(LANGUAGES)
        assert sum(scores.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("text", "language"), list(zip(TEXTS[2:], ("sv", "en", "de", "fi"), strict=True)))
def test_languages_that_are_no_sisters_are_told_apart(model: LanguageModel, text: str, language: str) -> None:
    scores = model.scores(text)
    assert max(scores, key=lambda name: scores[name]) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "👍", "12345 67", "\x00\x07", "!!!", "\ud800", "Καλημέρα σας", "你好"]
)
def test_a_text_without_known_letters_has_no_scores(model: LanguageModel, text: str) -> None:
    assert model.scores(text) == {}


def test_words_in_capitals_count_as_words(model: LanguageModel) -> None:
    assert model.scores("WHERE IS MY PARCEL PLEASE").get("en", 0.0) > 0.9


def test_only_the_beginning_of_a_very_long_text_is_scored(model: LanguageModel) -> None:
    long = TEXTS[3] * 40_000
    assert model.scores(long) == model.scores(long[:2_000])


def test_two_models_and_eight_threads_give_the_same_scores(model: LanguageModel) -> None:
    texts = TEXTS * 8
    expected = [model.scores(text) for text in texts]
    fresh = LanguageModel.load()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.scores, texts)) == expected
