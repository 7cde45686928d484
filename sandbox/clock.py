"""The workspace's clock: it runs like the wall's until somebody moves or freezes it, and it wakes whoever waits."""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

zone_named = cache(ZoneInfo)
"""The time zone of this name, read once: a workspace has more zones than Python itself remembers."""


class Clock:
    """Seconds since the epoch, as the workspace sees them; `version` counts the moves."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self.source = source
        self.offset = 0.0
        self.frozen_at: float | None = None
        self.version = 1
        self._moved = asyncio.Event()

    def now(self) -> float:
        return self.source() + self.offset if self.frozen_at is None else self.frozen_at

    def set(self, moment: float) -> None:
        if self.frozen_at is not None:
            self.frozen_at = moment
        self.offset = moment - self.source()
        self._announce()

    def freeze(self, frozen: bool) -> None:
        moment = self.now()
        self.offset = moment - self.source()
        self.frozen_at = moment if frozen else None
        self._announce()

    def reset(self) -> None:
        self.offset, self.frozen_at = 0.0, None
        self._announce()

    def face(self) -> dict[str, float | bool | int]:
        """What the control API tells about the clock."""
        now = self.now()
        return {
            "now": now,
            "offset": now - self.source(),
            "frozen": self.frozen_at is not None,
            "version": self.version,
        }

    async def moved(self, version: int, wait: float) -> None:
        """Return once the clock has moved since `version`, or after `wait` real seconds."""
        if version == self.version:
            await self._sleep(wait)

    async def until(self, moment: float) -> None:
        """Wait until this clock shows `moment`, however it gets there."""
        while (left := moment - self.now()) > 0:
            await self._sleep(None if self.frozen_at is not None else left)

    async def _sleep(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(
                seconds
            ):  # asyncio.wait_for forgets a cancellation at the moment the clock moves
                await self._moved.wait()

    def _announce(self) -> None:
        self.version += 1
        waiting, self._moved = self._moved, asyncio.Event()
        waiting.set()


MOMENT = re.compile(r"(?:(?P<day>[a-z]+|\d{4}-\d\d-\d\d)\s+)?(?P<hour>\d\d?):(?P<minute>\d\d)")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def spoken_moment(words: str, now: float, zone: str) -> float:
    """Turn "tomorrow 09:00", "friday 17:30", "18:00" or "2026-03-01 08:00" in `zone` into seconds since the epoch.

    A weekday or a bare time means the next one to come. Raises ValueError for anything else.
    """
    match = MOMENT.fullmatch(words.strip().lower())
    if match is None:
        raise ValueError(f"cannot read the moment {words!r}")
    here = datetime.fromtimestamp(now, zone_named(zone))
    moment = here.replace(hour=int(match["hour"]), minute=int(match["minute"]), second=0, microsecond=0)
    day = match["day"]
    if day is None:
        moment += timedelta(days=0 if moment > here else 1)
    elif day in WEEKDAYS:
        ahead = (WEEKDAYS.index(day) - here.weekday()) % 7
        moment += timedelta(days=ahead if ahead or moment > here else 7)
    elif day in ("today", "tomorrow"):
        moment += timedelta(days=int(day == "tomorrow"))
    else:
        date = datetime.fromisoformat(day)
        moment = moment.replace(year=date.year, month=date.month, day=date.day)
    return moment.timestamp()
