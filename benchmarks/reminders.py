"""Whether reminders come in time, however many wait, and make way for people: beside APScheduler's own job store.

On SQLite and on PostgreSQL:

- what telling 1,000 due reminders costs with a million waiting, as a multiple of what it costs with ten thousand;
- how late the last of 1,000 reminders is that are due in the same second, with the timetable running as in production. The peer is
  APScheduler with its SQLAlchemyJobStore and default settings, one job each, which also drops some;
- how long Slack waits for the answer to captures while 300,000 reminders, three days overdue, are told; and that of those each member
  who has many gets one message.
"""

import asyncio
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks._companies import Companies
from benchmarks._ground import TEAM, Ground, Grounds, TuesdayClock, grounds
from benchmarks._load import HOST, SIGNING_SECRET, Typist, at_a_rate
from benchmarks._peer import lateness_of_jobs
from benchmarks._servers import running
from benchmarks._verdict import Verdict
from bot import logs
from bot.app import Rainmaker, build
from bot.settings import read_settings
from storage.schema import reminders
from tests.firm import TUESDAY_MORNING

KINDS = ("sqlite", "postgresql")
FEW, MANY = 10_000, 1_000_000
"""Reminders that wait while others are told."""
ROUNDS, DUE = 5, 1_000
"""How often, and how many, are told."""
MOST_TIMES_DEARER = 1.5
MOST_LATE, MOST_LATE_AT_ONCE = 0.1, 1.0
"""Seconds within which 99 of 100 are told of those due in the same second, and of those due at the very same moment."""
DRAINED, MEMBERS = 300_000, 3_000
"""Overdue reminders, and whose they are."""
TYPED, TYPED_SECONDS = 25, 10
"""Captures a second meanwhile, and for how long."""
LONGEST_WAIT = 100
"""Milliseconds within which 99 of 100 captures must be answered."""
LONG_AGO = timedelta(days=3)
WHEN_TOLD = select(reminders.c.due_at, reminders.c.told_at).where(reminders.c.told_at.is_not(None))
TOLD = "SELECT count(*) FROM reminders WHERE told_at IS NOT NULL"
MESSAGES = "SELECT count(*) FROM outbox WHERE kind IN ('FollowUpDue', 'OverdueDigest')"
TWICE_TOLD = f"SELECT count(*) FROM ({MESSAGES.replace('count(*)', 'lane')} GROUP BY lane HAVING count(*) > 1) AS lanes"
CHANNELS = tuple(f"C0SALES{number}" for number in range(8))


async def main() -> bool:
    """Measure everything; whether all bars were reached."""
    logs.configure("plain", "error")
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="rainmaker-bench-", ignore_cleanup_errors=True) as folder:
        async with grounds(Path(folder)) as places:
            for kind in KINDS:
                await _measure_cost(kind, places, verdict)
            peer = await _measure_peer(Path(folder), verdict)
            for kind in KINDS:
                await _measure_lateness(kind, places, peer, verdict)
            for kind in KINDS:
                await _measure_wait(kind, places, verdict)
    return verdict.is_good


