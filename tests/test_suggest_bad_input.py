"""Whatever is written, `suggest` answers it soon; whatever else is wrong, it says so in a line."""

import json
import signal
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli

#: Seconds of computing after which a text has run away.
PLUG_PULLED_SECONDS = 60.0
ORDER: dict[str, Any] = {"id": "10432", "currency": "DKK", "paid_minor": 49_900}


def suggest(*given: object, human: bool = False) -> Result:
    stdin = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in given)
    return CliRunner().invoke(cli, ["suggest", *([] if human else ["--json"])], input=stdin)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


SMALL = {
    "nothing": "",
    "blanks": "  \n\t \n",
    "one emoji": "😀",
    "only a signature": "Mvh\nPer\n-- \nPer Persen\nTlf 12345678",
    "only digits": "12345678901234567890",
    "mixed languages": "Hej, jag vill have my pengene tilbage, danke. Where is pakken?",
    "control characters": "\x00\x01\x1b[31mhvor \x7f\u202eer\u200b pakken?",
    "greek": "Γεια σας, πού είναι η παραγγελία μου;",
    "arabic": "أين طلبي؟",
    "chinese": "我的订单在哪里",
    "only combining marks": "\u0301" * 500,
    "a template": "{{ 7 * 7 }} {% raise %} %s {0} pakken?",
}


@pytest.mark.parametrize("name", SMALL)
def test_odd_text_has_an_answer_for_programs_and_for_people(name: str) -> None:
    done = suggest({"id": name, "text": SMALL[name], "subject": SMALL[name]})
    assert done.exit_code == 0, done.exception
    (found,) = answers(done)
    assert found["id"] == name
    assert found["intents"] and found["reply"]["text"] and found["rule"]
    assert "49" not in found["reply"]["text"]
    shown = suggest({"id": name, "text": SMALL[name], "subject": SMALL[name]}, human=True)
    assert shown.exit_code == 0, shown.exception
    assert not {"\x00", "\x1b", "\u202e"} & set(shown.stdout)


@pytest.mark.parametrize("name", ["one emoji", "only digits", "greek", "arabic", "chinese", "nothing"])
def test_no_language_is_claimed_where_nothing_shows_one(name: str) -> None:
    (found,) = answers(suggest({"text": SMALL[name]}))
    assert found["language_confidence"] < 0.6
    assert found["intents"][0]["name"] == "other"
    assert found["remedy"] is None


PIECES = (
    "Hej, jeg venter på min lampe. ", "a", "1", "\n", "?", "> ", "499 kr. ", ". ", "-", " ", "😀", "1,", "1.000",
    "a@", "a\u0301", "\u200b", "[", "{{", "Mvh\n", "order nr ", "angry advokat ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_anything_is_answered_soon(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    # No figure to be met: the plug is pulled on what grows with the square, which takes minutes.
    before = signal.signal(signal.SIGVTALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_VIRTUAL, PLUG_PULLED_SECONDS)
    try:
        done = suggest({"text": text, "subject": text})
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert done.exit_code == 0, done.exception
    assert len(answers(done)) == 1


def test_nothing_on_standard_input_is_no_error_and_is_said() -> None:
    done = suggest()
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("Nothing to read")


BAD = {
    "a time no calendar reaches": ({"now": "9999-12-31T23:59:59+00:00"}, "`now` must be between"),
    "a time before all": ({"now": "0001-01-01T00:00:00+14:00"}, "`now` must be between"),
    "a parcel in a far year": (
        {"order": ORDER | {"delivery": {"status": "sent", "promised_at": "9999-12-31"}}},
        "`order.delivery.promised_at` must be between",
    ),
    "no time at all": ({"now": "soon"}, "'soon' is not a time"),
    "a channel of somebody else's": ({"channel": "fax"}, "`channel` must be one of email, slack"),
    "a channel that is a list": ({"channel": ["email"]}, "`channel` must be one of email, slack"),
    "a subject that is a list": ({"subject": ["x"]}, "`subject` must be text"),
    "items that are a number": ({"order": ORDER | {"items": 3}}, "`order.items` must be a list"),
    "an item that is a word": ({"order": ORDER | {"items": ["lamp"]}}, "`order.items` must hold objects"),
    "more than all money": ({"order": ORDER | {"captures_minor": [10**30] * 2}}, "`order.captures_minor`"),
    "less than nothing": ({"order": ORDER | {"paid_minor": -5}}, "`order.paid_minor` must be between 0"),
    "an item below nothing": (
        {"order": ORDER | {"items": [{"name": "Lampe", "amount_minor": -1}]}},
        "`order.items` must be between 0",
    ),
    "an id that is no number": ({"id": float("nan")}, "`id` must be"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_field_is_named_and_the_other_lines_are_done(name: str) -> None:
    fields, said = BAD[name]
    assert isinstance(fields, dict)
    done = suggest(
        {"id": 1, "text": "Hej"}, {"text": "Jeg er trukket to gange"} | fields, {"id": 3, "text": "Hej"}
    )
    assert done.exit_code == 2, done.exception
    assert [each["id"] for each in answers(done)] == [1, 3]
    assert done.stderr.startswith("line 2: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_large_but_possible_sums_and_old_times_are_taken() -> None:
    order = ORDER | {"captures_minor": [10**12, 10**12], "paid_minor": 2 * 10**12}
    done = suggest(
        {"text": "Jeg er trukket to gange", "order": order, "now": "1999-12-31T23:59:59+00:00"},
    )
    assert done.exit_code == 0, done.exception
    assert answers(done)[0]["remedy"]["amount_minor"] == 10**12
