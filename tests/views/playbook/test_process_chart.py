"""The picture of a record's route: a PNG on a light ground, with the place where the record stands lit."""

import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from domain.core.time_limits import TimeLimit, Unit
from domain.playbook.playbook import Passed, Position
from tests.domain.playbooks import PLAYBOOK
from views.playbook.process_chart import HERE_COLOUR, normal_days, process_chart, stage_chart

PICTURE = Path(__file__).parent.parent.parent.parent / "docs" / "images" / "process-chart.png"
LATE_DEAL = Position(
    code="D-7",
    stage_id="confirmation",
    variant_id="standard",
    holder="Ben Carter",
    days=18,
    passed=(
        Passed(stage_id="lead", days=6),
        Passed(stage_id="first_talk", days=7),
        Passed(stage_id="analysis", days=11),
        Passed(stage_id="proposal", days=9),
        Passed(stage_id="review", days=2),
    ),
)


def lit(picture: bytes) -> tuple[int, float, float]:
    """How many pixels are of the lit place's colour, and where their middle is, as parts of width and height."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    colour = tuple(bytes.fromhex(HERE_COLOUR.removeprefix("#")))
    found = [n for n, pixel in enumerate(image.get_flattened_data()) if pixel == colour]
    xs, ys = [n % image.width for n in found], [n // image.width for n in found]
    return len(found), sum(xs) / len(found) / image.width, sum(ys) / len(found) / image.height


def test_the_place_where_the_record_stands_is_lit() -> None:
    picture = process_chart(PLAYBOOK, LATE_DEAL)
    pixels, x, y = lit(picture)
    assert pixels > 20_000
    assert (0.25 < x < 0.5, 0.25 < y < 0.5) == (True, True)
    further = replace(LATE_DEAL, stage_id="contract")
    assert lit(process_chart(PLAYBOOK, further))[1] > 0.75
    if os.environ.get("RAINMAKER_SCREENSHOTS"):
        PICTURE.write_bytes(picture)


@pytest.mark.parametrize(("stage_id", "column"), [("lead", 0), ("first_talk", 1), ("lost", 1)])
def test_the_chart_of_all_stages_lights_the_one_that_is_asked_for(stage_id: str, column: int) -> None:
    pixels, x, _y = lit(stage_chart(PLAYBOOK, stage_id))
    assert pixels > 20_000
    assert int(x * 4) == column


def test_a_chart_of_no_stage_in_particular_lights_none() -> None:
    image = Image.open(BytesIO(stage_chart(PLAYBOOK))).convert("RGB")
    assert tuple(bytes.fromhex(HERE_COLOUR.removeprefix("#"))) not in {c for _n, c in image.getcolors(10**6) or []}


def test_the_picture_is_light_and_wide_enough_for_slack() -> None:
    image = Image.open(BytesIO(process_chart(PLAYBOOK, LATE_DEAL))).convert("RGB")
    assert image.getpixel((2, 2)) == (255, 255, 255)
    assert 1200 <= image.width <= 1600
    assert image.height <= image.width


@pytest.mark.parametrize(
    "position",
    [
        replace(LATE_DEAL, variant_id="light"),
        replace(LATE_DEAL, stage_id="lost"),
        replace(LATE_DEAL, stage_id="lead", passed=(), days=0),
        replace(LATE_DEAL, stage_id="a_stage_of_an_older_playbook", variant_id="gone"),
        replace(LATE_DEAL, holder="A name with $sums$ and _marks_ that is far too long for any box", days=12_345),
    ],
    ids=["light", "lost", "just begun", "older playbook", "extreme"],
)
def test_a_picture_is_drawn_wherever_a_record_stands(position: Position) -> None:
    assert process_chart(PLAYBOOK, position).startswith(b"\x89PNG")


def test_days_that_have_begun_count_whole() -> None:
    stages = {stage.id: normal_days(stage) for stage in PLAYBOOK.stages}
    assert (stages["lead"], stages["work"]) == (20, 120)
    hours = PLAYBOOK.stages[0].model_copy(update={"limit": TimeLimit(12, Unit.WORKING_HOUR)})
    assert normal_days(hours) == 2


def test_matplotlib_is_only_loaded_for_drawing() -> None:
    script = "import sys, views.playbook.process_chart; print('matplotlib' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )
