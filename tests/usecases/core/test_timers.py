"""Timers on both databases: each fires once, whoever looks and however late; and not while it stands still or when it was cancelled."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.core.refusals import NotFound
from domain.core.timers import NewTimer, Timer, TimerKind
from domain.playbook.playbook import Playbook
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import FirmDesks, FrozenClock, found_firm
from usecases.core.maintenance import KEPT_FOR
from usecases.core.timers import MOST_IN_A_ROW, pause, resume
from usecases.desk import record

LIMIT, BROKEN, MOOT = TimerKind("lead.limit"), TimerKind("lead.broken"), TimerKind("lead.moot")
FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def note(work: UnitOfWork, timer: Timer, _playbook: Playbook) -> None:
    """Leaves an event."""
    record(work, None, "lead.limit_over", timer.subject_id)


def fail(work: UnitOfWork, timer: Timer, _playbook: Playbook) -> None:
    """Leaves an event, and fails."""
    record(work, None, "lead.broken", timer.subject_id)
    raise ZeroDivisionError


def refuse(work: UnitOfWork, timer: Timer, _playbook: Playbook) -> None:
    """Finds its record gone."""
    record(work, None, "lead.moot", timer.subject_id)
    raise NotFound("it")


FIRES = {LIMIT: note, BROKEN: fail, MOOT: refuse}


@pytest.fixture
async def house(firm: FirmDesks) -> FirmDesks:
    """A firm whose timers leave events."""
    firm.timers.fires = FIRES
    return firm


async def set_off(
    firm: FirmDesks, *records: int, after: timedelta = timedelta(0), kind: TimerKind = LIMIT, in_work: bool = False
) -> None:
    """Let something fall due about each of these records; `in_work` in the seller's working time."""
    member_id = firm.seller.member_id if in_work else None

    def body(work: UnitOfWork) -> None:
        for number in records:
            about = {"kind": kind, "subject": "lead", "subject_id": number, "member_id": member_id}
            work.timers.set(NewTimer(**about, due_at=work.now + after))  # type: ignore[arg-type]

    await firm.store.write(firm.workspace_id, body)


async def fired(firm: FirmDesks, event: str = "lead.limit_over") -> list[int]:
    """The records of which something has fallen due, in that order."""
    found = f"SELECT subject_id FROM audit_events WHERE event = '{event}' ORDER BY id"
    return [row[0] for row in await firm.store.database.read(lambda c: c.exec_driver_sql(found).all())]


async def test_what_is_due_fires_once_the_longest_due_first(house: FirmDesks) -> None:
    await set_off(house, 1, after=timedelta(minutes=2))
    await set_off(house, 2, after=timedelta(minutes=1))
    await set_off(house, 3, after=timedelta(minutes=3))
    assert await house.timers.fire() == 0
    assert await house.timers.next_at() == house.clock.now() + timedelta(minutes=1)
    house.clock.advance(minutes=2)
    assert await house.timers.fire() == 2
    assert await house.timers.fire() == 0
    assert await fired(house) == [2, 1]
    house.clock.advance(minutes=1)
    await house.timers.fire()
    assert await fired(house) == [2, 1, 3]
    assert await house.timers.next_at() is None


async def test_a_timer_that_is_set_again_falls_due_at_the_new_moment(house: FirmDesks) -> None:
    await set_off(house, 1, after=timedelta(minutes=1))
    await set_off(house, 1, after=timedelta(minutes=5))
    house.clock.advance(minutes=4)
    assert await house.timers.fire() == 0
    house.clock.advance(minutes=1)
    assert await house.timers.fire() == 1
    await set_off(house, 1)
    await house.timers.fire()
    assert await fired(house) == [1, 1]


async def test_what_falls_due_may_have_the_same_fall_due_again(house: FirmDesks) -> None:
    def remind_daily(work: UnitOfWork, timer: Timer, playbook: Playbook) -> None:
        note(work, timer, playbook)
        again = NewTimer(kind=LIMIT, subject="lead", subject_id=timer.subject_id, due_at=work.now + timedelta(days=1))
        work.timers.set(again)

    house.timers.fires = {LIMIT: remind_daily}
    await set_off(house, 1)
    for _day in range(3):
        assert await house.timers.fire() == 1
        assert await house.timers.fire() == 0
        house.clock.advance(days=1)
    assert await fired(house) == [1, 1, 1]


async def test_its_record_cancels_one_kind_or_all_that_would_fall_due(house: FirmDesks) -> None:
    await set_off(house, 1, 2, 3)
    await set_off(house, 1, 2, kind=MOOT)

    def cancel(work: UnitOfWork) -> None:
        work.timers.cancel("lead", 1)
        work.timers.cancel("lead", 2, MOOT)
        work.timers.cancel("deal", 3)

    await house.store.write(house.workspace_id, cancel)
    assert await house.timers.fire() == 2
    assert sorted(await fired(house)) == [2, 3]


