"""People who capture leads over signed HTTP, and send each request again until it is acknowledged."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from benchmarks._companies import Companies
from tests.fire.processes import CAPTURERS, DESK_IDS, Office

REST_SECONDS, PATIENT_SECONDS = 0.02, 0.1
"""How long a person waits before the next request, and before the same one again."""


@dataclass
class Crowd:
    """What the people sent, and what they were told."""

    office: Office
    companies: Companies
    acknowledged: list[str] = field(default_factory=list)
    """The companies whose lead the bot said it has captured."""
    sent: int = 0
    unanswered: int = 0
    strange: list[str] = field(default_factory=list)
    """Answers that a capture must not have."""
    is_done: bool = False
    _count: Iterator[int] = field(default_factory=itertools.count)

    async def capture(self, times: int) -> None:
        """Capture leads, each at a company of its own, until `is_done`; everybody with `times` hands."""
        async with asyncio.TaskGroup() as people:
            for user in CAPTURERS * times:
                people.create_task(self._captures(user))

    async def _captures(self, user: str) -> None:
        while not self.is_done:
            company, body = self.command(user)
            await self.until_acknowledged(company, body)
            await asyncio.sleep(REST_SECONDS)

    def command(self, user: str) -> tuple[str, bytes]:
        """The next company, and the request that captures a lead there."""
        count = next(self._count)
        self.companies.grow(count + 1)
        fields = {
            "team_id": self.office.told["team_id"],
            "user_id": user,
            "channel_id": DESK_IDS[count % len(DESK_IDS)],
            "command": "/rain-lead",
            "text": f"{self.companies[count]}, referral, wants a review of their costs",
            "trigger_id": f"1772532000.{count}",
            "response_url": "http://127.0.0.1:9/nobody-listens",
        }
        return self.companies[count], urlencode(fields).encode()

    async def until_acknowledged(self, company: str, body: bytes) -> None:
        """Send a request, and the very same again, until there is an answer."""
        while True:
            self.sent += 1
            try:
                status, answer = await self.office.post(body)
            except (aiohttp.ClientError, OSError):
                self.unanswered += 1
                await asyncio.sleep(PATIENT_SECONDS)
                continue
            if status == 200 and b"Captured" in answer:
                self.acknowledged.append(company)
            else:
                self.strange.append(f"{company}: {status} {answer[:200]!r}")
            return
