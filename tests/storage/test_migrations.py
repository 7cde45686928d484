"""The migrations make exactly the tables of the schema, on both databases, and are safe to run again."""

import asyncio
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect, select, text
from sqlalchemy.exc import IntegrityError

from domain.files.imports import CARRY_OUT_IMPORT
from domain.sales.accounts import NewContact
from domain.sales.channels import KEEP_CHANNEL
from domain.sales.duplicates import KeyKind, keys_of
from storage.engine.database import Database, open_database
from storage.engine.postgres import PostgresDatabase
from storage.migrations import alembic_config, current, newest, upgrade
from storage.migrations.new import name_at
from storage.schema import (
    account_keys,
    accounts,
    audit_events,
    contacts,
    deal_channels,
    deals,
    imports,
    leads,
    members,
    metadata,
    operation_steps,
    operations,
    tasks,
    workspaces,
)
from storage.unit_of_work import Store
from tests.firm import TUESDAY_MORNING, WHOLE, FrozenClock
from tests.storage.earlier import A_DEAL, A_MEMBER, AN_OPERATION, begin_at, upgrade_to
from usecases.core.maintenance import UpkeepDesk
from usecases.desks import Desks

INSTALLED = {
    **dict.fromkeys(("workspace_id", "name", "bot_token", "bot_user_id", "bot_id"), "T1"),
    "installed_at": TUESDAY_MORNING,
    "country": "GB",
}
NAMES = ("name", "normal_name")
ACME = {"name": "Acme", "normal_name": "acme", "created_at": TUESDAY_MORNING}

pytestmark = pytest.mark.both


async def test_the_migrations_make_the_tables_of_the_schema(database: Database) -> None:
    differences = await database.read(
        lambda connection: compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
    )
    assert differences == []


async def test_every_index_of_the_schema_is_there_with_its_condition(database: Database) -> None:
    def indexes(connection: object) -> dict[str, bool]:
        found = inspect(connection)
        return {
            str(index["name"]): bool(index.get("dialect_options", {}).get(f"{database.dialect}_where") is not None)
            for table in metadata.tables
            for index in found.get_indexes(table)
        }

    there = await database.read(indexes)
    for table in metadata.tables.values():
        for index in table.indexes:
            is_partial = index.dialect_options[database.dialect]["where"] is not None
            assert there[str(index.name)] == is_partial, index.name


async def test_every_check_of_the_schema_is_there(database: Database) -> None:
    def checks(connection: Connection) -> set[object]:
        found = inspect(connection)
        return {check["name"] for table in metadata.tables for check in found.get_check_constraints(table)}

    constraints = [constraint for table in metadata.tables.values() for constraint in table.constraints]
    wanted = {str(constraint.name) for constraint in constraints if isinstance(constraint, CheckConstraint)}
    assert await database.read(checks) == wanted


async def test_an_upgrade_of_the_newest_changes_nothing(database: Database) -> None:
    assert await current(database) == newest()
    await upgrade(database)
    assert await current(database) == newest()


async def test_accounts_stay_filed_under_their_keys(database: Database) -> None:
    """From revision 0003 on, when the key began with the kind and the name was kept with the account alone."""

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0003")
        account = {"id": 7, "workspace_id": "T1", "number": 1, "name": "Acme Ltd", "normal_name": "acme"}
        connection.execute(accounts.insert(), {**account, "created_at": TUESDAY_MORNING})
        connection.exec_driver_sql("INSERT INTO account_keys VALUES ('T1', 'head', 'acme', 7)")

    await database.write(as_before)
    await upgrade_to(database, "0013")
    kept = await database.read(lambda c: [tuple(row) for row in c.execute(account_keys.select())])
    assert kept == [("T1", "acme", "head", 7, "acme"), ("T1", "me", "tail", 7, "acme")]
    key = await database.read(lambda c: inspect(c).get_pk_constraint("account_keys"))
    assert key["constrained_columns"] == ["workspace_id", "value", "kind", "account_id"]


