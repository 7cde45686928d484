"""Health, readiness and metrics, as whoever runs the bot asks for them."""

import json
import time
from urllib.parse import urlencode

import aiohttp

from storage.engine.sqlite import SqliteDatabase
from tests.running import BEN, Running, close, found


async def test_the_bot_is_alive_and_ready_and_says_so(running: Running) -> None:
    base = running.events_url.removesuffix("/slack/events")
    async with running.session.get(f"{base}/healthz") as alive, running.session.get(f"{base}/readyz") as ready:
        assert (alive.status, ready.status) == (200, 200)
        assert await ready.json() == {"database": True, "migrations": True, "scheduler": True, "clock": True}


async def test_the_bot_is_not_ready_once_its_timetable_has_stopped(running: Running) -> None:
    await running.rain.runner.stop()
    base = running.events_url.removesuffix("/slack/events")
    async with running.session.get(f"{base}/readyz") as ready:
        assert ready.status == 503
        assert (await ready.json())["scheduler"] is False


async def test_the_metrics_count_requests_deliveries_and_what_waits(running: Running) -> None:
    await running.as_(BEN).slash("/rain-lead", "Acme Ltd, referral, hello")
    await running.delivered()
    base = running.events_url.removesuffix("/slack/events")
    async with running.session.get(f"{base}/metrics") as metrics:
        text = await metrics.text()
    assert 'rainmaker_requests_total{kind="slash",status="200"} 1.0' in text
    assert 'rainmaker_deliveries_total{outcome="sent"} 1.0' in text  # the lead's card
    assert "rainmaker_outbox_depth 0.0" in text


async def test_kinds_of_requests_that_anybody_may_make_up_are_counted_as_one(running: Running) -> None:
    for kind in ("made-up", "made-up-too"):
        payload = urlencode({"payload": json.dumps({"type": kind})}).encode()
        assert (await running.post(payload, **{"X-Slack-Signature": "v0=0"})).status == 401
    base = running.events_url.removesuffix("/slack/events")
    async with running.session.get(f"{base}/metrics") as metrics:
        text = await metrics.text()
    assert 'rainmaker_requests_total{kind="other",status="401"} 2.0' in text
    assert "made-up" not in text


async def test_installation_begins_and_ends_without_reading_what_a_stranger_sends_along(
    session: aiohttp.ClientSession, sqlite_database: SqliteDatabase
) -> None:
    running = await found(session, sqlite_database.url, slack_client_id="1.2", slack_client_secret="s")
    sent = {"data": b"a" * 100_000 + b"-b", "headers": {"Content-Type": "text/plain; charset=punycode"}}
    install, redirect = (running.events_url.replace("events", page) for page in ("install", "oauth_redirect?state=x"))
    async with session.get(install, allow_redirects=False, **sent) as begun, session.get(redirect, **sent) as ended:
        assert (begun.status, ended.status) == (302, 400)
        assert "/oauth/v2/authorize?state=" in begun.headers["Location"]
    await close(running)


async def test_a_command_is_answered_well_within_what_slack_waits(running: Running) -> None:
    began = time.perf_counter()
    await running.as_(BEN).slash("/rain-lead", "Acme Ltd, referral, hello")
    assert time.perf_counter() - began < 3
