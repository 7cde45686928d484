"""What needs management's attention: on demand, and as one digest each of their mornings, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.core.absences import NewAbsence
from domain.core.people import Actor, Profile
from domain.core.refusals import NotAllowed
from domain.sales.deals import Deal, DealPlan, NewDeal
from domain.sales.exceptions import Attention, ExceptionsDigest, Lapse
from domain.sales.leads import NewTouch, TouchKind
from tests.domain.playbooks import changed
from tests.firm import WHOLE, FirmDesks
from tests.usecases.sales.test_deals import PLAN, ready_lead
from usecases.process.manual import ProcessDesk
from usecases.sales.deals import DealDesk
from usecases.sales.exceptions import MOST_SHOWN

pytestmark = pytest.mark.both

WEDNESDAY = datetime(2026, 3, 4, 9, 45, tzinfo=UTC)
"""A quarter of an hour after the first answer to a lead of Tuesday at ten was due."""


@pytest.fixture
async def manager(firm: FirmDesks) -> Actor:
    """Management."""
    return await firm.with_manager()


async def touched(firm: FirmDesks, company: str, by: Actor) -> int:
    """The id of a lead that has its owner and its first answer."""
    lead = await firm.captured(company)
    await firm.leads.claim(by, lead.id)
    await firm.leads.log_touch(by, lead.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    return lead.id


async def away(firm: FirmDesks, who: Actor, deputy: Actor | None = None) -> None:
    """Somebody is away from Wednesday on."""
    absence = NewAbsence(
        first_on=date(2026, 3, 4), last_on=date(2026, 3, 20), deputy_id=deputy.member_id if deputy else None
    )
    await firm.store.write(firm.workspace_id, lambda work: work.absences.add(who.member_id, absence))


async def lapses(firm: FirmDesks, manager: Actor) -> dict[str, tuple[Lapse, ...]]:
    """In what leads are exceptions, by company."""
    found = await firm.exceptions.show(manager)
    return {one.lead.account.name: one.lapses for one in found.leads.worst}


async def test_leads_fall_into_the_list_and_out_of_it(firm: FirmDesks, manager: Actor) -> None:
    late = await firm.captured("Late")
    await touched(firm, "Fine", firm.seller)
    assert await lapses(firm, manager) == {}
    firm.clock.moment = WEDNESDAY
    assert await lapses(firm, manager) == {"Late": (Lapse.ANSWER_LATE, Lapse.NO_OWNER)}
    await firm.leads.assign(manager, late.id, firm.seller.slack_id)
    assert await lapses(firm, manager) == {"Late": (Lapse.ANSWER_LATE,)}
    await firm.leads.log_touch(firm.seller, late.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    assert await lapses(firm, manager) == {}


async def test_owners_who_have_left_or_are_away_without_a_deputy_are_exceptions(
    firm: FirmDesks, manager: Actor
) -> None:
    await touched(firm, "Left", firm.seller)
    await touched(firm, "Away", firm.other_seller)
    gone = Profile(slack_id=firm.seller.slack_id, name="Sam Seller", zone="Europe/London", is_deleted=True)
    await firm.people.learn(firm.workspace_id, gone)
    await away(firm, firm.other_seller)
    assert await lapses(firm, manager) == {"Left": (Lapse.OWNER_GONE,)}
    firm.clock.moment = WEDNESDAY
    assert await lapses(firm, manager) == {"Left": (Lapse.OWNER_GONE,), "Away": (Lapse.OWNER_AWAY,)}


async def test_a_deputy_who_is_there_will_do_but_not_one_who_is_away_too(firm: FirmDesks, manager: Actor) -> None:
    await touched(firm, "Away", firm.seller)
    await away(firm, firm.seller, deputy=firm.other_seller)
    firm.clock.moment = WEDNESDAY
    assert await lapses(firm, manager) == {}
    await away(firm, firm.other_seller)
    assert await lapses(firm, manager) == {"Away": (Lapse.OWNER_AWAY,)}


async def test_what_nobody_follows_up_is_an_exception_after_some_working_days(firm: FirmDesks, manager: Actor) -> None:
    await touched(firm, "Forgotten", firm.seller)  # next date: Wednesday
    firm.clock.moment = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert await lapses(firm, manager) == {}
    firm.clock.moment = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await lapses(firm, manager) == {"Forgotten": (Lapse.OVERDUE,)}


async def test_ten_are_shown_and_the_others_named(firm: FirmDesks, manager: Actor) -> None:
    for n in range(MOST_SHOWN + 2):
        await firm.captured(f"Company {n}")
    firm.clock.moment = WEDNESDAY
    found = (await firm.exceptions.show(manager)).leads
    assert (len(found.worst), found.others, found.total) == (10, (11, 12), 12)
    assert found.counts == {Lapse.ANSWER_LATE: 12, Lapse.NO_OWNER: 12}
    assert (await firm.home.front_page(manager)).parts["exceptions"].total == 12


async def a_late_deal(firm: FirmDesks, company: str, plan: DealPlan = PLAN) -> Deal:
    """A deal of today's, by a playbook that is kept, with a next step on Friday."""
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    deals = DealDesk(firm.store, WHOLE)
    return (await deals.qualify(firm.seller, (await ready_lead(firm, company)).id, plan)).deal