async def test_one_that_stands_still_over_a_week_end_has_the_rest_of_its_working_time_ahead(house: FirmDesks) -> None:
    house.clock.moment = FRIDAY
    await set_off(house, 1, after=timedelta(minutes=30), in_work=True)
    await set_off(house, 2, after=timedelta(minutes=30))
    await house.store.write(house.workspace_id, lambda work: [pause(work, LIMIT, number) for number in (1, 2)] and None)
    house.clock.advance(days=2)
    assert (await house.timers.fire(), await house.timers.next_at()) == (0, None)
    house.clock.moment = MONDAY - timedelta(hours=1)
    await house.store.write(
        house.workspace_id, lambda work: [resume(work, LIMIT, number) for number in (1, 2)] and None
    )
    assert await house.timers.next_at() == MONDAY - timedelta(minutes=30)
    house.clock.moment = MONDAY + timedelta(minutes=29)
    await house.timers.fire()
    assert await fired(house) == [2]
    house.clock.advance(minutes=1)
    await house.timers.fire()
    assert await fired(house) == [2, 1]


async def test_pausing_what_has_no_timer_changes_nothing(house: FirmDesks) -> None:
    await house.store.write(house.workspace_id, lambda work: pause(work, LIMIT, 1))
    await house.store.write(house.workspace_id, lambda work: resume(work, LIMIT, 1))
    assert await house.timers.next_at() is None


async def test_what_fails_leaves_nothing_waits_longer_each_time_and_holds_up_no_other(house: FirmDesks) -> None:
    await set_off(house, 1, kind=BROKEN)
    await set_off(house, 2)
    waits = []
    for _try in range(12):
        await house.timers.fire()
        at = await house.timers.next_at()
        assert at
        waits.append((at - house.clock.now()).total_seconds())
        house.clock.moment = at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert (await fired(house), await fired(house, "lead.broken")) == ([2], [])
    house.timers.fires = {BROKEN: note}  # the next version has mended it
    await house.timers.fire()
    assert await fired(house) == [2, 1]


async def test_what_has_become_moot_is_over_and_leaves_nothing(house: FirmDesks) -> None:
    await set_off(house, 1, kind=MOOT)
    await house.timers.fire()
    assert await fired(house, "lead.moot") == []
    assert await house.timers.next_at() is None


async def test_a_process_leaves_what_it_does_not_know(house: FirmDesks) -> None:
    await set_off(house, 1, kind=TimerKind("lead.newer"))
    assert (await house.timers.fire(), await house.timers.next_at()) == (0, None)


async def test_where_rainmaker_is_not_installed_any_more_nothing_falls_due(house: FirmDesks) -> None:
    await set_off(house, 1)
    await house.store.write(house.workspace_id, lambda work: work.workspaces.mark_uninstalled())
    assert (await house.timers.fire(), await house.timers.next_at()) == (0, None)


@pytest.mark.postgres
async def test_two_bots_fire_each_timer_once(postgres_database: PostgresDatabase, clock: FrozenClock) -> None:
    firm = await found_firm(Store(postgres_database, clock), clock)
    await set_off(firm, *range(60))
    other = open_database(postgres_database.url)
    bots = [firm, replace(firm, store=Store(other, clock))]
    for bot in bots:
        bot.timers.fires = FIRES
    while sum(await asyncio.gather(*(bot.timers.fire() for bot in bots))):
        pass
    await other.close()
    assert Counter(await fired(firm)) == dict.fromkeys(range(60), 1)


async def test_after_a_week_of_downtime_each_of_a_thousand_fires_once_and_others_have_their_turn(
    house: FirmDesks,
) -> None:
    await set_off(house, *range(1000), after=timedelta(hours=1))
    house.clock.advance(days=7)
    runs = turns = 0

    async def somebody_else() -> None:
        nonlocal turns
        while True:
            await house.store.write(house.workspace_id, lambda _work: None)
            turns += 1

    other = asyncio.create_task(somebody_else())
    while met := await house.timers.fire():
        runs += 1
        assert met <= MOST_IN_A_ROW
        assert turns >= met * runs / 2, "others wait while timers fire"
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert runs == 1000 / MOST_IN_A_ROW
    assert Counter(await fired(house)) == dict.fromkeys(range(1000), 1)


async def test_what_has_fired_is_forgotten_after_two_weeks(house: FirmDesks, database: Database) -> None:
    await set_off(house, 1)
    await set_off(house, 2, after=KEPT_FOR * 2)
    await house.timers.fire()
    house.clock.moment += KEPT_FOR + timedelta(minutes=1)
    while await house.upkeep.clear_aged():
        pass
    left = await database.read(lambda connection: connection.exec_driver_sql("SELECT subject_id FROM timers").all())
    assert [row[0] for row in left] == [2]


async def test_what_is_due_and_has_not_fired_counts_as_late(house: FirmDesks) -> None:
    await set_off(house, 1, 2)
    house.clock.advance(seconds=1)
    assert (await house.upkeep.backlog()).late_timers == 2
    await house.timers.fire()
    assert (await house.upkeep.backlog()).late_timers == 0
