"""What strangers may write and rows may hold, and what is asked of whatever is made of it."""

import re
from typing import Any

from card_views import NOW, STATES, errors_of, mrkdwn_texts
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from test_card_hostile_texts import OURS, hostile

from bot.cards.shapes import (
    Block,
    Card,
    FileLine,
    Leading,
    Likeness,
    OrderChoice,
    OtherCase,
    PromiseLine,
    SharedCase,
)
from bot.sandbox.slackcheck import check_view
from bot.speech import SPOKEN

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
languages = st.sampled_from(list(SPOKEN))
numbers = st.integers(0, 100_000)
yes = st.booleans()
short_links = st.one_of(hostile, st.just("https://acme.example/p1"))
links = st.one_of(short_links, st.just("https://acme.example/" + "p" * 480))
rooms = st.one_of(hostile, st.just("C0KUNDER"))
#: What stands in angle brackets and is ours: days, people and rooms, and links whatever their label says.
LIVE = re.compile(rf"{OURS.pattern}|<!date\^[^<>]*>|<#[CGD][A-Z0-9]+>|<https://[^\s<>|]+\|[^<>|]*>")


def some(made: st.SearchStrategy[Any], most: int = 12, by: str = "") -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of them, no two the same in `by`."""
    return st.lists(made, max_size=most, unique_by=(lambda each: getattr(each, by)) if by else None).map(
        tuple
    )


file_lines = st.builds(
    FileLine, hostile, numbers, hostile, yes, hostile, yes, st.sampled_from(["", "F0123456789"])
)
likenesses = some(st.builds(Likeness, numbers, hostile, hostile, hostile), by="join_id")
elsewhere = some(st.builds(OtherCase, hostile, rooms, hostile, st.just(NOW), links))
shared = some(
    st.builds(
        SharedCase, numbers, st.sampled_from(["email", "slack"]), rooms, yes, st.just(NOW), hostile, links, yes, yes,
        hostile,
    ),
    by="case_id",
)  # fmt: skip
around = st.fixed_dictionaries(
    {
        "files": some(file_lines),
        "earlier_files": numbers,
        "enclosed": some(file_lines, 6),
        "order_choices": some(st.builds(OrderChoice, numbers, hostile, yes), 25, by="order_id"),
        "customer_id": st.integers(0, 9),
        "doubt": hostile,
        "doubted_address": hostile,
        "likenesses": likenesses,
        "other_cases": elsewhere,
        "shared": shared,
        "leading": st.none() | st.builds(Leading, numbers, links, yes, yes, yes),
        "promise": st.none() | st.builds(PromiseLine, numbers, hostile, hostile, yes, numbers),
        "undo_version": st.integers(0, 4),
        "undo_seconds": numbers,
        "delivered_at": st.sampled_from([None, NOW]),
        "snoozed_until": st.sampled_from([None, NOW]),
        "resolved": yes,
        "not_a_request": yes,
        "edited": yes,
        "channel": st.sampled_from(["email", "slack"]),
        "state": st.sampled_from(STATES),
        "customer_name": hostile,
        "headline": hostile,
    }
)


def refused(*made: Card | Block) -> list[str]:
    """What Slack would refuse in them, and whatever it would read as markup though it is not ours."""
    found: list[str] = []
    for each in made:
        found += errors_of(each) if isinstance(each, Card) else check_view(each)
        said = [each.text, *mrkdwn_texts(each.blocks)] if isinstance(each, Card) else mrkdwn_texts(each)
        found += [text for text in said if set(LIVE.sub("", text)) & {"<", ">"}]
    return found
