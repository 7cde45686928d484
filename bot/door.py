"""What stands at the port: how much anybody may send, how long it may take, how many may come at once, and who is Slack."""

import asyncio
import gc
import hashlib
import hmac
import logging
import re
import resource
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.log import server_logger

READ_BYTES = 16_384
"""Bytes that are read from a connection at once; each error of aiohttp's holds several times that."""
MOST_GARBAGE = 8_000_000
"""Bytes received, after which Python searches for unreachable cycles: such errors are in them."""
LARGEST_BODY = 300_000
"""Bytes of a request's body. Slack's largest request is about a modal of 250 kB."""
HEAD_SECONDS = 10.0
"""Seconds until a new connection has sent the headers of its first request."""
BODY_SECONDS = 10.0
"""Seconds from then on until the request's body is there."""
KEEP_ALIVE_SECONDS = 75.0
"""Seconds until a connection has taken its answer and sent the headers of its next request; reverse proxies let go after 60."""
SWEEP_SECONDS = 1.0
"""Seconds between two looks at who has taken too long."""
LINGER_SECONDS = 1.0
"""Seconds in which the rest of a refused body is thrown away, so that the client gets to read the answer."""
SHUTDOWN_SECONDS = 5.0
"""Seconds in which requests that are being worked on may end when the bot stops."""
MOST_CONNECTIONS = 256
"""Connections at once."""
MOST_BODIES = 32
"""Bodies at once that have begun and do not end: with what reading takes they hold some 20 MB."""
MOST_FILES = 4_096
"""Open files that the process asks the system for; connections are a small part of them."""
SHARE_OF_FILES = 4
"""Connections are at most one in so many of the files that may be open."""
ACCEPTED_AT_ONCE = 32
"""Connections taken in before any of them is listened to: few beside the limit, or they would push each other out unheard."""
LONGEST_QUEUE = 4_096
"""Connections that wait in the system until they are accepted."""
OLDEST_SECONDS = 300
"""Seconds by which a request's timestamp may be off, as Slack recommends."""
TIMESTAMP = re.compile("[0-9]{1,12}")
"""Slack's have ten digits."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def refusal(status: int, sentence: str) -> web.Response:
    """The answer to what is not let in."""
    return web.json_response({"error": sentence}, status=status)


def is_slacks(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    """Whether Slack has signed these very bytes, no more than five minutes ago."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    if not TIMESTAMP.fullmatch(timestamp) or abs(now - int(timestamp)) > OLDEST_SECONDS:
        return False
    signed = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    said = headers.get("X-Slack-Signature", "").encode(errors="replace")
    return hmac.compare_digest(b"v0=" + signed.hexdigest().encode(), said)


