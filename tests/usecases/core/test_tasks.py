"""Tasks on both databases: one process's alone while it has them, tried again with growing waits, and one for each thing to be done."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.core.messages import TaskGivenUp
from domain.core.tasks import LONGEST_WAIT, MOST_TRIES, NewTask, TaskKind
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.schema import tasks
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, found_firm
from usecases.core.maintenance import KEPT_FOR
from usecases.core.tasks import LEASE, ClaimedTask, TakenOver, get_on

DRAW = TaskKind("chart.draw")


async def put(firm: FirmDesks, *records: int, kind: TaskKind = DRAW, after: timedelta = timedelta(0)) -> None:
    """Have something done about each of these records."""
    new = [NewTask(kind=kind, subject="lead", subject_id=number) for number in records]
    await firm.store.write(
        firm.workspace_id, lambda work: [work.tasks.put(one, work.now + after) for one in new] and None
    )


async def claimed(firm: FirmDesks, most: int = 100) -> list[ClaimedTask]:
    """What a process gets to do."""
    return await firm.tasks.claim([DRAW], most)


async def told(firm: FirmDesks) -> list[tuple[int | None, str]]:
    """To whom it is told what was given up."""
    found = [(row.destination.member_id, row.message) for row in await firm.told()]
    failures = [(who, message.task_id) for who, message in found if isinstance(message, TaskGivenUp)]
    return [
        (who, await firm.store.read(firm.workspace_id, lambda work, about=about: work.tasks.failure(about)))
        for who, about in failures
    ]


async def test_what_has_been_due_the_longest_comes_first_and_is_nobody_elses_then(firm: FirmDesks) -> None:
    await put(firm, 1, 2)
    firm.clock.advance(seconds=1)
    await put(firm, 3)
    assert [one.task.subject_id for one in await claimed(firm, 2)] == [1, 2]
    assert [one.task.subject_id for one in await claimed(firm, 2)] == [3]
    assert await claimed(firm) == []


async def test_in_whose_name_it_is_done_is_who_they_are_now(firm: FirmDesks) -> None:
    new = NewTask(kind=DRAW, subject="lead", subject_id=1, member_id=firm.seller.member_id, details={"lit": None})
    await firm.store.write(firm.workspace_id, lambda work: work.tasks.put(new))
    [one] = await claimed(firm)
    assert one.actor == firm.seller.within("task chart.draw", None)
    assert (one.workspace.workspace_id, one.task.details) == (firm.workspace_id, {"lit": None})


async def test_what_is_put_in_twice_is_done_once_and_again_when_it_is_put_in_later(firm: FirmDesks) -> None:
    await put(firm, 1)
    await put(firm, 1)
    [one] = await claimed(firm)
    await firm.tasks.done(one)
    assert await claimed(firm) == []
    await put(firm, 1)
    assert len(await claimed(firm)) == 1


async def test_what_is_wanted_again_while_somebody_is_at_it_is_done_once_more_afterwards(firm: FirmDesks) -> None:
    await put(firm, 1)
    [one] = await claimed(firm)
    await firm.tasks.note(one, file="F1")
    await put(firm, 1)
    assert await claimed(firm) == []
    await firm.tasks.done(one)
    [again] = await claimed(firm)
    assert (again.task.id, again.task.tries, again.task.noted) == (one.task.id, 1, {})
    await firm.tasks.done(again)
    assert await firm.tasks.next_at([DRAW]) is None


async def test_it_is_done_at_the_soonest_time_it_was_wanted_for(firm: FirmDesks) -> None:
    began = firm.clock.now()
    await put(firm, 1, after=timedelta(minutes=10))
    await put(firm, 1, after=timedelta(minutes=20))
    assert await claimed(firm) == []
    assert await firm.tasks.next_at([DRAW]) == began + timedelta(minutes=10)
    await put(firm, 1, after=timedelta(minutes=5))
    firm.clock.advance(minutes=5)
    assert len(await claimed(firm)) == 1


async def test_what_a_dead_process_had_is_taken_over_with_what_it_left_outside(firm: FirmDesks) -> None:
    await put(firm, 1)
    [dead] = await claimed(firm)
    await firm.tasks.note(dead, file="F1")
    firm.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert await claimed(firm) == []
    firm.clock.advance(seconds=1)
    [heir] = await claimed(firm)
    assert (heir.task.noted, heir.task.tries) == ({"file": "F1"}, 2)


async def test_who_comes_to_life_after_that_changes_nothing_any_more(firm: FirmDesks) -> None:
    await put(firm, 1)
    [dead] = await claimed(firm)
    firm.clock.advance(seconds=LEASE.total_seconds())
    [heir] = await claimed(firm)
    for late in (firm.tasks.done(dead), firm.tasks.later(dead, "x"), firm.tasks.give_up(dead, "x")):
        await late
    with pytest.raises(TakenOver):
        await firm.tasks.note(dead, file="F2")
    with pytest.raises(TakenOver):
        await firm.store.write(firm.workspace_id, lambda work: get_on(work, dead))
    assert await told(firm) == []
    await firm.tasks.note(heir, file="F3")
    await firm.tasks.done(heir)
    assert await firm.tasks.next_at([DRAW]) is None


async def test_who_gets_on_keeps_it_for_longer_and_counts_tries_from_there(firm: FirmDesks) -> None:
    await put(firm, 1)
    for _try in range(4):
        [one] = await claimed(firm)
        await firm.tasks.later(one, "TimeoutError")
        firm.clock.advance(minutes=1)
    [one] = await claimed(firm)
    firm.clock.advance(seconds=LEASE.total_seconds() - 1)
    await firm.store.write(firm.workspace_id, lambda work: get_on(work, one))
    firm.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert await claimed(firm) == []
    await firm.tasks.later(one, "TimeoutError")
    assert await firm.tasks.next_at([DRAW]) == firm.clock.now() + timedelta(seconds=1)


async def test_it_is_tried_again_with_growing_waits_given_up_at_last_and_told_once(firm: FirmDesks) -> None:
    await put(firm, 1, 2)
    waits: list[float] = []
    while at := await firm.tasks.next_at([DRAW]):
        waits.append((at - firm.clock.now()).total_seconds())
        firm.clock.moment = at
        for one in await claimed(firm):
            await firm.tasks.later(one, "bug")
    assert waits[:12] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, LONGEST_WAIT.total_seconds()]
    assert len(waits) == MOST_TRIES
    assert await told(firm) == [(firm.admin.member_id, "bug (chart.draw, lead 1)")]


async def test_what_is_refused_for_good_is_told_once_for_each_reason(firm: FirmDesks) -> None:
    await put(firm, 1, 2, 3)
    for one, why in zip(await claimed(firm), ("missing_scope", "missing_scope", "file_too_big"), strict=True):
        await firm.tasks.give_up(one, why)
    assert [failure for _who, failure in await told(firm)] == [
        "missing_scope (chart.draw, lead 1)",
        "file_too_big (chart.draw, lead 3)",
    ]
    assert await firm.tasks.next_at([DRAW]) is None


async def test_nobody_hears_of_what_there_is_no_need_for_any_more(firm: FirmDesks) -> None:
    await put(firm, 1)
    [one] = await claimed(firm)
    await firm.tasks.let_be(one, "It is gone.")
    assert await told(firm) == []
    assert await firm.tasks.next_at([DRAW]) is None


async def test_a_process_leaves_what_it_does_not_know_how_to_do(firm: FirmDesks) -> None:
    newer = TaskKind("chart.paint")
    await put(firm, 1, kind=newer)
    assert await claimed(firm) == []
    assert await firm.tasks.next_at([DRAW]) is None
    assert len(await firm.tasks.claim([DRAW, newer], 1)) == 1


async def test_a_process_leaves_what_it_is_at_itself_however_late_it_is(firm: FirmDesks) -> None:
    await put(firm, 1, 2)
    [one] = await claimed(firm, 1)
    firm.clock.advance(hours=1)
    [other] = await firm.tasks.claim([DRAW], 2, [one.task.id])
    assert other.task.subject_id == 2
    assert await firm.tasks.next_at([DRAW], [one.task.id, other.task.id]) is None


async def test_where_rainmaker_is_not_installed_any_more_nothing_is_tried(firm: FirmDesks) -> None:
    await put(firm, 1)
    await firm.store.write(firm.workspace_id, lambda work: work.workspaces.mark_uninstalled())
    assert await claimed(firm) == []
    assert await firm.tasks.next_at([DRAW]) is None


@pytest.mark.postgres
async def test_two_bots_claim_different_tasks(postgres_database: PostgresDatabase, clock: FrozenClock) -> None:
    firm = await found_firm(Store(postgres_database, clock), clock)
    await put(firm, *range(10))
    other = open_database(postgres_database.url)
    both = [firm, replace(firm, store=Store(other, firm.clock))]
    first, second = await asyncio.gather(*(claimed(one, 6) for one in both))
    await other.close()
    assert sorted(map(len, (first, second))) == [4, 6]
    assert {one.task.id for one in first}.isdisjoint(one.task.id for one in second)


async def test_what_is_done_is_forgotten_after_two_weeks(firm: FirmDesks, database: Database) -> None:
    await put(firm, 1, 2)
    [one, _open] = await claimed(firm)
    await firm.tasks.done(one)
    firm.clock.moment += KEPT_FOR + timedelta(minutes=1)
    while await firm.upkeep.clear_aged():
        pass
    left = await database.read(lambda connection: connection.execute(tasks.select()).all())
    assert [row.subject_id for row in left] == [2]


async def test_what_is_due_and_nobodys_counts_as_late(firm: FirmDesks) -> None:
    await put(firm, 1, 2)
    firm.clock.advance(seconds=1)
    assert (await firm.upkeep.backlog()).late_tasks == 2
    await claimed(firm, 1)
    assert (await firm.upkeep.backlog()).late_tasks == 1
