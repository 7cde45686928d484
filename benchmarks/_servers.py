"""The servers that are measured, and those they need, each in a process of its own on plain asyncio.

`python -m benchmarks._servers bare|ours|ours-on-tuesday|slack ADDRESS…` serves on a free port of localhost and prints it.
"""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from benchmarks._load import HOST, PATH, SIGNING_SECRET

ROOT = Path(__file__).parent.parent


@dataclass
class Server:
    """A running server. While it is paused it takes nothing from those that are being measured."""

    process: asyncio.subprocess.Process
    port: int

    def pause(self) -> None:
        """Let it stand still."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)


@contextlib.asynccontextmanager
async def running(kind: str, *addresses: str) -> AsyncIterator[Server]:
    """A server of this kind, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks._servers", kind, *addresses, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server {kind!r} did not start")
        yield Server(process, json.loads(line)["port"])
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        await process.wait()


async def serve_bare(stopped: asyncio.Event) -> None:
    """Bolt alone: a command that is acknowledged, and nothing else."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1")

    async def acknowledge(ack: AsyncAck) -> None:
        await ack("Captured")

    app = AsyncApp(signing_secret=SIGNING_SECRET, authorize=authorize, process_before_response=True)
    app.command("/rain-lead")(acknowledge)
    await _serve(app.web_app(path=PATH), stopped)


async def serve_ours(database_url: str, slack_port: str, stopped: asyncio.Event) -> None:
    """Rainmaker as it runs in production, with its timetable and delivery."""
    await _serve_ours(database_url, slack_port, stopped)


async def serve_ours_on_tuesday(database_url: str, slack_port: str, stopped: asyncio.Event) -> None:
    """The same on a Tuesday morning, when people are at work."""
    from benchmarks._ground import TuesdayClock

    await _serve_ours(database_url, slack_port, stopped, clock=TuesdayClock())


async def _serve_ours(database_url: str, slack_port: str, stopped: asyncio.Event, **outside: Any) -> None:
    from bot import logs
    from bot.app import build
    from bot.door import Door
    from bot.gc_tuning import settle
    from bot.settings import read_settings
    from bot.web import web_app

    logs.configure("plain", "warning")
    settings = read_settings(
        slack_signing_secret=SIGNING_SECRET,
        slack_bot_token=None,
        slack_api_url=f"http://{HOST}:{slack_port}/api/",
        rainmaker_database_url=database_url,
    )
    rain = build(settings, **outside)
    await rain.prepare()
    await rain.start()
    door = Door(web_app(rain, takes_slack=True))
    settle()
    try:
        _say_port(await door.open(host=HOST, port=0))
        await stopped.wait()
    finally:
        await door.close()
        await rain.stop()


async def _serve(application: web.Application, stopped: asyncio.Event) -> None:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    _say_port(runner.addresses[0][1])
    await stopped.wait()
    await runner.cleanup()


class EverythingIsFine(asyncio.Protocol):
    """Stands for Slack's Web API, and for the least a server can do: reads a request and answers `ok`."""

    posted = 0

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio has connected us."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the request is as long as it says."""
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        _before, _name, rest = head.lower().partition(b"content-length:")
        if not gap or len(body) < int(rest.partition(b"\r\n")[0] or 0):
            return
        self._received = b""
        EverythingIsFine.posted += 1
        channel = b'{"id":"D0SLACK"}' if b"/conversations.open" in head else b'"C0SLACK"'
        answer = b'{"ok":true,"channel":%b,"ts":"1772532000.%06d"}' % (channel, EverythingIsFine.posted)
        if b"/users.list" in head:  # an empty list would have the bot ask after everybody whom its database knows
            answer = b'{"ok":false,"error":"missing_scope"}'
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)
        )


async def serve_slack(stopped: asyncio.Event) -> None:
    """A Web API that says `ok` to everything at once."""
    server = await asyncio.get_running_loop().create_server(EverythingIsFine, HOST, 0)
    _say_port(server.sockets[0].getsockname()[1])
    await stopped.wait()
    server.close()


def _say_port(port: int) -> None:
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()


async def _main(kind: str, *addresses: str) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    serve: dict[str, Any] = {
        "bare": serve_bare,
        "ours": serve_ours,
        "ours-on-tuesday": serve_ours_on_tuesday,
        "slack": serve_slack,
    }
    await serve[kind](*addresses, stopped)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
