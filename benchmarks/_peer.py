"""What reminders are measured against: APScheduler's SQLAlchemyJobStore with its default settings, one date job each."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event

LATE: list[float] = []
"""How many seconds late each job ran."""


async def note(due_at: datetime) -> None:
    """The job: it only notes that it ran."""
    LATE.append((datetime.now(UTC) - due_at).total_seconds())


async def lateness_of_jobs(folder: Path, count: int, *, ahead: float, patience: float) -> list[float]:
    """How many seconds late each of `count` jobs ran that are due at the same moment, `ahead` seconds from now.

    Those that were dropped are missing. All must be in the store by then; afterwards they have `patience` seconds to run.
    """
    LATE.clear()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # or it tells of every job it drops
    url, due_at = f"sqlite:///{folder}/peer-{count}.db", datetime.now(UTC) + timedelta(seconds=ahead)
    _put_in(url, count, due_at)
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": SQLAlchemyJobStore(url=url)})
    scheduler.start()
    if datetime.now(UTC) > due_at:
        raise RuntimeError("the peer's jobs were not in its store in time")
    await asyncio.sleep((due_at - datetime.now(UTC)).total_seconds() + patience)
    scheduler.shutdown(wait=False)
    return sorted(LATE)


def _put_in(url: str, count: int, due_at: datetime) -> None:
    """Jobs into the store, by a scheduler that does not wait for the disk: only running them is measured."""
    engine = create_engine(url)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": SQLAlchemyJobStore(engine=engine)})
    scheduler.start(paused=True)
    for _one in range(count):
        scheduler.add_job(note, "date", [due_at], run_date=due_at)
    scheduler.shutdown(wait=False)
