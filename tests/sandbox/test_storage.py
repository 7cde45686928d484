"""Kept workspaces: everything is there again after a stop, and after a kill at most the last second is lost."""

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from sandbox.storage import PAUSE
from tests.sandbox.conftest import ANNA, Start

ROOT = Path(__file__).parents[2]


async def test_everything_is_there_again(start: Start, tmp_path: Path, session: aiohttp.ClientSession) -> None:
    data = tmp_path / "kept" / "workspace.json"
    first = await start(data=data)
    anna = Workspace(session, first.start_line["control"], ANNA)
    await anna.move_clock(advance=86_400)
    said = await anna.say("#sales", "remember me")
    await anna.react("#sales", said["ts"], "tada")
    file = await anna.upload("#sales", "notes.txt", b"notes", text="the notes")
    client = AsyncWebClient(token=first.start_line["bot_token"], base_url=first.start_line["api_url"])
    card = {"event_type": "card", "event_payload": {"deal": 7}}
    await client.chat_postMessage(channel="#sales", text="card", thread_ts=said["ts"], metadata=card)
    await client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [{"type": "divider"}]})
    await client.chat_scheduleMessage(channel="#sales", text="later", post_at=int(said["ts"][:10]) + 3_600)
    state = await anna.state()
    shown = await anna.messages("#sales")
    await first.stop()

    second = await start(data=data)
    assert {**second.start_line, "page": "", "control": "", "api_url": ""} == {
        **first.start_line,
        "page": "",
        "control": "",
        "api_url": "",
    }
    anna = Workspace(session, second.start_line["control"], ANNA)
    again = await anna.state()
    assert (again["users"], again["channels"], again["home"]) == (state["users"], state["channels"], state["home"])
    assert again["clock"]["offset"] == pytest.approx(86_400, abs=1)
    messages = await anna.messages("#sales")
    assert [(m["ts"], m["text"], m.get("reactions")) for m in messages] == [
        (m["ts"], m["text"], m.get("reactions")) for m in shown
    ]
    client = AsyncWebClient(token=second.start_line["bot_token"], base_url=second.start_line["api_url"])
    thread = await client.conversations_replies(channel=file["channels"][0], ts=said["ts"], include_all_metadata=True)
    assert thread["messages"][1]["metadata"] == card
    info = (await client.files_info(file=file["id"]))["file"]
    async with session.get(info["url_private"], headers={"Authorization": f"Bearer {client.token}"}) as response:
        assert await response.read() == b"notes"
    await anna.move_clock(advance=3_601)
    await anna.wait_for("later", channel="#sales")


async def test_a_killed_workspace_loses_at_most_the_last_moment(
    start: Start, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    data = tmp_path / "workspace.json"
    arguments = ["-m", "sandbox", "--manifest", str(Path(__file__).parent / "manifest.json"), "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, "--data", str(data), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise AssertionError("the sandbox has no output")
        line = json.loads(await process.stdout.readline())
        anna = Workspace(session, line["control"], line["installer"])
        await anna.say("#sales", "written down")
        async with asyncio.timeout(PAUSE * 4):
            while "written down" not in data.read_text():  # noqa: ASYNC110 (a file cannot be waited for)
                await asyncio.sleep(0.02)
    finally:
        process.kill()
        await process.wait()
    kept = await start(data=data)
    assert kept.start_line["bot_token"] == line["bot_token"]
    anna = Workspace(session, kept.start_line["control"], line["installer"])
    assert (await anna.messages("#sales"))[-1]["text"] == "written down"
