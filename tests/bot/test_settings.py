"""Settings that cannot be used are refused in words, and no log line ever shows a secret."""

import json
import subprocess
import sys
from typing import Any

import pytest

from bot.settings import Settings, SettingsRefused, read_settings, require_slack

SECRETS = {
    "slack_bot_token": "xoxb-1-verysecret",
    "slack_app_token": "xapp-1-verysecret",
    "slack_signing_secret": "verysecret-signing",
    "slack_client_secret": "verysecret-client",
}


def given(**settings: Any) -> Settings:
    """Settings from nowhere but here."""
    return read_settings(_env_file=None, **settings)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests counts."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("slack_bot_token", "xapp-1-verysecret", "SLACK_BOT_TOKEN cannot be used: a bot token starts with xoxb-."),
        ("slack_bot_token", "verysecret", "a bot token starts with xoxb-"),
        (
            "slack_app_token",
            "xoxb-1-verysecret",
            "SLACK_APP_TOKEN cannot be used: an app-level token starts with xapp-.",
        ),
        ("rainmaker_database_url", "mysql://u:verysecret@h/x", "use sqlite:///path/to/file.db or postgresql://"),
        ("rainmaker_database_url", "verysecret", "RAINMAKER_DATABASE_URL cannot be used"),
        ("rainmaker_port", "99999", "RAINMAKER_PORT cannot be used"),
        ("rainmaker_port", "verysecret", "RAINMAKER_PORT cannot be used"),
        ("rainmaker_first_admin", "@verysecret", "RAINMAKER_FIRST_ADMIN cannot be used"),
        ("rainmaker_country", "Verysecret", "RAINMAKER_COUNTRY cannot be used"),
        ("rainmaker_log", "verysecret", "RAINMAKER_LOG cannot be used"),
        ("rainmaker_log_level", "verysecret", "RAINMAKER_LOG_LEVEL cannot be used"),
        ("slack_api_url", "verysecret", "SLACK_API_URL cannot be used"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(setting: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        given(**{setting: value})
    assert sentence in str(refused.value)
    assert "verysecret" not in str(refused.value).casefold()


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        given(slack_bot_token="x", slack_app_token="x", rainmaker_port=-1)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("settings", "http", "missing"),
    [
        ({}, False, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({}, True, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"slack_bot_token": "xoxb-1"}, False, ["SLACK_APP_TOKEN"]),
        ({"slack_client_id": "1.2", "slack_client_secret": "s"}, True, ["SLACK_SIGNING_SECRET"]),
    ],
)
def test_what_slack_needs_and_is_missing_is_named(settings: dict[str, str], http: bool, missing: list[str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        require_slack(given(**settings), http=http)
    assert [problem.split()[0] for problem in refused.value.problems] == missing


@pytest.mark.parametrize(
    ("settings", "http"),
    [
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, False),
        ({"slack_bot_token": "xoxb-1", "slack_signing_secret": "s"}, True),
        ({"slack_client_id": "1.2", "slack_client_secret": "s", "slack_signing_secret": "s"}, True),
    ],
)
def test_what_is_enough_is_enough(settings: dict[str, str], http: bool) -> None:
    require_slack(given(**settings), http=http)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAINMAKER_PORT", "4321")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    settings = given()
    assert settings.rainmaker_port == 4321
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"


def test_settings_never_show_their_secrets() -> None:
    assert "verysecret" not in repr(given(**SECRETS))
    assert "verysecret" not in given(**SECRETS).model_dump_json()


TOKENS = [
    "xoxb-123-456-verysecret",
    "xoxp-123-verysecret",
    "xapp-1-A1-2-verysecret",
    "xoxe.xoxb-1-verysecret",
    "xoxe-1-verysecret",
    "postgresql://rain:verysecret@db.example/rain",
    "postgresql+asyncpg://rain:verysecret@db.example/rain",
]


LOGGING = """
import logging, sys, structlog
from bot import logs

log = structlog.stdlib.get_logger("bot.test")
with structlog.contextvars.bound_contextvars(workspace="T1", user="U1"):
    for token in sys.argv[2:]:
        logs.configure(sys.argv[1], "debug")  # a log of its own: the same trouble is written once a second
        log.info("using %s", token)
        log.warning("refused", token=token, nested={"headers": {"Authorization": f"Bearer {token}"}}, listed=[token])
        try:
            raise ValueError(f"cannot connect to {token}")
        except ValueError:
            log.exception("a bug")
        logging.getLogger("slack_sdk").warning("sent %s", token)
"""


def logged(form: str) -> list[str]:
    """What a process of its own logs when tokens stand in every place."""
    ran = subprocess.run([sys.executable, "-c", LOGGING, form, *TOKENS], capture_output=True, text=True, check=True)
    return ran.stderr.splitlines()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_no_log_line_shows_a_secret_wherever_it_stands(form: str) -> None:
    lines = logged(form)
    assert sum("cannot connect" in line for line in lines) == len(TOKENS)
    assert [line for line in lines if "verysecret" in line] == []


def test_a_log_line_says_who_and_is_one_line_for_machines() -> None:
    lines = [json.loads(line) for line in logged("json")]
    assert len(lines) == 4 * len(TOKENS)
    assert {(line["workspace"], line["user"]) for line in lines} == {("T1", "U1")}
    assert [line["level"] for line in lines[:4]] == ["info", "warning", "error", "warning"]
