"""The demo that each story in the browser has for itself."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from sandbox.client import Workspace
from tests.browser.stories import Demo
from tests.running import check_references

TUESDAY_MORNING = datetime(2027, 3, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """`rainmaker demo` in a process of its own, on a free port, on a Tuesday morning; the story leaves nothing that leads nowhere."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(tmp_path / "demo")),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent.parent,
    )
    try:
        yield await _meet(process, tmp_path / "demo")
    finally:
        process.terminate()
        await process.wait()
    await check_references(f"sqlite:///{tmp_path / 'demo' / 'rainmaker.db'}")


async def _meet(process: asyncio.subprocess.Process, data: Path) -> Demo:
    assert process.stdout is not None
    told = b""
    while not (found := re.search(rb"Open (http://\S+)", told)):
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, "the demo ended before it was running"
        told += line
    url = found[1].decode()
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{url}_control/state")
        state = await answer.json()
        demo = Demo(url, state, data)
        async with Workspace.connect(f"{url}_control/", as_user=state["me"], session=session) as anna:
            await anna.move_clock(to=TUESDAY_MORNING.timestamp())
    return demo
