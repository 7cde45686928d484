"""Two bots on one PostgreSQL: whichever of them a request, a reminder or a message falls to, it is dealt with once.

In the end of each test the audit log must verify.
"""

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks._companies import Companies
from domain.core.people import Role, RoleGrant
from sandbox.client import Refused
from storage.engine.database import Database
from storage.schema import reminders
from storage.unit_of_work import Store
from tests.fire.crowd import Crowd
from tests.fire.processes import (
    ANNA,
    CAPTURERS,
    DESKS,
    OPEN_MESSAGES,
    BotProcess,
    Office,
    check_chain,
    check_messages,
    free_port,
    open_office,
)
from tests.fire.round_robin import round_robin
from tests.firm import WHOLE, FrozenClock
from tests.running import BEN, FARAH, TUESDAY_MORNING
from usecases.core.outbox import LEASE_SECONDS
from usecases.core.people import PeopleDesk

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]

POST = "chat.postMessage"
AT_ONCE = 8
"""Requests under way at the same time."""
DUE = TUESDAY_MORNING + timedelta(hours=1)
"""When the reminders of a storm are due: during the work of those they are for."""
SLOW_MS, AWHILE = 3000, 2.0
"""How long Slack takes for a post while a replica is killed, and seconds in which the other one would have delivered something."""


@contextlib.asynccontextmanager
async def two_replicas(
    folder: Path, database: Database, mode: str = "http"
) -> AsyncIterator[tuple[Office, list[BotProcess]]]:
    """An office with two bots, behind the balancer or with a socket each; in the end its audit log must verify."""
    async with open_office(folder, database, mode) as office:
        replicas = [office.start_bot(mode, port) for port in (free_port(), free_port())]
        async with round_robin(office.public_port, [replica.port for replica in replicas]):
            for replica in replicas:
                await replica.running()
            await office.as_(ANNA).wait_until_connected()
            yield office, replicas
            await check_chain(office)


@pytest.fixture(params=["http", "socket"])
async def office(request: pytest.FixtureRequest, tmp_path: Path, postgres_database: Database) -> AsyncIterator[Office]:
    """An office whose requests go to two replicas by turns; in the end both must have had some."""
    async with two_replicas(tmp_path, postgres_database, request.param) as (office, replicas):
        yield office
        assert all([await requests_taken(office, replica) for replica in replicas])


async def requests_taken(office: Office, replica: BotProcess) -> float:
    """How many commands and presses a replica has answered."""
    async with office.session.get(f"http://127.0.0.1:{replica.port}/metrics") as answer:
        told = await answer.text()
    counts = re.findall(r'^rainmaker_requests_total\{kind="(?:slash|block_actions)".*\} (\S+)$', told, re.MULTILINE)
    return sum(float(count) for count in counts)


async def make_sellers(office: Office, *users: str) -> None:
    """Let these people claim leads."""
    people = PeopleDesk(Store(office.database, FrozenClock()), WHOLE)
    admin = await people.introduce(office.told["team_id"], ANNA)
    assert admin is not None
    grants = (RoleGrant(role=Role.ADMIN, grantee=ANNA), *(RoleGrant(role=Role.SALES, grantee=user) for user in users))
    await people.set_roles(admin, grants, {})


async def capture_storm(office: Office, companies: Sequence[str], users: Sequence[str] = CAPTURERS) -> list[str]:
    """Capture a lead at each company, many at once; those that were acknowledged within Slack's three seconds."""
    hands = asyncio.Semaphore(AT_ONCE)

    async def capture(number: int, company: str) -> str | None:
        person, desk = office.as_(users[number % len(users)]), DESKS[number % len(DESKS)]
        try:
            async with hands:
                answer = await person.slash("/rain-lead", f"{company}, referral, wants a review", channel=f"#{desk}")
        except Refused:  # nobody answered in time
            return None
        return company if "Captured" in str(answer) else None

    told = await asyncio.gather(*(capture(number, company) for number, company in enumerate(companies)))
    return [company for company in told if company]


async def leads_of(office: Office) -> Counter[str]:
    """How many leads each company has."""
    rows = await office.rows("SELECT accounts.name FROM leads JOIN accounts ON accounts.id = leads.account_id")
    return Counter(row.name for row in rows)


def some_companies(count: int) -> Companies:
    """Companies that nobody takes for each other."""
    companies = Companies(seed=count)
    companies.grow(count)
    return companies


@pytest.mark.slow
async def test_a_storm_of_captures_is_kept_once_even_where_slack_sends_each_again(office: Office) -> None:
    companies = some_companies(48)
    assert await capture_storm(office, companies) == companies
    commands = [d["n"] for d in await office.as_(ANNA).deliveries() if d["kind"] == "slash_commands"]
    for start in range(0, len(commands), AT_ONCE):
        again = await asyncio.gather(*(office.as_(ANNA).redeliver(n) for n in commands[start : start + AT_ONCE]))
        assert all("Captured" in str(answer) for answer in again)
    await office.delivered()
    assert await leads_of(office) == Counter(companies)
    await check_messages(office)


