"""The bot as `rainmaker run` starts it, in a process of its own that a test may kill.

The process is forked from one that has imported everything, so that a test that kills one bot after the other waits for no imports. It
ends when the line to the test is cut, and thus with the test at the latest.
"""

import asyncio
import os
from multiprocessing.connection import Connection

from bot import logs
from bot.app import build, serve
from bot.settings import read_settings


def live(line: Connection, mode: str, settings: dict[str, str]) -> None:
    """Serve in this mode, `http` or `socket`; says so on the line."""
    os.environ.update(settings)
    logs.configure("plain", "error")
    asyncio.run(_serve(line, mode))


async def _serve(line: Connection, mode: str) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        loop.remove_reader(line.fileno())  # a line that is cut can be read for ever
        stopped.set()

    async def say_so() -> None:
        line.send("running")

    loop.add_reader(line.fileno(), stop)
    rain = build(read_settings(_env_file=None))
    rain.delivery.pace = 0.0  # the sandbox does not mind being written to quickly
    await serve(rain, http=mode == "http", stopped=stopped, when_running=say_so)
