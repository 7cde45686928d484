"""Whether reminders come in time, however many wait, and make way for people: beside APScheduler's own job store.

On SQLite and on PostgreSQL:

- what telling 1,000 due reminders costs with a million waiting, as a multiple of what it costs with ten thousand;
- how late reminders are told of which 1,000 are due in the same second, or at the very same moment, by the timetable's own sweep. The
  peer is APScheduler with its SQLAlchemyJobStore and default settings, one job each. It removes each job from the store by a commit of
  its own before any of them runs, and drops all of them where that takes longer than a second;
- how long Slack waits for the answer to captures while the whole bot tells and delivers 300,000 reminders that are three days overdue;
  and that each member is told in one message.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks._companies import Companies
from benchmarks._ground import TEAM, Ground, Grounds, TuesdayClock, grounds
from benchmarks._load import Outcome, Typist, at_a_rate
from benchmarks._peer import lateness_of_jobs
from benchmarks._servers import running
from benchmarks._verdict import Verdict
from bot import logs
from scheduling.runner import Runner
from scheduling.timetable import timetable
from storage.schema import reminders
from storage.unit_of_work import Store
from tests.firm import TUESDAY_MORNING, WHOLE
from usecases.core.maintenance import TOLD_AT_ONCE
from usecases.desks import Desks

KINDS = ("sqlite", "postgresql")
FEW, MANY = 10_000, 1_000_000
"""Reminders that wait while others are told."""
ROUNDS, DUE = 5, 1_000
"""How often, and how many, are told."""
PEER_DUE = (100, 300, DUE)
"""Jobs of the peer's that are due at one moment."""
MOST_TIMES_DEARER = 1.5
TURNS = 2
"""How often each lateness is measured; the turn that other work on the machine disturbed least counts."""
MOST_LATE, MOST_LATE_AT_ONCE = 0.1, 1.0
"""Seconds within which 99 of 100 are told of those due in the same second, and of those due at the very same moment."""
TIMES_SMALLEST = 4
"""Where the machine itself is too busy for that: as a multiple of what the smallest sweep takes, for each batch that has to wait."""
DRAINED, MEMBERS = 300_000, 6_000
"""Overdue reminders, and whose they are: fifty of each, scattered over the tables."""
TYPED, TYPED_TURNS, TYPED_SECONDS = 25, 4, 2
"""Captures a second meanwhile, in how many turns, and for how long each; of the turns the median counts."""
WARM_SECONDS = 1
LONGEST_WAIT = 100
"""Milliseconds within which 99 of 100 captures must be answered."""
TIMES_UNDISTURBED = 1.5
"""Where the machine itself is too busy for that: as a multiple of what they wait when there is nothing to tell."""
LONG_AGO = TUESDAY_MORNING - timedelta(days=3)
WHEN_TOLD = select(reminders.c.due_at, reminders.c.told_at).where(reminders.c.told_at.is_not(None))
TOLD = "SELECT count(*) FROM reminders WHERE told_at IS NOT NULL"
MESSAGES = "SELECT count(*) FROM outbox WHERE kind IN ('FollowUpDue', 'OverdueDigest')"
WRONGLY_TOLD = """SELECT (
    SELECT count(*) FROM (SELECT lane FROM outbox WHERE kind IN ('FollowUpDue', 'OverdueDigest') GROUP BY lane HAVING count(*) > 1) AS a
) + (
    SELECT count(*) FROM (
        SELECT member_id FROM reminders WHERE due_at < '2026-03-01' GROUP BY member_id HAVING count(told_at) NOT IN (0, count(*))
    ) AS b
)"""
"""Members with more than one message, and such of whose reminders only some were told."""
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
        await few.settle()
        await many.settle()
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
    """How late APScheduler runs as many jobs, and how many it drops of these and of fewer."""
    late: list[float] = []
    for count in PEER_DUE:
        late = await lateness_of_jobs(folder, count, ahead=5, patience=3)
        verdict.tell(f"APScheduler on sqlite: dropped of {count} due at one moment", count - len(late), "jobs", count)
    return late


async def _measure_lateness(kind: str, places: Grounds, peer: list[float], verdict: Verdict) -> None:
    """How late reminders are told that fall due within one second, and such as fall due at one moment; each of another member."""
    async with places.ground(kind, "late", size=DUE) as ground:
        late = await _lateness(ground)
        commit = await _commit_seconds(ground)
    verdict.tell(f"{kind}: the smallest sweep", 1000 * commit, "ms")
    for name, turns, most in (
        ("second", late[::2], max(MOST_LATE, commit * TIMES_SMALLEST)),
        ("moment", late[1::2], max(MOST_LATE_AT_ONCE, commit * TIMES_SMALLEST * DUE / TOLD_AT_ONCE)),
    ):
        dropped = sum(DUE - len(of_turn) for of_turn in turns)
        verdict.tell(f"{kind}: dropped of {DUE} due at one {name}", dropped, "reminders", DUE, most=0)
        case = f"{kind}: p99 late of {DUE} due at one {name}"
        verdict.tell(case, 1000 * min(map(_p99, turns)), "ms", 1000 * _p99(peer), most=round(1000 * most))


