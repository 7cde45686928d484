"""What waits for whom, and what the jobs and the metrics are told, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.core.messages import CardChanged, Destination, Hint
from domain.core.refusals import NotFound
from domain.core.reminders import ReminderState
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead, LeadCaptured, NewTouch, TouchKind
from storage.schema import cards
from tests.firm import HELP, FirmDesks
from usecases.core.maintenance import KEPT_FOR

pytestmark = pytest.mark.both


async def test_the_front_page_shows_what_is_due_by_tonight_and_what_is_free(firm: FirmDesks) -> None:
    mine, free = await firm.captured("Mine"), await firm.captured("Free")
    await firm.leads.claim(firm.seller, mine.id)
    page = (await firm.home.front_page(firm.seller)).parts["leads"]
    assert (page.due, [lead.id for lead in page.unclaimed], page.mine, page.team) == ((), [free.id], 1, 2)
    firm.clock.moment = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert [lead.id for lead in (await firm.home.front_page(firm.seller)).parts["leads"].due] == [mine.id]


async def test_who_may_not_claim_is_not_offered_to_and_a_guest_sees_nothing(firm: FirmDesks) -> None:
    await firm.captured()
    page = (await firm.home.front_page(firm.consultant)).parts["leads"]
    assert (page.unclaimed, page.team) == ((), 1)
    nothing = await firm.home.front_page(firm.guest)
    assert (dict(nothing.parts), nothing.is_admin) == ({}, False)
    assert (await firm.home.front_page(firm.admin)).is_admin


async def test_the_backlog_counts_what_waits_and_since_when(firm: FirmDesks) -> None:
    await firm.captured()
    backlog = await firm.upkeep.backlog()
    assert (backlog.open_messages, backlog.late_reminders) == (2, 0)  # the greeting, and the lead's card
    assert backlog.oldest_message_at == firm.clock.now()
    firm.clock.advance(days=2)
    backlog = await firm.upkeep.backlog()
    assert backlog.late_reminders == 1  # the warning that the first answer is near
    assert backlog.oldest_reminder_at == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)


async def test_a_message_is_written_from_the_facts_of_the_moment_it_is_delivered(firm: FirmDesks) -> None:
    lead = await firm.captured()
    rows = await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1))
    [row] = [row for row in rows if isinstance(row.message, LeadCaptured)]
    await firm.leads.claim(firm.seller, lead.id)
    letter = await firm.outbox.open(row)
    assert letter.facts["lead"].owner == firm.seller.person


async def test_a_card_whose_lead_moved_on_while_it_was_posted_is_redrawn(firm: FirmDesks) -> None:
    lead = await firm.captured()
    rows = await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1))
    [row] = [row for row in rows if isinstance(row.message, LeadCaptured)]
    letter = await firm.outbox.open(row)
    await firm.leads.claim(firm.seller, lead.id)
    await firm.outbox.sent(letter, "C1", "1.1")
    [redraw] = await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1))
    assert isinstance(redraw.message, CardChanged)
    assert redraw.destination == Destination(channel="C1")


async def test_a_card_that_is_right_already_is_not_redrawn(firm: FirmDesks) -> None:
    await firm.captured()
    rows = await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1))
    [row] = [row for row in rows if isinstance(row.message, LeadCaptured)]
    await firm.outbox.sent(await firm.outbox.open(row), "C1", "1.1")
    assert await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1)) == []


async def test_a_card_nobody_knows_any_more_is_not_found(firm: FirmDesks) -> None:
    await firm.store.write(
        firm.workspace_id,
        lambda work: work.outbox.put(CardChanged(card_id=4711), Destination(channel="C1"), once="refresh:4711"),
    )
    rows = await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1))
    [row] = [row for row in rows if isinstance(row.message, CardChanged)]
    with pytest.raises(NotFound):
        await firm.outbox.open(row)


async def test_somebody_who_writes_twice_is_told_twice_and_a_redelivery_is_not(firm: FirmDesks) -> None:
    for event in ("Ev1", "Ev2", "Ev2"):
        await firm.finding.answer(firm.consultant.within("event message", event), HELP)
    outbox = []
    while rows := await firm.outbox.claim(10, firm.clock.now() + timedelta(minutes=1)):
        for row in rows:
            await firm.store.write(firm.workspace_id, lambda work, row=row: work.outbox.sent(row, "D1", "1.1"))
        outbox += rows
    assert sum(isinstance(row.message, Hint) for row in outbox) == 2


async def deliver_all(firm: FirmDesks) -> None:
    """Take all messages for delivered, each in a place of its own."""
    while rows := await firm.outbox.claim(100, firm.clock.now()):
        for row in rows:
            if isinstance(row.message, CardChanged):
                await firm.outbox.drawn(await firm.outbox.open(row))
            else:
                await firm.outbox.sent(await firm.outbox.open(row), f"D{row.destination.member_id}", f"{row.id}.1")


async def live_a_day(firm: FirmDesks, day: int, lead: Lead) -> None:
    """A follow-up falls due, is told, and ends with a touch; in the night, what has aged is cleared."""
    firm.clock.advance(days=1)
    while await firm.upkeep.sweep_reminders():
        pass
    await deliver_all(firm)
    for kind in (FirstAnswerDue.kind, FollowUpDue.kind):
        reminder = await firm.store.read(
            firm.workspace_id, lambda work, kind=kind: work.reminders.open_for(kind, lead.id)
        )
        if reminder and reminder.state is ReminderState.TOLD:
            touch = NewTouch(kind=TouchKind.CALL, key_points="hello")
            await firm.leads.log_touch(firm.seller.within("modal lead.touch", f"view {day}"), lead.id, touch)
    await firm.finding.answer(firm.seller.within("event message", f"Ev{day}"), HELP)
    await deliver_all(firm)
    while await firm.upkeep.clear_aged():
        pass


async def test_a_reminder_that_is_long_over_goes_with_its_card_and_no_redraw_fails(firm: FirmDesks) -> None:
    lead = await firm.captured()
    for day in range(3):
        await live_a_day(firm, day, lead)
    card, *_others = await firm.store.database.read(  # type: ignore[attr-defined]
        lambda connection: connection.execute(cards.select().where(cards.c.subject == "reminder")).all()
    )
    waiting = (CardChanged(card_id=card.id), Destination(channel=card.channel))
    await firm.store.write(firm.workspace_id, lambda work: work.outbox.put(*waiting, once=f"refresh:{card.id}"))
    firm.clock.moment += KEPT_FOR + timedelta(days=1)
    while await firm.upkeep.clear_aged():
        pass
    with pytest.raises(NotFound):
        await firm.store.read(firm.workspace_id, lambda work: work.reminders.get(card.subject_id))
    [row] = [row for row in await firm.outbox.claim(9, firm.clock.now()) if isinstance(row.message, CardChanged)]
    with pytest.raises(NotFound):  # which the delivery takes for a record that is gone
        await firm.outbox.open(row)
    assert (await firm.leads.show(firm.seller, lead.id)).lead.is_open
