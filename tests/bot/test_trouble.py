"""While the records cannot be reached: a sentence to people, another try by Slack, and one line a second in the log."""

import json
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from handlers.slack_hosts import is_hook
from tests.running import BEN, Running, words_of

AWAY = "I can't reach my records just now. Nothing was lost"


def database_of(running: Running) -> Path:
    """The file with the records."""
    return Path(running.database_url.removeprefix("sqlite:///"))


async def test_people_read_a_sentence_and_slack_sends_events_again(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    file, base = database_of(running), running.events_url.removesuffix("/slack/events")
    away = file.rename(file.with_suffix(".away"))
    running.rain.desks.people._known = {}
    capsys.readouterr()
    for _time in range(3):
        assert AWAY in words_of(await running.as_(BEN).slash("/rain-lead", "Acme Ltd, web, hello"))
    event = {"type": "app_home_opened", "user": BEN, "tab": "home", "channel": "D1", "event_ts": "1.1"}
    body = {"type": "event_callback", "team_id": running.team_id, "event_id": "Ev1", "event": event}
    assert (await running.post(json.dumps(body).encode(), "application/json")).status == 500
    async with running.session.get(f"{base}/readyz") as ready:
        assert (ready.status, (await ready.json())["database"]) == (503, False)
    away.rename(file)
    assert AWAY not in words_of(await running.as_(BEN).slash("/rain-lead", "Acme Ltd, web, hello"))
    async with running.session.get(f"{base}/readyz") as ready:
        assert ready.status == 200


async def test_an_answer_does_not_say_what_serves(running: Running) -> None:
    base = running.events_url.removesuffix("/slack/events")
    for path in ("/healthz", "/readyz", "/nowhere"):
        async with running.session.get(f"{base}{path}") as answer:
            assert "Server" not in answer.headers


async def test_answers_are_posted_to_slack_alone(running: Running) -> None:
    slack, sandbox = AsyncWebClient(), running.rain.client
    assert is_hook(URL("https://hooks.slack.com/commands/T1/2/3"), slack)
    for address in ("https://hooks.slack.com.evil.example/x", "http://hooks.slack.com/x", "http://127.0.0.1/x"):
        assert not is_hook(URL(address), slack)
        assert not is_hook(URL(address), sandbox)