STEP = replace(PLAN, next_step="Call", next_on=date(2026, 3, 6))


async def deal_lapses(firm: FirmDesks, manager: Actor) -> dict[str, tuple[Lapse, ...]]:
    """In what deals are exceptions, by company."""
    found = await firm.exceptions.show(manager)
    return {one.deal.account.name: one.lapses for one in found.deals.worst if one.deal.account}


async def test_deals_fall_into_the_list_and_out_of_it(firm: FirmDesks, manager: Actor) -> None:
    planned = await a_late_deal(firm, "Planned", STEP)
    without = await a_late_deal(firm, "Without")
    assert await deal_lapses(firm, manager) == {"Without": (Lapse.NO_NEXT_STEP,)}
    await firm.deals.plan(firm.seller, without.id, replace(STEP, next_on=date(2026, 3, 30)))
    assert await deal_lapses(firm, manager) == {}
    firm.clock.moment = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
    assert await deal_lapses(firm, manager) == {}
    firm.clock.moment = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    assert await deal_lapses(firm, manager) == {"Planned": (Lapse.OVERDUE,)}
    await firm.deals.log_touch(
        firm.seller, planned.id, NewTouch(kind=TouchKind.CALL, key_points="hello", next_on=date(2026, 3, 30))
    )
    assert await deal_lapses(firm, manager) == {}
    lost = await firm.deals.lose(firm.seller, planned.id, "price")
    assert not lost.deal.is_running
    assert await deal_lapses(firm, manager) == {}


async def test_a_stage_over_its_limit_is_listed_the_working_day_after_its_owner_was_told(
    firm: FirmDesks, manager: Actor
) -> None:
    later = replace(STEP, next_on=date(2026, 4, 1))
    deal = await a_late_deal(firm, "Slow", later)
    firm.clock.moment = datetime(2026, 3, 18, 17, 0, tzinfo=UTC)  # its owner was told on this morning
    assert await deal_lapses(firm, manager) == {}
    firm.clock.moment = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
    assert await deal_lapses(firm, manager) == {"Slow": (Lapse.STAGE_OVER,)}
    [one] = (await firm.exceptions.show(manager)).deals.worst
    assert (one.deal.id, one.stage and one.stage.id) == (deal.id, "first_talk")
    assert (await firm.home.front_page(manager)).parts["exceptions"] == Attention(deals=1)


async def test_the_limit_is_the_one_of_the_deals_own_playbook_and_route(
    firm: FirmDesks, manager: Actor, tmp_path: Path
) -> None:
    later = replace(STEP, next_on=date(2026, 4, 1))
    await a_late_deal(firm, "Older", later)
    longer = changed(tmp_path, "sales", 'limit = "10 working days"', 'limit = "12 working days"')
    await ProcessDesk(firm.store, longer).keep(firm.workspace_id)
    today = DealDesk(firm.store, longer)
    await today.qualify(firm.seller, (await ready_lead(firm, "Newer")).id, later)
    firm.clock.moment = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    assert await deal_lapses(firm, manager) == {"Older": (Lapse.STAGE_OVER,)}
    firm.clock.moment = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
    assert list(await deal_lapses(firm, manager)) == ["Older", "Newer"]


