"""Two workspaces in one database: every use case is called with the other workspace's ids, and nothing of it is seen or changed.

Desks and use cases are found by reflection (`tests/fire/use_cases.py`).
"""

from dataclasses import replace

import pytest

from domain.core.refusals import NotFound, Refusal
from storage.engine.database import Database
from storage.engine.relations import references_of
from storage.schema import metadata
from storage.unit_of_work import Store
from tests.fire.neighbours import (
    MARK,
    Neighbours,
    almighty,
    id_columns,
    move_in,
    our_rows,
    strays,
    their_rows,
)
from tests.fire.use_cases import ACROSS_ALL, TRIED, USE_CASES, takes_a_record, tried
from tests.firm import FirmDesks, FrozenClock
from tests.scenes import Furnish, a_firm

ON_BOTH = {"AccountDesk.merge", "LeadDesk.capture", "LeadDesk.show"}
"""Use cases that are tried on PostgreSQL in `make test`, too: the filter is in the scope, which is the same for both databases."""


async def two_firms(database: Database) -> tuple[FirmDesks, Neighbours]:
    """Our workspace with a lead of its own, and the other one."""
    firm = await a_firm(database)
    await firm.captured("Ours Ltd")
    return firm, await move_in(database, FrozenClock())


@pytest.fixture
def scene() -> Furnish:
    """What is in the database as each test begins."""
    return two_firms


@pytest.fixture
def firm(facts: tuple[FirmDesks, Neighbours], database: Database, clock: FrozenClock) -> FirmDesks:
    """Our workspace."""
    return replace(facts[0], store=Store(database, clock), clock=clock)


@pytest.fixture
def theirs(facts: tuple[FirmDesks, Neighbours]) -> Neighbours:
    """The other workspace."""
    return facts[1]


def test_the_use_cases_named_here_are_there_still() -> None:
    assert USE_CASES.keys() >= ACROSS_ALL | ON_BOTH


async def test_they_have_a_row_in_every_table(theirs: Neighbours) -> None:
    assert [table for table, row in theirs.rows.items() if not row] == []
    assert [t for t, row in theirs.rows.items() if MARK not in repr(row)] == []


@pytest.mark.parametrize(
    "use_case", [pytest.param(name, marks=pytest.mark.both if name in ON_BOTH else ()) for name in TRIED]
)
async def test_a_use_case_sees_and_changes_nothing_of_another_workspace(
    firm: FirmDesks, theirs: Neighbours, database: Database, use_case: str
) -> None:
    before = await their_rows(database)
    refused = await tried(use_case, firm, theirs, firm.guest)  # its sentence names people who may
    result = await tried(use_case, firm, theirs, almighty(firm.admin))
    if takes_a_record(use_case):
        assert isinstance(result, NotFound), f"{use_case} must not find what is another workspace's"
    for answer in (refused, result):
        assert not theirs.said_in(answer.sentence if isinstance(answer, Refusal) else repr(answer))
    assert await their_rows(database) == before
    assert not theirs.said_in(await our_rows(database))
    assert await strays(database) == []


async def test_the_rounds_of_the_jobs_keep_each_workspaces_things_apart(
    firm: FirmDesks, theirs: Neighbours, database: Database, clock: FrozenClock
) -> None:
    clock.advance(hours=30)
    await firm.upkeep.sweep_reminders()
    for workspace_id in await firm.upkeep.workspace_ids():
        await firm.upkeep.seal_audit(workspace_id)
    assert await strays(database) == []
    assert not theirs.said_in(await our_rows(database))


def test_the_schema_says_what_every_id_is_of() -> None:
    for name, table in metadata.tables.items():
        said = {reference.column.name for reference in references_of(table)}
        assert id_columns(table) == said, f"make these columns of {name} with `of` or `subject`"


def test_every_table_says_whose_each_row_is() -> None:
    assert [name for name, table in metadata.tables.items() if table.c.workspace_id.nullable] == []
