"""The runner: jobs run at the start, at their interval, at the moment they ask for, when nudged, and never beside themselves."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.core.clock import SystemClock
from scheduling.runner import LONGEST_REST, REST_SECONDS, Runner, rest_after
from scheduling.timetable import Entry

LONG = timedelta(hours=1)
PATIENCE = 5

Run = Callable[..., Runner]


@pytest.fixture
async def run() -> AsyncIterator[Run]:
    """Starts runners and stops them after the test."""
    started: list[Runner] = []

    def run_one(
        *entries: Entry,
        on_run: Callable[[str, bool], None] = lambda _name, _ok: None,
        is_quiet: Callable[[], bool] = lambda: True,
        is_clock_right: Callable[[], bool] = lambda: True,
    ) -> Runner:
        runner = Runner(entries, SystemClock(), on_run, is_quiet, is_clock_right)
        runner.start()
        started.append(runner)
        return runner

    yield run_one
    for runner in started:
        await runner.stop()


class Counted:
    """A job that counts its runs; `until` waits for the nth. `meets` says what each run returns, 0 once it is used up."""

    def __init__(self, *meets: int) -> None:
        self.runs, self.at_once, self.most_at_once = 0, 0, 0
        self.meets = list(meets)
        self.gate = asyncio.Event()
        self.gate.set()
        self._counted = asyncio.Condition()

    async def __call__(self) -> int:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        async with self._counted:
            self.runs += 1
            self._counted.notify_all()
        await self.gate.wait()
        self.at_once -= 1
        return self.meets.pop(0) if self.meets else 0

    async def until(self, runs: int) -> None:
        async with asyncio.timeout(PATIENCE), self._counted:
            await self._counted.wait_for(lambda: self.runs >= runs)


def entry(job: Callable[[], Awaitable[int]], every: timedelta = LONG, **more: object) -> Entry:
    return Entry(name="job", every=every, job=job, **more)  # type: ignore[arg-type]


async def test_every_job_runs_once_at_the_start_to_catch_up(run: Run) -> None:
    job = Counted()
    run(entry(job))
    await job.until(1)


async def test_a_job_runs_again_and_again_at_its_interval(run: Run) -> None:
    job = Counted()
    run(entry(job, every=timedelta(seconds=0.05)))
    await job.until(4)


async def test_a_job_that_met_something_runs_again_at_once(run: Run) -> None:
    job = Counted(200, 200, 7)
    run(entry(job))
    await job.until(4)


@pytest.mark.parametrize(("is_quiet", "is_nudged", "rests"), [(True, False, 0), (True, True, 1), (False, False, 1)])
async def test_a_job_rests_while_people_are_served_and_where_it_is_nudged(
    run: Run, is_quiet: bool, is_nudged: bool, rests: int
) -> None:
    job, began = Counted(200), time.monotonic()
    run(entry(job, is_nudged=is_nudged), is_quiet=lambda: is_quiet)
    await job.until(2)
    assert (time.monotonic() - began >= REST_SECONDS) == bool(rests)


async def test_a_stopped_runner_leaves_the_rest_of_a_long_queue_to_the_next_start(run: Run) -> None:
    job = Counted(*[200] * 1_000)
    runner = run(entry(job))
    await job.until(3)
    await asyncio.wait_for(runner.stop(), PATIENCE)
    assert job.meets


async def test_a_stopped_runner_waits_for_no_rest(run: Run) -> None:
    job = Counted()
    job.gate.clear()
    runner = run(entry(job), is_quiet=lambda: False)
    await job.until(1)
    await asyncio.sleep(LONGEST_REST / 4)  # so long a run is followed by the longest rest
    job.gate.set()
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await runner.stop()
    assert time.monotonic() - began < LONGEST_REST / 2


@pytest.mark.parametrize(
    ("took", "is_nudged", "is_quiet", "rest"),
    [
        (0.2, False, True, 0),
        (0.2, True, True, 0.1),
        (0.001, False, False, 0.1),
        (0.2, False, False, 0.8),
        (0.2, True, False, 0.8),
        (30.0, False, False, 2.0),  # it waited for a database that was away, or its process stood still
    ],
)
def test_a_job_rests_after_a_run_as_people_need_it(took: float, is_nudged: bool, is_quiet: bool, rest: float) -> None:
    assert rest_after(took, is_nudged, is_quiet) == pytest.approx(rest)


async def test_a_job_runs_at_the_moment_it_asked_for(run: Run) -> None:
    job, asked = Counted(), datetime.now(UTC) + timedelta(seconds=0.1)

    async def next_at() -> datetime | None:
        return asked if job.runs == 1 else None

    run(entry(job, next_at=next_at))
    await job.until(2)
    assert datetime.now(UTC) >= asked


async def test_a_moment_that_has_passed_already_is_now(run: Run) -> None:
    job = Counted()

    async def next_at() -> datetime | None:
        return datetime.now(UTC) - LONG if job.runs == 1 else None

    run(entry(job, next_at=next_at))
    await job.until(2)


async def test_a_nudge_during_a_run_means_one_more_run_and_never_one_beside_it(run: Run) -> None:
    job = Counted()
    job.gate.clear()
    runner = run(entry(job))
    await job.until(1)
    for _nudge in range(5):
        runner.nudge("job")
    job.gate.set()
    await job.until(2)
    await runner.stop()
    assert (job.runs, job.most_at_once) == (2, 1)


async def test_a_job_that_fails_is_reported_and_runs_again_when_nudged(run: Run) -> None:
    reports: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
    outcomes = [RuntimeError("the database is away"), 0]

    async def job() -> int:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    runner = run(entry(job), on_run=lambda name, ok: reports.put_nowait((name, ok)))
    assert await asyncio.wait_for(reports.get(), PATIENCE) == ("job", False)
    await asyncio.sleep(0)  # the failed run clears its place after it has reported
    runner.nudge("job")
    assert await asyncio.wait_for(reports.get(), PATIENCE) == ("job", True)


async def test_a_stopped_runner_lets_the_running_job_finish_and_begins_no_more(run: Run) -> None:
    job = Counted()
    job.gate.clear()
    runner = run(entry(job))
    await job.until(1)
    stopping = asyncio.create_task(runner.stop())
    runner.nudge("job")
    job.gate.set()
    await stopping
    runner.nudge("job")
    assert (job.runs, runner.is_running) == (1, False)


async def test_a_job_that_is_always_wanted_again_lets_the_runner_stop(run: Run) -> None:
    """Each message that is delivered nudges the delivery: without an end, a stopping bot would empty its whole outbox first."""
    job = Counted(*[1] * 1000)
    runner = run(entry(job))
    await job.until(1)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        stopping = group.create_task(runner.stop())
        while not stopping.done():
            runner.nudge("job")
            await asyncio.sleep(0.01)


async def test_with_a_wrong_clock_only_what_needs_none_runs(run: Run) -> None:
    claims, checks = Counted(), Counted()
    run(
        Entry(name="claims", every=LONG, job=claims),
        Entry(name="checks", every=LONG, job=checks, needs_clock=False),
        is_clock_right=lambda: False,
    )
    await checks.until(1)
    assert claims.runs == 0
