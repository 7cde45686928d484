"""No way leads to a won deal but the evidence of its gates: every use case is tried on one that has none, and so is a file."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from domain.core.refusals import Refusal
from domain.files.columns import Reading, Records, digest_of, read_table
from domain.files.imports import NewImport
from domain.files.sheets import read_sheet, write_sheet
from domain.sales.deals import DealPlan, Money
from storage.engine.database import Database
from storage.schema import deals
from tests.fire.neighbours import almighty, move_in
from tests.fire.use_cases import TRIED, tried
from tests.firm import SCREENED, WHOLE, FirmDesks, FrozenClock
from usecases.files.imports import ImportDesk

PLAN = DealPlan(title="Audit", value=Money(amount=Decimal("50000.00"), currency="EUR"))


async def a_deal(firm: FirmDesks) -> int:
    """A deal that has just begun."""
    lead = await firm.captured("Bare Ltd")
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.rescreen(firm.seller, lead.id, SCREENED)
    return (await firm.deals.qualify(firm.seller, lead.id, PLAN)).deal.id


async def row_of(database: Database, deal_id: int) -> dict[str, Any]:
    """A deal as it is kept."""
    return await database.read(lambda c: dict(c.execute(select(deals).where(deals.c.id == deal_id)).one()._mapping))


async def test_no_use_case_wins_a_deal_or_moves_it_past_a_gate(sqlite_database: Database, clock: FrozenClock) -> None:
    there = await move_in(sqlite_database, clock)
    tried_on: Counter[str] = Counter()
    for use_case in TRIED:
        deal = await row_of(sqlite_database, await a_deal(there.desks))
        own = replace(there, rows=there.rows | {"deals": deal})
        with suppress(Refusal, ValueError):  # some of the rows there make sense to no use case
            await tried(use_case, there.desks, own, almighty(there.desks.admin))
        now = await row_of(sqlite_database, deal["id"])
        assert now["outcome"] != "won", use_case
        assert now["at_stage"] == "first_talk", use_case
        tried_on[use_case] += now["version"] > deal["version"]
    assert tried_on["DealDesk.lose"] == tried_on["DealDesk.plan"] == 1  # they do reach the deal


@pytest.mark.parametrize("stage", [stage.id for stage in WHOLE.sales.stages])
async def test_no_stage_is_jumped_to(firm: FirmDesks, stage: str) -> None:
    with pytest.raises(Refusal):
        await firm.deals.move(almighty(firm.admin), await a_deal(firm), stage, "because")


async def test_a_file_that_says_won_leaves_a_running_deal_as_it_is(firm: FirmDesks, database: Database) -> None:
    deal_id = await a_deal(firm)
    columns = ["title", "account", "stage", "amount", "currency", "owner"]
    content = write_sheet(columns, [("Audit", "Bare Ltd", "Won", "50000.00", "EUR", firm.seller.name)])
    reading = Reading(currency="EUR")
    new = NewImport(
        kind=Records.DEALS, file="f.csv", reading=reading, digest=digest_of(Records.DEALS, reading, content)
    )
    imports = ImportDesk(firm.store, WHOLE)
    actor = await imports.acting(firm.workspace_id, None, "import f.csv")
    await imports.carry_out(actor, new, read_table(read_sheet(content), Records.DEALS, reading))
    assert (await row_of(database, deal_id))["outcome"] == "open"
    both = (await firm.pipeline.search(firm.seller, "Audit")).deals
    assert [(deal.is_running, deal.outcome.value) for deal in both] == [(True, "open"), (False, "won")]