async def test_accounts_are_filed_by_their_seam_and_so_are_steps_that_are_undone(database: Database) -> None:
    """From revision 0012 on, when all were filed by how their names end, and one was renamed and one merged."""
    names = {7: "Fjordline Ferries", 8: "Fjord Lines", 9: "Acme"}
    tails = {"ries": 7, "ines": 7, "me": 9}
    renamed = {"value": "ries", "kind": "tail", "account_id": 7, "normal_name": "fjordline ferries"}
    merged = {"value": "ines", "kind": "tail", "account_id": 7, "normal_name": "fjordline ferries"}

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0012")
        for number, name in names.items():
            account = {"id": number, "workspace_id": "T1", "number": number, "name": name}
            known = {"normal_name": name.casefold(), "merged_into_id": 7 if number == 8 else None}
            connection.execute(accounts.insert(), {**account, **known, "created_at": TUESDAY_MORNING})
        for value, number in tails.items():
            key = {"workspace_id": "T1", "value": value, "kind": "tail", "account_id": number}
            connection.execute(account_keys.insert(), {**key, "normal_name": names[number].casefold()})
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(operations.insert(), AN_OPERATION)
        for row in (renamed, merged):
            of_row = {name: row[name] for name in ("value", "kind", "account_id")}
            step = {"workspace_id": "T1", "operation_id": 1, "of_table": "account_keys", "of_row": of_row}
            connection.execute(operation_steps.insert(), {**step, "before": None, "after": row})

    await database.write(as_before)
    await upgrade_to(database, "0013")
    kept = await database.read(lambda c: {tuple(row) for row in c.execute(account_keys.select())})
    assert kept == {
        ("T1", value, kind.value, number, names[number].casefold())
        for number, name in ((7, "Fjordline Ferries"), (7, "Fjord Lines"), (9, "Acme"))
        for kind, value in keys_of(name)
        if kind in {KeyKind.TAIL, KeyKind.SEAM}
    }
    [step] = await database.read(lambda c: c.execute(operation_steps.select()).all())
    assert (step.before, step.after) == (None, {**renamed, "value": "ne fe", "kind": "seam"})
    assert step.of_row == {"value": "ne fe", "kind": "seam", "account_id": 7}


