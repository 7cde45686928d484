"""Transactions: all or nothing, one after the other on SQLite, and once for each request however many come at once."""

import asyncio
import sqlite3
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.core.refusals import AlreadyDone, RuleBroken
from domain.sales.accounts import NewAccount
from domain.sales.leads import Lead, NewLead
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.engine.sqlite import SqliteDatabase
from storage.schema import contacts
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import FirmDesks, FrozenClock, found_firm
from usecases.sales.leads import LeadDesk

pytestmark = pytest.mark.both

ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


@pytest.fixture
async def notes(database: Database) -> Database:
    """A database with a table to scribble in."""
    await database.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))
    return database


def note(connection: Connection, word: str) -> str:
    """Write a word down."""
    connection.execute(text("INSERT INTO notes VALUES (:word)"), {"word": word})
    return word


def note_once(connection: Connection, word: str) -> None:
    """Write a word down that nobody has counted yet."""
    connection.execute(text("INSERT INTO notes (word) VALUES (:word)"), {"word": word})


async def words(database: Database) -> list[str]:
    """What is written."""
    return await database.read(lambda c: sorted(c.execute(text("SELECT word FROM notes")).scalars()))


async def test_what_raises_leaves_nothing_behind(notes: Database) -> None:
    def body(connection: Connection) -> None:
        note(connection, "half")
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        await notes.write(body)
    assert await words(notes) == []


