"""The door: what is not Slack's is refused there, and nothing that knocks is a server error."""

import json
import time

import pytest

from tests.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "0" * 64, "v1=abc", "nonsense", "v0=é"])
async def test_a_wrong_signature_is_refused(bot: Running, signature: str) -> None:
    answer = await bot.post(b"command=%2Frain", **{"X-Slack-Signature": signature})
    assert answer.status == 401


@pytest.mark.parametrize("timestamp", ["", "abc", "-5", "1e9", "٣", "9" * 400, "0"])
async def test_a_timestamp_that_is_none_or_too_old_is_refused(bot: Running, timestamp: str) -> None:
    answer = await bot.post(b"command=%2Frain", **{"X-Slack-Request-Timestamp": timestamp})
    assert answer.status == 401


@pytest.mark.parametrize("age", [301, -301, 86_400])
async def test_a_request_of_another_time_is_refused(bot: Running, age: int) -> None:
    stamp = str(int(time.time()) - age)
    assert (await bot.post(b"command=%2Frain", **{"X-Slack-Request-Timestamp": stamp})).status == 401


BODIES = [
    ("application/x-www-form-urlencoded", body)
    for body in (
        b"",
        b"=",
        b"&&&",
        b"%",
        b"%ff%fe",
        b"\xff\xfe\x00",
        b"payload=",
        b"payload={",
        b"payload=[]",
        b"payload=null",
        b"payload=7",
        b"payload=%22text%22",
        b"payload={}",
        b'payload={"type":"block_actions"}',
        b'payload={"type":"block_actions","actions":[]}',
        b'payload={"type":"view_submission"}',
        b'payload={"type":"view_submission","view":null}',
        b'payload={"type":"shortcut"}',
        b'payload={"type":"message_action"}',
        b'payload={"type":"block_suggestion"}',
        b'payload={"type":"view_closed","view":{}}',
        b'payload={"type":"who knows"}',
        b'payload={"team":7,"user":[]}',
        b"command=",
        b"command=%2Frain",
        b"command=%2Funknown&team_id=T0NOWHERE",
        b"ssl_check=1",
        b"\x00" * 100,
        b"a=b" * 10_000,
    )
] + [
    ("application/json", body)
    for body in (
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"{}",
        b'{"type":"event_callback"}',
        b'{"type":"event_callback","event":null}',
        b'{"type":"event_callback","event":{}}',
        b'{"type":"event_callback","event":{"type":"team_join"},"team_id":"T0NOWHERE"}',
        b'{"type":"url_verification"}',
        b'{"type":"url_verification","challenge":{"a":1}}',
        b"\xff\xfe\xfd",
        b'{"a":"\xff"}',
        b"[" * 5_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
    )
]


@pytest.mark.parametrize(("content_type", "body"), BODIES, ids=lambda part: repr(part)[:50])
async def test_what_cannot_be_read_is_never_a_server_error(bot: Running, content_type: str, body: bytes) -> None:
    answer = await bot.post(body, content_type)
    assert answer.status < 500


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "application/json; charset=klingon"])
async def test_an_odd_content_type_is_never_a_server_error(bot: Running, content_type: str) -> None:
    assert (await bot.post(b'{"type":"event_callback"}', content_type)).status < 500


async def test_a_body_beyond_measure_is_refused(bot: Running) -> None:
    assert (await bot.post(b"payload=" + b"x" * 3_000_000)).status == 413


@pytest.mark.parametrize("kind", ["team_join", "user_change", "subteam_updated", "subteam_members_changed", "message"])
async def test_an_event_without_what_it_tells_of_is_not_a_leak(bot: Running, kind: str) -> None:
    event = {"type": "event_callback", "team_id": bot.team_id, "event_id": f"Ev{kind}", "event": {"type": kind}}
    answer = await bot.post(json.dumps(event).encode(), "application/json")
    assert answer.status in {200, 500}  # a bug in an event is left unanswered on purpose: Slack sends it again
    assert "Traceback" not in await answer.text()
