"""A clock that follows a sandbox's, which people can move; only for trying things out and for tests."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

WAIT_SECONDS = 25
"""How long one question to the sandbox stays open."""

log = structlog.get_logger()


class FollowedClock:
    """The time of a sandbox: the system's, plus the offset it was moved by."""

    def __init__(self, url: str, on_move: Callable[[], None] = lambda: None) -> None:
        self.url, self.on_move = url, on_move
        self._offset = timedelta()
        self._frozen_at: datetime | None = None
        self._version: int | None = None

    def now(self) -> datetime:
        """The sandbox's present moment, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    async def follow(self, session: aiohttp.ClientSession) -> None:
        """Keep up with the sandbox until cancelled; after each move, `on_move` is called."""
        while True:
            try:
                await self.ask(session)
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("the sandbox's clock cannot be asked", error=str(error))
                await asyncio.sleep(1)

    async def ask(self, session: aiohttp.ClientSession) -> None:
        """Ask once; waits in the sandbox until the clock has moved."""
        wait = {"after": str(self._version), "wait": str(WAIT_SECONDS)} if self._version is not None else {}
        async with session.get(self.url, params=wait, timeout=aiohttp.ClientTimeout(total=WAIT_SECONDS + 10)) as answer:
            answer.raise_for_status()
            told = await answer.json()
        if told["version"] != self._version:
            self._version = told["version"]
            self._offset = timedelta(seconds=told["offset"])
            self._frozen_at = datetime.fromtimestamp(told["now"], UTC) if told.get("frozen") else None
            self.on_move()
