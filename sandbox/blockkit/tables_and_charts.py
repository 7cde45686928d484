"""The blocks that show figures: `table`, `data_table` and `data_visualization`.

Sources: https://docs.slack.dev/reference/block-kit/blocks/table-block, …/data-table-block, …/data-visualization-block
"""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.constraints import distinct, items_of
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.rules import (
    Array,
    Boolean,
    Constraint,
    Fields,
    Integer,
    Null,
    Number,
    OneOf,
    Place,
    Shape,
    String,
    Surface,
    choice,
)

MESSAGE_ONLY: frozenset[Surface] = frozenset({"message"})
MESSAGE_AND_HOME: frozenset[Surface] = frozenset({"message", "home"})

_BLOCK: Fields = {"block_id": String(255)}

_CELL = OneOf(
    {
        "raw_text": Shape(required={"text": String()}),
        "raw_number": Shape(required={"value": Number(), "text": String()}),
        "rich_text": RICH_TEXT,
    }
)
_ROW = Array(_CELL, least=1, most=20)

_COLUMN = Shape(optional={"align": choice("left", "center", "right"), "is_wrapped": Boolean()})

TABLE = Shape(
    required={"rows": Array(_ROW, least=1, most=100)},
    optional={**_BLOCK, "column_settings": Array(Null(otherwise=_COLUMN), most=20)},
    surfaces=MESSAGE_AND_HOME,
)


def _rows_are_equally_long(table: dict[str, Any], place: Place) -> Iterator[str]:
    rows = [row for row in items_of(table.get("rows")) if isinstance(row, list)]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield (place / "rows" / index).problem(f"must have {len(rows[0])} items like the first row")


def _header_is_plain(table: dict[str, Any], place: Place) -> Iterator[str]:
    header = items_of(table.get("rows"))[:1]
    for index, cell in enumerate(items_of(header[0]) if header else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            yield (place / "rows" / 0 / index / "type").problem("unsupported type: rich_text")


DATA_TABLE = Shape(
    required={"caption": String(), "rows": Array(_ROW, least=2, most=201)},
    optional={**_BLOCK, "page_size": Integer(1, 100), "row_header_column_index": Integer(0, 19)},
    also=(_rows_are_equally_long, _header_is_plain),
    surfaces=MESSAGE_AND_HOME,
)

_LABEL = String(20)


def _a_point_for_each_category(chart: dict[str, Any], place: Place) -> Iterator[str]:
    axis = chart.get("axis_config")
    categories = _labels(axis.get("categories") if isinstance(axis, dict) else None)
    for index, series in enumerate(items_of(chart.get("series"))):
        points = items_of(series.get("data")) if isinstance(series, dict) else []
        labels = [point.get("label") for point in points if isinstance(point, dict)]
        if sorted(_labels(labels)) != sorted(categories):
            yield (place / "series" / index / "data").problem("must have exactly one point per category")


_POINTS_MATCH: tuple[Constraint, ...] = (distinct("series", by="name"), _a_point_for_each_category)

_SERIES_CHART = Shape(
    required={
        "series": Array(
            Shape(
                required={
                    "name": _LABEL,
                    "data": Array(Shape(required={"label": _LABEL, "value": Number()}), least=1, most=20),
                }
            ),
            least=1,
            most=12,
        ),
        "axis_config": Shape(
            required={"categories": Array(_LABEL, least=1, most=20)},
            optional={"x_label": String(50), "y_label": String(50)},
            also=(distinct("categories"),),
        ),
    },
    also=_POINTS_MATCH,
)

_PIE = Shape(
    required={"segments": Array(Shape(required={"label": _LABEL, "value": Number(above=0)}), least=1, most=12)},
)

DATA_VISUALIZATION = Shape(
    required={
        "title": String(50),
        "chart": OneOf({"pie": _PIE, "bar": _SERIES_CHART, "area": _SERIES_CHART, "line": _SERIES_CHART}),
    },
    optional=_BLOCK,
    surfaces=MESSAGE_ONLY,
)


def _labels(values: object) -> list[str]:
    return [value for value in items_of(values) if isinstance(value, str)]
