"""The figures on a manager's Home: a sentence, and a table by channel where there is anything to show."""

import re
from collections.abc import Sequence

from bot.cards.elements import bullets, context, header, leaf, mrkdwn, paragraph, section
from bot.cards.home_shapes import ChannelRow, WeekView
from bot.cards.shapes import Block
from bot.cards.texts import line
from bot.speech import mark, say

MOST_CHANNELS = 20
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")
_HEADS = (mark("Channel"), mark("Conversations"), mark("Not answered yet"), mark("First answer, median"))


def is_channel(slack_id: str) -> bool:
    """Whether this can be a channel's id."""
    return _CHANNEL.fullmatch(slack_id) is not None


def week_blocks(week: WeekView | None, with_table: bool) -> list[Block]:
    """The week as it has come; without the table the channels are lines."""
    title = header(say("Support this week"))
    if week is None:
        return [title, section(say("No figures yet. They begin with the first message of a customer."))]
    blocks = [title, paragraph(week.sentence)]
    if week.channels:
        rows = week.channels[:MOST_CHANNELS]
        blocks.append(_table(rows) if with_table else _as_lines(rows))
    if source := line(week.source, 300):
        blocks.append(context(source, mrkdwn(say("`/tillid stats` answers more"))))
    return blocks


def _table(rows: Sequence[ChannelRow]) -> Block:
    cells = [[_text(say(head)) for head in _HEADS], *(_cells(row) for row in rows)]
    return {"type": "data_table", "caption": say("This week by channel"), "rows": cells}


def _cells(row: ChannelRow) -> list[Block]:
    name = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [_place(row)]}]}
    return [
        name,
        _number(row.conversations),
        _number(row.waiting),
        _text(line(row.first_answer, 60, otherwise="-")),
    ]


def _place(row: ChannelRow) -> Block:
    if is_channel(row.slack_channel):
        return {"type": "channel", "channel_id": row.slack_channel}
    return leaf(line(row.name, 100, otherwise="-"))


def _text(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def _number(number: int) -> Block:
    return {"type": "raw_number", "value": number, "text": str(number)}


def _as_lines(rows: Sequence[ChannelRow]) -> Block:
    return bullets(
        [
            [
                _place(row),
                leaf(_counts(row)),
                leaf(line(row.first_answer, 60, otherwise="-")),
            ]
            for row in rows
        ]
    )


def _counts(row: ChannelRow) -> str:
    return say(
        ": {conversations} conversations, {waiting} not answered yet, first answer ",
        conversations=row.conversations,
        waiting=row.waiting,
    )
