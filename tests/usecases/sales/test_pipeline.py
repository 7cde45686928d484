"""The pipeline of deals taken over from another system adds up to what a few lines of Python make of the file."""

import csv
import io
import random
from collections import defaultdict
from decimal import Decimal

import pytest

from domain.files.columns import Reading, Records, digest_of, read_table
from domain.files.imports import NewImport
from domain.files.sheets import read_sheet
from tests.firm import WHOLE, FirmDesks
from usecases.files.imports import ImportDesk

pytestmark = pytest.mark.both

COLUMNS = ("opportunity_id", "title", "deal_stage", "close_value")
STAGES = ("Won", "Lost", "Engaging", "Prospecting")


def opportunities(count: int) -> list[dict[str, str]]:
    """Rows as a sales system exports them: what is open has no value yet, what is lost is worth nothing."""
    chance, rows = random.Random(8800), []
    for number in range(count):
        stage = chance.choice(STAGES)
        value = {"Won": str(chance.randint(100, 30_000)), "Lost": "0"}.get(stage, "")
        rows.append(dict(zip(COLUMNS, (f"O{number}", f"Deal {number}", stage, value), strict=True)))
    return rows


def sums(rows: list[dict[str, str]]) -> dict[str, tuple[int, Decimal]]:
    """How many rows each stage has, and what they come to."""
    found: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for row in rows:
        count, amount = found[row["deal_stage"]]
        found[row["deal_stage"]] = (count + 1, amount + Decimal(row["close_value"] or 0))
    return dict(found)


async def test_the_pipeline_equals_the_sums_of_the_file(firm: FirmDesks) -> None:
    rows = opportunities(400)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    asked = ("opportunity_id=own_key", "deal_stage=stage", "close_value=amount")
    reading = Reading(asked=asked, currency="USD")
    content = text.getvalue().encode()
    new = NewImport(
        kind=Records.DEALS, file="o.csv", reading=reading, digest=digest_of(Records.DEALS, reading, content)
    )
    imports = ImportDesk(firm.store, WHOLE)
    actor = await imports.acting(firm.workspace_id, None, "import o.csv")
    await imports.carry_out(actor, new, read_table(read_sheet(content), Records.DEALS, reading))

    pipeline = await firm.pipeline.pipeline(firm.seller, is_own=False)
    assert pipeline.running == ()
    found: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for line in pipeline.taken_over:
        assert line.stage is not None
        count, amount = found[line.stage]
        found[line.stage] = (count + line.count, amount + (line.amount or Decimal(0)))
    assert dict(found) == sums(rows)
    assert {line.stage: line.outcome.value for line in pipeline.taken_over} == {
        "Won": "won",
        "Lost": "lost",
        "Engaging": "open",
        "Prospecting": "open",
    }
