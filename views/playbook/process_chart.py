"""The route of one record as a picture for Slack: the stages with normal and actual days, and the place where it stands lit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from domain.core.language import _, plural
from domain.core.time_limits import HOURS_A_DAY
from domain.playbook.playbook import Playbook, Position
from domain.playbook.stages import Outcome, Stage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 4
WIDE, HIGH, ACROSS, DOWN = 2.7, 1.5, 0.4, 0.5
"""Inches: a box, and the room between boxes. At Slack's width a picture of four boxes keeps its text legible."""
HEAD = 0.9
DOTS = 110


@dataclass(frozen=True)
class Look:
    """How a box is drawn; colour is never the only sign."""

    fill: str
    edge: str
    text: str
    mark: str
    thick: float
    style: str = "solid"


class Place(Enum):
    """What a stage is to the record."""

    BEHIND = Look("#e8f5ec", "#2e7d4f", "#1d2b22", "✓ ", 1.6)
    HERE = Look("#1d4ed8", "#1e3a8a", "#ffffff", "▶ ", 3.0)
    AHEAD = Look("#ffffff", "#8a919c", "#1f2937", "", 1.4)
    LEFT_OUT = Look("#f6f7f9", "#c4c9d1", "#6b7280", "", 1.2, "dashed")


@dataclass(frozen=True)
class Box:
    """One stage of the picture; each line has with it whether it says that something is late."""

    stage: Stage
    place: Place
    lines: list[tuple[str, bool]]


HERE_COLOUR = Place.HERE.value.fill
FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei", "PingFang SC", "Microsoft YaHei")
"""The first one comes with matplotlib; those of the others that are installed are asked for letters it does not have."""
LATE = "#b42318"
LATE_ON_DARK = "#fde68a"


def process_chart(playbook: Playbook, position: Position) -> bytes:
    """A PNG of the route of the record's variant, on a light background, with who holds it and normal against actual days.

    A stage that the variant leaves out is drawn dashed. Takes a moment, at first for loading matplotlib: draw in a thread, and never
    within a transaction.
    """
    passed = {stage.stage_id: stage.days for stage in position.passed}
    boxes = [
        Box(stage, _place(playbook, stage, position, passed), _lines(stage, position, passed))
        for stage in _drawn(playbook, position)
    ]
    return _picture(_headline(playbook, position), boxes)


def stage_chart(playbook: Playbook, stage_id: str | None = None) -> bytes:
    """A PNG of all stages with their normal time and responsible role, one of them lit. As slow as the chart of a record."""
    lit = playbook.stage(stage_id) if stage_id else None
    boxes = [
        Box(stage, Place.HERE if stage is lit else Place.AHEAD, [(_normal(stage), False), (stage.role.title, False)])
        for stage in playbook.stages
        if stage.outcome is not Outcome.LOST or stage is lit
    ]
    headline = _("How we work: {stage}").format(stage=_(lit.title)) if lit else _("How we work")
    return _picture(headline, boxes)