async def test_accounts_are_filed_again_by_their_names_without_legal_forms(database: Database) -> None:
    """From revision 20261130_1730 on, when 8 was merged into 7 and 9 was renamed, both of which can be undone."""
    names = {7: ("Stonebridge Partners", "stonebridge"), 8: ("㈱青空", "株青空"), 9: ("ООО Ромашка", "ооо ромашка")}
    keys = {("stonebridge", 7), ("株青空", 7), ("ооо ромашка", 9)}
    steps = [
        ("account_keys", {"account_id": 8}, {"value": "株青空", "normal_name": "株青空"}, None),
        ("account_keys", {"account_id": 7}, None, {"value": "株青空", "normal_name": "stonebridge"}),
        ("accounts", {"id": 9}, {"name": "Acme Co", "normal_name": "acme"}, dict(zip(NAMES, names[9], strict=True))),
        ("account_keys", {"account_id": 9}, {"value": "acme", "normal_name": "acme"}, None),
    ]

    def as_before(connection: Connection) -> None:
        begin_at(connection, "20261130_1730")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(operations.insert(), AN_OPERATION)
        for number, said in names.items():
            ids = {"id": number, "workspace_id": "T1", "number": number, "merged_into_id": 7 if number == 8 else None}
            connection.execute(accounts.insert(), {**ACME, **ids, **dict(zip(NAMES, said, strict=True))})
        for value, number in keys:
            key = {"workspace_id": "T1", "kind": "name", "value": value, "account_id": number, "normal_name": "x"}
            connection.execute(account_keys.insert(), key)
        connection.execute(
            contacts.insert(), {"id": 1, "workspace_id": "T1", "account_id": 9, "email": "a@acme.example"}
        )
        for table, row, before, after in steps:
            of_row = row if table == "accounts" else {**row, "kind": "name", "value": (before or after or {})["value"]}
            before, after = (said and {**of_row, **said} for said in (before, after))
            step = {"workspace_id": "T1", "operation_id": 1, "of_table": table, "of_row": of_row}
            connection.execute(operation_steps.insert(), {**step, "before": before, "after": after})

    await database.write(as_before)
    await upgrade(database)
    kept = await database.read(lambda c: {tuple(row) for row in c.execute(account_keys.select())})
    acme = NewContact(email="a@acme.example")
    now = [(7, "Stonebridge Partners", ()), (7, "㈱青空", ()), (9, "ООО Ромашка", (acme,))]
    filed = {(value, kind.value, number) for number, name, people in now for kind, value in keys_of(name, people)}
    normal = {7: "stonebridge partners", 9: "ромашка"}
    assert kept == {("T1", value, kind, number, normal[number]) for value, kind, number in filed}
    normal_names = await database.read(lambda c: c.execute(select(accounts.c.normal_name)).scalars().all())
    assert set(normal_names) == {*normal.values(), "青 空"}

    taken_back = await database.read(lambda c: c.execute(operation_steps.select().order_by(operation_steps.c.id)).all())
    [renamed] = [step for step in taken_back if step.of_table == "accounts"]
    assert (renamed.before["normal_name"], renamed.after["normal_name"]) == ("acme co", "ромашка")
    of_keys = [step for step in taken_back if step.of_table == "account_keys"]
    for number, name, is_added in ((8, "㈱青空", False), (7, "㈱青空", True), (9, "Acme Co", False)):
        values = {
            (step.of_row["kind"], step.of_row["value"])
            for step in of_keys
            if step.of_row["account_id"] == number and (step.before is None) is is_added
        }
        assert values == {(kind.value, value) for kind, value in keys_of(name)}, name


async def test_records_that_were_merged_into_themselves_stand_by_themselves_again(database: Database) -> None:
    """From revision 0013 on: of two accounts, two contacts and four leads, all but the first are merged into themselves."""
    lead = {"account_id": 1, "channel": "web", "said": "", "status": "merged", "captured_by": 1, "version": 1}
    ends = {1: {"merged_into_id": 4}, 2: {"deal_id": 7}, 3: {"disqualified_for": "spam"}, 4: {}}

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(deals.insert(), A_DEAL | {"id": 7})
        for number in (1, 2):
            ids = {"id": number, "workspace_id": "T1", "merged_into_id": 2}
            connection.execute(accounts.insert(), {**ACME, **ids, "number": number})
            connection.execute(contacts.insert(), {**ids, "account_id": 1})
        for number, end in ends.items():
            ids = {"id": number, "number": number, "workspace_id": "T1", "merged_into_id": number}
            connection.execute(leads.insert(), {**lead, **ids, "captured_at": TUESDAY_MORNING, "answers": {}, **end})

    def merged(connection: Connection) -> list[list[object]]:
        of_lead = select(leads.c.merged_into_id, leads.c.status, leads.c.next_at).order_by(leads.c.id)
        others = [select(table.c.merged_into_id).order_by(table.c.id) for table in (accounts, contacts)]
        return [[tuple(row) for row in connection.execute(rows)] for rows in (*others, of_lead)]

    await database.write(as_before)
    await upgrade(database)
    assert await database.read(merged) == [
        [(2,), (None,)],
        [(2,), (None,)],
        [(4, "merged", None), (None, "qualified", None), (None, "disqualified", None), (None, "open", TUESDAY_MORNING)],
    ]


