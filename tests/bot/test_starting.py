"""What keeps `rainmaker run` from starting is said in one sentence, with what to do and no secret."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from bot.app import build, serve
from bot.cli import app
from bot.settings import read_settings
from bot.starting import StartRefused
from tests.running import Running

BAD_DATABASES = {
    "postgresql://rain:verysecret@127.0.0.1:1/rain": "The database 127.0.0.1/rain cannot be opened (Connection refused)",
    "sqlite:///{folder}/text.db/new/rain.db": "The database {folder}/text.db/new/rain.db cannot be opened (Not a directory)",
    "sqlite:///{folder}": "The database {folder} cannot be opened (unable to open database file)",
    "sqlite:///{folder}/text.db": "The database {folder}/text.db cannot be opened (file is not a database)",
}


async def refused(**settings: object) -> str:
    """Why the bot does not start on its own with these settings."""
    try:
        await serve(build(read_settings(_env_file=None, **settings)), http=False, stopped=asyncio.Event())
    except StartRefused as refused:
        return str(refused)
    raise AssertionError("it started")


async def refused_in(running: Running, **settings: object) -> str:
    """Why it does not start in this workspace."""
    told = running.sandbox.start_line
    given = {
        "slack_bot_token": told["bot_token"],
        "slack_app_token": told["app_token"],
        "slack_api_url": told["api_url"],
        "rainmaker_database_url": running.database_url,
        "rainmaker_port": 0,
    }
    return await refused(**(given | settings))


async def test_a_database_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("Something else that somebody keeps under this name.\n" * 9)
    wrong = {}
    for url, sentence in BAD_DATABASES.items():
        said = await refused(rainmaker_database_url=url.format(folder=tmp_path))
        if said != f"{sentence.format(folder=tmp_path)}: check RAINMAKER_DATABASE_URL.":
            wrong[url] = said
    assert wrong == {}


async def test_a_token_that_slack_does_not_accept_is_named(running: Running) -> None:
    said = await refused_in(running, slack_bot_token="xoxb-verysecret")
    assert said.startswith("Slack does not accept SLACK_BOT_TOKEN (invalid_auth): copy the Bot User OAuth Token from")
    said = await refused_in(running, slack_app_token="xapp-verysecret")
    assert said.startswith("Slack does not accept SLACK_APP_TOKEN (invalid_auth): make an app-level token with")


async def test_a_first_admin_whom_slack_does_not_know_is_said(running: Running) -> None:
    assert "nobody by RAINMAKER_FIRST_ADMIN" in await refused_in(running, rainmaker_first_admin="U0TYPO")


async def test_a_port_that_is_taken_or_not_ours_is_named(running: Running) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert (await refused_in(running, rainmaker_port=port)).startswith(f"Port {port} is taken: stop what listens")
    said = await refused_in(running, rainmaker_host="192.0.2.1")
    assert said.startswith("192.0.2.1:0 cannot be opened (Cannot assign requested address): check RAINMAKER_HOST")


def test_without_a_network_the_command_says_one_sentence_and_nothing_of_its_libraries(tmp_path: Path) -> None:
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    here = {"PYTHONPATH": str(Path(__file__).parents[2]), "RAINMAKER_DATABASE_URL": "sqlite:///rain.db"}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env=os.environ | settings | here,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    sentence = "Slack cannot be reached at http://127.0.0.1:1/api/ (Connection refused): check the network and SLACK_API_URL.\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", sentence)


def test_the_version_is_printed_by_the_option_too() -> None:
    by_option, by_command = (CliRunner().invoke(app, [word]) for word in ("--version", "version"))
    assert by_option.exit_code == 0
    assert by_option.output == by_command.output != ""


def test_the_manifest_takes_only_an_address_that_slack_calls() -> None:
    taken = {
        url: CliRunner().invoke(app, ["manifest", "--url", url]).exit_code == 0
        for url in ("https://rain.example.com", "http://rain.example.com", "rain.example.com", "https://")
    }
    assert [url for url, is_taken in taken.items() if is_taken] == ["https://rain.example.com"]


def test_a_demo_whose_port_is_taken_says_so_without_a_traceback(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", str(tmp_path)]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines() == [
        f"Port {port} cannot be opened: Address already in use.",
        f"The demo's workspace could not start. Give it another port: rainmaker demo --port {port + 1}",
    ]
