"""Somebody with the database's password changes, deletes or inserts one row in a copy: `rainmaker audit verify` names it.

Only a chain that was cut off at its end holds by itself; who has kept the line printed before the cut finds that out, too. A chain
that two processes broke by sealing at once, and nobody touched, is mended by `rainmaker audit mend`.
"""

import asyncio
import shutil
import uuid
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from bot import logs
from bot.cli import app
from domain.core.audit import seal
from domain.sales.leads import NewTouch, TouchKind
from storage.engine.database import Database, open_database
from storage.unit_of_work import Store
from tests.firm import FrozenClock, found_firm
from tests.scenes import EITHER, address_of, migrated, on_server
from tests.sealing import ends_of_seals, seal_late

HERE = "T0LONDON"


@pytest.fixture(scope="module")
def sqlite_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with three seals, to be copied."""
    path = tmp_path_factory.mktemp("audit") / "original.db"
    asyncio.run(prepared(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="module")
def postgres_original(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database with the same, to be copied."""
    name = f"audit_{uuid.uuid4().hex[:12]}"
    asyncio.run(on_server(postgres_server, f"CREATE DATABASE {name}"))
    asyncio.run(prepared(address_of(postgres_server, name)))
    yield name
    asyncio.run(on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_copy(sqlite_original: Path, tmp_path: Path) -> str:
    """The address of a copy of the file."""
    shutil.copy(sqlite_original, tmp_path / "copy.db")
    return f"sqlite:///{tmp_path / 'copy.db'}"


@pytest.fixture
def postgres_copy(postgres_original: str, postgres_server: str) -> Iterator[str]:
    """The address of a copy of the database."""
    name = f"audit_{uuid.uuid4().hex[:12]}"
    asyncio.run(on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_original}"))
    yield address_of(postgres_server, name)
    asyncio.run(on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=EITHER)
def url(request: pytest.FixtureRequest) -> str:
    """The address of a copy, once of each kind, that a test may do anything to."""
    return str(request.getfixturevalue(f"{request.param}_copy"))


async def prepared(url: str) -> None:
    """A firm whose events stand under three seals, with ids between them that no event has."""
    await migrated(url)
    database, clock = open_database(url), FrozenClock()
    firm = await found_firm(Store(database, clock), clock, HERE)
    gone = await found_firm(Store(database, clock), clock, "T0GONE")
    for company in ("Acme Ltd", "Borealis AG", "Corvid plc"):
        lead = await firm.captured(company)
        await gone.captured(company)
        await firm.leads.claim(firm.seller, lead.id)
        await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
        await database.write(
            lambda c: c.execute(text("DELETE FROM audit_events WHERE workspace_id = 'T0GONE'")).rowcount
        )
        clock.advance(minutes=5)
        await firm.upkeep.seal_audit(HERE)
    await database.close()


def on(url: str, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
    """Do something with the database at this address."""

    async def body() -> Any:
        database = open_database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(body())


def by_hand(url: str, *statements: str, **values: Any) -> None:
    """Carry out statements past everything of ours."""

    def carry_out(connection: Connection) -> int:
        return sum([connection.execute(text(statement), values).rowcount for statement in statements])

    assert on(url, lambda database: database.write(carry_out)) > 0


def event_ids(url: str) -> list[int]:
    """The ids of the events, in order."""
    question = text("SELECT id FROM audit_events WHERE workspace_id = 'T0LONDON' ORDER BY id")
    return list(
        on(url, lambda database: database.read(lambda connection: connection.execute(question).scalars().all()))
    )


def verify(url: str, *arguments: str) -> Result:
    """`rainmaker audit verify` on the database at this address."""
    return CliRunner().invoke(app, ["audit", "verify", *arguments], env={"RAINMAKER_DATABASE_URL": url})


def head_of(url: str) -> str:
    """The line to be kept elsewhere."""
    lines = verify(url).stdout.splitlines()
    return next(line for line in lines if line.startswith(f"{HERE}:") and line.count(":") == 2)


def named(url: str, *arguments: str) -> str:
    """What is said to be wrong; the command must end with 1."""
    result = verify(url, *arguments)
    assert result.exit_code == 1, result.output
    return sentence_of(result.stdout)


def sentence_of(told: str) -> str:
    """The words about our workspace."""
    return next(line for line in told.splitlines() if line.startswith(f"{HERE}: ")).removeprefix(f"{HERE}: ")


@pytest.mark.both
def test_an_untouched_copy_holds_and_says_what_to_keep(url: str) -> None:
    result = verify(url)
    assert result.exit_code == 0
    assert sentence_of(result.stdout) == f"{len(event_ids(url))} sealed events, untouched."
    assert verify(url, "--expect", head_of(url)).exit_code == 0


WHERE = {"first": 0, "in the middle": 5, "last": -1}
where = pytest.mark.parametrize("position", WHERE.values(), ids=WHERE.keys())


@where
@pytest.mark.parametrize(
    "change", ["reason = 'he asked me to'", "actor_id = 99", "subject_id = 99", "source = 'x'", "event = 'lead.won'"]
)
def test_a_changed_event_is_named(url: str, position: int, change: str) -> None:
    victim = event_ids(url)[position]
    by_hand(url, f"UPDATE audit_events SET {change} WHERE id = :id", id=victim)
    assert named(url) == f"event {victim} was changed"


@where
@pytest.mark.both
def test_a_deleted_event_is_named(url: str, position: int) -> None:
    victim = event_ids(url)[position]
    by_hand(url, "DELETE FROM audit_events WHERE id = :id", id=victim)
    assert named(url) == f"event {victim} was deleted"


@pytest.mark.parametrize("place", ["before all", "no id at all", "in the middle", "before the last"])
def test_an_inserted_event_is_named(url: str, place: str) -> None:
    known = event_ids(url)
    gaps = sorted(set(range(known[0], known[-1])) - set(known))
    new = {"before all": -5, "no id at all": 0, "in the middle": gaps[0], "before the last": gaps[-1]}[place]
    columns = "workspace_id, at, actor_id, source, event, subject, subject_id, before, after, reason"
    by_hand(
        url,
        f"INSERT INTO audit_events (id, {columns}) SELECT :new, {columns} FROM audit_events WHERE id = :id",
        new=new,
        id=known[1],
    )
    assert named(url) == f"event {new} was inserted"


@pytest.mark.parametrize("number", [1, 2])
def test_a_deleted_seal_is_named(url: str, number: int) -> None:
    by_hand(url, "DELETE FROM audit_seals WHERE number = :number", number=number)
    assert named(url) == f"seal {number + 1} does not follow the seal before it"


@pytest.mark.parametrize("entries", ["[]", "{}", "7", "[[1]]", '[["x", "y"]]', '[[1, "0"]]', "null"])
@pytest.mark.parametrize("number", [1, 3])
def test_a_changed_seal_is_named(url: str, number: int, entries: str) -> None:
    by_hand(
        url,
        f"UPDATE audit_seals SET entries = '{entries}' WHERE number = :number",
        number=number,
    )
    assert named(url) == f"seal {number} was changed itself"


@where
@pytest.mark.parametrize("column", ["before = 'no JSON'", "at = 'yesterday'", "reason = x'00'", "after = after || ' '"])
def test_an_event_that_cannot_even_be_read_is_named(sqlite_copy: str, position: int, column: str) -> None:
    """Only SQLite keeps such values."""
    victim = event_ids(sqlite_copy)[position]
    by_hand(sqlite_copy, f"UPDATE audit_events SET {column} WHERE id = :id", id=victim)
    assert named(sqlite_copy) == f"event {victim} was changed"


@pytest.mark.parametrize("column", ["entries = 'no JSON'", "scheme = 'none'"])
def test_a_seal_that_cannot_even_be_read_is_told_of(sqlite_copy: str, column: str) -> None:
    by_hand(sqlite_copy, f"UPDATE audit_seals SET {column} WHERE number = 1")
    assert named(sqlite_copy) == "an event or seal after event 0 is unreadable"


@pytest.mark.parametrize("column", ["before = 'no JSON'", "at = 'yesterday'"])
def test_an_event_of_which_a_seal_by_value_needs_the_values_is_told_of(sqlite_copy: str, column: str) -> None:
    by_hand(sqlite_copy, "DELETE FROM audit_seals")
    on(sqlite_copy, lambda database: Store(database, FrozenClock()).write(HERE, partial(seal_late, 0, 100)))
    by_hand(sqlite_copy, f"UPDATE audit_events SET {column} WHERE id = :id", id=event_ids(sqlite_copy)[0])
    assert named(sqlite_copy) == "an event or seal after event 0 is unreadable"


CUT = (
    "DELETE FROM audit_events WHERE id > (SELECT last_event_id FROM audit_seals WHERE number = 2)",
    "DELETE FROM audit_seals WHERE number = 3",
)


def test_a_chain_cut_off_at_its_end_is_found_by_who_kept_the_head(url: str) -> None:
    kept = head_of(url)
    by_hand(url, *CUT)
    assert verify(url).exit_code == 0  # nothing in the database can tell
    assert named(url, "--expect", kept) == "the chain ends with seal 2, and seal 3 was kept"


def test_a_log_of_which_nothing_is_left_is_found_by_who_kept_the_head(url: str) -> None:
    kept = head_of(url)
    by_hand(url, "DELETE FROM audit_events", "DELETE FROM audit_seals", "DELETE FROM workspaces")
    assert verify(url).exit_code == 0
    assert named(url, "--expect", kept) == "the chain ends with seal 0, and seal 3 was kept"


def test_a_chain_that_was_made_anew_is_found_by_who_kept_any_head_of_it(url: str) -> None:
    kept = head_of(url)
    by_hand(url, "UPDATE audit_events SET reason = 'invented'", "DELETE FROM audit_seals")

    async def seal_anew(database: Database) -> None:
        for most in (4, 4, 100):
            await Store(database, FrozenClock()).write(HERE, partial(forge, most))

    on(url, seal_anew)
    assert verify(url).exit_code == 0
    assert named(url, "--expect", kept) == "seal 3 is not the one that was kept"


def forge(most: int, work: Any) -> None:
    """Make the next seal of a chain of three, as our own job would."""
    end = work.audit.end()
    events = work.audit.unsealed(end.covered_to, work.now + timedelta(days=1), most)
    work.audit.add_seal(seal(end, HERE, events))


def test_an_older_head_still_holds_when_more_was_sealed(url: str) -> None:
    kept = head_of(url)

    async def go_on(database: Database) -> None:
        clock = FrozenClock()
        clock.advance(hours=1)
        firm = await found_firm(Store(database, clock), clock, HERE)
        await firm.captured("Dunlin GmbH")
        clock.advance(minutes=5)
        await firm.upkeep.seal_audit(HERE)

    on(url, go_on)
    assert head_of(url) != kept
    assert verify(url, "--expect", kept, "--expect", head_of(url)).exit_code == 0


def repeat_the_last(url: str) -> str:
    """Seal the events of the last seal again, as a process that had read them before; returns them in words."""

    def body(work: Any) -> str:
        *_others, after_id, last_id = ends_of_seals(work)
        repeated = work.audit.stored_between(after_id, last_id)
        seal_late(after_id, len(repeated), work)
        return f"events {repeated[0].id} to {last_id}"

    return str(on(url, lambda database: Store(database, FrozenClock()).write(HERE, body)))


def mend(url: str) -> Result:
    """`rainmaker audit mend` on the database at this address."""
    try:
        return CliRunner().invoke(app, ["audit", "mend"], env={"RAINMAKER_DATABASE_URL": url})
    finally:
        logs.configure("plain", "warning")  # to the stderr of the tests again


def test_a_chain_broken_by_two_who_sealed_at_once_is_mended(url: str) -> None:
    before = head_of(url)
    repeated = repeat_the_last(url)
    assert named(url) == (
        f"seal 4 repeats {repeated}, as two processes sealed them at once: run `rainmaker audit mend`"
    )
    result = mend(url)
    assert (result.exit_code, sentence_of(result.stdout)) == (0, f"mended: seal 4 repeats {repeated}.")
    assert "audit chain mended" in result.stderr
    assert "seal=4" in result.stderr
    holding = verify(url, "--expect", before)
    assert (holding.exit_code, f"{HERE}:4:" in holding.stdout) == (0, True), holding.output
    again = mend(url)
    assert (again.exit_code, sentence_of(again.stdout)) == (0, "nothing to mend.")


def test_no_other_fault_is_mended(url: str) -> None:
    repeat_the_last(url)
    victim = event_ids(url)[-1]
    by_hand(url, "UPDATE audit_events SET reason = 'invented' WHERE id = :id", id=victim)
    result = mend(url)
    assert (result.exit_code, sentence_of(result.stdout)) == (1, f"event {victim} was changed")
    assert named(url) == f"event {victim} was changed"


def test_events_without_a_seal_are_missed(url: str) -> None:
    by_hand(url, "DELETE FROM audit_seals WHERE number = 3")
    result = verify(url)
    left = len(event_ids(url)) - int(sentence_of(result.stdout).split()[0])
    assert result.exit_code == 1
    assert f"{HERE}: {left} events older than five minutes have no seal yet." in result.stdout.splitlines()


def test_a_log_with_older_tables_is_refused_in_words(tmp_path: Path) -> None:
    for command in (verify, mend):
        result = command(f"sqlite:///{tmp_path / 'empty.db'}")
        assert (result.exit_code, "run `rainmaker db upgrade` first" in result.output) == (2, True), result.output


@pytest.mark.parametrize("text", ["", "x", "T0LONDON:3", "T0LONDON:x:y"])
def test_what_was_never_printed_cannot_be_expected(url: str, text: str) -> None:
    result = verify(url, "--expect", text)
    assert result.exit_code == 2
    assert "TEAM:NUMBER:HASH" in result.output
