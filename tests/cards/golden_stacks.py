"""Many drafts about one thing: their card, the card of a case among them, and the window."""

from dataclasses import replace
from functools import partial
from typing import Any

from card_views import NOW
from golden_conversations import bokmal
from golden_texts import BOKMAL_REPLY, DANISH_REPLY, FIRM, SWEDISH, SWEDISH_REPLY

from bot.cards.stack_cards import ALIKE, StackLine, StackPage, StackView, stack_card, stacked_card
from bot.cards.stack_window import stack_window, taken_back, told

ON = '{"s": 5}'


def cards() -> dict[str, partial[Any]]:
    """What stands in the channel."""
    delay = StackView(
        5, "delay", NOW, about="The shop told us: Delay, 5 November. what: Bordlampe Ærø & pærer", drafts=140,
        waiting=112, have_written=6, sent=20, taken_out=7, gone=1,
    )  # fmt: skip
    one = StackView(6, "outage", NOW, drafts=1, waiting=1, have_written=1)
    alike = StackView(
        7, ALIKE, NOW, intent="late_delivery", tie="carrier", cause="Bring & Sønn <Oslo>", drafts=9, waiting=5,
        have_written=9, sent=4, can_be_undone=4,
    )  # fmt: skip
    service = replace(alike, tie="service", cause="app", intent="technical_fault", can_be_undone=1)
    return {
        "stack": partial(stack_card, delay),
        "stack_of_one": partial(stack_card, one),
        "stack_done": partial(stack_card, replace(delay, waiting=0, sent=132)),
        "stack_of_alike": partial(stack_card, alike),
        "stack_of_alike_done": partial(stack_card, replace(service, waiting=0)),
        "stack_case_of_alike": partial(stacked_card, bokmal(), alike),
        "stack_last_case_of_alike": partial(stacked_card, bokmal(), replace(service, waiting=1)),
    }


def windows() -> dict[str, partial[Any]]:
    """Where they are read and sent."""
    hint = "Say which parcel"
    lines = (
        StackLine(12, 3, "Mette Sørensen", "mette@sørensen.example", DANISH_REPLY, "100 kr."),
        StackLine(
            13, 1, "Åsa Lindström", "asa@lindstrom.example", SWEDISH_REPLY, words=SWEDISH, files=2, findings=1,
            hints=(hint,), is_doubtful=True,
        ),
        StackLine(14, 2, FIRM, "", BOKMAL_REPLY * 16),
    )  # fmt: skip
    news = told(2, (("Kåre Bjørnstad", "They wrote again meanwhile."),), 30)
    page = StackPage("Delay, 5 November", lines, 112, news, undo_in=5)
    empty = StackPage("Outage, 5 November", (), 0, told(0, ()))
    undone = replace(empty, waiting=87, news=(taken_back(3),))
    return {
        "stack_window": partial(stack_window, page, ON),
        "stack_window_all_read": partial(stack_window, undone, ON),
        "stack_window_of_one_left": partial(stack_window, replace(empty, waiting=1), ON),
        "stack_window_done": partial(stack_window, replace(empty, news=told(3, ())), ON),
    }


def stacks() -> dict[str, partial[Any]]:
    """One of each."""
    return cards() | windows()
