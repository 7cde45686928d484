"""A bare Socket Mode client: keeps every envelope and acks as the test tells it to."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from sandbox.server import Sandbox

Json = dict[str, Any]
Answer = Callable[[Json], Json | None]
SILENCE: Json = {"silence": True}


def nothing(envelope: Json) -> Json | None:
    """Ack without a payload."""
    return None


class SocketApp:
    """Connects once; `answer` makes the ack's payload from an envelope, or SILENCE for no ack at all."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session
        self.answer: Answer = nothing
        self.hello: Json = {}
        self.got: asyncio.Queue[Json] = asyncio.Queue()

    async def connect(self) -> None:
        headers = {"Authorization": f"Bearer {self._sandbox.start_line['app_token']}"}
        url = f"{self._sandbox.start_line['api_url']}apps.connections.open"
        async with self._session.post(url, headers=headers) as response:
            self.socket = await self._session.ws_connect((await response.json())["url"])
        self.hello = await self.socket.receive_json()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            envelope = json.loads(message.data)
            await self.got.put(envelope)
            if "envelope_id" in envelope and (payload := self.answer(envelope)) is not SILENCE:
                ack = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
                await self.socket.send_json(ack)

    async def next(self, kind: str) -> Json:
        """The payload of the next thing of this type: an envelope's type, a payload's, or an event's."""
        async with asyncio.timeout(5):
            while True:
                envelope = await self.got.get()
                payload: Json = envelope.get("payload", envelope)
                event = payload.get("event", {})
                if kind in (envelope.get("type"), payload.get("type"), event.get("type"), event.get("subtype")):
                    return payload

    async def close(self) -> None:
        await self.socket.close()
        await self._reading
