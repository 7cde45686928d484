"""Runs the timetable on APScheduler, which keeps it in memory only: what is due is always read from the database.

A job is run at its interval, at the moment it says it is next wanted, and when it is nudged because something was just committed. It
never runs beside itself in one process; beside other processes it may. Jobs make way for people: while somebody is being served, a job
rests after every batch; while nobody is, it goes on at once.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from domain.core.clock import Clock
from domain.core.refusals import RecordsAway
from scheduling.timetable import Entry

REST_SECONDS = 0.1
"""How long a job rests after a run, where it does."""
REST_FACTOR = 4
"""How many times as long as its run took a job rests while people are being served: jobs then take a fifth of a busy process at most."""
LONGEST_REST = 2.0
"""Seconds; a run that took much longer than a batch does has waited for something, such as a database, and not worked."""

log = structlog.get_logger()


class Runner:
    """A running timetable. `on_run` is told each job's name and whether it went well; `is_quiet` says that nobody is being served."""

    def __init__(
        self,
        entries: Sequence[Entry],
        clock: Clock,
        on_run: Callable[[str, bool], None] = lambda _name, _ok: None,
        is_quiet: Callable[[], bool] = lambda: True,
    ) -> None:
        self.entries = {entry.name: entry for entry in entries}
        self.clock, self.on_run, self.is_quiet = clock, on_run, is_quiet
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._wanted_again: set[str] = set()
        self._stopped = asyncio.Event()

    @property
    def is_running(self) -> bool:
        """Whether the timetable is being kept."""
        return bool(self._scheduler.running)

    def start(self) -> None:
        """Begin; every job is run once at the start, to catch up."""
        for entry in self.entries.values():
            trigger = IntervalTrigger(seconds=entry.every.total_seconds(), timezone=UTC)
            self._scheduler.add_job(
                self._nudge_in_time, trigger, [entry.name], id=entry.name, coalesce=True, misfire_grace_time=None
            )
        self._scheduler.start()
        self.nudge_all()

    async def stop(self) -> None:
        """Let the running jobs finish their batch and begin no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._stopped.set()
        self._wanted_again.clear()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def nudge_all(self) -> None:
        """Run every job as soon as it can be, such as after the clock was moved."""
        for name in self.entries:
            self.nudge(name)

    def nudge(self, name: str) -> None:
        """Run a job now, or once more if it is running already."""
        if name in self._running:
            self._wanted_again.add(name)
        elif self._scheduler.running and not self._stopped.is_set():
            self._running[name] = asyncio.get_running_loop().create_task(self._run(self.entries[name]), name=name)

    async def _nudge_in_time(self, name: str) -> None:
        self.nudge(name)  # a coroutine, because APScheduler would run a plain function in a thread

    async def _run(self, entry: Entry) -> None:
        try:
            while True:
                self._wanted_again.discard(entry.name)
                began = time.monotonic()
                met = await entry.job()
                self.on_run(entry.name, True)
                await self._rest(rest_after(time.monotonic() - began, entry.is_nudged, self.is_quiet()))
                is_wanted = met or entry.name in self._wanted_again
                if not is_wanted or self._stopped.is_set():
                    break
            await self._plan_next(entry)
        except RecordsAway as away:
            log.error("the records cannot be reached", job=entry.name, error=str(away), once=RecordsAway.once)
            self.on_run(entry.name, False)
        except Exception:
            log.exception("a job failed", job=entry.name)
            self.on_run(entry.name, False)
        finally:
            del self._running[entry.name]
            if entry.name in self._wanted_again:
                self.nudge(entry.name)

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until the timetable is stopped."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()

    async def _plan_next(self, entry: Entry) -> None:
        """Have the job run at the moment it is next wanted, where that is before its interval is over."""
        at = await entry.next_at() if entry.next_at else None
        wait = at - self.clock.now() if at else entry.every
        if wait < entry.every and self._scheduler.running:
            moment = datetime.now(UTC) + max(wait, timedelta(milliseconds=5))
            self._scheduler.add_job(
                self._nudge_in_time,
                DateTrigger(moment, timezone=UTC),
                [entry.name],
                id=f"{entry.name} at its time",
                replace_existing=True,
                misfire_grace_time=None,
            )


def rest_after(took: float, is_nudged: bool, is_quiet: bool) -> float:
    """How many seconds a job rests after a run that took so many; `is_quiet` says that nobody is being served."""
    if is_quiet:
        return REST_SECONDS if is_nudged else 0
    return min(max(REST_SECONDS, REST_FACTOR * took), LONGEST_REST)
