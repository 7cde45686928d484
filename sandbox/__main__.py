"""`python -m sandbox`: starts the workspace and prints one JSON line that says how to reach it."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from pathlib import Path

from sandbox.firm import read_firm
from sandbox.guide import read_guide
from sandbox.server import create


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--manifest", type=Path, required=True, help="the app's Slack manifest, as JSON")
    parser.add_argument("--port", type=int, default=8090, help="0 picks a free one")
    parser.add_argument("--events-url", help="HTTP mode: where the app listens; without it Socket Mode")
    parser.add_argument("--data", type=Path, help="keep the workspace in this file across restarts")
    parser.add_argument("--firm", type=Path, help="people, channels and messages to start with, as JSON")
    parser.add_argument("--guide", type=Path, help="where one begins and what to try there, as JSON")
    return parser.parse_args()


async def run(given: argparse.Namespace) -> None:
    manifest = json.loads(given.manifest.read_text(encoding="utf-8"))
    firm, guide = read_firm(given.firm), read_guide(given.guide)
    sandbox = create(manifest, events_url=given.events_url, data=given.data, firm=firm, guide=guide)
    try:
        await sandbox.start(given.port)
    except OSError as refused:
        raise SystemExit(f"Port {given.port} cannot be opened: {os.strerror(refused.errno or 0)}.") from refused
    sys.stdout.write(json.dumps(sandbox.start_line) + "\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await sandbox.stop()


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(arguments()))