def raise_file_limit() -> None:
    """Let this process open as many files as it needs, where the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def connection_limit() -> int:
    """As many connections as leave enough files for everything else."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, soft // SHARE_OF_FILES)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """For how many seconds a connection is waited for."""

    head: float = HEAD_SECONDS
    body: float = BODY_SECONDS
    keep_alive: float = KEEP_ALIVE_SECONDS
    sweep: float = SWEEP_SECONDS


PATIENCE = Patience()


class Door:
    """Serves an application on a port, and hangs up on who keeps it waiting.

    A connection is waited for unless its request is being worked on. Beyond the limit, the one that has been waited for longest is
    closed: Slack and proxies send a request at once, so the newcomer is more likely to be theirs than the oldest silent one.
    """

    def __init__(self, app: web.Application, *, most: int | None = None, patience: Patience = PATIENCE) -> None:
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(_without_server)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=ServerLog(server_logger),
            auto_decompress=False,
            lingering_time=LINGER_SECONDS,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        self._most, self._patience = most or connection_limit(), patience
        self._open: dict[web.RequestHandler, asyncio.Transport] = {}
        self._waited_for: dict[web.RequestHandler, float] = {}
        """Until when, on the loop's clock; the longest wait first."""
        self._bodies: dict[web.RequestHandler, None] = {}
        """Those whose body is waited for; the longest wait first."""
        self._bytes = 0
        self._listening: asyncio.Server | None = None
        self._sweep_timer: asyncio.TimerHandle | None = None

    async def open(self, **where: Any) -> int:
        """Listen, at a `host` and `port` or on a `sock`; returns the port."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._newcomer, backlog=ACCEPTED_AT_ONCE, **where)
        for listening in self._listening.sockets:
            with listening.dup() as same:
                same.listen(LONGEST_QUEUE)  # asyncio takes its backlog for both
        self._sweep()
        return int(self._listening.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and let the requests that are being worked on end."""
        if self._sweep_timer:
            self._sweep_timer.cancel()
        if self._listening:
            self._listening.close()
        await self._runner.cleanup()

    def _newcomer(self) -> "Connection":
        assert self._runner.server is not None
        return Connection(self, self._runner.server())

    def came(self, who: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Wait for a new connection's first request; where there are too many, for somebody else's no longer."""
        self._open[who] = transport
        self._wait_for(who, self._patience.head)
        while len(self._open) > self._most:
            log.warning("too many connections: the one waited for longest is closed", most=self._most)
            self._hang_up(next(iter(self._waited_for)))

    def left(self, who: web.RequestHandler) -> None:
        """Forget a connection."""
        self._open.pop(who, None)
        self._waited_for.pop(who, None)
        self._bodies.pop(who, None)

    def note_bytes(self, count: int) -> None:
        """Count what was sent; after so much, let go of it."""
        self._bytes += count
        if self._bytes > MOST_GARBAGE:
            self._bytes = 0
            gc.collect()

    def _wait_for(self, who: web.RequestHandler, seconds: float) -> None:
        self._waited_for.pop(who, None)
        if who in self._open:
            self._waited_for[who] = asyncio.get_running_loop().time() + seconds

    def _wait_for_body(self, who: web.RequestHandler) -> None:
        if who in self._open:
            self._wait_for(who, self._patience.body)
            self._bodies[who] = None
        if len(self._bodies) > MOST_BODIES:
            log.warning("too many bodies: the one waited for longest is refused", most=MOST_BODIES)
            self._hang_up(next(iter(self._bodies)))

    def _hang_up(self, who: web.RequestHandler) -> None:
        transport = self._open[who]
        self.left(who)
        transport.abort()

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for who in [who for who, until in self._waited_for.items() if until < now]:
            self._hang_up(who)
        self._sweep_timer = loop.call_later(self._patience.sweep, self._sweep)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Take in the whole body, if it may be, before anybody looks at it."""
        who = request.protocol
        self._wait_for_body(who)
        refused = await _take_in(request)
        self._bodies.pop(who, None)
        if refused:
            log.warning("refused at the door", status=refused.status)
            return refused
        self._waited_for.pop(who, None)
        try:
            return await handler(request)
        finally:
            self._wait_for(who, self._patience.keep_alive)


async def _take_in(request: web.Request) -> web.Response | None:
    """Read the body, or say why not."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return refusal(415, "the body is compressed")
    if (request.content_length or 0) > request.client_max_size:
        return refusal(413, "the body is too large")
    try:
        await request.read()
    except web.HTTPRequestEntityTooLarge:
        return refusal(413, "the body is too large")
    except (ConnectionError, web.RequestPayloadError):
        return refusal(400, "the body cannot be read")
    return None


async def _without_server(_request: web.Request, response: web.StreamResponse) -> None:
    """Do not say what serves: versions help nobody but who looks for known holes."""
    response.headers.pop("Server", None)


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """What aiohttp logs: of a request that is not HTTP nothing that was sent, all else as it is."""

    def log(self, level: int, msg: object, *args: Any, **more: Any) -> None:
        """Write it."""
        error = more.get("exc_info")
        if isinstance(error, HttpProcessingError):
            log.warning("a request is not HTTP", error=type(error).__name__)
        else:
            super().log(level, msg, *args, **more)


class Connection(asyncio.BufferedProtocol):
    """One connection: tells the door when it comes and goes, and leaves all else to aiohttp."""

    def __init__(self, door: Door, http: web.RequestHandler) -> None:
        self._door, self._http = door, http
        self._buffer = bytearray(READ_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio has accepted it."""
        assert isinstance(transport, asyncio.Transport)
        self._http.connection_made(transport)
        self._door.came(self._http, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Either side has closed it."""
        self._door.left(self._http)
        self._http.connection_lost(exc)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where asyncio puts what the client sends."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The client has sent something."""
        self._door.note_bytes(nbytes)
        self._http.data_received(bytes(memoryview(self._buffer)[:nbytes]))

    def eof_received(self) -> None:
        """The client sends no more."""
        self._http.eof_received()

    def pause_writing(self) -> None:
        """The client does not take its answer."""
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """It takes it again."""
        self._http.resume_writing()
