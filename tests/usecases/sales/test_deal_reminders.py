"""The reminders of a deal follow it: exactly one of each kind is open, of its owner, at its time, whatever is done with the deal."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.core.absences import NewAbsence
from domain.core.messages import Message
from domain.core.refusals import NotYet
from domain.core.reminders import Reminder, ReminderState, Snooze
from domain.core.working_time import WorkingHours
from domain.sales.deal_limits import stage_over_at
from domain.sales.deals import Deal, DealStageOver, Money, SignatureLate, progress_of
from domain.sales.leads import NewTouch, TouchKind
from storage.unit_of_work import UnitOfWork
from tests.domain.playbooks import changed
from tests.firm import WHOLE, FirmDesks
from tests.usecases.sales.test_deals import BRIEF, PLAN, a_deal, a_file, ready_lead
from usecases.core.facts import fact_of
from usecases.process.manual import ProcessDesk
from usecases.sales.deals import DealDesk

LONDON = WorkingHours(zone="Europe/London")
STAGE = DealStageOver.kind
WEDNESDAY = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
"""The morning after the ten working days of Tuesday's first talk."""


async def reminder(firm: FirmDesks, deal: Deal, kind: str = STAGE) -> Reminder | None:
    """The open reminder of a deal, if it has one."""
    return await firm.store.read(firm.workspace_id, lambda work: work.reminders.open_for(kind, deal.id))


async def due(firm: FirmDesks, deal: Deal, kind: str = STAGE) -> tuple[str, datetime]:
    """Who is reminded, and when."""
    found = await reminder(firm, deal, kind)
    assert found
    return found.member.slack_id, found.due_at


async def told(firm: FirmDesks) -> list[tuple[int | None, int]]:
    """To whom the time limits of stages are told now, with the reminder's id."""
    while await firm.upkeep.sweep_reminders():
        pass
    return [
        (row.destination.member_id, row.message.reminder_id)
        for row in await firm.told()
        if isinstance(row.message, DealStageOver)
    ]


async def talked(firm: FirmDesks, deal: Deal) -> None:
    """The evidence that the first gate asks for."""
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)


