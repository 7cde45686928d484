"""The deals behind a figure of the pipeline, and what is expected in this quarter."""

from dataclasses import replace
from datetime import date

from tests.firm import FirmDesks
from tests.usecases.sales.test_deals import PLAN, a_deal


async def test_a_stage_lists_as_many_deals_as_its_figure_says(firm: FirmDesks) -> None:
    late = await a_deal(firm, replace(PLAN, title="Late", expected_on=date(2026, 5, 1)))
    soon = await a_deal(firm, replace(PLAN, title="Soon", expected_on=date(2026, 3, 20)))
    unknown = await a_deal(firm, replace(PLAN, title="Some day", expected_on=None))
    sums = await firm.pipeline.pipeline(firm.seller, is_own=False)
    [line] = sums.running
    listed = await firm.pipeline.at_stage(firm.seller, line.stage or "", is_own=False)
    assert [deal.id for deal in listed.deals] == [soon.id, late.id, unknown.id]
    assert listed.total == line.count == 3
    assert sum(one.count for one in sums.expected) == 1
    assert sums.quarter_ends == date(2026, 3, 31)
    own = await firm.pipeline.at_stage(firm.other_seller, line.stage or "", is_own=True)
    assert (own.deals, own.total) == ((), 0)
    assert (await firm.pipeline.pipeline(firm.other_seller, is_own=True)).expected == ()


async def test_everybodys_running_deals_are_listed(firm: FirmDesks) -> None:
    await a_deal(firm)
    assert (await firm.pipeline.team(firm.other_seller)).total == 1
    assert (await firm.pipeline.mine(firm.other_seller)).total == 0
