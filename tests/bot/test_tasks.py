"""The job that carries tasks out: what a function raises decides what becomes of its task, and a few are under way at once."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.tasks import FEW_AT_ONCE, MOST_AT_ONCE, CarryOut, Outside, TaskWork, TryLater
from domain.core.messages import TaskGivenUp
from domain.core.refusals import NotFound
from domain.core.tasks import MOST_TRIES, NewTask, TaskKind
from domain.core.workspaces import Workspace
from storage.engine.sqlite import SqliteDatabase
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, found_firm
from usecases.core.tasks import LEASE, ClaimedTask, TakenOver

DRAW, PAINT = TaskKind("chart.draw"), TaskKind("chart.paint")


@pytest.fixture
async def house(sqlite_database: SqliteDatabase, clock: FrozenClock) -> FirmDesks:
    """A firm on SQLite."""
    return await found_firm(Store(sqlite_database, clock), clock)


@pytest.fixture
async def outside(house: FirmDesks, session: aiohttp.ClientSession) -> Outside:
    """Slack is out of reach: what these functions do stays in the house."""

    def client_of(_workspace: Workspace) -> AsyncWebClient:
        return AsyncWebClient(base_url="http://127.0.0.1:9/", session=session)

    return Outside(desks=house, client_of=client_of, session=session, clock=house.clock)


async def put(house: FirmDesks, *records: int, kind: TaskKind = DRAW) -> None:
    """Have something done about each of these records."""
    for number in records:
        new = NewTask(kind=kind, subject="lead", subject_id=number)
        await house.store.write(house.workspace_id, lambda work, new=new: work.tasks.put(new))


def raising(*raised: BaseException) -> CarryOut:
    """Raises one after the other, then nothing any more."""
    left = list(raised)

    async def carry_out(_outside: Outside, _claimed: ClaimedTask) -> None:
        if left:
            raise left.pop(0)

    return carry_out


async def ran(work: TaskWork) -> None:
    """Begin what is due, and see it through."""
    await work.run()
    await work.finish()


@pytest.mark.parametrize(
    ("raised", "wait"),
    [
        (TryLater("held"), 1),
        (TryLater("ratelimited", 30), 30),
        (TimeoutError(), 1),
        (aiohttp.ServerDisconnectedError(), 1),
        (ZeroDivisionError(), 1),
        (TakenOver(), 60),
        (NotFound("it"), None),
    ],
    ids=lambda given: type(given).__name__,
)
async def test_what_a_function_raises_decides_when_its_task_is_tried_again(
    house: FirmDesks, outside: Outside, raised: BaseException, wait: int | None
) -> None:
    await put(house, 1)
    work = TaskWork(outside, {DRAW: raising(raised)})
    await ran(work)
    assert await work.next_at() == (house.clock.now() + timedelta(seconds=wait) if wait else None)


async def test_what_fails_is_done_when_it_goes_well_and_holds_up_no_other(house: FirmDesks, outside: Outside) -> None:
    await put(house, 1)
    await put(house, 2, kind=PAINT)
    work = TaskWork(outside, {DRAW: raising(ZeroDivisionError(), TimeoutError()), PAINT: raising()})
    await ran(work)
    for seconds in (1, 2):
        assert await work.next_at() == house.clock.now() + timedelta(seconds=seconds)
        house.clock.advance(seconds=seconds)
        await ran(work)
    assert await work.next_at() is None


@pytest.mark.parametrize(("is_quiet", "most"), [(True, MOST_AT_ONCE), (False, FEW_AT_ONCE)])
async def test_only_a_few_are_under_way_at_once_and_fewer_while_people_are_served(
    house: FirmDesks, outside: Outside, is_quiet: bool, most: int
) -> None:
    gate, begun = asyncio.Event(), []

    async def wait(_outside: Outside, claimed: ClaimedTask) -> None:
        begun.append(claimed.task.subject_id)
        await gate.wait()

    await put(house, *range(6))
    work = TaskWork(outside, {DRAW: wait}, is_quiet=lambda: is_quiet)
    for _run in range(3):
        await work.run()
        await asyncio.sleep(0)
    assert (len(begun), await work.next_at()) == (most, None)
    gate.set()
    await work.finish()
    while await work.next_at():
        await ran(work)
    assert sorted(begun) == list(range(6))


async def test_what_a_process_is_at_it_does_not_begin_again_though_its_lease_is_over(
    house: FirmDesks, outside: Outside
) -> None:
    gate, begun = asyncio.Event(), []

    async def wait(_outside: Outside, claimed: ClaimedTask) -> None:
        begun.append(claimed.task.claims)
        await gate.wait()

    await put(house, 1)
    work = TaskWork(outside, {DRAW: wait})
    for _run in range(3):
        await work.run()
        await asyncio.sleep(0)
        house.clock.advance(seconds=LEASE.total_seconds())
    gate.set()
    await work.finish()
    assert (begun, await work.next_at()) == ([1], None)


async def test_what_ends_the_process_each_time_is_given_up_in_the_end(house: FirmDesks, outside: Outside) -> None:
    begun = []

    async def begin(_outside: Outside, claimed: ClaimedTask) -> None:
        begun.append(claimed.task.tries)

    await put(house, 1)
    for _death in range(MOST_TRIES):
        assert await house.tasks.claim([DRAW], 1)
        house.clock.advance(seconds=LEASE.total_seconds())
    work = TaskWork(outside, {DRAW: begin})
    await ran(work)
    assert (begun, await work.next_at()) == ([], None)
    told = [row.message for row in await house.told() if isinstance(row.message, TaskGivenUp)]
    assert len(told) == 1


async def test_whoever_ends_asks_for_another_run(house: FirmDesks, outside: Outside) -> None:
    nudged = []
    await put(house, 1)
    await ran(TaskWork(outside, {DRAW: raising()}, nudge=lambda: nudged.append(1)))
    assert nudged == [1]
