"""The blocks that show figures: table, data_table and data_visualization."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slackcheck.elements import BUTTON
from bot.sandbox.slackcheck.objects import IDENTIFIER
from bot.sandbox.slackcheck.rich_text import RICH_TEXT
from bot.sandbox.slackcheck.shapes import (
    Check,
    Place,
    agreeing,
    array,
    choice,
    flag,
    number,
    record,
    string,
    variant,
    whole,
)

#: Slack's own pages disagree on 100 or 200 rows, and on 6 or 12 series; we hold to the smaller.
MOST_DATA_ROWS = 101
MOST_SERIES = 6

RAW: dict[str, Check] = {
    "raw_text": record({"type": choice("raw_text"), "text": string()}),
    "raw_number": record({"type": choice("raw_number"), "value": number, "text": string()}),
}
CELL = variant({**RAW, "rich_text": RICH_TEXT}, "table cell")
ACTION_CELL = record(
    {"type": choice("action_cell"), "element": variant({"button": BUTTON}, "element in a cell")},
    {"fallback": variant(RAW, "fallback cell")},
)
DATA_CELL = variant({**RAW, "rich_text": RICH_TEXT, "action_cell": ACTION_CELL}, "table cell")


def characters(value: Any) -> int:
    """How many characters of text are inside `value`; the rows of tables have a limit of their own."""
    if isinstance(value, Mapping):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else characters(item)
            for key, item in value.items()
            if key != "rows"
        )
    return sum(characters(item) for item in value) if isinstance(value, list) else 0


def rows_agree(most_characters: int) -> Check:
    """All rows equally wide, and not too much text in all of them."""

    def check(value: Any, place: Place) -> None:
        rows = value["rows"]
        if len({len(row) for row in rows}) > 1:
            place.at("rows").refuse("all rows must have the same number of cells")
        if characters(rows) > most_characters:
            place.at("rows").refuse(f"must have at most {most_characters} characters in all cells")

    return check


def header_is_raw(value: Any, place: Place) -> None:
    """The first row of a data_table is its header and holds raw cells only."""
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] not in RAW:
            place.at("rows").at(0).at(index).refuse("a header cell must be raw_text or raw_number")


TABLE = agreeing(
    record(
        {"type": choice("table"), "rows": array(array(CELL, 20), 100)},
        {
            "block_id": IDENTIFIER,
            "column_settings": array(
                record({}, {"align": choice("left", "center", "right"), "is_wrapped": flag}), 20
            ),
        },
    ),
    rows_agree(10_000),
)
DATA_TABLE = agreeing(
    record(
        {
            "type": choice("data_table"),
            "caption": string(),
            "rows": array(array(DATA_CELL, 20), MOST_DATA_ROWS, least=2),
        },
        {"block_id": IDENTIFIER, "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    ),
    header_is_raw,
    rows_agree(20_000),
)

POINT = record({"label": string(20), "value": number})
SERIES = record({"name": string(20), "data": array(POINT, 20)})
AXES = record({"categories": array(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})


def segments_are_positive(value: Any, place: Place) -> None:
    """A slice of nothing, or of less, cannot be drawn."""
    for index, segment in enumerate(value["segments"]):
        if segment["value"] <= 0:
            place.at("segments").at(index).at("value").refuse("must be above 0")


def series_agree(value: Any, place: Place) -> None:
    """Series have names of their own, and one point for each category, in order."""
    categories = value["axis_config"]["categories"]
    names = [series["name"] for series in value["series"]]
    labels = [[point["label"] for point in series["data"]] for series in value["series"]]
    if len(set(names)) < len(names):
        place.at("series").refuse("series names must be unique")
    if len(set(categories)) < len(categories):
        place.at("axis_config").at("categories").refuse("categories must be unique")
    for index, row in enumerate(labels):
        if row != categories:
            place.at("series").at(index).at("data").refuse("needs one point for each category, in order")


def plot(kind: str) -> Check:
    """A chart with axes."""
    return agreeing(
        record({"type": choice(kind), "series": array(SERIES, MOST_SERIES), "axis_config": AXES}),
        series_agree,
    )


PIE = agreeing(
    record({"type": choice("pie"), "segments": array(POINT, MOST_SERIES)}),
    segments_are_positive,
)
DATA_VISUALIZATION = record(
    {
        "type": choice("data_visualization"),
        "title": string(50),
        "chart": variant(
            {"pie": PIE, "bar": plot("bar"), "line": plot("line"), "area": plot("area")}, "chart"
        ),
    },
    {"block_id": IDENTIFIER},
)
