"""The migrations that gave columns foreign keys, and let touches and the like belong to any record; no row is lost in them."""

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from storage.engine.database import Database
from storage.engine.sqlite import SqliteDatabase
from storage.migrations import UpgradeRefused, current, upgrade
from storage.schema import (
    account_keys,
    accounts,
    audit_events,
    contacts,
    deals,
    leads,
    members,
    operation_steps,
    operations,
)
from tests.firm import TUESDAY_MORNING, dangling_in
from tests.storage.earlier import A_DEAL, A_KEY, A_LEAD, A_MEMBER, AN_ACCOUNT, AN_OPERATION, begin_at

pytestmark = pytest.mark.both


async def test_references_that_lead_nowhere_are_emptied_or_stop_the_upgrade(database: Database) -> None:
    """From revision 0013 on, when no foreign key kept them from it."""
    needed = update(leads).values(account_id=404)

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(accounts.insert(), AN_ACCOUNT | {"confirmed_by": 404})
        connection.execute(account_keys.insert(), [A_KEY, A_KEY | {"account_id": 404}])
        connection.execute(leads.insert(), A_LEAD | {"owner_id": 404})
        connection.execute(needed)

    await database.write(as_before)
    with pytest.raises(
        UpgradeRefused, match=r"In leads, 1 row \(id 3\) refers by account_id to accounts that are not there"
    ):
        await upgrade(database)
    assert await current(database) == "0013"
    [kept] = await database.read(lambda connection: connection.execute(select(leads.c.owner_id)).all())
    assert kept.owner_id == 404
    await database.write(lambda connection: connection.execute(needed.values(account_id=7)))
    with capture_logs() as logged:
        await upgrade(database)
    held = {(line["table"], line["column"]): line["held"] for line in logged if "held" in line}
    assert held == {("accounts", "confirmed_by"): {7: 404}, ("leads", "owner_id"): {3: 404}}
    assert await dangling_in(database) == []
    [lead] = await database.read(lambda connection: connection.execute(leads.select()).all())
    assert {**lead._mapping} == dict.fromkeys(leads.c.keys()) | A_LEAD
    assert await database.read(
        lambda connection: connection.execute(select(account_keys.c.account_id).distinct()).scalars().all()
    ) == [7]


async def test_a_table_is_copied_with_all_that_is_special_about_it(sqlite_database: SqliteDatabase) -> None:
    """As SQLite changes it: keys as rows, and ids that are never given twice."""

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        for number in (1, 2):
            event = {"workspace_id": "T1", "at": TUESDAY_MORNING, "source": "x", "event": "lead.won"}
            connection.execute(audit_events.insert(), {**event, "id": number, "subject": "lead", "subject_id": 1})
        connection.exec_driver_sql("DELETE FROM audit_events WHERE id = 2")

    await sqlite_database.write(as_before)
    await upgrade(sqlite_database)
    without_rowid = "SELECT name FROM pragma_table_list WHERE wr = 1"
    assert await sqlite_database.read(lambda c: c.exec_driver_sql(without_rowid).scalars().all()) == ["account_keys"]
    latest = "SELECT seq FROM sqlite_sequence WHERE name = 'audit_events'"
    assert await sqlite_database.read(lambda c: c.exec_driver_sql(latest).scalar()) == 2


async def test_foreign_keys_are_looked_after_again_once_the_upgrade_is_done(sqlite_database: SqliteDatabase) -> None:
    await upgrade(sqlite_database)
    stray = contacts.insert().values(workspace_id="T1", account_id=404)
    for _connection in range(6):
        with pytest.raises(IntegrityError):
            await sqlite_database.write(lambda connection: connection.execute(stray))


async def test_what_named_a_deal_or_a_lead_belongs_to_it_still(database: Database) -> None:
    """From revision 0013 on, when touches and the like had a column for each kind of record."""
    at = TUESDAY_MORNING.isoformat(" ")
    rows = {
        "touches (id, lead_id, deal_id, kind, key_points, at, by)": [
            f"1, 3, NULL, 'call', 'hello', '{at}', 1",
            f"2, NULL, 5, 'mail', 'bye', '{at}', 1",
        ],
        "meetings (id, deal_id, about, at, minutes, state, planned_by, version)": [
            f"1, 5, 'scope', '{at}', 60, 'planned', 1, 1"
        ],
        "needs_briefs (id, deal_id, version, needs, pains, goals, at, by)": [f"1, 5, 1, 'x', 'y', 'z', '{at}', 1"],
        "documents (id, deal_id, kind, title, slack_file, sha256, size, at, by)": [
            f"1, 5, 'solution', 'x', 'F1', '0', 1, '{at}', 1"
        ],
        "promises (id, deal_id, said, state, noted_at, noted_by)": [f"1, 5, 'by May', 'open', '{at}', 1"],
        "deal_channels (id, deal_id, state, name, take, is_private, archives, invites, is_described, invited, is_pinned, "
        "attempts, tries)": [
            "1, 5, 'open', 'deal-5', 1, true, true, '[]', false, '[]', false, 0, 0",
            "2, NULL, 'open', 'deal-6', 1, true, true, '[]', false, '[]', false, 0, 0",
        ],
    }
    logged = {"id": 1, "lead_id": 3, "deal_id": None, "kind": "call"}
    promised = {"id": 1, "deal_id": 5, "said": "by May"}

    def as_before(connection: Connection) -> None:
        begin_at(connection, "0013")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(accounts.insert(), AN_ACCOUNT)
        connection.execute(leads.insert(), A_LEAD)
        connection.execute(deals.insert(), A_DEAL)
        connection.execute(operations.insert(), AN_OPERATION)
        for table, several in rows.items():
            for values in several:
                into = table.replace("(", "(workspace_id, ")
                connection.exec_driver_sql(f"INSERT INTO {into} VALUES ('T1', {values})")
        for table, before, after in (
            ("touches", None, logged),
            ("touches", {"lead_id": 9}, {"lead_id": 3}),
            ("promises", promised, None),
            ("leads", {"deal_id": None}, {"deal_id": 5}),
        ):
            step = {"workspace_id": "T1", "operation_id": 1, "of_table": table, "of_row": {"id": 1}}
            connection.execute(operation_steps.insert(), {**step, "before": before, "after": after})

    await database.write(as_before)
    await upgrade(database)
    assert await dangling_in(database) == []

    def belonging(connection: Connection) -> dict[str, list[tuple[str | None, int | None]]]:
        return {
            name: [
                (row.subject, row.subject_id)
                for row in connection.exec_driver_sql(f"SELECT subject, subject_id FROM {name} ORDER BY id")
            ]
            for name in (table.partition(" ")[0] for table in rows)
        }

    found = await database.read(belonging)
    assert found.pop("touches") == [("lead", 3), ("deal", 5)]
    assert found.pop("deal_channels") == [("deal", 5), (None, None)]
    assert found == {name: [("deal", 5)] for name in ("meetings", "needs_briefs", "documents", "promises")}
    steps = await database.read(lambda c: c.execute(operation_steps.select().order_by(operation_steps.c.id)).all())
    assert [(step.before, step.after) for step in steps] == [
        (None, {"id": 1, "subject": "lead", "subject_id": 3, "kind": "call"}),
        ({"subject_id": 9}, {"subject_id": 3}),
        ({"id": 1, "subject": "deal", "subject_id": 5, "said": "by May"}, None),
        ({"deal_id": None}, {"deal_id": 5}),
    ]
