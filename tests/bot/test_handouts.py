"""Files that somebody asked for: each arrives once in their messages, whatever goes wrong on the way."""

import asyncio
from typing import Any

import pytest

from tests.running import ANNA, BEN, PATIENCE, Running, words_of

OPEN, SHARE = "files.getUploadURLExternal", "files.completeUploadExternal"

Json = dict[str, Any]


async def ask(running: Running) -> None:
    """Ben asks for the chart of the process."""
    assert "in your messages" in words_of(await running.as_(BEN).slash("/rain-process", "chart"))


async def files(running: Running) -> list[str]:
    """The files that stand in Ben's messages."""
    return [file["title"] for message in await running.as_(BEN).dm() for file in message.get("files") or []]


async def put_off(running: Running) -> None:
    """Return once the task waits to be tried again."""
    async with asyncio.timeout(PATIENCE):
        at = None
        while at is None or at <= running.rain.clock.now():
            await asyncio.sleep(0.01)
            at = await running.rain.tasks.next_at()


async def outlived(running: Running) -> None:
    """Let the clock run until no task waits any more."""
    async with asyncio.timeout(PATIENCE):
        kinds = running.rain.tasks.carry_out.keys()
        await running.rain.tasks.finish()
        while await running.rain.desks.tasks.next_at(kinds):  # also while one is under way
            await running.as_(BEN).move_clock(advance=70)
            await asyncio.sleep(0.02)
            await running.rain.tasks.finish()


@pytest.mark.parametrize("method", ["conversations.open", OPEN, SHARE])
async def test_whatever_goes_wrong_once_the_file_arrives_once(
    running: Running, method: str, subtests: pytest.Subtests
) -> None:
    for fault in ("lost_response_rate", "lost_call_rate", "error_rate", "rate_429"):
        with subtests.test(fault):
            before = await files(running)
            await running.as_(BEN).faults(**{fault: 1}, method=method)
            await ask(running)
            await put_off(running)
            await running.as_(BEN).faults(**{fault: 0}, method=None)
            await outlived(running)
            assert await files(running) == [*before, "How we work"]


async def test_a_file_whose_sharing_had_no_answer_is_looked_up_after_a_restart(running: Running) -> None:
    await running.as_(BEN).faults(lost_response_rate=1, method=SHARE)
    await ask(running)
    await put_off(running)
    await running.as_(BEN).faults(lost_response_rate=0, method=None)
    await running.restart()
    await outlived(running)
    assert await files(running) == ["How we work"]
    assert len(await running.as_(BEN).calls(SHARE)) == 1


async def test_what_slack_refuses_for_good_is_told_to_an_admin_once(running: Running) -> None:
    await running.as_(ANNA).faults(refusals={OPEN: "missing_scope"})
    for _time in range(2):
        await ask(running)
        await outlived(running)
    await running.delivered()
    told = [words_of(m) for m in await running.as_(ANNA).dm() if "could not be done in Slack" in words_of(m)]
    assert len(told) == 1
    assert "missing_scope (process.chart, member" in told[0]
    assert await files(running) == []
