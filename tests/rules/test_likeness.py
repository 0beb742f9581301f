"""Which drafts are alike: the same letter about the same named cause, and nothing in them that needs a second look."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.alike import Likeness, OpenDraft, carrier_name, likeness, make_a_stack
from bot.rules.decisions import INTENTS, Situation

LATE = OpenDraft(
    intent="late_delivery",
    situation="granted",
    template="reply/late_delivery_granted",
    words="Hej, hvornår kommer min pakke?",
    carriers=("PostNord",),
)
DOWN = OpenDraft(
    intent="technical_fault",
    situation="looking",
    template="reply/technical_fault_looking",
    words="Nettet er nede.",
)
BROKEN = OpenDraft("damaged_item", "granted", "reply/damaged_item_granted", products=("Bordlampe",))


def test_drafts_with_the_same_letter_about_parcels_of_the_same_carrier_are_alike() -> None:
    other = replace(LATE, words="Var är mitt paket? Jag har väntat i en vecka.", carriers=("Post Nord",))
    named = Likeness("late_delivery", "granted", "reply/late_delivery_granted", "", "carrier", "PostNord")
    assert (likeness(LATE), likeness(other)) == (named, named)


@pytest.mark.parametrize(
    "other",
    [
        {"carriers": ("GLS",)},
        {"situation": "looking", "template": "reply/late_delivery_looking"},
        {"template": "reply/late_delivery_looking"},
        {"wish": "refund"},
        {"intent": "missing_item", "carriers": (), "products": ("Bordlampe",)},
    ],
)
def test_another_letter_cause_or_wish_is_another_matter(other: dict[str, Any]) -> None:
    changed = likeness(replace(LATE, **other))
    assert changed is not None
    assert changed != likeness(LATE)


@pytest.mark.parametrize(
    "alone",
    [
        {"feeling": 2},
        {"urgent": True},
        {"second_bad_experience": True},
        {"owner_only": True},
        {"findings": 1},
        {"answers_more": True},
        {"needs_a_look": True},
        {"answered_before": True},
        {"confidence": 0.59},
        {"situation": "approval"},
        {"situation": "open"},
        {"situation": "unsolved"},
        {"situation": "declined"},
        {"template": ""},
        {"template": "event/delay"},
        {"carriers": ()},
        {"carriers": ("PostNord", "GLS")},
        {"intent": "data_request"},
        {"intent": "service_complaint"},
        {"intent": "double_charge"},
        {"intent": "other"},
    ],
    ids=str,
)
def test_whatever_needs_a_second_look_stands_alone(alone: dict[str, Any]) -> None:
    assert likeness(LATE) is not None
    assert likeness(replace(LATE, **alone)) is None


def test_somebody_who_is_annoyed_is_still_one_of_many() -> None:
    assert likeness(replace(LATE, feeling=1)) == likeness(LATE)


@pytest.mark.parametrize(
    ("words", "carriers", "cause"),
    [
        ("PostNord skriver, at den er forsinket.", (), "PostNord"),
        ("Pakken ligger hos postnords terminal", (), "PostNord"),
        ("Har ringt til GLS tre ganger", (), "GLS"),
        ("Budbee säger att den är på väg", ("Budbee AB",), "Budbee"),
        ("GLS siger, at I har den", ("PostNord",), ""),
        ("Først hos GLS, nu hos PostNord", (), ""),
        ("Først hos GLS, nu hos PostNord", ("GLS",), ""),
        ("Den ligger hos PostNord", ("GLS", "PostNord"), "PostNord"),
        ("Bring me my parcel. Ups, I forgot the number.", (), ""),
        ("Når kommer pakken?", ("Bring",), "Bring"),
        ("Når kommer pakken?", (" Posten  Norge ",), "Posten Norge"),
        ("Når kommer pakken?", ("",), ""),
        ("", (), ""),
    ],
)
def test_the_carrier_is_the_books_or_the_one_that_is_named_and_never_a_guess(
    words: str, carriers: tuple[str, ...], cause: str
) -> None:
    found = likeness(replace(LATE, words=words, carriers=carriers))
    assert (found.cause if found else "") == cause


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("Nettet er nede siden i morges", "internet"),
        ("Internett er borte. Bredbåndet virker ikke", "internet"),
        ("Bredbandet har legat nere hela dagen", "internet"),
        ("Breibandet har vore nede i heile dag", "internet"),
        ("The wi-fi is down again", "internet"),
        ("Appen går ned, når jeg åbner den", "app"),
        ("Hemsidan fungerar inte", "website"),
        ("Straumen har gått", "power"),
        ("TV-et er svart", "television"),
        ("Både nettet og TV-et er nede", ""),
        ("Den virker ikke", ""),
        ("Nettbutikken svarer ikke", "website"),
    ],
)
def test_a_fault_is_tied_to_the_one_service_that_is_named(words: str, cause: str) -> None:
    found = likeness(replace(DOWN, words=words))
    assert (found.cause if found else "") == cause


@pytest.mark.parametrize(
    ("products", "cause"),
    [
        (("Bordlampe",), "Bordlampe"),
        (("Bordlampe ", "Bordlampe"), "Bordlampe"),
        (("Bordlampe", "Pære"), ""),
        ((), ""),
    ],
)
def test_a_fault_of_a_thing_is_tied_to_the_only_thing_of_the_order(
    products: tuple[str, ...], cause: str
) -> None:
    found = likeness(replace(BROKEN, products=products))
    assert (found.cause if found else "") == cause


def test_a_carrier_is_called_by_one_name() -> None:
    assert {carrier_name(each) for each in ("PostNord", "POSTNORD DK", "Post Nord", "postnord")} == {
        "PostNord"
    }
    assert carrier_name("Vogns Bud") == "Vogns Bud"


@pytest.mark.parametrize(
    ("alike", "stack_from", "enough"),
    [(5, 5, True), (4, 5, False), (60, 0, False), (2, 2, True), (0, 0, False)],
)
def test_a_stack_is_made_from_so_many_on_and_never_where_the_house_says_none(
    alike: int, stack_from: int, enough: bool
) -> None:
    assert make_a_stack(alike, stack_from) is enough


CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "intent": st.sampled_from(INTENTS),
    "situation": st.sampled_from([each.value for each in Situation]),
    "template": st.sampled_from(["", "reply/late_delivery_granted", "event/delay"]),
    "words": st.text() | st.sampled_from(["PostNord", "nettet", "GLS og PostNord"]),
    "carriers": st.lists(st.text() | st.sampled_from(["PostNord", "GLS"]), max_size=3).map(tuple),
    "products": st.lists(st.text(), max_size=3).map(tuple),
    "feeling": st.integers(0, 2),
    "urgent": st.booleans(),
    "second_bad_experience": st.booleans(),
    "findings": st.integers(0, 2),
}
#: A few changes at a time: with many, hardly a draft would be like any other.
changed = st.lists(st.sampled_from(sorted(CHANGES)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: CHANGES[name] for name in names})
)


@given(st.sampled_from([LATE, DOWN, BROKEN]), changed)
def test_a_likeness_names_its_cause_and_holds_nobody_who_is_to_be_read_alone(
    plain: OpenDraft, changes: dict[str, Any]
) -> None:
    draft = replace(plain, **changes)
    found = likeness(draft)
    names_all = found is not None and all(
        asdict(found)[name] for name in ("intent", "situation", "template", "tie", "cause")
    )
    assert names_all or found is None
    is_to_be_read_alone = (
        draft.feeling > 1 or draft.urgent or draft.second_bad_experience or draft.findings > 0
    )
    assert found is None or not is_to_be_read_alone
    assert likeness(replace(draft, feeling=2)) is None
