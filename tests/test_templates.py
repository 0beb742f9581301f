"""Every customer text in every language with every combination of flags, read by a strict reader."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

import bot
from bot.rendering import Rendered, environment, render

TEMPLATES = Path(bot.__file__).parent / "templates"
LANGUAGES = ("da", "nb", "nn", "sv", "en")
_REPLIES = (
    "double_charge_granted double_charge_approval double_charge_looking duplicate_fee_granted "
    "duplicate_fee_approval duplicate_fee_looking damaged_item_granted damaged_item_approval "
    "damaged_item_looking late_delivery_granted late_delivery_looking return_granted return_looking "
    "service_complaint_open ask_open refund_corrected refund_granted return_approval missing_item_granted "
    "missing_item_approval missing_item_looking wrong_item_granted wrong_item_approval wrong_item_looking "
    "refund_status_granted refund_status_looking cancellation_granted cancellation_looking "
    "price_discount_looking billing_question_looking account_access_looking product_question_looking "
    "praise_thanks technical_fault_looking address_change_granted address_change_looking data_request_looking "
    "still_not_solved thanks declined"
)
#: Letters that ask for nothing back.
_WITHOUT_QUESTION = {"reply/data_request_looking", "reply/praise_thanks", "reply/thanks"}
#: Letters that promise nothing that lies ahead.
_WITHOUT_DATE = {"reply/praise_thanks", "reply/thanks"}
FOLLOW_UPS = ["money_arrived", "item_fine", "delivered", "return_received", "heard", "how_is_it"]
LETTERS = [f"reply/{name}" for name in _REPLIES.split()] + [f"follow_up/{name}" for name in FOLLOW_UPS]
_INTENTS = (
    "double_charge duplicate_fee damaged_item missing_item wrong_item late_delivery return refund_status "
    "cancellation price_discount billing_question account_access product_question service_complaint praise "
    "technical_fault address_change data_request other"
)
INTENTS = _INTENTS.split()
WORDS: dict[str, dict[str, str]] = {
    "da": {
        "noun": "lampen",
        "day": "onsdag den 26. november",
        "later": "fredag den 28. november",
        "earlier": "mandag den 24. november",
    },
    "nb": {
        "noun": "lampen",
        "day": "onsdag 26. november",
        "later": "fredag 28. november",
        "earlier": "mandag 24. november",
    },
    "nn": {
        "noun": "lampa",
        "day": "onsdag 26. november",
        "later": "fredag 28. november",
        "earlier": "måndag 24. november",
    },
    "sv": {
        "noun": "lampan",
        "day": "onsdag den 26 november",
        "later": "fredag den 28 november",
        "earlier": "måndag den 24 november",
    },
    "en": {
        "noun": "the lamp",
        "day": "Wednesday 26 November",
        "later": "Friday 28 November",
        "earlier": "Monday 24 November",
    },
}
LONG: dict[str, dict[str, object]] = {
    "da": {"noun": "sofabordet", "amount": "12.499,50 kr."},
    "nb": {"noun": "kaffetrakteren", "amount": "12 499,50 kr"},
    "nn": {"noun": "kaffitraktaren", "amount": "12 499,50 kr"},
    "sv": {"noun": "kaffebryggaren", "amount": "12 499,50 kr"},
    "en": {"noun": "the coffee table", "amount": "DKK 12,499.50"},
}
AMOUNTS = {
    "da": ("499 kr.", "49 kr."),
    "nb": ("499 kr", "49 kr"),
    "nn": ("499 kr", "49 kr"),
    "sv": ("499 kr", "49 kr"),
    "en": ("DKK 499", "DKK 49"),
}
APOLOGIES = {"da": "Undskyld", "nb": "Unnskyld", "nn": "Orsak", "sv": "Förlåt", "en": "I'm sorry"}
FLAGS: dict[str, tuple[object, ...]] = {
    "customer_type": ("", "thinker", "feeler", "doer"),
    "feeling": (0, 1, 2),
    "second_time": (False, True),
    "our_fault": (False, True),
    "release": (False, True),
}
#: What may be missing or long around the flags: each row is laid over the full context; LONG over the last.
SURROUNDINGS: tuple[dict[str, object], ...] = (
    {},
    {"noun": "", "order_number": "", "amount": "", "by_date": "", "shipping_amount": "", "delivery_date": ""},
    {"name": "", "agent": "", "channel": "slack", "first": False, "by_date": "", "delivery_date": ""},
    {"wish": "replacement", "also": ("address_change", "refund_status"), "offer_amount": ""},
    {"wish": "refund", "first": False},
    {"name": "Anne-Kathrine", "delivery_date": ""},
)


@pytest.fixture(scope="module")
def env() -> Environment:
    return environment(TEMPLATES)


def context(language: str, **changes: object) -> dict[str, object]:
    words = WORDS[language]
    full: dict[str, object] = {
        "name": "Mette",
        "agent": "Anna Holm",
        "house": "Nordlys",
        "channel": "email",
        "first": True,
        "noun": words["noun"],
        "order_number": "10427",
        "amount": AMOUNTS[language][0],
        "release": False,
        "by_date": words["day"],
        "answer_by": words["later"],
        "delivery_date": words["later"],
        "shipping_amount": AMOUNTS[language][1],
        "customer_type": "",
        "feeling": 0,
        "second_time": False,
        "our_fault": True,
        "question_key": "other",
        "wish": "",
        "also": (),
        "sent_on": words["earlier"],
        "offer_amount": AMOUNTS[language][1],
    }
    return {**full, **changes}


def contexts(language: str, letter: str) -> Iterator[dict[str, object]]:
    """Every combination of flags in every surrounding; for the open question also with every intent."""
    keys = INTENTS if letter == "reply/ask_open" else []
    layers = [*SURROUNDINGS[:-1], {**SURROUNDINGS[-1], **LONG[language]}]
    layers += [{"question_key": key} for key in keys]
    for values in itertools.product(*FLAGS.values()):
        flags = dict(zip(FLAGS, values, strict=True))
        for layer in layers:
            yield context(language, **flags, **layer)


def offences(rendered: Rendered, given: dict[str, object], letter: str) -> list[str]:
    """Everything the strict reader would send back, in words."""
    return [
        *_layout_offences(rendered),
        *_length_offences(rendered, given),
        *_content_offences(rendered, given, letter),
    ]


def _layout_offences(rendered: Rendered) -> list[str]:
    whole = f"{rendered.subject}\n{rendered.text}"
    found = [f"holds {mark!r}" for mark in ("{{", "{%", "{#", "}}", "None", "True", "False") if mark in whole]
    shapes = {
        "double space": r"  ",
        "run of blank lines": r"\n\n\n",
        "space before punctuation": r"\s[.,:;?]",
        "doubled punctuation": r"[.,:;?]{2,}",
        "no space after a sentence": r"[a-zæøåäö][.?,:][A-ZÆØÅÄÖa-zæøåäö]",
        "small letter after a full sentence": r"(?<!kr)(?<!\d)[.?] [a-zæøåäö]",
        "line that starts small": r"(?m)^[a-zæøåäö]",
        "exclamation mark": r"!",
    }
    return found + [label for label, shape in shapes.items() if re.search(shape, whole)]


def _length_offences(rendered: Rendered, given: dict[str, object]) -> list[str]:
    lines = _body(rendered, given)
    long = len(str(given["amount"])) > 10 or len(str(given["noun"])) > 10
    found = []
    if len(rendered.subject) > (45 if long or given["delivery_date"] else 35):
        found.append(f"subject has {len(rendered.subject)} characters")
    if len(lines[0]) > (60 if long else 45):
        found.append(f"first line has {len(lines[0])} characters")
    if len(rendered.text.split()) > 120 + 30 * len(given["also"]):  # type: ignore[arg-type] # a tuple of intents
        found.append(f"text has {len(rendered.text.split())} words")
    if given["customer_type"] == "doer" and len(lines) > 3:
        found.append(f"a doer gets {len(lines)} lines")
    return found


def _content_offences(rendered: Rendered, given: dict[str, object], letter: str) -> list[str]:
    lines = _body(rendered, given)
    silent = letter in _WITHOUT_QUESTION or (letter, given["question_key"]) == (
        "reply/ask_open",
        "data_request",
    )
    asks = 0 if silent else 1
    found = []
    if rendered.text.count("?") != asks or lines[-1].endswith("?") != bool(asks):
        found.append(f"asks {rendered.text.count('?')} questions, or not at the end")
    if given["order_number"] and str(given["order_number"]) in f"{rendered.subject}\n{lines[0]}":
        found.append("order number in the subject or the first line")
    undated = letter in _WITHOUT_DATE or given["question_key"] == "praise" or not letter.startswith("reply/")
    if not undated and not _dated(rendered, given):
        found.append("no date")
    return found


def _body(rendered: Rendered, given: dict[str, object]) -> list[str]:
    """The lines between greeting and sign-off."""
    lines = [line for line in rendered.text.splitlines() if line]
    start = 1 if lines[0].endswith(",") else 0
    signed = given["channel"] == "email"
    return lines[start:-2] if signed else lines[start:]


def _dated(rendered: Rendered, given: dict[str, object]) -> bool:
    dates = (str(given[key]) for key in ("by_date", "answer_by", "delivery_date") if given[key])
    return any(date in rendered.text for date in dates)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_reads_well_with_every_combination_of_flags(
    env: Environment, language: str, letter: str
) -> None:
    complaints: dict[str, str] = {}
    for given in contexts(language, letter):
        rendered = render(env, letter, language, given)
        for offence in offences(rendered, given, letter):
            complaints.setdefault(offence, f"[{rendered.subject}]\n{rendered.text}\n{given}")
    report = "\n\n".join(f"{offence}:\n{text}" for offence, text in complaints.items())
    assert not complaints, f"{language}/{letter}\n{report}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_exactly_the_letters_of_the_list(language: str) -> None:
    folder = TEMPLATES / language
    found = {
        path.relative_to(folder).with_suffix("").as_posix()
        for kind in ("reply", "follow_up")
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
