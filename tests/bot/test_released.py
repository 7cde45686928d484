"""A workspace in which Rainmaker 0.1 was used, after the upgrade: what people were shown then works on, and what waited goes on.

`released_0_1` holds what the bot of 0.1 (commit c8c84d1) and the sandbox beside it left when they were stopped on Wednesday 4 March 2026 at
9:00 in London: the rows of its database, which both kinds of database take, and the workspace with all messages. Ben had made L-1 the deal
D-1, noted two promises, one of which Farah keeps by 10 March, logged a touch, and claimed L-3; nobody had claimed L-2; Anna was offered an
import. The reminders of that morning had come. Of two leads captured last, Slack had got the first one's card but its answer was lost,
and the second's was never sent.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from alembic import command
from sqlalchemy import Connection, inspect
from typer.testing import CliRunner

from bot.cli import app
from domain.files.columns import Records
from sandbox.client import find
from storage.engine.database import open_database
from storage.migrations import alembic_config, upgrade
from tests.firm import WHOLE
from tests.running import ANNA, BEN, FARAH, LEADS, PATIENCE, SALES, Running, arrived, buttons_of, close, words_of
from tests.scenes import EITHER, unmade
from usecases.files.exports import ExportDesk
from views import ids

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.both]

Json = dict[str, Any]
LEFT = Path(__file__).parent / "released_0_1"
SEALED_BEFORE = 20
"""Audit events under a seal of 0.1."""
STOPPED_AT = datetime(2026, 3, 4, 9, 0, 6, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=EITHER)
async def bot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """Today's bot in that workspace, which it goes on with."""
    folder = tmp_path_factory.mktemp("released")
    shutil.copytree(LEFT, folder, dirs_exist_ok=True)
    async with unmade(request.param, request, folder) as url, aiohttp.ClientSession() as session:
        database = open_database(url)
        await database.restructure(as_released)
        await upgrade(database)
        await database.close()
        running = await arrived(session, url, at=STOPPED_AT, kept=folder / "workspace.json")
        yield running
        await close(running)


def as_released(connection: Connection) -> None:
    """Make the tables of 0.1, and put its rows in."""
    connection.exec_driver_sql("SELECT 1")  # with nothing begun, Alembic would commit
    command.upgrade(alembic_config(connection), "0013")
    for row in (LEFT / "rainmaker.sql").read_text(encoding="utf-8").splitlines():
        connection.exec_driver_sql(row.replace("%", "%%") if connection.dialect.name == "postgresql" else row)
    if connection.dialect.name == "postgresql":
        for table in inspect(connection).get_table_names():
            for column in inspect(connection).get_columns(table):
                if "nextval" in str(column.get("default")):
                    of_column = f"pg_get_serial_sequence('{table}', '{column['name']}')"
                    connection.exec_driver_sql(f"SELECT setval({of_column}, max({column['name']})) FROM {table}")


async def messages_in(bot: Running, channel: str, saying: str, user: str = BEN) -> list[Json]:
    """Everything in a channel that says so, the oldest first; what the bot whispered is left out."""
    found = await bot.as_(user).messages(channel)
    return [message for message in found if saying in words_of(message) and not message.get("ephemeral")]


async def posted_before(bot: Running, channel: str, saying: str, user: str = BEN) -> Json:
    """The one message that says so, which 0.1 had posted."""
    [message] = await messages_in(bot, channel, saying, user)
    assert float(message["ts"]) < STOPPED_AT.timestamp()
    return message


async def told_before(bot: Running, user: str, saying: str) -> Json:
    """The one direct message that says so, which 0.1 had sent."""
    return await posted_before(bot, await bot.as_(user).dm_channel(), saying, user)


async def accounts_of(bot: Running) -> str:
    """What the file of all accounts says."""
    return (await ExportDesk(bot.rain.desks.people.store, WHOLE).export(await bot.actor(ANNA), Records.ACCOUNTS))[
        0
    ].decode()


async def page_of_deal(bot: Running) -> Json:
    """Ben opens D-1 from the card that 0.1 had posted."""
    card, ben = await posted_before(bot, LEADS, "New deal D-1"), bot.as_(BEN)
    await ben.choose(card, ids.PRESS_MORE_OF_DEAL, "Open")
    return await ben.wait_for_modal("Add a promise")


async def test_what_waited_in_the_outbox_arrives_once(bot: Running) -> None:
    await bot.delivered()
    cards = [message["text"] for message in await messages_in(bot, LEADS, "New lead")]
    assert cards == [
        "New lead L-1: Acme Ltd",
        "New lead L-2: Zenith &amp; Sons",
        "New lead L-3: Northwind",
        "New lead L-4: Harbour Hotels",
        "New lead L-5: Ironside",
    ]