async def _commit_seconds(ground: Ground) -> float:
    """What a sweep takes that tells a single reminder: nine of ten take no longer."""
    took = []
    for number in range(30):
        await ground.wait(1, TUESDAY_MORNING, after=MANY + number)
        began = time.perf_counter()
        await ground.firm.upkeep.sweep_reminders()
        took.append(time.perf_counter() - began)
    return sorted(took)[26]


async def _lateness(ground: Ground) -> list[list[float]]:
    """How many seconds late each reminder was told, from when it was due to the commit that had its member told, turn by turn.

    Those of the first turn fall due within a second, those of the second at one moment, and so on.
    """
    clock = TuesdayClock()
    begins = [clock.now() + timedelta(seconds=3 + 1.5 * turn) for turn in range(2 * TURNS)]
    await ground.have_leads(DUE * len(begins))
    for turn, begins_at in enumerate(begins):
        await ground.wait(DUE, begins_at, after=turn * DUE)
        if turn % 2 == 0:
            await ground.spread(begins_at, timedelta(seconds=1))
    await ground.settle()
    ended: list[datetime] = []
    desks = Desks(Store(ground.database, clock), WHOLE)
    slack = {
        "deliver": _nothing,
        "reconcile": _nothing,
        "carry_out_tasks": _nothing,
        "check_clock": _nothing,
    }
    jobs = timetable(desks, next_delivery_at=_never, next_task_at=_never, **slack)
    entries = [entry for entry in jobs if entry.job == desks.upkeep.sweep_reminders]
    runner = Runner(entries, clock, on_run=lambda _job, _ok: ended.append(clock.now()))
    runner.start()
    await _until(ground, MESSAGES, len(begins) * DUE)
    await runner.stop()
    told = await ground.database.read(lambda connection: connection.execute(WHEN_TOLD).all())
    return [
        sorted(
            (_first_after(row.told_at, ended) - row.due_at).total_seconds()
            for row in told
            if at <= row.due_at <= at + timedelta(seconds=1)
        )
        for at in begins
    ]


async def _nothing() -> int:
    """Delivers nothing: how that goes is another benchmark's."""
    return 0


async def _never() -> None:
    """Wants no delivery."""


def _first_after(moment: datetime, ended: list[datetime]) -> datetime:
    """When the run ended that began at the moment."""
    return ended[bisect_left(ended, moment)]


def _p99(late: list[float]) -> float:
    return late[int(0.99 * len(late))] if late else 0.0


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
        companies = Companies(seed=3)
        companies.grow(2 * TYPED * (WARM_SECONDS + TYPED_TURNS * TYPED_SECONDS))
        names = iter(companies)
        async with running("ours-on-tuesday", ground.url, str(slack.port)) as ours:
            undisturbed = await _type(ground, ours.port, names)
        await ground.wait(DRAINED, LONG_AGO)
        await ground.settle()
        began = time.perf_counter()
        async with running("ours-on-tuesday", ground.url, str(slack.port)) as ours:
            turns = await _type(ground, ours.port, names)
        seconds, told = time.perf_counter() - began, await ground.count(TOLD)
        longest = max(LONGEST_WAIT, TIMES_UNDISTURBED * _waited(undisturbed, 99))
        for percent, bars in ((50, {}), (99, {"most": round(longest, 1)})):
            case = f"{kind}: p{percent} of answers at {TYPED}/s while {DRAINED} drain"
            verdict.tell(case, _waited(turns, percent), "ms", _waited(undisturbed, percent), **bars)
        verdict.tell(f"{kind}: errors meanwhile", sum(len(turn.errors) for turn in turns), "requests", most=0)
        verdict.tell(f"{kind}: told meanwhile", told / seconds, "reminders/s", least=10)
        verdict.tell(f"{kind}: messages for these", await ground.count(MESSAGES), "messages", told)
        verdict.tell(f"{kind}: members told twice or in part", await ground.count(WRONGLY_TOLD), "members", most=0)


async def _type(ground: Ground, port: int, names: Iterator[str]) -> list[Outcome]:
    """Capture leads at the set rate, in turns; the first, for which statements and templates are made ready, do not count."""
    typist = Typist(TEAM, ground.firm.seller.slack_id, CHANNELS)

    def capture() -> bytes:
        return typist.types("/rain-lead", f"{next(names)}, referral, wants a review of their costs")

    await at_a_rate(port, capture, b"Captured", per_second=TYPED, seconds=WARM_SECONDS)
    return [
        await at_a_rate(port, capture, b"Captured", per_second=TYPED, seconds=TYPED_SECONDS)
        for _turn in range(TYPED_TURNS)
    ]


def _waited(turns: list[Outcome], percent: float) -> float:
    """Milliseconds within which so many percent of the answers came, in the median turn."""
    return statistics.median(turn.percentile(percent) for turn in turns)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