async def test_an_owner_is_told_on_the_working_morning_after_the_limit(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    assert await due(firm, deal) == (firm.seller.slack_id, WEDNESDAY)
    firm.clock.moment = datetime(2026, 3, 17, 17, 0, tzinfo=UTC)
    assert await told(firm) == []
    firm.clock.moment = WEDNESDAY
    [(to_id, reminder_id)] = await told(firm)
    assert to_id == firm.seller.member_id
    assert await told(firm) == []
    subject = await firm.store.read(firm.workspace_id, lambda work: fact_of(work, "reminder_id", reminder_id))
    assert (subject.page.deal.code, subject.page.brief) == ("D-1", None)


async def test_week_ends_and_holidays_do_not_count(firm: FirmDesks) -> None:
    firm.clock.moment = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
    deal = await a_deal(firm)  # Good Friday lies between; the clocks have gone forward
    assert await due(firm, deal) == (firm.seller.slack_id, datetime(2026, 4, 16, 8, 0, tzinfo=UTC))


async def test_each_stage_has_its_own_reminder_and_what_was_told_says_that_it_went_on(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    first = await reminder(firm, deal)
    await talked(firm, deal)
    assert await reminder(firm, deal) == first
    firm.clock.advance(days=1)
    await firm.moved_on(deal.id)
    over = await firm.store.read(firm.workspace_id, lambda work: work.reminders.get(first.id if first else 0))
    assert (over.state, over.outcome, over.closed_by) == (ReminderState.DONE, "went_on", firm.seller.person)
    assert await due(firm, deal) == (
        firm.seller.slack_id,
        datetime(2026, 3, 17, 9, 0, tzinfo=UTC),
    )  # eight working days
    back = await firm.deals.move(firm.seller, deal.id, "first_talk", "Another need")
    assert await due(firm, deal) == (firm.seller.slack_id, datetime(2026, 3, 19, 9, 0, tzinfo=UTC))
    assert back.operation
    await firm.operations.undo(firm.seller, back.operation.id)
    assert await due(firm, deal) == (firm.seller.slack_id, datetime(2026, 3, 17, 9, 0, tzinfo=UTC))


async def test_another_route_has_another_limit(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await talked(firm, deal)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    await firm.moved_on(deal.id)
    standard = await due(firm, deal)
    await firm.deals.choose_variant(firm.seller, deal.id, "major", "A key account")
    longer = await due(firm, deal)
    assert longer[1] > standard[1]
    firm.clock.moment = datetime(2026, 3, 17, 12, 0, tzinfo=UTC)
    await firm.deals.choose_variant(firm.seller, deal.id, "standard", "Not that large")
    assert (await due(firm, deal))[1] == datetime(2026, 3, 18, 9, 0, tzinfo=UTC)  # over already: the next working day


async def test_what_was_told_or_put_off_stays_so_while_the_stage_is_the_same(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    firm.clock.moment = WEDNESDAY
    [(_to_id, reminder_id)] = await told(firm)
    await talked(firm, deal)
    await firm.deals.plan(firm.seller, deal.id, replace(PLAN, title="Review of all costs"))
    assert await told(firm) == []
    await firm.reminders.snooze(firm.seller, reminder_id, Snooze.NEXT_WEEK)
    monday = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    assert await due(firm, deal) == (firm.seller.slack_id, monday)
    firm.clock.moment = monday
    assert await told(firm) == [(firm.seller.member_id, reminder_id)]


async def test_only_the_deal_itself_ends_it(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    found = await reminder(firm, deal)
    assert found
    with pytest.raises(NotYet, match="ends when the deal moves on or its date changes"):
        await firm.reminders.done(firm.seller, found.id)
    step = await firm.deals.lose(firm.seller, deal.id, "price")
    assert await reminder(firm, deal) is None
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await due(firm, deal) == (firm.seller.slack_id, WEDNESDAY)


async def test_it_goes_to_the_new_owner_who_is_not_told_at_once_of_what_they_took_over(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id)
    assert await due(firm, deal) == (firm.other_seller.slack_id, WEDNESDAY)
    firm.clock.moment = WEDNESDAY
    await told(firm)
    await firm.deals.hand_over(firm.other_seller, deal.id, firm.seller.slack_id)
    assert await told(firm) == []
    assert await due(firm, deal) == (firm.seller.slack_id, datetime(2026, 3, 19, 9, 0, tzinfo=UTC))


async def test_a_deputy_is_told_and_may_put_it_off(firm: FirmDesks) -> None:
    await a_deal(firm)
    absence = NewAbsence(first_on=date(2026, 3, 16), last_on=date(2026, 3, 20), deputy_id=firm.other_seller.member_id)
    await firm.store.write(firm.workspace_id, lambda work: work.absences.add(firm.seller.member_id, absence))
    firm.clock.moment = WEDNESDAY
    [(to_id, reminder_id)] = await told(firm)
    assert to_id == firm.other_seller.member_id
    put_off = await firm.reminders.snooze(firm.other_seller, reminder_id, Snooze.TOMORROW)
    assert put_off.member == firm.seller.person


async def test_the_limit_is_the_one_of_the_playbook_it_began_with(firm: FirmDesks, tmp_path: Path) -> None:
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    begun = DealDesk(firm.store, WHOLE)
    deal = (await begun.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)).deal
    longer = changed(tmp_path, "sales", 'limit = "10 working days"', 'limit = "12 working days"')
    await ProcessDesk(firm.store, longer).keep(firm.workspace_id)
    today = DealDesk(firm.store, longer)
    newer = (await today.qualify(firm.seller, (await ready_lead(firm, "Zenith")).id, PLAN)).deal
    await today.write_brief(firm.seller, deal.id, BRIEF)
    assert await due(firm, deal) == (firm.seller.slack_id, WEDNESDAY)
    assert await due(firm, newer) == (firm.seller.slack_id, datetime(2026, 3, 20, 9, 0, tzinfo=UTC))


async def test_a_deal_from_before_there_were_such_reminders_gets_one_at_its_next_change(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    found = await reminder(firm, deal)
    assert found

    def forget(work: UnitOfWork) -> None:
        work.reminders.close(found.id, ReminderState.CANCELLED, "over", None)

    await firm.store.write(firm.workspace_id, forget)
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    assert await due(firm, deal) == (firm.seller.slack_id, WEDNESDAY)


async def test_moves_are_undone_in_any_order(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await talked(firm, deal)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    first = await firm.moved_on(deal.id)
    firm.clock.advance(minutes=1)
    second = await firm.moved_on(deal.id)
    assert first.operation
    assert second.operation
    await firm.operations.undo(firm.seller, first.operation.id)  # of which nothing is left to be taken back
    assert (await firm.deals.show(firm.seller, deal.id)).deal.progress == second.deal.progress
    third = await due(firm, deal)
    await firm.operations.undo(firm.seller, second.operation.id)
    assert (await due(firm, deal)) <= third


async def test_who_owns_the_deal_again_is_reminded_though_it_has_moved_since(firm: FirmDesks) -> None:
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    deal = await a_deal(firm)
    await talked(firm, deal)
    given = await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id)
    await firm.moved_on(deal.id)
    assert (await due(firm, deal))[0] == firm.other_seller.slack_id
    assert given.operation
    await firm.operations.undo(firm.seller, given.operation.id)
    assert (await due(firm, deal))[0] == firm.seller.slack_id


async def test_back_on_another_route_the_limit_is_the_one_of_that_route_though_the_deal_has_moved_since(
    firm: FirmDesks,
) -> None:
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    deal = await a_deal(firm)
    await talked(firm, deal)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    small = replace(PLAN, value=Money(amount=Decimal("900.00"), currency="EUR"), client_type="existing")
    planned = await firm.deals.plan(firm.seller, deal.id, small)
    moved = await firm.moved_on(deal.id)
    shorter = await due(firm, deal)
    assert planned.operation
    await firm.operations.undo(firm.seller, planned.operation.id)
    stands = (await firm.deals.show(firm.seller, deal.id)).deal
    assert progress_of(stands).stage == progress_of(moved.deal).stage
    limit = stage_over_at(stands, WHOLE.sales, LONDON)
    assert limit
    assert await due(firm, deal) == (firm.seller.slack_id, LONDON.next_working_moment(limit)) != shorter


async def test_twice_is_once(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    larger = replace(PLAN, value=Money(amount=Decimal("300000.00"), currency="EUR"))
    sam = firm.seller.within("test", "press-1")
    await firm.deals.plan(sam, deal.id, larger)
    once = await reminder(firm, deal)
    await firm.deals.plan(sam, deal.id, larger)
    assert await reminder(firm, deal) == once


CLOSE = SignatureLate.kind


async def test_an_owner_is_told_when_the_expected_day_has_passed_until_another_is_said(firm: FirmDesks) -> None:
    friday = replace(PLAN, expected_on=date(2026, 3, 13))
    deal = await a_deal(firm, friday)
    assert await due(firm, deal, CLOSE) == (firm.seller.slack_id, datetime(2026, 3, 16, 9, 0, tzinfo=UTC))
    firm.clock.moment = datetime(2026, 3, 13, 17, 0, tzinfo=UTC)
    assert SignatureLate not in await kinds_told(firm)
    firm.clock.moment = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    assert SignatureLate in await kinds_told(firm)
    first = await reminder(firm, deal, CLOSE)
    await talked(firm, deal)
    await firm.moved_on(deal.id)
    assert await reminder(firm, deal, CLOSE) == first
    pushed = await firm.deals.plan(firm.seller, deal.id, replace(friday, expected_on=date(2026, 4, 2)))
    assert await due(firm, deal, CLOSE) == (firm.seller.slack_id, datetime(2026, 4, 6, 8, 0, tzinfo=UTC))
    await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id)
    assert (await due(firm, deal, CLOSE))[0] == firm.other_seller.slack_id
    lost = await firm.deals.lose(firm.seller, deal.id, "price")
    assert await reminder(firm, deal, CLOSE) is None
    for step in (lost, pushed):
        assert step.operation
        await firm.operations.undo(firm.admin, step.operation.id)
    assert (await due(firm, deal, CLOSE))[0] == firm.other_seller.slack_id


async def test_without_an_expected_day_nobody_is_told_and_one_that_has_passed_is_told_the_next_day(
    firm: FirmDesks,
) -> None:
    deal = await a_deal(firm)
    assert await reminder(firm, deal, CLOSE) is None
    await firm.deals.plan(firm.seller, deal.id, replace(PLAN, expected_on=date(2026, 3, 2)))
    assert await due(firm, deal, CLOSE) == (firm.seller.slack_id, datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    await firm.deals.plan(firm.seller, deal.id, PLAN)
    assert await reminder(firm, deal, CLOSE) is None


async def kinds_told(firm: FirmDesks) -> list[type[Message]]:
    """What is told now, by kind."""
    while await firm.upkeep.sweep_reminders():
        pass
    return [type(row.message) for row in await firm.told()]
