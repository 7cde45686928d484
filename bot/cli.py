"""The `rainmaker` command: run the bot, try it out, look after its database and its playbook."""

import asyncio
import json
import os
import signal
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Annotated

import typer
from slack_sdk.errors import SlackApiError

from bot import cli_audit, cli_db, cli_exports, cli_imports, cli_playbook, cli_tokens, logs
from bot.demo import run_demo
from bot.manifest import manifest as build_manifest
from bot.settings import Settings, SettingsRefused, read_settings, require_slack
from bot.terminal import err
from domain.playbook.files import PlaybookRefused
from storage.migrations import UpgradeRefused

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
app.add_typer(cli_db.db, name="db")
app.add_typer(cli_playbook.playbook, name="playbook")
app.add_typer(cli_audit.audit, name="audit")
app.add_typer(cli_imports.imports, name="import")
app.add_typer(cli_exports.exports, name="export")
app.add_typer(cli_tokens.tokens, name="tokens")


def main() -> None:
    """Run the command; what a person can put right is said in a sentence, without a traceback."""
    os.umask(0o077)  # the database, its journal, backups and exports are for nobody else
    try:
        app()
    except (SettingsRefused, PlaybookRefused, UpgradeRefused) as refused:
        err.print(str(refused), style="red", markup=False, highlight=False)
        raise SystemExit(2) from None
    except SlackApiError as refused:
        err.print(f"Slack refused: {refused.response.get('error')}.", style="red", markup=False)
        raise SystemExit(2) from None


@app.command()
def run(
    http: Annotated[
        bool, typer.Option("--http", help="Take Slack's requests over HTTP instead of Socket Mode.")
    ] = False,
) -> None:
    """Run the bot on real Slack."""
    settings = read_settings()
    require_slack(settings, http=http)
    logs.configure(settings.rainmaker_log, settings.rainmaker_log_level)
    asyncio.run(_run(settings, http=http))


async def _run(settings: Settings, *, http: bool) -> None:
    from bot.app import build, serve  # the commands that only look things up start faster without it

    await serve(build(settings), http=http, stopped=stop_signal())


def stop_signal() -> asyncio.Event:
    """Set when somebody presses Ctrl-C or the process is asked to end."""
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    return stopped


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the workspace's page is served.")] = 8765,
    data: Annotated[Path, typer.Option(help="Folder that keeps the demo between runs.")] = Path("var/demo"),
) -> None:
    """Try Rainmaker in a Slack-compatible workspace in the browser, with a small fictional firm."""
    logs.configure("plain", "warning")
    asyncio.run(run_demo(port, data, stop_signal))


@app.command()
def manifest(
    url: Annotated[
        str | None, typer.Option(help="The bot's public address, for HTTP mode, such as https://rain.example.com.")
    ] = None,
) -> None:
    """Print the Slack app's manifest, made from the ids the code listens to."""
    typer.echo(json.dumps(build_manifest(url.rstrip("/") if url else None), indent=2, ensure_ascii=False))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(package_version("rainmaker"))
