"""What sales says of somebody's day."""

from tests.firm import FirmDesks


async def test_leads_that_are_not_named_are_counted(firm: FirmDesks) -> None:
    for n in range(10):
        lead = await firm.captured(f"Company {n}")
        if n:
            await firm.leads.claim(firm.seller, lead.id)
    firm.clock.advance(days=1)
    leads = (await firm.home.front_page(firm.seller)).parts["leads"]
    assert (len(leads.due), leads.due_count) == (8, 9)
    assert (len(leads.unclaimed), leads.unclaimed_count) == (1, 1)
    assert (await firm.home.front_page(firm.consultant)).parts["leads"].unclaimed_count == 0
