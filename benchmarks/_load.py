"""A crowd of Slack clients: signed requests over kept-alive connections, as fast as answers come or at a set rate.

The client speaks just enough HTTP/1.1 to read an answer of known length, so that it costs a fraction of what the servers do.
"""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

SIGNING_SECRET = "5ec2e7000000000000000000000000"
HOST = "127.0.0.1"
PATH = "/slack/events"

Answer = tuple[int, bytes]


@dataclass
class Typist:
    """One user who types slash commands; every request has a trigger of its own."""

    team_id: str
    user_id: str
    channels: tuple[str, ...]
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def types(self, command: str, text: str) -> bytes:
        """The whole request, signed now."""
        count = next(self._count)
        form = {
            "token": "gone-out-of-use",
            "team_id": self.team_id,
            "team_domain": "larkspur",
            "channel_id": self.channels[count % len(self.channels)],
            "channel_name": "sales",
            "user_id": self.user_id,
            "user_name": "sam",
            "command": command,
            "text": text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/T0/1/x",
            "trigger_id": f"{time.time_ns()}.{count}",
        }
        return signed(urlencode(form).encode())


def signed(body: bytes) -> bytes:
    """A POST of `body` as Slack signs it."""
    timestamp = str(int(time.time()))
    base = b"v0:" + timestamp.encode() + b":" + body
    signature = hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One kept-alive connection, with one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._received = b""
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio has connected us."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The server hung up; whoever waits for an answer learns of it."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        """More of the answer; it is complete once it is as long as it says."""
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        if not gap or self._answer is None:
            return
        _before, _name, rest = head.lower().partition(b"content-length:")
        if len(body) >= int(rest.partition(b"\r\n")[0]):
            self._received = b""
            self._answer.set_result((int(head[9:12]), body))

    async def post(self, request: bytes) -> Answer:
        """Send a whole request; status and body of the answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[list[Connection]]:
    """That many open connections."""
    loop = asyncio.get_running_loop()
    opened = [(await loop.create_connection(Connection, HOST, port))[1] for _one in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


@dataclass
class Outcome:
    """What came of a load: `latencies` in seconds of the requests that were answered as they should be."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """Milliseconds within which so many percent of the good answers came."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else float("inf")

    def note(self, answer: Answer, began: float, wanted: bytes) -> None:
        """Keep one answer; a good one has status 200 and `wanted` in its body."""
        status, body = answer
        if status == 200 and wanted in body:
            self.latencies.append(time.perf_counter() - began)
        else:
            self.errors.append(f"{status} {body[:200]!r}")


async def as_fast_as_answered(
    port: int, request: Callable[[], bytes], wanted: bytes, *, at_once: int, seconds: float
) -> Outcome:
    """A closed loop: each of `at_once` clients sends its next request when the last one is answered."""
    outcome = Outcome()

    async def send(connection: Connection, until: float) -> None:
        while (began := time.perf_counter()) < until:
            outcome.note(await connection.post(request()), began, wanted)

    async with connections(port, at_once) as opened:
        start = time.perf_counter()
        await asyncio.gather(*(send(connection, start + seconds) for connection in opened))
        outcome.seconds = time.perf_counter() - start
    return outcome


async def at_a_rate(
    port: int, request: Callable[[], bytes], wanted: bytes, *, per_second: float, seconds: float
) -> Outcome:
    """An open loop: requests go out on schedule, whether or not earlier ones are answered; latency counts from the schedule."""
    outcome = Outcome(seconds=seconds)
    free: asyncio.Queue[Connection] = asyncio.Queue()

    async def send(due: float) -> None:
        connection = await free.get()
        outcome.note(await connection.post(request()), due, wanted)
        free.put_nowait(connection)

    async with connections(port, 64) as opened, asyncio.TaskGroup() as sending:
        for connection in opened:
            free.put_nowait(connection)
        start = time.perf_counter()
        for count in range(int(per_second * seconds)):
            due = start + count / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            sending.create_task(send(due))
    return outcome