async def test_what_waited_to_be_done_outside_waits_as_a_task(database: Database) -> None:
    """From revision 20261130_1630 on: of three channels, one is due, a process is at one, and one is as it should be; of five
    imports, one is looked at, a process is at one, a terminal is at one, one is taken back, and one is over."""
    later, held = TUESDAY_MORNING + timedelta(minutes=5), TUESDAY_MORNING + timedelta(seconds=40)
    channel = {"workspace_id": "T1", "state": "open", "name": "deal", "take": 1, "invites": [], "invited": []}
    flags = dict.fromkeys(("is_private", "archives", "is_described", "is_pinned"), False)
    moments = {1: (later, None), 2: (TUESDAY_MORNING, held), 3: (None, None)}
    file = {"workspace_id": "T1", "kind": "leads", "file": "a.csv", "digest": "1", "reading": {}, "member_id": 1}
    counts = {"total": 0, "done": 0, "tally": {}, "refused": [], "examples": [], "at": TUESDAY_MORNING}
    states = {
        1: ("asked", "F1", None),
        2: ("under_way", "F1", held),
        3: ("under_way", None, held),
        4: ("undoing", None, None),
        5: ("done", "F1", None),
    }

    def as_before(connection: Connection) -> None:
        begin_at(connection, "20261130_1630")
        connection.execute(members.insert(), A_MEMBER)
        for number, (due_at, lease_until) in moments.items():
            queue = {"due_at": due_at, "lease_until": lease_until, "attempts": 3, "tries": 2}
            about = {"subject": "deal", "subject_id": number}
            connection.execute(deal_channels.insert(), {**channel, **flags, **queue, **about, "id": number})
        for number, (state, slack_file, lease_until) in states.items():
            ids = {"id": number, "number": number, "slack_file": slack_file}
            values = {**file, **counts, **ids, "state": state, "lease_until": lease_until}
            connection.execute(imports.insert(), values)

    await database.write(as_before)
    await upgrade(database)
    firm = Desks(Store(database, FrozenClock(later)), WHOLE)
    await database.write(lambda connection: connection.execute(workspaces.insert(), INSTALLED))
    claimed = [one.task for one in await firm.tasks.claim([KEEP_CHANNEL, CARRY_OUT_IMPORT], 9)]
    assert [(task.subject, task.subject_id, task.noted) for task in claimed] == [
        ("import", 1, {}),
        ("import", 4, {}),
        ("deal_channel", 2, {}),
        ("import", 2, {}),
        ("deal_channel", 1, {}),
    ]
    kept = await database.read(lambda connection: connection.execute(tasks.select()).all())
    assert {row.once for row in kept} == {task.once for task in claimed}
    left = await database.read(lambda connection: connection.execute(deal_channels.select()).all())
    assert {(row.due_at, row.lease_until) for row in left} == {(None, None)}


async def test_nothing_can_be_merged_into_itself(database: Database) -> None:
    itself = accounts.insert().values(id=1, number=1, workspace_id="T1", merged_into_id=1, **ACME)
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(itself))


SEALED_BEFORE = (
    """
    INSERT INTO audit_events (id, workspace_id, at, actor_id, source, event, subject, subject_id, before, after, reason) VALUES
    (1, 'T1', '2026-03-03 10:00:01.000000', NULL, 'rainmaker', 'lead.captured', 'lead', 1, NULL,
        '{"owner": "Zoë", "score": [1, 2]}', NULL),
    (2, 'T1', '2026-03-03 10:00:02.250000', 7, 'rainmaker', 'lead.captured', 'lead', 2,
        '{"b": 1.0, "ä": null}', '{"owner": "Zoë", "score": [1, 2]}', 'he asked'),
    (3, 'T1', '2026-03-03 10:00:03.000000', 7, 'rainmaker', 'lead.captured', 'lead', 3,
        '{"b": 1.0, "ä": null}', '{"owner": "Zoë", "score": [1, 2]}', 'he asked')
    """,
    """
    INSERT INTO audit_seals (workspace_id, number, last_event_id, previous_hash, hash, entries) VALUES
    ('T1', 1, 2, '0000000000000000000000000000000000000000000000000000000000000000',
        '03cd8f2b94e87229604c22674bdcbb52c7a82266aa8e8597eee3e1c8278e8b06',
        '[[1, "80097ad9f832cf0b6f1712d9b7ca8052247fddc26e9b52f91f743d621400d872"],
          [2, "1dec22405e925b1ec96d6648ed6fb87202be492f715892cb2552c4d48efde50f"]]'),
    ('T1', 2, 3, '03cd8f2b94e87229604c22674bdcbb52c7a82266aa8e8597eee3e1c8278e8b06',
        'ecc914cbf0135b15f8748a007ec84639879eba6903baf45efa0ab090eed802e5',
        '[[3, "f0c48aa9511db3e9df68a2cae70afe82576773c70de691808d29b42d5a3c24d8"]]')
    """,
)
"""A log as revision 0013 kept it, with the hashes its code made."""