def _picture(headline: str, boxes: Sequence[Box]) -> bytes:
    height = HEAD + -(-len(boxes) // COLUMNS) * (HIGH + DOWN)
    figure, axes = _sheet(COLUMNS * WIDE + (COLUMNS + 1) * ACROSS, height)
    _write(axes, ACROSS, height - HEAD * 0.58, headline, fontsize=19, weight="bold", color="#111827")
    for number, box in enumerate(boxes):
        x, y = _corner(number, height)
        _draw_box(axes, x, y, box)
        if number:
            _draw_arrow(axes, number, height)
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _sheet(width: float, height: float) -> tuple["Figure", "Axes"]:
    """An empty white sheet, measured in inches from its lower left corner."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure  # without pyplot: nothing is shared between threads

    figure = Figure(figsize=(width, height), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return figure, axes


def _drawn(playbook: Playbook, position: Position) -> list[Stage]:
    """The stages of the picture: those of the route, those it leaves out, and the lost one only for who stands there."""
    on_road = {stage.id: stage for stage in playbook.route(position.variant_id)}
    return [
        on_road.get(stage.id, stage)
        for stage in playbook.stages
        if stage.outcome is not Outcome.LOST or stage.id == position.stage_id
    ]


def _place(playbook: Playbook, stage: Stage, position: Position, passed: Mapping[str, int]) -> Place:
    if stage.id == position.stage_id:
        return Place.HERE
    if stage.id in passed:
        return Place.BEHIND
    is_on_road = any(found.id == stage.id for found in playbook.route(position.variant_id))
    return Place.AHEAD if is_on_road else Place.LEFT_OUT


def _headline(playbook: Playbook, position: Position) -> str:
    stage = playbook.stage(position.stage_id)
    title = _(stage.title) if stage else position.stage_id
    variant = _(playbook.variant(position.variant_id).title)
    return _("{code}: {stage}, held by {holder} ({variant})").format(
        code=position.code, stage=title, holder=_cut(position.holder, 24), variant=variant
    )


def normal_days(stage: Stage) -> int:
    """The stage's time limit in working days, begun ones counted whole."""
    return -(-stage.limit.minutes // (HOURS_A_DAY * 60))


def _lines(stage: Stage, position: Position, passed: Mapping[str, int]) -> list[tuple[str, bool]]:
    """What stands under the title, each line with whether it says that something is late."""
    normal = normal_days(stage)
    days = position.days if stage.id == position.stage_id else passed.get(stage.id)
    if days is None:
        return [(_normal(stage), False)]
    said = _("{days} of {normal} days").format(days=days, normal=normal)
    is_late = days > normal
    lines = [(_("{days}, late").format(days=said) if is_late else said, is_late)]
    return [*lines, (_cut(position.holder, 20), False)] if stage.id == position.stage_id else lines


def _normal(stage: Stage) -> str:
    normal = normal_days(stage)
    return plural("{count} day", "{count} days", normal).format(count=normal)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _corner(number: int, height: float) -> tuple[float, float]:
    """The lower left corner of a box, counted along the rows from the top."""
    row, column = divmod(number, COLUMNS)
    return ACROSS + column * (WIDE + ACROSS), height - HEAD - (row + 1) * HIGH - row * DOWN


def _draw_box(axes: "Axes", x: float, y: float, drawn: Box) -> None:
    from matplotlib.patches import FancyBboxPatch

    stage, place, look = drawn.stage, drawn.place, drawn.place.value
    box = FancyBboxPatch(
        (x, y), WIDE, HIGH, boxstyle="round,pad=0,rounding_size=0.14", facecolor=look.fill, edgecolor=look.edge,
        linewidth=look.thick, linestyle=look.style,
    )  # fmt: skip
    axes.add_patch(box)
    for number, line in enumerate(wrap(look.mark + _(stage.title), 15)[:2]):
        _write(axes, x + 0.15, y + HIGH - 0.37 - number * 0.3, line, fontsize=18, weight="bold", color=look.text)
    written = [(_("left out"), False)] if place is Place.LEFT_OUT else drawn.lines
    for number, (line, is_late) in enumerate(reversed(written)):
        colour = (LATE_ON_DARK if place is Place.HERE else LATE) if is_late else look.text
        weight = "bold" if is_late else "normal"
        _write(axes, x + 0.15, y + 0.16 + number * 0.31, line, fontsize=16, weight=weight, color=colour)


def _write(axes: "Axes", x: float, y: float, text: str, **style: Any) -> None:
    axes.text(x, y, text, fontfamily=_fonts(), parse_math=False, **style)


@cache
def _fonts() -> list[str]:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [font for font in FONTS if font in installed]


def _draw_arrow(axes: "Axes", number: int, height: float) -> None:
    """From the box before to this one; from the end of a row round to the beginning of the next."""
    (from_x, from_y), (x, y) = _corner(number - 1, height), _corner(number, height)
    if number % COLUMNS:
        points = [(from_x + WIDE, from_y + HIGH / 2), (x, y + HIGH / 2)]
    else:
        lane = from_y - DOWN / 2
        points = [
            (from_x + WIDE / 2, from_y),
            (from_x + WIDE / 2, lane),
            (x + WIDE / 2, lane),
            (x + WIDE / 2, y + HIGH),
        ]
    axes.plot(*zip(*points[:-1], strict=True), color="#4b5563", linewidth=1.8, solid_joinstyle="round")
    head = {"arrowstyle": "-|>", "color": "#4b5563", "linewidth": 1.8, "shrinkA": 0, "shrinkB": 3, "mutation_scale": 16}
    axes.annotate("", xy=points[-1], xytext=points[-2], arrowprops=head)