async def test_a_signature_that_does_not_come_is_listed_the_working_day_after_its_owner_was_told(
    firm: FirmDesks, manager: Actor
) -> None:
    plan = replace(STEP, next_on=date(2026, 4, 1), expected_on=date(2026, 3, 5))
    await a_late_deal(firm, "Late", plan)
    firm.clock.moment = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert await deal_lapses(firm, manager) == {}
    firm.clock.moment = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await deal_lapses(firm, manager) == {"Late": (Lapse.SIGNATURE_LATE,)}


async def test_deals_of_owners_who_have_left_or_are_away_are_exceptions_until_handed_over(
    firm: FirmDesks, manager: Actor
) -> None:
    deal = await a_late_deal(firm, "Away", STEP)
    await away(firm, firm.seller)
    firm.clock.moment = WEDNESDAY
    assert await deal_lapses(firm, manager) == {"Away": (Lapse.OWNER_AWAY,)}
    gone = Profile(slack_id=firm.seller.slack_id, name="Sam Seller", zone="Europe/London", is_deleted=True)
    await firm.people.learn(firm.workspace_id, gone)
    assert await deal_lapses(firm, manager) == {"Away": (Lapse.OWNER_GONE,)}
    await firm.deals.hand_over(manager, deal.id, firm.other_seller.slack_id)
    assert await deal_lapses(firm, manager) == {}


async def test_deals_and_leads_are_told_in_one_digest(firm: FirmDesks, manager: Actor) -> None:
    await firm.captured("Late")
    await a_late_deal(firm, "Without")
    firm.clock.moment = WEDNESDAY
    assert await digests(firm) == [manager.member_id]
    found = await firm.exceptions.show(manager)
    assert found.attention.words == "1 lead and 1 deal need attention"


async def test_a_deal_that_was_taken_over_is_no_exception(firm: FirmDesks, manager: Actor) -> None:
    old = NewDeal(title="GTX Pro", stage="Won", source="import old.csv")
    await firm.store.write(firm.workspace_id, lambda work: work.deals.add(old))
    assert (await firm.exceptions.show(manager)).attention.total == 0


async def test_only_management_sees_exceptions(firm: FirmDesks) -> None:
    await firm.captured()
    firm.clock.moment = WEDNESDAY
    with pytest.raises(NotAllowed, match="Only management may see what needs attention"):
        await firm.exceptions.show(firm.seller)
    assert (await firm.home.front_page(firm.seller)).parts["exceptions"].total == 0


async def digests(firm: FirmDesks) -> list[int]:
    """The ids of those who are sent a digest now."""
    await firm.exceptions.tell(firm.workspace_id)
    return [row.message.exceptions_for for row in await firm.told() if isinstance(row.message, ExceptionsDigest)]


async def test_management_is_told_once_each_morning_that_there_is_something(firm: FirmDesks, manager: Actor) -> None:
    assert await digests(firm) == []  # nothing yet
    await firm.captured()
    firm.clock.moment = WEDNESDAY.replace(hour=8)
    assert await digests(firm) == []  # nobody is woken
    firm.clock.moment = WEDNESDAY
    assert await digests(firm) == [manager.member_id]
    firm.clock.advance(minutes=10)
    assert await digests(firm) == []
    firm.clock.advance(days=1)
    assert await digests(firm) == [manager.member_id]
    firm.clock.moment = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    assert await digests(firm) == []  # no longer the morning
    firm.clock.moment = datetime(2026, 3, 7, 10, 0, tzinfo=UTC)
    assert await digests(firm) == []  # a Saturday


async def test_who_is_away_is_left_alone(firm: FirmDesks, manager: Actor) -> None:
    await firm.captured()
    await away(firm, manager)
    firm.clock.moment = WEDNESDAY
    assert await digests(firm) == []


async def test_the_digest_says_what_is_so_when_it_is_read(firm: FirmDesks, manager: Actor) -> None:
    lead = await firm.captured()
    firm.clock.moment = WEDNESDAY
    await firm.told()
    await firm.exceptions.tell(firm.workspace_id)
    await firm.leads.disqualify(firm.seller, lead.id, "spam")
    [row] = [r for r in await firm.outbox.claim(9, firm.clock.now()) if isinstance(r.message, ExceptionsDigest)]
    letter = await firm.outbox.open(row)
    assert letter.facts["exceptions_for"].attention.total == 0