async def test_a_chain_that_says_no_scheme_is_checked_as_it_was_made_and_goes_on(database: Database) -> None:
    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        for statement in SEALED_BEFORE:
            connection.exec_driver_sql(statement)

    await database.write(as_before)
    await upgrade(database)
    upkeep = UpkeepDesk(Store(database, FrozenClock()), WHOLE)
    check = await upkeep.verify_audit("T1")
    assert (check.covered, check.wrong, check.head and check.head.number) == (3, None, 2)

    fourth = {"id": 4, "workspace_id": "T1", "at": TUESDAY_MORNING - timedelta(hours=1), "source": "test"}
    about = {"event": "lead.captured", "subject": "lead", "subject_id": 4}
    await database.write(lambda c: c.execute(audit_events.insert(), {**fourth, **about}).rowcount)
    assert await upkeep.seal_audit("T1") == 1
    check = await upkeep.verify_audit("T1")
    assert (check.covered, check.wrong, check.head and check.head.number) == (4, None, 3)
    for victim in (4, 1):  # the check names the first
        touched = audit_events.update().where(audit_events.c.id == victim).values(reason="invented")
        await database.write(lambda c, touched=touched: c.execute(touched).rowcount)
        assert (await upkeep.verify_audit("T1")).wrong == f"event {victim} was changed"


def test_a_step_is_named_by_the_moment_it_is_written_wherever_that_is() -> None:
    evening = datetime(2026, 11, 30, 18, 10, tzinfo=timezone(timedelta(hours=1)))
    assert name_at(evening) == "20261130_1710"


def test_every_step_since_0013_is_named_by_its_moment_and_so_is_its_file() -> None:
    for step in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        assert Path(step.path).name.startswith(f"{step.revision}_"), step.path
        assert re.fullmatch(r"00(0[1-9]|1[0-3])|\d{8}_\d{4}", step.revision), step.path


async def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert await current(database) is None
    await upgrade(database)
    assert await current(database) == newest()
    await database.close()


@pytest.mark.postgres
async def test_processes_that_start_together_upgrade_once(postgres_database: PostgresDatabase) -> None:
    others = [PostgresDatabase(postgres_database.url) for _process in range(3)]
    await postgres_database.write(metadata.drop_all)
    await postgres_database.write(lambda c: c.exec_driver_sql("DROP TABLE alembic_version"))
    await asyncio.gather(*(upgrade(other) for other in others))
    assert await current(postgres_database) == newest()
    for other in others:
        await other.close()


async def test_sqlite_looks_records_up_by_their_ids_however_many_a_workspace_has(tmp_path: Path) -> None:
    """Not through an index that begins with the workspace, of which every row may be."""
    database = open_database(f"sqlite:///{tmp_path / 'firm.db'}")
    await upgrade(database)
    await upgrade(database)
    await database.close()
    database = open_database(database.url)
    ids = ", ".join(str(number) for number in range(1, 101))
    for name, table in metadata.tables.items():
        if "id" in table.c and "workspace_id" in table.c:
            asked = f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE id IN ({ids}) AND workspace_id = 'T1'"
            plan = await database.read(lambda connection, asked=asked: connection.execute(text(asked)).all())
            assert [row.detail for row in plan] == [f"SEARCH {name} USING INTEGER PRIMARY KEY (rowid=?)"]
    await database.close()
