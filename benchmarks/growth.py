"""What lists and sums of deals cost as deals grow from ten thousand to a million, on SQLite and on PostgreSQL.

- "My deals": the fifty running deals of one member, read by the use case behind `/rain-deal` and its list;
- the pipeline: all running deals by stage and currency, read by the use case behind `/rain-pipeline`;
- the exceptions, of which one deal in ten is one: counted and listed by the use case behind the morning digest.
"""

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from benchmarks._ground import TEAM, Ground, grounds
from benchmarks._verdict import Verdict
from bot import logs
from tests.firm import WHOLE
from usecases.process.manual import ProcessDesk

KINDS = ("sqlite", "postgresql")
SIZES = (10_000, 100_000, 1_000_000)
EACH = 50
"""Running deals of one member."""
MEMBERS_APART = 61
"""How far apart those are whose lists are read one after the other."""
LISTED, SUMMED, TURNS = 100, 1, 3
"""How often a list and the sums are read in a turn, of which the median counts, and how many turns there are."""
MOST_TIMES_DEARER = 1.5
LONGEST_LIST, LONGEST_SUMS = 5, 1_000
"""Milliseconds, at a million deals."""
LONGEST_EXCEPTIONS = 250
"""Milliseconds, at ten thousand: they are counted every ten minutes of management's mornings."""
ONE_IN = 10
"""Of so many deals one is an exception."""


async def main() -> bool:
    """Measure everything; whether all bars were reached."""
    logs.configure("plain", "error")
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="rainmaker-bench-", ignore_cleanup_errors=True) as folder:
        async with grounds(Path(folder)) as places:
            for kind in KINDS:
                lists: dict[int, float] = {}
                for size in SIZES:
                    async with places.ground(kind, f"deals_{size}", size=size // EACH) as ground:
                        await ground.have_deals(size)
                        await ground.settle()
                        lists[size] = await _milliseconds(LISTED, _read_list(ground))
                        sums = await _milliseconds(SUMMED, _read_sums(ground, size))
                        exceptions = await _exceptions(ground, size) if size == SIZES[0] else None
                    cheapest = lists[SIZES[0]]
                    bars = {"most": min(LONGEST_LIST, cheapest * MOST_TIMES_DEARER)} if size == SIZES[-1] else {}
                    verdict.tell(f"{kind}: my {EACH} of {size} deals", lists[size], "ms", cheapest, **bars)
                    most = {"most": LONGEST_SUMS} if size == SIZES[-1] else {}
                    verdict.tell(f"{kind}: sums of {size} deals", sums, "ms", **most)
                    if exceptions is not None:
                        verdict.tell(
                            f"{kind}: exceptions among {size} deals", exceptions, "ms", most=LONGEST_EXCEPTIONS
                        )
    return verdict.is_good


def _read_list(ground: Ground) -> Callable[[], Awaitable[None]]:
    seller, turns = ground.firm.seller, itertools.count()

    async def read() -> None:
        somebody = ground.last_founder + 1 + next(turns) * MEMBERS_APART % ground.size
        found = await ground.firm.pipeline.mine(replace(seller, member_id=somebody))
        if len(found.deals) != EACH:
            raise ValueError(f"{len(found.deals)} deals instead of {EACH}")

    return read


def _read_sums(ground: Ground, size: int) -> Callable[[], Awaitable[None]]:
    async def read() -> None:
        pipeline = await ground.firm.pipeline.pipeline(ground.firm.seller, is_own=False)
        if sum(line.count for line in pipeline.running) != size:
            raise ValueError("some deals are missing in the sums")

    return read


async def _exceptions(ground: Ground, size: int) -> float:
    """What counting and listing costs where every deal has an owner who works on it but for one in ten without a next step."""
    await ProcessDesk(ground.firm.store, WHOLE).keep(TEAM)
    await ground.change(f"UPDATE deals SET next_step = NULL, next_at = NULL WHERE number % {ONE_IN} = 0")
    manager = await ground.firm.with_manager()

    async def read() -> None:
        found = await ground.firm.exceptions.show(manager)
        if found.deals.total != size // ONE_IN:
            raise ValueError(f"{found.deals.total} exceptions instead of {size // ONE_IN}")

    return await _milliseconds(LISTED // ONE_IN, read)


async def _milliseconds(times: int, read: Callable[[], Awaitable[None]]) -> float:
    """The median of so many readings, after one that counts for nothing; of a few turns, the one that was disturbed least."""
    await read()
    return min([statistics.median([await _once(read) for _time in range(times)]) for _turn in range(TURNS)])


async def _once(read: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await read()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
