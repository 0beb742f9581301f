"""Every customer text in every language with every combination of flags, read by a strict reader."""

import re

import pytest
from jinja2 import Environment
from letters import FOLLOW_UPS, INTENTS, LANGUAGES, LETTERS, TEMPLATES, context, contexts, written
from strict_reader import offences

from bot.rendering import environment, render


@pytest.fixture(scope="module")
def env() -> Environment:
    return environment(TEMPLATES)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_reads_well_with_every_combination_of_flags(language: str, letter: str) -> None:
    complaints: dict[str, str] = {}
    for given, rendered in zip(contexts(language, letter), written(language, letter), strict=True):
        for offence in offences(rendered, given, letter):
            complaints.setdefault(offence, f"[{rendered.subject}]\n{rendered.text}\n{given}")
    report = "\n\n".join(f"{offence}:\n{text}" for offence, text in complaints.items())
    assert not complaints, f"{language}/{letter}\n{report}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_exactly_the_letters_of_the_list(language: str) -> None:
    folder = TEMPLATES / language
    found = {
        path.relative_to(folder).with_suffix("").as_posix()
        for kind in ("reply", "follow_up", "event")
        for path in (folder / kind).glob("*.j2")
        if not path.name.startswith("_")
    }
    assert found == set(LETTERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_intent_gets_its_own_open_question(env: Environment, language: str) -> None:
    texts = {
        intent: render(env, "reply/ask_open", language, context(language, question_key=intent)).text
        for intent in INTENTS
    }
    questions = {intent: text.split("\n\n")[-2] for intent, text in texts.items() if intent != "data_request"}
    assert len(set(questions.values())) == len(INTENTS) - 1
    assert "?" not in texts["data_request"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_intent_gets_the_question_for_other(env: Environment, language: str) -> None:
    unknown = render(env, "reply/ask_open", language, context(language, question_key="something new"))
    assert unknown == render(env, "reply/ask_open", language, context(language, question_key="other"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_apology_stands_where_the_fault_was_ours(env: Environment, language: str) -> None:
    apology = {"da": "Undskyld.", "nb": "Unnskyld", "nn": "Orsak", "sv": "Förlåt", "en": "I'm sorry."}[
        language
    ]
    ours = render(env, "reply/double_charge_granted", language, context(language, our_fault=True)).text
    theirs = render(env, "reply/double_charge_granted", language, context(language, our_fault=False)).text
    assert apology in ours
    assert apology not in theirs


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_flags_change_what_the_customer_reads(env: Environment, language: str) -> None:
    plain = context(language)
    changes: list[dict[str, object]] = [
        {"customer_type": "thinker"},
        {"customer_type": "feeler"},
        {"customer_type": "doer"},
        {"feeling": 2},
        {"second_time": True},
        {"our_fault": False},
        {"release": True},
        {"by_date": ""},
    ]
    texts = [
        render(env, "reply/double_charge_granted", language, {**plain, **change}).text
        for change in [{}, *changes]
    ]
    assert len(set(texts)) == len(texts), "\n\n".join(texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", FOLLOW_UPS)
def test_a_follow_up_greets_and_is_short(env: Environment, language: str, letter: str) -> None:
    rendered = render(env, f"follow_up/{letter}", language, context(language, first=False))
    assert "Mette," in rendered.text.splitlines()[0]
    assert len(rendered.text.split()) <= 50, rendered.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_name_the_greeting_guesses_none(env: Environment, language: str) -> None:
    rendered = render(env, "reply/return_granted", language, context(language, name=""))
    assert re.fullmatch(r"\w+,", rendered.text.splitlines()[0]), rendered.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_signed_with_the_first_name_and_slack_is_not(env: Environment, language: str) -> None:
    mail = render(env, "reply/return_granted", language, context(language)).text
    post = render(env, "reply/return_granted", language, context(language, channel="slack")).text
    assert mail.endswith("\nAnna")
    assert "Anna" not in post
