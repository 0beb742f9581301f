"""A strict reader of letters: what they would send back, in words."""

import re

from bot.rendering import Rendered

#: Letters that ask for nothing back.
_WITHOUT_QUESTION = {"reply/data_request_looking", "reply/praise_thanks", "reply/thanks"}
#: Letters that promise nothing that lies ahead.
_WITHOUT_DATE = {"reply/praise_thanks", "reply/thanks"}


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
