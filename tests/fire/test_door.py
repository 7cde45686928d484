"""Strangers at the port: whatever they send, and however many connections they hold, Slack's own requests are answered."""

import asyncio
import contextlib
import itertools
import os
import resource
import socket
import sys
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from storage.engine.database import Database
from tests.fire.processes import BEN, DESK_IDS, START_SECONDS, Office, open_office

DESCRIPTORS = 1_024
"""As many files as the bot may have open."""
IDLE_CONNECTIONS = 1_100
"""As many connections as strangers hold."""
ROUNDS = 20
"""Signed commands that are sent meanwhile, one after the other."""
SOON_SECONDS, SLACKS_SECONDS = 0.3, 3.0
"""Within which each of them is answered, but for one that a busy machine may hold up: that one while Slack still waits."""
MORE_MEMORY = 100_000
"""kB by which the bot may grow at the most."""
MOST_LOG = 20_000
"""Bytes that it may write about all this."""

BABBLE = bytes(500_000)
"""What is not HTTP."""
BABBLERS, ROUNDS_OF_BABBLE = 50, 10
"""How many send it at once, and how often."""
PUNYCODE = b"a" * 550_000 + b"-" + b"b" * 550_000
JSON = b"{" + b",".join(b'"%d":""' % number for number in range(180_000)) + b"}"
MANY_FIELDS = b"a=b&" * 500_000


@dataclass
class Stranger:
    """What one of them sends, without a signature."""

    body: bytes
    content_type: str = "application/x-www-form-urlencoded"
    encoding: str = "identity"


def zipped(times: int, wbits: int) -> bytes:
    """So many megabytes of nothing, in a thousandth of that."""
    packing, megabyte = zlib.compressobj(wbits=wbits), b"a" * 1_000_000
    first, second = (packing.compress(megabyte) + packing.flush(zlib.Z_FULL_FLUSH) for _time in range(2))
    return first + second * (times - 1)


TEN_STRANGERS = [
    Stranger(PUNYCODE, "text/plain; charset=punycode"),
    Stranger(PUNYCODE, "application/json; charset=punycode"),
    Stranger(b"+AGE-" * 300_000, "text/plain; charset=utf-7"),
    Stranger(JSON, "application/json"),
    Stranger(JSON, "application/json"),
    Stranger(MANY_FIELDS),
    Stranger(zipped(1_500, 31), encoding="gzip"),
    Stranger(zipped(200, 31), encoding="gzip"),
    Stranger(zipped(1_500, 15), encoding="deflate"),
    Stranger(b"\xff\xfe" * 500_000, "application/json; charset=utf-16"),
]
UNFINISHED = [  # what those who hold a connection have said so far
    b"",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 299999\r\n\r\n" + b"a" * 290_000,
]


@dataclass
class RunningBot:
    """`rainmaker run --http` in a process of its own."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def memory(self) -> int:
        """kB it has at this moment."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    @property
    def logged(self) -> int:
        """Bytes it has logged."""
        return self.log.stat().st_size


@contextlib.asynccontextmanager
async def running_bot(office: Office, folder: Path) -> AsyncIterator[RunningBot]:
    """The bot, with no more than so many descriptors."""
    environment = os.environ | office.settings() | {"RAINMAKER_PORT": str(office.public_port)}
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", f'ulimit -n {DESCRIPTORS}; exec "$0" -m bot run --http', sys.executable),
            env=environment,
            stderr=log,
            cwd=folder,
        )
    try:
        await _until_it_answers(office)
        yield RunningBot(process, folder / "log")
    finally:
        process.terminate()
        await process.wait()


async def _until_it_answers(office: Office) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with office.session.get(f"http://127.0.0.1:{office.public_port}/healthz"):
                    return
            await asyncio.sleep(0.1)


@pytest.fixture
def room_for_all() -> Iterator[None]:
    """Enough descriptors for the strangers' own ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * IDLE_CONNECTIONS), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def held_idle(port: int, held: contextlib.ExitStack) -> None:
    """Connect again and again, and say nothing or not all; where nobody takes a connection, it stays on its way."""
    for count, words in zip(range(IDLE_CONNECTIONS), itertools.cycle(UNFINISHED), strict=False):
        idle = held.enter_context(socket.socket())
        idle.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            idle.connect(("127.0.0.1", port))
        await asyncio.sleep(0.01 if count % 50 == 0 else 0)
        with contextlib.suppress(OSError):
            idle.send(words)


async def knocks(office: Office, stranger: Stranger) -> int:
    """The status that a stranger gets; 0 where the bot hangs up."""
    headers = {"Content-Type": stranger.content_type, "Content-Encoding": stranger.encoding}
    url = f"http://127.0.0.1:{office.public_port}/slack/events"
    try:
        async with office.session.post(url, data=stranger.body, headers=headers) as answer:
            return answer.status
    except aiohttp.ClientError:
        return 0


async def command(office: Office, number: int) -> float:
    """Seconds until a signed command is answered."""
    fields = {
        "team_id": office.told["team_id"],
        "user_id": BEN,
        "channel_id": DESK_IDS[0],
        "command": "/rain-lead",
        "text": "mine",
        "trigger_id": f"1772532000.{number}",
        "response_url": "http://127.0.0.1:9/nobody-listens",
    }
    began = time.perf_counter()
    status, answer = await office.post(urlencode(fields).encode())
    assert status == 200, answer
    return time.perf_counter() - began


async def babbles(port: int) -> None:
    """Send what is not HTTP, and read the answer, if any."""
    with contextlib.suppress(ConnectionError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(BABBLE)
        await reader.read()
        writer.close()


@pytest.mark.slow
async def test_a_signed_command_is_answered_soon_whatever_strangers_do(
    tmp_path: Path, sqlite_database: Database, room_for_all: None
) -> None:
    async with open_office(tmp_path, sqlite_database) as office, running_bot(office, tmp_path) as bot:
        await command(office, 0)
        before = bot.memory
        with contextlib.ExitStack() as held:
            await held_idle(office.public_port, held)
            knocking = [asyncio.create_task(knocks(office, stranger)) for stranger in TEN_STRANGERS]
            took = []
            for number in range(ROUNDS):
                await asyncio.sleep(0.05)
                took.append(await command(office, number + 1))
            statuses = await asyncio.gather(*knocking)
            memory, logged = bot.memory - before, bot.logged
    print(f"slowest of {ROUNDS} commands {max(took):.3f} s; {memory} kB more memory; {logged} bytes of log; {statuses}")
    assert sorted(took)[-2] < SOON_SECONDS
    assert max(took) < SLACKS_SECONDS
    assert memory < MORE_MEMORY
    assert logged < MOST_LOG


async def test_what_is_not_http_fills_neither_memory_nor_log(tmp_path: Path, sqlite_database: Database) -> None:
    async with open_office(tmp_path, sqlite_database) as office, running_bot(office, tmp_path) as bot:
        await command(office, 0)
        before = bot.memory
        for _round in range(ROUNDS_OF_BABBLE):
            await asyncio.gather(*(babbles(office.public_port) for _one in range(BABBLERS)))
        memory, logged = bot.memory - before, bot.logged
    print(f"{ROUNDS_OF_BABBLE * BABBLERS} babblers: {memory} kB more memory; {logged} bytes of log")
    assert memory < MORE_MEMORY
    assert logged < MOST_LOG
