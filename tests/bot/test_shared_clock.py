"""The clock that all processes go by: the database's, beside which Slack's is watched."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import build
from bot.shared_clock import FAR, SharedClock, watching_slack
from storage.engine.database import Database
from storage.unit_of_work import Store
from tests.firm import WHOLE
from tests.running import Running

HOUR = timedelta(hours=1)


def test_now_is_the_databases_moment() -> None:
    clock = SharedClock()
    for ahead in (HOUR, -HOUR, timedelta()):
        clock.note_database(datetime.now(UTC) - ahead)
        assert abs(clock.now() - (datetime.now(UTC) - ahead)) < timedelta(seconds=1), ahead
        assert clock.is_right is (not ahead), ahead


@pytest.mark.parametrize(
    ("wrong_by", "is_right"), [(timedelta(), True), (FAR / 2, True), (HOUR, False), (-HOUR, False)]
)
async def test_an_answer_of_slacks_tells_whether_the_clock_is_right(wrong_by: timedelta, is_right: bool) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(headers={"Date": format_datetime(datetime.now(UTC) + wrong_by)})

    app = web.Application()
    app.router.add_get("/", answer)
    clock = SharedClock()
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession(trace_configs=[watching_slack(clock, server.host)]) as session,
    ):
        await session.get(server.make_url("/"))
    assert clock.is_right is is_right


@pytest.mark.both
async def test_a_database_elsewhere_tells_its_time(database: Database) -> None:
    theirs = await Store(database, SharedClock()).read_jobs(lambda jobs: jobs.database_now())
    if database.dialect == "sqlite":
        assert theirs is None
    else:
        assert theirs
        assert abs(theirs - datetime.now(UTC)) < FAR


async def test_a_clock_that_was_set_right_is_found_to_be_so_though_nothing_is_claimed_meanwhile(
    running: Running,
) -> None:
    own = running.rain.settings.model_copy(update={"rainmaker_clock_url": None})
    other = build(own, playbook=WHOLE)
    assert isinstance(other.clock, SharedClock)
    other.clock.note_slack(datetime.now(UTC) - HOUR)
    assert not other.clock.is_right
    await other.check_clock()
    assert other.clock.is_right
    await other.stop()
