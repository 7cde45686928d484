"""Connections: who keeps the bot waiting is hung up on, and however many there are, the newest is heard."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.door import LARGEST_BODY, Door, Patience

SHORT = Patience(head=0.3, body=0.3, keep_alive=0.3, sweep=0.05)
LONG = Patience(head=30, body=30, keep_alive=30, sweep=0.05)
WORK_SECONDS = 1.0
"""How long the slow answer takes: longer than anybody is waited for."""
BIG_ANSWER = 30_000_000
"""Bytes; more than the system takes for a client that does not read."""

REQUEST = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
SLOW_REQUEST = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(request: web.Request) -> web.Response:
    """What was sent."""
    return web.Response(body=await request.read())


async def slow(_request: web.Request) -> web.Response:
    """An answer that takes a while."""
    await asyncio.sleep(WORK_SECONDS)
    return web.Response(text="done")


async def big(_request: web.Request) -> web.Response:
    """More than anybody wants to know."""
    return web.Response(body=bytes(BIG_ANSWER))


@contextlib.asynccontextmanager
async def a_door(patience: Patience, most: int = 10) -> AsyncIterator[int]:
    """The port of a small application."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes([web.post("/echo", echo), web.get("/slow", slow), web.get("/big", big)])
    door = Door(app, most=most, patience=patience)
    try:
        yield await door.open(host="127.0.0.1", port=0)
    finally:
        await door.close()


async def connected(port: int, sent: bytes = b"") -> Client:
    """A client that has sent this, and the door has noticed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await asyncio.sleep(0.05)
    return reader, writer


async def is_closed(client: Client) -> bool:
    """Whether the bot has hung up, without another word."""
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(0.01):
            return not await client[0].read(1)
    return False


async def answer_to(client: Client) -> bytes:
    """The status line of the answer."""
    async with asyncio.timeout(5):
        return await client[0].readline()


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST /echo HT", b"POST /echo HTTP/1.1\r\nHost: x\r\n", REQUEST[:-1]],
    ids=["nothing", "half a line", "half the headers", "half the body"],
)
async def test_who_does_not_finish_a_request_is_hung_up_on(sent: bytes) -> None:
    async with a_door(SHORT) as port:
        reader, _writer = await connected(port, sent)
        async with asyncio.timeout(2):
            assert await reader.read() == b""


async def test_who_sends_a_request_bit_by_bit_is_not_waited_for_any_longer() -> None:
    async with a_door(SHORT) as port:
        reader, writer = await connected(port)
        began = time.monotonic()
        for byte in REQUEST:
            if reader.at_eof():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)
        assert reader.at_eof()
        assert time.monotonic() - began < 1


async def test_a_connection_is_kept_for_the_next_request_and_not_for_ever() -> None:
    async with a_door(SHORT) as port:
        reader, writer = await connected(port, REQUEST)
        assert b"200" in await answer_to((reader, writer))
        await asyncio.sleep(0.1)
        writer.write(REQUEST)
        async with asyncio.timeout(2):
            assert b"200" in await reader.read()


async def test_who_does_not_take_an_answer_is_hung_up_on() -> None:
    async with a_door(SHORT) as port:
        reader, _writer = await connected(port, b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(1)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            received = await reader.read()
        assert len(received) < BIG_ANSWER


async def test_a_request_may_be_worked_on_longer_than_anybody_is_waited_for() -> None:
    async with a_door(SHORT) as port:
        assert b"200" in await answer_to(await connected(port, SLOW_REQUEST))


async def test_where_too_many_connections_are_held_the_oldest_silent_one_makes_way() -> None:
    async with a_door(LONG, most=3) as port:
        working = await connected(port, SLOW_REQUEST)
        silent = [await connected(port, sent) for sent in (b"", b"POST /ec")]
        assert b"200" in await answer_to(await connected(port, REQUEST))
        assert [await is_closed(one) for one in silent] == [True, False]
        assert b"200" in await answer_to(working)


async def test_where_all_are_worked_on_the_newcomer_is_refused() -> None:
    async with a_door(LONG, most=2) as port:
        working = [await connected(port, SLOW_REQUEST) for _one in range(2)]
        assert await is_closed(await connected(port))
        for one in working:
            assert b"200" in await answer_to(one)


async def test_a_place_is_free_again_when_its_connection_has_ended() -> None:
    async with a_door(LONG, most=2) as port:
        stays = await connected(port)
        for _one in range(5):
            _reader, writer = await connected(port, REQUEST)
            writer.close()
            await asyncio.sleep(0.05)
        assert not await is_closed(stays)


async def test_a_crowd_that_connects_at_once_does_not_keep_a_request_out() -> None:
    async with a_door(LONG, most=64) as port:
        async with asyncio.TaskGroup() as crowd:
            silent = [crowd.create_task(connected(port)) for _one in range(300)]
            asked = crowd.create_task(connected(port, REQUEST))
        assert b"200" in await answer_to(asked.result())
        assert sum([not await is_closed(one.result()) for one in silent]) <= 64


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (f"Content-Length: {LARGEST_BODY + 1}", b"", b"413"),
        ("Content-Length: " + "9" * 15, b"", b"413"),
        ("Content-Length: 5\r\nContent-Encoding: gzip", b"hello", b"415"),
        ("Content-Length: 5\r\nContent-Encoding: identity", b"hello", b"200"),
        ("Transfer-Encoding: chunked", b"%x\r\n" % (LARGEST_BODY + 1) + b"x" * (LARGEST_BODY + 1), b"413"),
        ("Transfer-Encoding: chunked", b"5\r\nhello\r\n0\r\n\r\n", b"200"),
        ("Transfer-Encoding: chunked", b"5\r\nhello\r\nnonsense\r\n", b"400"),
        ("Content-Length: nonsense", b"", b"400"),
    ],
)
async def test_a_body_is_refused_before_all_of_it_is_there(headers: str, body: bytes, status: bytes) -> None:
    async with a_door(LONG) as port:
        request = f"POST /echo HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n".encode() + body
        assert status in await answer_to(await connected(port, request))


async def test_every_address_is_guarded_also_one_that_is_not_there() -> None:
    async with a_door(LONG) as port:
        request = b"GET /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n"
        assert b"413" in await answer_to(await connected(port, request))


LIMITS = """
import resource
from bot.door import connection_limit, raise_file_limit

raise_file_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0], connection_limit())
"""


@pytest.mark.parametrize(
    ("limits", "files", "connections"),
    [
        ("ulimit -Sn 200", 4_096, 256),
        ("ulimit -Sn 5000", 5_000, 256),
        ("ulimit -n 1024", 1_024, 256),
        ("ulimit -n 300", 300, 75),
    ],
)
def test_the_bot_opens_as_many_files_as_it_may_and_connections_leave_most_of_them(
    limits: str, files: int, connections: int
) -> None:
    ran = subprocess.run(
        ["sh", "-c", f'{limits}; exec "$0" -c "$1"', sys.executable, LIMITS], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == [str(files), str(connections)]
