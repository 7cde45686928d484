"""A process that seals one workspace's events after the other, each beginning at the same moment as another process does."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from threading import Barrier

from storage.engine.database import open_database
from storage.unit_of_work import Store
from tests.firm import WHOLE, FrozenClock
from usecases.core.maintenance import UpkeepDesk

PATIENCE = 60
"""Seconds until a process that waits for the other one gives up."""


def seal_each(together: Barrier, url: str, workspace_ids: Sequence[str], now: datetime) -> None:
    """Seal until nothing is left, workspace by workspace."""
    asyncio.run(_seal_each(together, url, workspace_ids, now))


async def _seal_each(together: Barrier, url: str, workspace_ids: Sequence[str], now: datetime) -> None:
    database = open_database(url)
    upkeep = UpkeepDesk(Store(database, FrozenClock(now)), WHOLE)
    for workspace_id in workspace_ids:
        together.wait(PATIENCE)
        while await upkeep.seal_audit(workspace_id):
            pass
    await database.close()