@pytest.mark.parametrize("way", ["write", "read", "read_slow"])
async def test_who_waits_for_a_piece_that_looked_past_an_end_is_answered(notes: Database, way: str) -> None:
    """Python lets nothing that awaits end in StopIteration: unless it becomes another error, nobody hears of it."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(getattr(notes, way)(lambda _connection: next(iter([]))), 5)


async def test_a_write_is_there_for_the_next_read(notes: Database) -> None:
    assert await notes.write(lambda c: note(c, "kept")) == "kept"
    assert await words(notes) == ["kept"]


async def test_of_pieces_that_arrive_at_once_each_fails_alone(notes: Database) -> None:
    def fail(connection: Connection) -> None:
        note(connection, "gone")
        raise RuleBroken("no")

    await notes.write(lambda c: note(c, "there before"))
    pieces = [lambda c, n=n: note(c, f"{n:02}") for n in range(20)]
    doubled = [lambda c: note(c, "there before")]
    results = await asyncio.gather(*map(notes.write, [*pieces, fail, *doubled, fail]), return_exceptions=True)
    kept = [f"{n:02}" for n in range(20)]
    assert results[:20] == kept
    assert [isinstance(result, RuleBroken) for result in results[20:]] == [True, False, True]
    assert "unique" in str(results[21]).casefold()
    assert await words(notes) == [*kept, "there before"]


async def test_of_pieces_that_share_a_transaction_each_sees_what_those_before_it_kept(
    sqlite_database: SqliteDatabase,
) -> None:
    await sqlite_database.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))

    def piece(connection: Connection, word: str) -> list[str]:
        note(connection, word)
        if word == "gone":
            raise RuleBroken("no")
        return sorted(connection.execute(text("SELECT word FROM notes")).scalars())

    pieces = [sqlite_database.write(partial(piece, word=word)) for word in ("one", "gone", "two", "two")]
    results = await asyncio.gather(*pieces, return_exceptions=True)
    assert results[0] == ["one"]
    assert [type(results[1]), type(results[3])] == [RuleBroken, IntegrityError]
    assert results[2] == ["one", "two"]
    assert await words(sqlite_database) == ["one", "two"]


async def test_what_is_queued_is_finished_before_closing(sqlite_database: SqliteDatabase) -> None:
    other = open_database(sqlite_database.url)
    await other.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))
    writing = [asyncio.create_task(other.write(lambda c, n=n: note(c, f"{n:02}"))) for n in range(100)]
    await asyncio.sleep(0)
    await other.close()
    await asyncio.gather(*writing)
    assert len(await words(sqlite_database)) == 100


async def test_a_kind_of_database_we_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="is not supported"):
        open_database("mysql://localhost/x")


async def test_one_request_that_arrives_twenty_times_at_once_is_one_lead(firm: FirmDesks) -> None:
    actor = firm.seller.within("slash /rain-lead", "trigger.1")
    new = NewLead(company="Acme Ltd", source="web")
    results = await asyncio.gather(*(firm.leads.capture(actor, new) for _arrival in range(20)))
    assert all(result == results[0] for result in results)
    assert isinstance(results[0], Lead)
    assert (await firm.leads.team(firm.seller)).total == 1


async def test_a_request_that_was_refused_may_be_made_again(firm: FirmDesks) -> None:
    actor = firm.seller.within("modal", "view.1")
    with pytest.raises(RuleBroken):
        await firm.leads.capture(actor, NewLead(company="", source="web"))
    assert isinstance(await firm.leads.capture(actor, NewLead(company="Acme", source="web")), Lead)


async def test_one_request_that_arrives_in_two_processes_at_once_is_one_lead(firm: FirmDesks) -> None:
    actor = firm.seller.within("slash /rain-lead", "trigger.1")
    elsewhere = open_database(firm.store.database.url)  # type: ignore[attr-defined]
    other = LeadDesk(Store(elsewhere, firm.clock), firm.playbook)
    new = NewLead(company="Acme Ltd", source="web")
    arrivals = [desk.capture(actor, new) for _arrival in range(5) for desk in (firm.leads, other)]
    results = await asyncio.gather(*arrivals)
    await elsewhere.close()
    assert all(result == results[0] for result in results)
    assert isinstance(results[0], Lead)
    assert (await firm.leads.team(firm.seller)).total == 1


async def test_a_request_that_came_again_gets_its_first_answer_where_it_would_be_refused_now(firm: FirmDesks) -> None:
    lead = await firm.captured()
    actor = firm.seller.within("button lead.claim", "press.1")
    first = await firm.leads.claim(actor, lead.id)
    assert await firm.leads.claim(actor, lead.id) == first
    with pytest.raises(AlreadyDone):
        await firm.leads.claim(actor.within("button lead.claim", "press.2"), lead.id)


async def test_a_capture_that_came_again_gets_its_first_answer_and_not_the_question_about_itself(
    firm: FirmDesks,
) -> None:
    actor = firm.seller.within("slash /rain-lead", "trigger.1")
    new = NewLead(company="Acme Ltd", source="web")
    first = await firm.leads.capture(actor, new)
    assert isinstance(first, Lead)
    assert await firm.leads.capture(actor, new) == first


async def test_what_was_put_is_found_by_the_same_work_and_undone_with_it(firm: FirmDesks) -> None:
    def body(work: UnitOfWork) -> None:
        account = work.accounts.add(NewAccount(name="Acme Ltd"))
        assert work.accounts.get(account.id) == account
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        await firm.store.write(firm.workspace_id, body)
    assert await firm.store.read(firm.workspace_id, lambda work: work.accounts.everything()) == []


@pytest.mark.postgres
async def test_connections_that_were_lost_are_replaced(postgres_database: PostgresDatabase, clock: FrozenClock) -> None:
    firm = await found_firm(Store(postgres_database, clock), clock)
    await asyncio.gather(*(firm.captured(f"Company {n}") for n in range(12)))
    killer = PostgresDatabase(postgres_database.url)
    others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert len(await killer.write(lambda c: c.execute(others).scalars().all())) >= 2
    await killer.close()
    leads = await asyncio.gather(*(firm.captured(f"Later {n}") for n in range(12)))
    assert sorted(lead.number for lead in leads) == list(range(13, 25))


@pytest.mark.postgres
async def test_who_gives_up_waiting_leaves_no_transaction_behind(postgres_database: PostgresDatabase) -> None:
    notes = postgres_database
    await notes.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))

    def sleep(connection: Connection) -> None:
        note(connection, "half")
        connection.execute(text("SELECT pg_sleep(20)"))

    impatient = asyncio.create_task(notes.write(sleep))
    while not await notes.read(lambda c: c.execute(text(ASLEEP)).scalar()):
        pass
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await notes.write(lambda c: note(c, "kept")) == "kept"
    assert await words(notes) == ["kept"]


async def test_an_account_is_merged_into_no_other_that_goes_at_the_same_moment(firm: FirmDesks) -> None:
    one, other = [(await firm.captured(f"{name} Ltd")).account.id for name in ("Acme", "Borealis")]
    merges = [firm.accounts.merge(firm.seller, one, other), firm.accounts.merge(firm.seller, other, one)]
    results = await asyncio.gather(*merges, return_exceptions=True)
    assert sorted(isinstance(result, AlreadyDone) for result in results) == [False, True]


def count_up(connection: Connection) -> int:
    """Look how many words there are, take a while, and write one more: two at once would write the same."""
    words = connection.execute(text("SELECT count(*) FROM notes")).scalar() or 0
    connection.execute(text("SELECT pg_sleep(0.02)"))
    note(connection, f"{words:02}")
    return words


@pytest.mark.postgres
@pytest.mark.parametrize("workspaces", [("T1",) * 6, ("T1", "T2", None) * 2])
async def test_writes_of_a_workspace_follow_one_another_and_jobs_follow_all(
    postgres_database: PostgresDatabase, workspaces: tuple[str | None, ...]
) -> None:
    await postgres_database.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))
    bots = [postgres_database, open_database(postgres_database.url)]
    of_one_workspace = [workspace for workspace in workspaces if workspace != "T2"]
    writes = [bots[n % 2].write(count_up, workspace) for n, workspace in enumerate(of_one_workspace)]
    assert sorted(await asyncio.gather(*writes)) == list(range(len(of_one_workspace)))
    await bots[1].close()


@pytest.mark.postgres
async def test_a_read_is_one_snapshot(postgres_database: PostgresDatabase) -> None:
    await postgres_database.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))

    def counted_twice(connection: Connection) -> list[int]:
        counts = []
        for seconds in (0.3, 0):
            counts.append(connection.execute(text("SELECT count(*) FROM notes")).scalar() or 0)
            connection.execute(text(f"SELECT pg_sleep({seconds})"))
        return counts

    reading = asyncio.create_task(postgres_database.read(counted_twice))
    while not await postgres_database.read(lambda c: c.execute(text(ASLEEP)).scalar()):
        pass
    await postgres_database.write(lambda c: note(c, "meanwhile"))
    assert await reading == [0, 0]


@pytest.mark.postgres
async def test_a_read_that_writes_is_an_error(postgres_database: PostgresDatabase) -> None:
    await postgres_database.write(lambda c: c.execute(text("CREATE TABLE notes (word TEXT PRIMARY KEY)")))
    with pytest.raises(DBAPIError, match="read-only transaction"):
        await postgres_database.read(lambda c: note(c, "no"))


@pytest.mark.postgres
async def test_of_two_that_wait_for_each_other_one_is_tried_again(postgres_database: PostgresDatabase) -> None:
    rows = "CREATE TABLE notes (word TEXT PRIMARY KEY, times INT DEFAULT 0)"
    await postgres_database.write(lambda c: c.execute(text(rows)))
    await postgres_database.write(lambda c: [note_once(c, word) for word in ("one", "two")])
    tried: list[str] = []

    def both(connection: Connection, first: str, second: str) -> None:
        tried.append(first)
        for word in (first, second):
            connection.execute(text("UPDATE notes SET times = times + 1 WHERE word = :word"), {"word": word})
            connection.execute(text("SELECT pg_sleep(0.1)"))

    crosswise = [
        postgres_database.write(partial(both, first="one", second="two"), "T1"),
        postgres_database.write(partial(both, first="two", second="one"), "T2"),
    ]
    await asyncio.gather(*crosswise)
    assert len(tried) == 3
    times = text("SELECT times FROM notes")
    assert await postgres_database.read(lambda c: c.execute(times).scalars().all()) == [2, 2]


async def test_of_twenty_claims_at_once_one_wins(firm: FirmDesks) -> None:
    lead = await firm.captured()
    sellers = [firm.seller, firm.other_seller] * 10
    results = await asyncio.gather(*(firm.leads.claim(s, lead.id) for s in sellers), return_exceptions=True)
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert sum(isinstance(result, AlreadyDone) for result in results) == 19


async def test_numbers_are_given_out_without_gaps_or_doubles_under_load(firm: FirmDesks) -> None:
    leads = await asyncio.gather(*(firm.captured(f"Company {n}") for n in range(25)))
    assert sorted(lead.number for lead in leads) == list(range(1, 26))
    assert sorted(lead.account.number for lead in leads) == list(range(1, 26))


async def test_a_restructuring_that_leaves_a_reference_to_nothing_is_undone(sqlite_database: SqliteDatabase) -> None:
    def astray(connection: Connection) -> None:
        connection.execute(contacts.insert().values(workspace_id="T1", account_id=404))

    with pytest.raises(sqlite3.IntegrityError, match="row 1 of contacts refers to a row of accounts that is not there"):
        await sqlite_database.restructure(astray)
    assert await sqlite_database.read(lambda connection: connection.execute(contacts.select()).all()) == []


@pytest.mark.postgres
async def test_a_statement_of_a_restructuring_may_take_its_time(postgres_database: PostgresDatabase) -> None:
    def limits(connection: Connection) -> list[str]:
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        return [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

    assert await postgres_database.restructure(limits) == ["0", "0"]
    assert await postgres_database.write(limits) == ["30s", "30s"]
