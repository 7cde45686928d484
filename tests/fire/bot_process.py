"""The bot as `rainmaker run` starts it, in a process of its own; `python -m tests.fire.bot_process http|socket`.

It begins when it is told to on its standard input: by then it has imported everything, so that a test that kills one bot after the
other waits for none of them. It ends when that input is closed, and thus with the test at the latest.
"""

import asyncio
import sys

from bot import logs
from bot.app import build, serve
from bot.settings import read_settings


async def main(mode: str) -> None:
    """Serve until the standard input is closed."""
    loop, stopped, told = asyncio.get_running_loop(), asyncio.Event(), sys.stdin.fileno()

    def stop() -> None:
        loop.remove_reader(told)  # what is closed can be read for ever
        stopped.set()

    loop.add_reader(told, stop)
    rain = build(read_settings(_env_file=None))
    rain.delivery.pace = 0.0  # the sandbox does not mind being written to quickly

    async def say_so() -> None:
        sys.stdout.write("running\n")
        sys.stdout.flush()

    await serve(rain, http=mode == "http", stopped=stopped, when_running=say_so)


if __name__ == "__main__":
    logs.configure("plain", "error")
    if sys.stdin.buffer.raw.readline():  # type: ignore[attr-defined]  # unbuffered, so that nothing is read ahead
        asyncio.run(main(sys.argv[1]))
