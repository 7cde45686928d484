"""The outbox and the jobs' claims: in order within a lane, never twice, and never by two processes at once."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.core.messages import CardChanged, Destination, Hint, OutboxRow
from domain.core.reminders import DueReminder, SweepPlan
from storage.core.jobs import JobWork
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.schema import outbox, request_results
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import HELP, TUESDAY_MORNING, FirmDesks, FrozenClock, found_firm
from usecases.core.maintenance import BATCH, KEPT_FOR

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)


async def put(firm: FirmDesks, *lanes: str) -> None:
    """Hints for these channels, in this order."""

    def body(work: UnitOfWork) -> None:
        for n, lane in enumerate(lanes):
            work.outbox.put(Hint(), Destination(channel=lane), once=f"hint:{lane}:{n}")

    await firm.store.write(firm.workspace_id, body)


async def claimed(firm: FirmDesks, most: int = 100) -> list[OutboxRow]:
    """What can be delivered now, ours for a minute."""
    return await firm.outbox.claim(most, firm.clock.now() + MINUTE)


@pytest.fixture
async def drained(firm: FirmDesks) -> FirmDesks:
    """A firm whose first messages have been delivered."""
    for row in await claimed(firm):
        await firm.store.write(firm.workspace_id, lambda work, row=row: work.outbox.sent(row, "D1", "1.1"))
    return firm


async def test_only_the_oldest_of_each_lane_can_be_claimed(drained: FirmDesks) -> None:
    await put(drained, "C1", "C1", "C2", "C1", "C2")
    assert [row.once for row in await claimed(drained)] == ["hint:C1:0", "hint:C2:2"]
    assert await claimed(drained) == []


async def test_a_clock_set_back_an_hour_holds_nothing_back(drained: FirmDesks) -> None:
    await put(drained, "C1", "C2")
    [_leased] = await drained.outbox.claim(1, drained.clock.now() + MINUTE)
    drained.clock.advance(hours=-1)
    assert await drained.upkeep.catch_up() == 3
    assert await drained.upkeep.catch_up() == 0
    assert [row.once for row in await claimed(drained)] == ["hint:C1:0", "hint:C2:1"]
    assert await claimed(drained) == []


async def test_what_is_tried_again_later_waits_for_its_time_after_a_clock_was_set_back(drained: FirmDesks) -> None:
    await put(drained, "C1")
    drained.clock.advance(hours=-1)
    await drained.upkeep.catch_up()
    [row] = await claimed(drained)
    later = drained.clock.now() + timedelta(hours=2)
    await drained.outbox.later(row, later, "ratelimited", is_outcome_unknown=False)
    drained.clock.advance(minutes=2)
    await drained.upkeep.catch_up()
    assert await claimed(drained) == []


async def test_a_clock_two_minutes_behind_another_takes_nothing_that_is_leased(drained: FirmDesks) -> None:
    await put(drained, "C1")
    assert await claimed(drained)
    drained.clock.advance(minutes=-2)
    assert await drained.upkeep.catch_up() == 0
    assert await claimed(drained) == []


async def test_a_claim_from_a_long_queue_takes_no_longer(drained: FirmDesks) -> None:
    """PostgreSQL believes the queue short until it has counted anew, which may be a minute after everybody was reminded at once."""
    await put(drained, *["C1", "C2", "C3"] * 2_000)
    began = time.monotonic()
    assert [row.once for row in await claimed(drained)] == ["hint:C1:0", "hint:C2:1", "hint:C3:2"]
    assert await drained.outbox.next_at() == drained.clock.now() + MINUTE
    assert time.monotonic() - began < 0.5


async def test_the_next_of_a_lane_follows_when_the_first_is_sent_or_given_up(drained: FirmDesks) -> None:
    await put(drained, "C1", "C1", "C1")
    [first] = await claimed(drained)
    await drained.store.write(drained.workspace_id, lambda work: work.outbox.sent(first, "C1", "1.1"))
    [second] = await claimed(drained)
    assert second.once == "hint:C1:1"
    await drained.outbox.give_up(second, "is_archived")
    assert "hint:C1:2" in [row.once for row in await claimed(drained)]


async def test_one_that_waits_to_be_tried_again_holds_its_lane_and_no_other(drained: FirmDesks) -> None:
    await put(drained, "C1", "C1", "C2")
    rows = await claimed(drained)
    for row in rows:
        await drained.outbox.later(row, drained.clock.now() + 10 * MINUTE, "ratelimited", is_outcome_unknown=False)
    await put(drained, "C3")
    assert [row.once for row in await claimed(drained)] == ["hint:C3:0"]
    drained.clock.advance(minutes=10)
    again = {row.once: row for row in await claimed(drained)}
    assert again["hint:C1:0"].attempts == 1
    assert "hint:C1:1" not in again


async def test_who_claimed_it_before_cannot_let_go_of_what_another_has_in_hand(drained: FirmDesks) -> None:
    await put(drained, "C1")
    [row] = await claimed(drained)
    drained.clock.advance(minutes=1)
    [taken_over] = await claimed(drained)
    await drained.outbox.later(row, drained.clock.now(), "TimeoutError", is_outcome_unknown=True)
    await drained.outbox.put_off(row, drained.clock.now())
    assert await claimed(drained) == []
    await drained.outbox.later(taken_over, drained.clock.now(), "TimeoutError", is_outcome_unknown=True)
    assert len(await claimed(drained)) == 1


async def test_a_lease_that_has_run_out_is_taken_over_knowing_of_the_first_try(drained: FirmDesks) -> None:
    await put(drained, "C1")
    [row] = await claimed(drained)
    began = drained.clock.now()
    drained.clock.advance(seconds=59)
    assert await claimed(drained) == []
    drained.clock.advance(seconds=2)
    [again] = await claimed(drained)
    assert (again.id, again.attempts, again.first_tried_at) == (row.id, 1, began)


@pytest.mark.parametrize(("is_unknown", "remembered"), [(True, True), (False, False)])
async def test_a_try_that_certainly_failed_counts_for_nothing(
    drained: FirmDesks, is_unknown: bool, remembered: bool
) -> None:
    await put(drained, "C1")
    [row] = await claimed(drained)
    await drained.outbox.later(row, drained.clock.now(), "trouble", is_outcome_unknown=is_unknown)
    [again] = await claimed(drained)
    assert (again.first_tried_at is not None) == remembered


async def test_the_same_message_is_put_in_once(drained: FirmDesks) -> None:
    for _time in range(3):
        await put(drained, "C1")
    assert len(await claimed(drained)) == 1


async def test_changes_of_a_card_that_waits_collapse_and_later_ones_do_not(drained: FirmDesks) -> None:
    lead = await drained.captured()

    def card(work: UnitOfWork) -> None:
        work.cards.register("lead", lead.id, "C9", "1.1", "LeadCaptured")

    await drained.store.write(drained.workspace_id, card)
    for _change in range(3):
        await drained.store.write(drained.workspace_id, lambda work: work.outbox.refresh_cards("lead", lead.id))
    redraws = [row for row in await claimed(drained) if isinstance(row.message, CardChanged)]
    assert len(redraws) == 1
    await drained.store.write(drained.workspace_id, lambda work: work.outbox.refresh_cards("lead", lead.id))
    await drained.store.write(drained.workspace_id, lambda work: work.outbox.sent(redraws[0], "C9", None))
    assert len([row for row in await claimed(drained) if isinstance(row.message, CardChanged)]) == 1


async def test_a_message_given_up_is_told_to_an_admin_once_for_each_place_and_cause(drained: FirmDesks) -> None:
    await put(drained, "C1", "C1", "C2")
    for _round in range(2):
        for row in await claimed(drained):
            if row.destination.channel:
                await drained.outbox.give_up(row, "is_archived")
    told = await drained.store.database.read(  # type: ignore[attr-defined]
        lambda c: c.execute(outbox.select().where(outbox.c.kind == "MessageUndeliverable")).all()
    )
    assert len(told) == 2


async def from_two_bots(database: Database, ask: Callable[[JobWork], list[Any]]) -> tuple[list[Any], list[Any]]:
    """What two bots on one database get that ask at the same moment."""
    other = open_database(database.url)
    stores = [Store(one, FrozenClock(TUESDAY_MORNING + 1440 * MINUTE)) for one in (database, other)]
    first, second = await asyncio.gather(*(store.jobs(ask) for store in stores))
    await other.close()
    return first, second


@pytest.mark.postgres
async def test_two_bots_claim_different_messages(postgres_database: PostgresDatabase, clock: FrozenClock) -> None:
    firm = await found_firm(Store(postgres_database, clock), clock)
    await put(firm, *(f"C{n}" for n in range(10)))
    lease = clock.now() + 2880 * MINUTE
    first, second = await from_two_bots(postgres_database, lambda jobs: jobs.claim_outbox(6, lease))
    assert sorted(map(len, (first, second))) == [11 - 6, 6]  # the greeting of the admin is among them
    assert not {row.id for row in first} & {row.id for row in second}


@pytest.mark.postgres
async def test_two_bots_never_tell_the_same_reminder(postgres_database: PostgresDatabase, clock: FrozenClock) -> None:
    firm = await found_firm(Store(postgres_database, clock), clock)
    for n in range(8):
        await firm.captured(f"Company {n}", by=firm.seller if n % 2 else firm.other_seller)

    def tell(jobs: JobWork) -> list[DueReminder]:
        due = jobs.claim_reminders(5)
        jobs.carry_out(SweepPlan(single=tuple(due), digests=(), later=()))
        return due

    first, second = await from_two_bots(postgres_database, tell)
    assert first
    assert second
    assert not {reminder.id for reminder in first} & {reminder.id for reminder in second}


async def test_a_claim_takes_people_as_a_whole(firm: FirmDesks) -> None:
    for n in range(9):
        await firm.captured(f"Company {n}", by=firm.seller if n < 6 else firm.other_seller)
    firm.clock.advance(days=1)

    async def claimed_of(most: int) -> set[tuple[int, int]]:
        due = await firm.store.jobs(lambda jobs: jobs.claim_reminders(most))
        return set(Counter(reminder.member_id for reminder in due).items())

    mine, others = (firm.seller.member_id, 6), (firm.other_seller.member_id, 3)
    assert await claimed_of(9) == {mine, others}
    assert await claimed_of(8) == {mine}  # of the other there would be room for two
    assert await claimed_of(2) == {mine}  # more than asked for, but of one


async def test_one_that_is_tried_again_comes_before_younger_ones(drained: FirmDesks) -> None:
    await put(drained, "C1", "C2")
    [first] = await claimed(drained, 1)
    drained.clock.advance(seconds=1)
    await drained.outbox.later(first, drained.clock.now(), "ratelimited", is_outcome_unknown=False)
    assert [row.once for row in await claimed(drained, 1)] == [first.once]


async def test_the_next_moment_to_look_is_the_first_that_can_be_claimed(drained: FirmDesks) -> None:
    assert await drained.outbox.next_at() is None
    await put(drained, "C1")
    assert await drained.outbox.next_at() == drained.clock.now()
    [row] = await claimed(drained)
    assert await drained.outbox.next_at() == drained.clock.now() + MINUTE
    await drained.outbox.later(row, drained.clock.now() + 5 * MINUTE, "x", is_outcome_unknown=False)
    assert await drained.outbox.next_at() == drained.clock.now() + 5 * MINUTE


async def test_what_has_aged_is_cleared_in_batches_and_the_rest_stays(drained: FirmDesks) -> None:
    for n in range(BATCH + 20):
        await drained.finding.answer(drained.seller.within("event", f"Ev{n}"), HELP)
    for row in await claimed(drained):
        await drained.store.write(drained.workspace_id, lambda work, row=row: work.outbox.sent(row, "D1", "1.1"))
    drained.clock.moment += KEPT_FOR + MINUTE
    await drained.finding.answer(drained.seller.within("event", "Ev fresh"), HELP)
    batches = [await drained.upkeep.clear_aged() for _batch in range(3)]
    assert batches[0] >= BATCH
    assert batches[2] == 0
    left = await drained.store.database.read(lambda c: c.execute(request_results.select()).all())  # type: ignore[attr-defined]
    assert [row.key.split()[-1] for row in left] == ["fresh"]
    waiting = await drained.store.database.read(  # type: ignore[attr-defined]
        lambda c: c.execute(outbox.select().where(outbox.c.closed_at.is_not(None))).all()
    )
    assert waiting == []


async def test_an_open_reminder_never_ages(firm: FirmDesks) -> None:
    lead = await firm.captured()
    firm.clock.moment += KEPT_FOR * 2
    while await firm.upkeep.clear_aged():
        pass
    assert await firm.upkeep.sweep_reminders() == 1
    page = await firm.leads.show(firm.seller, lead.id)
    assert page.lead == lead
