"""The vocabulary the Block Kit tables are written in: small checks that report where a payload is wrong.

A check takes a value and its place and adds errors to the place; it never raises. Keys that a table does not
name are errors, because Slack refuses them too, and because a misspelt key is otherwise never noticed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the payload we are, and the list every error goes to."""

    errors: list[str]
    pointer: str = ""

    def at(self, key: str | int) -> "Place":
        return Place(self.errors, f"{self.pointer}/{key}")

    def refuse(self, why: str) -> None:
        """Adds an error in the form of Slack's `response_metadata.messages`."""
        self.errors.append(f"[ERROR] {why} [json-pointer:{self.pointer or '/'}]")


Check = Callable[[Any, Place], None]


def string(most: int | None = None, *, least: int = 1, pattern: str = "") -> Check:
    """A string of `least` to `most` code points that matches `pattern` as a whole."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, str):
            place.refuse("must be a string")
        elif len(value) < least:
            place.refuse(f"must be at least {least} characters")
        elif most is not None and len(value) > most:
            place.refuse(f"must be at most {most} characters")
        elif pattern and not re.fullmatch(pattern, value):
            place.refuse(f"must match {pattern}")

    return check


def choice(*allowed: str) -> Check:
    """One of the strings named."""

    def check(value: Any, place: Place) -> None:
        if value not in allowed:
            place.refuse(f"must be one of {', '.join(allowed)}")

    return check


def flag(value: Any, place: Place) -> None:
    """true or false; Slack refuses null, 0 and "true"."""
    if not isinstance(value, bool):
        place.refuse("must be true or false")


def number(value: Any, place: Place) -> None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        place.refuse("must be a number")
    elif not isfinite(value):
        place.refuse("must be finite")


def whole(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any, place: Place) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            place.refuse("must be a whole number")
        elif not least <= value <= most:
            place.refuse(f"must be from {least} to {most}")

    return check


def array(each: Check, most: int | None = None, *, least: int = 1) -> Check:
    """A list of `least` to `most` values that each pass."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, list):
            place.refuse("must be a list")
            return
        if len(value) < least:
            place.refuse(f"must have at least {least} items")
        if most is not None and len(value) > most:
            place.refuse(f"must have at most {most} items")
        for index, item in enumerate(value):
            each(item, place.at(index))

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with all of `required`, any of `optional`, and nothing else."""
    known = {**required, **(optional or {})}

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, Mapping):
            place.refuse("must be an object")
            return
        for key in required.keys() - value.keys():
            place.at(key).refuse("must be provided")
        for key, item in value.items():
            if key not in known:
                place.at(key).refuse("unknown key")
            else:
                known[key](item, place.at(key))

    return check


def variant(kinds: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` names one of `kinds`, which then checks the whole object."""

    def check(value: Any, place: Place) -> None:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping):
            place.refuse("must be an object")
        elif not isinstance(kind, str) or kind not in kinds:
            place.at("type").refuse(f"unsupported type of {what}: {kind}")
        else:
            kinds[kind](value, place)

    return check


def agreeing(shape: Check, *rules: Check) -> Check:
    """A table, then rules between its fields; these see only what has passed the table."""

    def check(value: Any, place: Place) -> None:
        before = len(place.errors)
        shape(value, place)
        if len(place.errors) == before:
            for rule in rules:
                rule(value, place)

    return check
