"""The bot is killed without a word, again and again, while leads are captured: what was acknowledged is kept, and told, exactly once.

Each round ends with `kill -9` at a random moment, of the start-up, of a capture, of a delivery. Every request that was not answered is
sent again with the same key, as Slack does with events. Afterwards the database is compared with what people were told, and the
workspace with the outbox.
"""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from benchmarks._companies import Companies
from storage.engine.database import Database
from tests.fire.crowd import Crowd
from tests.fire.processes import ANNA, LEASE_AND_MORE, Office, check_chain, check_messages, open_office

LONGEST_START = 0.5
"""Seconds until a bot is killed at the most, one round in five: somewhere in its start-up."""
MOST_ANSWERS, LONGEST_LIFE = 150, 4.0
"""Otherwise it lives until it has given up to so many answers, or for so many seconds on a machine that is busy with other things."""
MORE_THAN_A_DAY = 29 * 3600
"""Seconds after which every lead's first answer is overdue, and people are at work."""
HANDS = 2
"""Requests that each person has under way at once."""


async def kill_again_and_again(office: Office, crowd: Crowd, rounds: int) -> None:
    """Start bots and kill each after a while; what it had claimed is free for the next one. The last one is left alive."""
    moments = random.Random()
    for number in range(rounds):
        bot = office.start_bot()
        if number % 5 == 4:
            await asyncio.sleep(moments.uniform(0, LONGEST_START))
        else:
            await bot.running()
            await crowd.answered(moments.randint(0, MOST_ANSWERS), LONGEST_LIFE)
        await bot.kill()
        await office.as_(ANNA).move_clock(advance=LEASE_AND_MORE)
    await office.start_bot().running()


async def stand_the_kills(folder: Path, database: Database, rounds: int) -> None:
    """Capture under fire, and check everything that was promised."""
    async with open_office(folder, database) as office:
        crowd = Crowd(office, Companies(seed=rounds))
        capturing = asyncio.create_task(crowd.capture(HANDS))
        await kill_again_and_again(office, crowd, rounds)
        crowd.is_done = True
        await capturing
        await office.reminded(MORE_THAN_A_DAY)
        await check_leads(office, crowd)
        await check_messages(office)
        await check_chain(office)
        print(  # the figures of docs/operations.md
            f"{rounds} kills, {crowd.sent} requests, {crowd.unanswered} without an answer, {len(crowd.acknowledged)} acknowledged"
        )


async def check_leads(office: Office, crowd: Crowd) -> None:
    """Each acknowledged lead is there once, with all that belongs to it, and none is there besides."""
    assert crowd.strange == []
    leads = await office.rows(
        "SELECT accounts.name, leads.id FROM leads JOIN accounts ON accounts.id = leads.account_id"
    )
    assert Counter(lead.name for lead in leads) == Counter(crowd.acknowledged)
    assert await office.count("accounts") == len(leads)
    assert await office.count("audit_events WHERE event = 'lead.captured'") == len(leads)
    assert {row.subject_id for row in await office.rows("SELECT subject_id FROM reminders")} == {
        lead.id for lead in leads
    }


@pytest.mark.timeout(180)
async def test_what_was_acknowledged_outlives_a_few_kills(tmp_path: Path, sqlite_database: Database) -> None:
    await stand_the_kills(tmp_path, sqlite_database, rounds=2)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_what_was_acknowledged_outlives_many_kills(
    tmp_path: Path, database: Database, pytestconfig: pytest.Config
) -> None:
    await stand_the_kills(tmp_path, database, rounds=pytestconfig.getoption("--kill-rounds"))