async def test_the_same_request_at_both_replicas_at_once_is_carried_out_once(
    tmp_path: Path, postgres_database: Database
) -> None:
    async with two_replicas(tmp_path, postgres_database) as (office, _replicas):
        crowd = Crowd(office, Companies(seed=1))
        commands = [crowd.command(CAPTURERS[number % len(CAPTURERS)]) for number in range(24)]
        await asyncio.gather(*(crowd.until_acknowledged(*command) for command in commands for _time in range(3)))
        assert crowd.strange == []
        assert Counter(crowd.acknowledged) == {company: 3 for company, _body in commands}
        assert await leads_of(office) == Counter(company for company, _body in commands)
        await office.delivered()
        await check_messages(office)


@pytest.mark.slow
async def test_of_many_who_claim_a_lead_at_the_same_time_one_owns_it(office: Office) -> None:
    companies = some_companies(8)
    await make_sellers(office, *CAPTURERS)  # before a bot has met them: it remembers for a while what somebody may do
    await capture_storm(office, companies)
    await office.delivered()
    cards = [await office.as_(BEN).wait_for("Claim", channel=f"#{desk}") for desk in DESKS[: len(companies)]]
    await asyncio.gather(*(office.as_(user).click(card, "Claim") for card in cards for user in CAPTURERS))
    await office.delivered()

    claims = await office.rows("SELECT subject_id, actor_id FROM audit_events WHERE event = 'lead.claimed'")
    owners = await office.rows(
        "SELECT leads.id, owner_id, slack_id FROM leads JOIN members ON members.id = owner_id ORDER BY leads.number"
    )
    assert sorted((row.subject_id, row.actor_id) for row in claims) == sorted((row.id, row.owner_id) for row in owners)
    assert len(owners) == len(companies)
    refused = [call for call in await office.as_(ANNA).calls() if "has been claimed by" in str(call["args"])]
    assert len(refused) == len(companies) * (len(CAPTURERS) - 1)
    assert await owners_shown(office, len(companies)) == Counter(row.slack_id for row in owners)


async def owners_shown(office: Office, count: int) -> Counter[str]:
    """Whom the cards name as owners."""
    cards = [(await office.as_(ANNA).messages(f"#{desk}"))[-1] for desk in DESKS[:count]]
    return Counter(user for card in cards for user in re.findall(r"Owner.*?<@(\w+)>", str(card["blocks"])))


@pytest.mark.slow
async def test_a_storm_of_reminders_is_told_once_each(office: Office) -> None:
    await capture_storm(office, some_companies(64), users=(BEN, FARAH))
    await office.delivered()
    at_once = reminders.update().values(due_at=DUE)
    await office.database.write(lambda connection: connection.execute(at_once).rowcount)
    await office.as_(ANNA).move_clock(to=DUE.timestamp())
    await office.until_none("reminders WHERE state = 'waiting'")
    await office.delivered()

    told = await office.rows("SELECT payload FROM outbox WHERE kind = 'OverdueDigest'")
    digests = [row.payload for row in told]
    named = [number for digest in digests for number in digest["reminder_ids"]]
    assert len(named) == len(set(named))
    assert len(named) + sum(digest["unlisted"] for digest in digests) == await office.count("reminders") == 64
    assert await office.rows("SELECT id FROM reminders WHERE state <> 'told'") == []
    await check_messages(office)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_replica_killed_in_a_storm_takes_nothing_with_it(
    tmp_path: Path, postgres_database: Database, mode: str
) -> None:
    async with two_replicas(tmp_path, postgres_database, mode) as (office, replicas):
        companies = some_companies(64)
        storm = asyncio.create_task(capture_storm(office, companies))
        await office.until("leads", 16)
        await replicas[0].kill()
        acknowledged = await storm
        await office.delivered()
        leads = await leads_of(office)
        assert set(leads.values()) == {1}
        assert set(acknowledged) <= set(leads) <= set(companies)
        assert len(acknowledged) >= len(companies) / 4
        await check_messages(office)


@contextlib.asynccontextmanager
async def killed_in_delivery(folder: Path, database: Database, *, frozen: bool) -> AsyncIterator[Office]:
    """One bot claims messages for every desk and is killed while Slack is taking them; another one is there by then.

    In the end the audit log must verify.
    """
    async with open_office(folder, database) as office:
        dying = office.start_bot()
        await dying.running()
        await office.as_(ANNA).move_clock(freeze=frozen)
        await office.as_(ANNA).faults(latency_ms=SLOW_MS, method=POST)
        await capture_storm(office, some_companies(len(DESKS)))
        await office.until("outbox WHERE closed_at IS NULL AND lease_until IS NOT NULL", 1)
        following = office.start_bot(port=free_port())
        await dying.kill()
        await office.as_(ANNA).faults(latency_ms=0, method=None)
        await following.running()
        yield office
        await check_chain(office)


async def test_what_a_killed_replica_was_delivering_is_left_alone_until_its_lease_ends(
    tmp_path: Path, postgres_database: Database
) -> None:
    async with killed_in_delivery(tmp_path, postgres_database, frozen=True) as office:
        await asyncio.sleep(AWHILE)
        assert await office.count(OPEN_MESSAGES) > 0
        await office.as_(ANNA).move_clock(advance=LEASE_SECONDS)
        await office.until_none(OPEN_MESSAGES)
        await check_messages(office)


@pytest.mark.slow
async def test_a_killed_replicas_messages_are_taken_over_within_a_minute(
    tmp_path: Path, postgres_database: Database
) -> None:
    async with killed_in_delivery(tmp_path, postgres_database, frozen=False) as office:
        await office.until_none(OPEN_MESSAGES, within=LEASE_SECONDS + AWHILE)
        await check_messages(office)
