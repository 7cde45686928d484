"""The door: what is not Slack's is refused there, and nothing that knocks is a server error."""

import json
import time

import pytest

from bot.door import LARGEST_BODY
from sandbox.http_mode import signature
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


async def test_a_body_as_large_as_slack_may_send_is_read(bot: Running) -> None:
    body = b"command=%2Frain&text=" + b"x" * (LARGEST_BODY - 21)
    assert len(body) == LARGEST_BODY
    assert (await bot.post(body)).status == 200
    assert (await bot.post(body + b"x")).status == 413


@pytest.mark.parametrize("charset", ["punycode", "utf-16", "utf-7", "latin-1", "klingon"])
async def test_a_body_is_utf_8_whatever_the_sender_calls_it(bot: Running, charset: str) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "é"}, ensure_ascii=False).encode()
    answer = await bot.post(body, f"application/json; charset={charset}")
    assert answer.status == 200
    assert json.loads(await answer.text()) == {"challenge": "é"}


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"a":"\xed\xa0\x80"}', "{}".encode("utf-16")])
async def test_a_body_that_is_not_utf_8_is_refused(bot: Running, body: bytes) -> None:
    assert (await bot.post(body, "application/json; charset=utf-16")).status == 400


async def test_a_body_is_read_only_once_its_signature_is_found_good(bot: Running) -> None:
    for body in (b"\xff\xfe", b"{", b"[" * 100_000, b"a" * 200_000 + b"-b"):
        answer = await bot.post(body, "application/json; charset=punycode", **{"X-Slack-Signature": "v0=" + "0" * 64})
        assert answer.status == 401, body[:10]


async def test_the_signature_is_that_of_the_very_bytes(bot: Running) -> None:
    stamp, secret = str(int(time.time())), bot.sandbox.start_line["signing_secret"]
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(secret, stamp, b"command=%2Frain")}
    assert (await bot.post(b"command=%2Frain", **signed)).status == 200
    for other in (b"command=/rain", b"command=%2Frain\n", b"\xef\xbb\xbfcommand=%2Frain", b""):
        assert (await bot.post(other, **signed)).status == 401, other


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP", "gzip, identity", "nonsense"])
async def test_a_compressed_body_is_refused_at_every_address(bot: Running, encoding: str) -> None:
    for path in ("slack/events", "healthz", "readyz", "metrics", "slack/install", "nowhere"):
        url = bot.events_url.replace("slack/events", path)
        async with bot.session.post(url, data=b"x" * 1000, headers={"Content-Encoding": encoding}) as answer:
            assert answer.status == 415, path


async def test_a_check_of_the_certificate_needs_no_signature(bot: Running) -> None:
    unsigned = {"X-Slack-Signature": ""}
    assert (await bot.post(b"ssl_check=1&token=x", **unsigned)).status == 200
    assert (await bot.post(b"ssl_check=10&token=x", **unsigned)).status == 401


async def test_what_only_mentions_a_check_of_the_certificate_is_carried_out(bot: Running) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "x", "link": "https://a.example?a&ssl_check=1&b"})
    assert "x" in await (await bot.post(body.encode(), "application/json")).text()


@pytest.mark.parametrize("kind", ["team_join", "user_change", "subteam_updated", "subteam_members_changed", "message"])
async def test_an_event_without_what_it_tells_of_is_not_a_leak(bot: Running, kind: str) -> None:
    event = {"type": "event_callback", "team_id": bot.team_id, "event_id": f"Ev{kind}", "event": {"type": kind}}
    answer = await bot.post(json.dumps(event).encode(), "application/json")
    assert answer.status in {200, 500}  # a bug in an event is left unanswered on purpose: Slack sends it again
    assert "Traceback" not in await answer.text()


async def test_an_event_nobody_listens_to_is_answered(bot: Running) -> None:
    event = {"type": "event_callback", "team_id": bot.team_id, "event_id": "Evother", "event": {"type": "star_added"}}
    assert (await bot.post(json.dumps(event).encode(), "application/json")).status == 200