async def test_a_lead_is_claimed_from_its_card(bot: Running) -> None:
    card, ben = await posted_before(bot, LEADS, "L-2 · Zenith"), bot.as_(BEN)
    await ben.click(card, "Claim")
    claimed = await ben.wait_for(lambda m: m["ts"] == card["ts"] and f"<@{BEN}>" in words_of(m), channel=LEADS)
    assert "Claim" not in buttons_of(claimed)


async def test_a_first_answer_is_not_made_up_by_an_old_button(bot: Running) -> None:
    told, ben = await told_before(bot, BEN, "waits for its first answer"), bot.as_(BEN)
    await ben.click(told, "Done")
    await ben.wait_for("Log the touch instead")
    await ben.click(told, "Log a touch")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "They want three offers"})
    done = await ben.wait_for(lambda m: m["ts"] == told["ts"] and "Done by" in words_of(m))
    assert buttons_of(done) == []


async def test_a_lead_is_touched_from_its_card(bot: Running) -> None:
    card, ben = await posted_before(bot, LEADS, "L-2 · Zenith"), bot.as_(BEN)
    await ben.click(card, "Log a touch")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "They want three offers"})
    await ben.wait_for(lambda m: m["ts"] == card["ts"] and "Last touch" in words_of(m), channel=LEADS)


async def test_the_menu_and_the_buttons_of_a_deal_lead_to_what_was_written_down(bot: Running) -> None:
    page = await page_of_deal(bot)
    assert "We send @channel the draft &amp; the plan by May" in words_of(page)
    assert "agreed on the scope" in words_of(page)
    card, ben = await posted_before(bot, LEADS, "New deal D-1"), bot.as_(BEN)
    await ben.close(page, all=True)
    await ben.click(card, "On to Needs analysis")
    assert "Needs brief" in buttons_of(await ben.wait_for_modal("Not yet"))


async def test_what_was_noted_yesterday_an_admin_takes_back(bot: Running) -> None:
    ben = bot.as_(BEN)
    noted = [m for m in await ben.messages(SALES) if "Noted a promise for D-1." in words_of(m)]
    await ben.click(noted[-1], "Undo")
    await ben.wait_for("Only an admin may undo this", channel=SALES)
    _block, button = find(noted[-1], "Undo")
    await bot.rain.desks.operations.undo(await bot.actor(ANNA), int(button["value"]))
    page = words_of(await page_of_deal(bot))
    assert "We send @channel the draft" in page
    assert "They get a day on site for nothing" not in page


async def test_an_import_that_was_offered_is_carried_out_and_taken_back(bot: Running) -> None:
    offer, anna = await told_before(bot, ANNA, "Import 2 rows"), bot.as_(ANNA)
    await anna.click(offer, "Import 2 rows")
    done = await anna.wait_for(lambda m: "clients.csv" in m["text"] and "Done" in words_of(m), timeout=PATIENCE)
    assert done["ts"] == offer["ts"]
    assert "Fjordline Ferries" in await accounts_of(bot)
    await anna.click(done, "Undo")
    await anna.wait_for("Undone by", timeout=PATIENCE)
    assert "Fjordline Ferries" not in await accounts_of(bot)


async def test_what_was_promised_is_reminded_of_on_its_day_once(bot: Running) -> None:
    farah = bot.as_(FARAH)
    await farah.move_clock(to="2026-03-10 09:30")
    due = await farah.wait_for("follow-ups are due", timeout=PATIENCE)
    await bot.delivered()
    await farah.click(due, "Kept")
    await farah.click(due, "Kept")
    await farah.wait_for("already")
    assert len([m for m in await farah.dm() if "follow-ups are due" in words_of(m)]) == 1


async def test_every_reference_leads_somewhere(bot: Running) -> None:
    env = {"RAINMAKER_DATABASE_URL": bot.database_url}
    done = await asyncio.to_thread(CliRunner().invoke, app, ["db", "check"], env=env)
    assert (done.exit_code, done.output) == (
        0,
        f"{bot.team_id}: Every reference leads to a record of this workspace.\n",
    )


async def test_the_audit_log_is_as_it_was_and_goes_on(bot: Running) -> None:
    upkeep = bot.rain.desks.upkeep
    await upkeep.seal_audit(bot.team_id)
    check = await upkeep.verify_audit(bot.team_id)
    assert (check.wrong, check.unsealed) == (None, 0)
    assert check.covered > SEALED_BEFORE
