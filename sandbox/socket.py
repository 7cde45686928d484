"""Socket Mode: up to ten WebSockets to the app; any one of them gets an envelope and acks it."""

import asyncio
import contextlib
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.dispatch import Ack, Delivery, Retry
from sandbox.model import Json
from sandbox.world import World

MAX_SOCKETS = 10
GRACE_SECONDS = 5


class SocketMode:
    """The transport of an app that connects to the workspace itself."""

    mode = "socket"

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._lines: dict[web.WebSocketResponse, asyncio.Transport] = {}
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self._turn = 0

    @property
    def connected(self) -> bool:
        return bool(self._sockets)

    def new_url(self) -> str:
        """The URL apps.connections.open answers with; it is good for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        address = self._world.base_url.replace("http", "ws", 1)
        return f"{address}/link/?ticket={ticket}&app_id={self._world.credentials.app_id}"

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="unknown or used ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if len(self._sockets) >= MAX_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        if isinstance(request.transport, asyncio.Transport):
            self._lines[socket] = request.transport
        await self._talk(socket, request.host)
        return socket

    async def _talk(self, socket: web.WebSocketResponse, host: str) -> None:
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello(host))
            self._tell_connected()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._lines.pop(socket, None)
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._tell_connected()

    def _hello(self, host: str) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {"host": host, "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._world.credentials.app_id},
        }

    def _tell_connected(self) -> None:
        for team in self._world.teams.values():
            self._world.publish("app", team)

    def _take(self, text: str) -> None:
        """An ack; anything else an app may say over the socket means nothing to Slack."""
        with contextlib.suppress(ValueError, AttributeError):
            said: dict[str, Any] = json.loads(text)
            waiting = self._waiting.get(said.get("envelope_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(said.get("payload"))

    async def deliver(self, delivery: Delivery, retry: Retry, seconds: float) -> Ack:
        if not self._sockets:
            return Ack(ok=False, reason="connection_failed")
        self._turn += 1
        socket = self._sockets[self._turn % len(self._sockets)]
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = answer
        try:
            await socket.send_json(_envelope(delivery, retry))
            payload = await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            return Ack(ok=False, reason="timeout")
        except ConnectionError:
            return Ack(ok=False, reason="connection_failed")
        finally:
            self._waiting.pop(delivery.envelope_id, None)
        return Ack(ok=True, payload=payload if isinstance(payload, dict) else None)

    async def disconnect(self, reason: str) -> None:
        """Ask the app to reconnect. After a warning the socket still serves; otherwise it gets nothing more and is
        closed a little later, since an app that sees message and close at once reconnects twice.
        """
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            if reason != "warning" and socket in self._sockets:  # it may have gone while it was told
                self._sockets.remove(socket)
                asyncio.get_running_loop().call_later(GRACE_SECONDS, self._lines[socket].close)

    def drop(self) -> None:
        """Cut the line without a word, as a bad network does."""
        for line in self._lines.values():
            line.abort()

    async def stop(self) -> None:
        for socket in list(self._lines):
            await socket.close(code=1001)


def _envelope(delivery: Delivery, retry: Retry) -> Json:
    envelope: Json = {
        "envelope_id": delivery.envelope_id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.accepts_response,
    }
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
    return envelope
