"""How things reach the app: sockets, signed requests, acks, retries, and what a person sees when none comes."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web

from sandbox.client import Refused, Workspace
from sandbox.server import Sandbox
from tests.sandbox.conftest import ANNA, Start
from tests.sandbox.socket_app import SILENCE, SocketApp

Json = dict[str, Any]


async def attempts(workspace: Workspace, count: int) -> list[Json]:
    """The attempts of the newest delivery, once there are so many of them and the last is settled."""
    async with asyncio.timeout(5):
        while True:
            found: list[Json] = (await workspace.deliveries())[-1]["attempts"]
            if len(found) >= count and found[count - 1]["ok"] is not None:
                return found
            await asyncio.sleep(0.01)


async def test_a_socket_says_hello_and_is_good_for_one_connection(
    app: SocketApp, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    assert app.hello["type"] == "hello"
    assert app.hello["num_connections"] == 1
    assert app.hello["connection_info"]["app_id"].startswith("A")
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(sandbox.sockets.new_url().replace("ticket=", "ticket=x"))


async def test_each_envelope_goes_to_one_of_the_sockets(
    app: SocketApp, sandbox: Sandbox, session: aiohttp.ClientSession, anna: Workspace
) -> None:
    second = SocketApp(sandbox, session)
    await second.connect()
    for _ in range(4):
        await anna.shortcut("new_count")
    assert (app.got.qsize(), second.got.qsize()) == (2, 2)
    await second.close()


async def test_an_eleventh_socket_is_sent_away(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    apps = [SocketApp(sandbox, session) for _ in range(11)]
    for app in apps:
        await app.connect()
    assert apps[9].hello["num_connections"] == 10
    assert apps[10].hello == {"type": "disconnect", "reason": "too_many_websockets"}
    for app in apps:
        await app.close()


async def test_an_unacked_event_comes_three_times_more_with_the_same_id(app: SocketApp, anna: Workspace) -> None:
    await anna.faults(ack_seconds=0.05, retry_delays=[0, 0, 0])
    app.answer = lambda envelope: SILENCE
    await anna.say("#sales", "anybody?")
    await attempts(anna, 4)
    envelopes = [app.got.get_nowait() for _ in range(4)]
    assert {envelope["payload"]["event_id"] for envelope in envelopes} == {envelopes[0]["payload"]["event_id"]}
    assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
    assert envelopes[1]["retry_reason"] == "timeout"


async def test_later_retries_follow_the_workspaces_clock(app: SocketApp, anna: Workspace) -> None:
    await anna.faults(ack_seconds=0.05)
    app.answer = lambda envelope: SILENCE
    await anna.say("#sales", "anybody?")
    assert len(await attempts(anna, 2)) == 2
    await anna.move_clock(advance=61)
    assert len(await attempts(anna, 3)) == 3
    app.answer = lambda envelope: None
    await anna.move_clock(advance=301)
    assert [attempt["ok"] for attempt in await attempts(anna, 4)] == [False, False, False, True]


async def test_an_unacked_command_fails_before_the_persons_eyes(
    app: SocketApp, anna: Workspace, sandbox: Sandbox
) -> None:
    watcher = sandbox.stream.watch(sandbox.world.home_team(), sandbox.world.home_team().users[ANNA])
    await anna.faults(ack_seconds=0.05)
    app.answer = lambda envelope: SILENCE
    with pytest.raises(Refused, match="operation_timeout"):
        await anna.slash("/count", "x")
    seen = [watcher.queue.get_nowait() for _ in range(watcher.queue.qsize())]
    assert [one["text"] for one in seen if one["type"] == "toast"] == [
        "/count failed with the error “operation_timeout”"
    ]


async def test_without_any_socket_a_command_fails_at_once(anna: Workspace) -> None:
    with pytest.raises(Refused, match="dispatch_failed"):
        await anna.slash("/count", "x")


async def test_a_delivery_can_be_repeated_exactly(app: SocketApp, anna: Workspace) -> None:
    await anna.say("#sales", "once")
    first = await app.next("message")
    await attempts(anna, 1)
    await anna.redeliver((await anna.deliveries())[-1]["n"])
    assert await app.next("message") == first


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_app_is_asked_to_reconnect(app: SocketApp, anna: Workspace, reason: str) -> None:
    await anna.faults(disconnect=reason)
    assert (await app.next("disconnect"))["reason"] == reason
    assert (await anna.state())["app"]["connected"] is (reason == "warning")


async def test_a_socket_can_be_cut(app: SocketApp, anna: Workspace) -> None:
    await anna.faults(drop_socket=True)
    async with asyncio.timeout(5):
        await app._reading
    assert app.socket.closed


class Listener:
    """An HTTP app: keeps every request with its headers and answers with the next of `answers`, else 200."""

    def __init__(self) -> None:
        self.requests: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()
        self.answers: list[web.Response] = []

    async def serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        if b"url_verification" in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        await self.requests.put((dict(request.headers), body))
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    listener = Listener()
    application = web.Application()
    application.router.add_post("/slack/events", listener.serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield listener, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


@pytest.fixture
async def http_anna(start: Start, listener: tuple[Listener, str]) -> AsyncIterator[tuple[Workspace, Sandbox]]:
    sandbox = await start(events_url=listener[1])
    async with Workspace.connect(sandbox.start_line["control"], as_user=ANNA) as anna:
        await anna.wait_until_connected()
        yield anna, sandbox


async def test_requests_are_signed_with_the_walls_time(
    http_anna: tuple[Workspace, Sandbox], listener: tuple[Listener, str]
) -> None:
    anna, sandbox = http_anna
    await anna.move_clock(advance=86_400)
    await anna.say("#sales", "hello")
    headers, body = await listener[0].requests.get()
    timestamp = headers["X-Slack-Request-Timestamp"]
    assert abs(int(timestamp) - time.time()) < 10
    key, base = sandbox.start_line["signing_secret"].encode(), f"v0:{timestamp}:".encode() + body
    assert headers["X-Slack-Signature"] == "v0=" + hmac.new(key, base, hashlib.sha256).hexdigest()
    payload = json.loads(body)
    assert (payload["type"], payload["event"]["text"]) == ("event_callback", "hello")
    assert payload["event_time"] > time.time() + 86_000


async def test_commands_and_interactions_are_forms(
    http_anna: tuple[Workspace, Sandbox], listener: tuple[Listener, str]
) -> None:
    anna, _ = http_anna
    listener[0].answers = [web.Response(text="plain words")]
    response = await anna.slash("/count", "a b", channel="#sales")
    assert response is not None
    assert response["text"] == "plain words"
    _, body = await listener[0].requests.get()
    form = parse_qs(body.decode())
    assert (form["command"], form["text"], form["channel_name"]) == (["/count"], ["a b"], ["sales"])
    await anna.shortcut("new_count")
    _, body = await listener[0].requests.get()
    assert json.loads(parse_qs(body.decode())["payload"][0])["callback_id"] == "new_count"


async def test_a_failed_event_is_sent_again_with_its_reason(
    http_anna: tuple[Workspace, Sandbox], listener: tuple[Listener, str]
) -> None:
    anna, _ = http_anna
    await anna.faults(retry_delays=[0, 0, 0])
    listener[0].answers = [web.Response(status=500), web.Response(status=503)]
    await anna.say("#sales", "hello")
    await attempts(anna, 3)
    heads = [listener[0].requests.get_nowait()[0] for _ in range(3)]
    assert [head.get("X-Slack-Retry-Num") for head in heads] == [None, "1", "2"]
    assert heads[1]["X-Slack-Retry-Reason"] == "http_error"


async def test_the_app_can_refuse_to_be_asked_again(
    http_anna: tuple[Workspace, Sandbox], listener: tuple[Listener, str]
) -> None:
    anna, _ = http_anna
    await anna.faults(retry_delays=[0, 0, 0])
    listener[0].answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    await anna.say("#sales", "first")
    await attempts(anna, 1)
    await anna.say("#sales", "second")
    texts = [json.loads((await listener[0].requests.get())[1])["event"]["text"] for _ in range(2)]
    assert texts == ["first", "second"]
    assert listener[0].requests.empty()