async def _measure_cost(kind: str, places: Grounds, verdict: Verdict) -> None:
    """What telling the due costs with few and with many waiting, by turns."""
    async with places.ground(kind, "few", size=DUE // 4) as few, places.ground(kind, "many", size=DUE // 4) as many:
        next_month = TUESDAY_MORNING + timedelta(days=30)
        await few.wait(FEW, next_month)
        await many.wait(MANY, next_month)
        if kind == "postgresql":
            await many.change("ANALYZE reminders")  # as its own upkeep does a minute later
        costs: dict[int, list[float]] = {FEW: [], MANY: []}
        for turn in range(ROUNDS + 1):
            for waiting, ground in ((FEW, few), (MANY, many)):
                seconds = await _tell_due(ground, 2 * MANY + turn * DUE)
                costs[waiting] += [seconds] if turn else []
    cheap, dear = min(costs[FEW]), min(costs[MANY])
    verdict.tell(f"{kind}: {DUE} told with {FEW} waiting", 1000 * cheap, "ms")
    verdict.tell(
        f"{kind}: {DUE} told with {MANY} waiting",
        1000 * dear,
        "ms",
        1000 * cheap,
        most=1000 * cheap * MOST_TIMES_DEARER,
    )


async def _tell_due(ground: Ground, after: int) -> float:
    """Let reminders fall due, and tell them; how many seconds that takes."""
    await ground.wait(DUE, TUESDAY_MORNING, after=after)
    began = time.perf_counter()
    while await ground.firm.upkeep.sweep_reminders():
        pass
    seconds = time.perf_counter() - began
    await ground.change("DELETE FROM outbox")
    return seconds


async def _measure_peer(folder: Path, verdict: Verdict) -> list[float]:
    """How late APScheduler runs as many jobs, and how many it drops."""
    late = await lateness_of_jobs(folder, DUE, ahead=8, patience=5)
    verdict.tell(f"APScheduler on sqlite: dropped of {DUE} due at one moment", DUE - len(late), "jobs", DUE)
    return late


async def _measure_lateness(kind: str, places: Grounds, peer: list[float], verdict: Verdict) -> None:
    """How late reminders are told that fall due within one second, and such as fall due at one moment; each of another member."""
    for name, span, most in (("second", timedelta(seconds=1), MOST_LATE), ("moment", timedelta(), MOST_LATE_AT_ONCE)):
        async with places.ground(kind, name, size=DUE) as ground:
            late = await _lateness(ground, span)
        verdict.tell(f"{kind}: dropped of {DUE} due at one {name}", DUE - len(late), "reminders", DUE, most=0)
        case = f"{kind}: p99 late of {DUE} due at one {name}"
        verdict.tell(case, 1000 * _p99(late), "ms", 1000 * _p99(peer), most=1000 * most)


async def _lateness(ground: Ground, span: timedelta) -> list[float]:
    """How many seconds late each reminder was told, from when it was due to the commit that had its member told."""
    clock = TuesdayClock()
    begins_at = clock.now() + timedelta(seconds=3)
    await ground.have_leads(DUE)
    await ground.wait(DUE, begins_at)
    await ground.spread(begins_at, span)
    ended: list[datetime] = []
    async with running("slack") as slack:
        rain = _build(ground, slack.port, clock)
        rain.runner.on_run = lambda job, _ok: ended.append(clock.now()) if job == "sweep-reminders" else None
        await rain.start()
        await _until(ground, "SELECT count(*) FROM outbox WHERE kind = 'FollowUpDue'", DUE)
        told = await ground.database.read(lambda connection: connection.execute(WHEN_TOLD).all())
        await rain.stop()
    return sorted((min(end for end in ended if end >= row.told_at) - row.due_at).total_seconds() for row in told)


def _p99(late: list[float]) -> float:
    return late[int(0.99 * len(late))] if late else 0.0


def _build(ground: Ground, slack_port: int, clock: TuesdayClock) -> Rainmaker:
    """The bot as in production, but for the clock and for Slack."""
    settings = read_settings(
        _env_file=None,
        slack_signing_secret=SIGNING_SECRET,
        slack_bot_token=None,
        slack_api_url=f"http://{HOST}:{slack_port}/api/",
        rainmaker_database_url=ground.url,
    )
    return build(settings, clock=clock)


async def _until(ground: Ground, query: str, count: int, seconds: float = 15) -> float:
    """Wait until the query finds so many; how many seconds that took.

    Raises TimeoutError.
    """
    began = time.perf_counter()
    async with asyncio.timeout(seconds):
        while await ground.count(query) < count:  # noqa: ASYNC110 (another process makes it true)
            await asyncio.sleep(0.1)
    return time.perf_counter() - began


async def _measure_wait(kind: str, places: Grounds, verdict: Verdict) -> None:
    """How long captures wait while what is overdue is told, in one message to each member."""
    async with places.ground(kind, "drained", size=MEMBERS) as ground, running("slack") as slack:
        await ground.have_leads(DRAINED)
        missed_at = TUESDAY_MORNING - LONG_AGO
        await ground.wait(DRAINED - MEMBERS, missed_at, size=MEMBERS // 2)
        await ground.wait(MEMBERS, missed_at, after=DRAINED - MEMBERS)
        companies = Companies(seed=2)
        companies.grow(TYPED * TYPED_SECONDS)
        typist = Typist(TEAM, ground.firm.seller.slack_id, CHANNELS)
        names = iter(companies)
        async with running("ours-on-tuesday", ground.url, str(slack.port)) as ours:
            began = time.perf_counter()
            outcome = await at_a_rate(
                ours.port,
                lambda: typist.types("/rain-lead", f"{next(names)}, referral, wants a review of their costs"),
                b"Captured",
                per_second=TYPED,
                seconds=TYPED_SECONDS,
            )
            told = await ground.count(TOLD)
            await _until(ground, MESSAGES, MEMBERS, seconds=60)
            seconds = time.perf_counter() - began
        for percent in (50, 99):
            bars = {"most": float(LONGEST_WAIT)} if percent == 99 else {}
            case = f"{kind}: p{percent} of answers at {TYPED}/s while {DRAINED} drain"
            verdict.tell(case, outcome.percentile(percent), "ms", **bars)
        verdict.tell(f"{kind}: errors meanwhile", len(outcome.errors), "requests", most=0)
        verdict.tell(f"{kind}: told meanwhile", told / TYPED_SECONDS, "reminders/s", least=100)
        verdict.tell(f"{kind}: all told within", seconds, "s")
        verdict.tell(f"{kind}: members with more than one message", await ground.count(TWICE_TOLD), "members", most=0)
        verdict.tell(f"{kind}: told in all", await ground.count(TOLD), "reminders", DRAINED, 1.0)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
