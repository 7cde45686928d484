"""Everything sent to the app: each delivery with its attempts and acks, and Slack's retries for events."""

import asyncio
import json
import secrets
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.model import Json, Team
from sandbox.world import World, bot_of, new_id

RETRY_DELAYS = (0.0, 60.0, 300.0)  # seconds on the workspace's clock before each of the three retries
LOG_LENGTH = 2_000


@dataclass(frozen=True, kw_only=True)
class Ack:
    """What came of one attempt. `reason` is Slack's word for the failure."""

    ok: bool
    payload: Json | None = None
    reason: str = ""
    may_retry: bool = True


@dataclass(kw_only=True)
class Delivery:
    """One thing for the app to know or answer; `kind` is Socket Mode's envelope type."""

    n: int
    kind: str  # events_api | interactive | slash_commands
    team: str
    payload: Json
    envelope_id: str
    attempts: list[Json] = field(default_factory=list)

    @property
    def accepts_response(self) -> bool:
        return self.kind != "events_api"

    def shown(self) -> Json:
        return {
            "n": self.n,
            "kind": self.kind,
            "team": self.team,
            "envelope_id": self.envelope_id,
            "payload": self.payload,
            "attempts": self.attempts,
        }


@dataclass(frozen=True)
class Retry:
    attempt: int = 0
    reason: str = ""


class Transport(Protocol):
    """A way to the app: Socket Mode or HTTP."""

    mode: str

    @property
    def connected(self) -> bool: ...

    async def deliver(self, delivery: Delivery, retry: Retry, seconds: float) -> Ack: ...


class Dispatch:
    """Sends deliveries over the transport; events in the background with retries, questions once."""

    def __init__(self, world: World, transport: Transport) -> None:
        self.transport = transport
        self.ack_seconds = 3.0
        self.retry_delays: tuple[float, ...] = RETRY_DELAYS
        self.log: deque[Delivery] = deque(maxlen=LOG_LENGTH)
        self._world = world
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, team: Team, kind: str, payload: Json) -> Ack:
        """Send a command or interaction and wait for the app's answer, three seconds at most."""
        return await self._attempt(self._new(team, kind, payload), Retry())

    def tell(self, team: Team, event: Json, *, ext_shared: bool = False) -> None:
        """Send an event, again and again as Slack does, without waiting."""
        delivery = self._new(team, "events_api", self._event_payload(team, event, ext_shared))
        task = asyncio.get_running_loop().create_task(self._with_retries(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def again(self, n: int) -> Ack:
        """Send delivery `n` once more, exactly as it was."""
        delivery = next(known for known in self.log if known.n == n)
        return await self._attempt(delivery, Retry(len(delivery.attempts), "http_timeout"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _new(self, team: Team, kind: str, payload: Json) -> Delivery:
        self._count += 1
        payload = json.loads(json.dumps(payload))  # a copy that later changes of the world cannot reach
        delivery = Delivery(n=self._count, kind=kind, team=team.id, payload=payload, envelope_id=str(uuid.uuid4()))
        self.log.append(delivery)
        return delivery

    async def _with_retries(self, delivery: Delivery) -> None:
        ack = await self._attempt(delivery, Retry())
        for attempt, delay in enumerate(self.retry_delays, 1):
            if ack.ok or not ack.may_retry:
                return
            await self._world.clock.until(self._world.clock.now() + delay)
            ack = await self._attempt(delivery, Retry(attempt, ack.reason))

    async def _attempt(self, delivery: Delivery, retry: Retry) -> Ack:
        started = time.perf_counter()
        note: Json = {"at": self._world.clock.now(), "retry": retry.attempt, "ok": None}
        delivery.attempts.append(note)
        ack = await self.transport.deliver(delivery, retry, self.ack_seconds)
        note |= {"ok": ack.ok, "ms": round((time.perf_counter() - started) * 1000, 1), "response": ack.payload}
        note["error"] = ack.reason or None
        return ack

    def _event_payload(self, team: Team, event: Json, ext_shared: bool) -> Json:
        authorization: Json = {
            "enterprise_id": None,
            "team_id": team.id,
            "user_id": bot_of(team).id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": self._world.credentials.verification_token,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self._world.credentials.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self._world.clock.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": ext_shared,
            "event_context": secrets.token_urlsafe(24),
        }
