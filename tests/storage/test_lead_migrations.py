"""What upgrades make of leads that are there."""

import pytest
from sqlalchemy import Connection, select

from storage.engine.database import Database
from storage.migrations import upgrade
from storage.schema import accounts, leads, members, reminders, timers
from tests.firm import TUESDAY_MORNING
from tests.storage.earlier import A_LEAD, A_MEMBER, AN_ACCOUNT, begin_at

pytestmark = pytest.mark.both

LIMIT = {"next_at": TUESDAY_MORNING, "answer_by": TUESDAY_MORNING}


async def test_a_lead_that_waits_for_its_first_answer_keeps_one_reminder_and_comes_again_while_unclaimed(
    database: Database,
) -> None:
    """Of lead 3, which waits unclaimed, the twin ends; lead 4 was answered and has an owner, and keeps its follow-up.

    What lead 5 was told of stays as it stands in Slack, with buttons that work.
    """
    waiting = {"workspace_id": "T1", "member_id": 1, "due_at": TUESDAY_MORNING, "state": "waiting"}

    def as_before(connection: Connection) -> None:
        begin_at(connection, "20261130_2001")
        connection.execute(members.insert(), A_MEMBER)
        connection.execute(accounts.insert(), AN_ACCOUNT)
        answered = {"id": 4, "number": 2, "owner_id": 1, "last_touch_at": TUESDAY_MORNING}
        for more in ({}, answered, {"id": 5, "number": 3, "owner_id": 1}):
            connection.execute(leads.insert(), {**A_LEAD, **LIMIT, **more})
        for kind, lead_id in (("first_answer", 3), ("follow_up", 3), ("follow_up", 4)):
            connection.execute(reminders.insert(), {**waiting, "kind": f"lead.{kind}", "subject_id": lead_id})
        for kind in ("first_answer", "follow_up"):
            told = {"kind": f"lead.{kind}", "subject_id": 5, "state": "told"}
            connection.execute(reminders.insert(), {**waiting, **told})

    await database.write(as_before)
    await upgrade(database)
    still_open = select(reminders.c.kind, reminders.c.subject_id).where(reminders.c.closed_at.is_(None))
    found = await database.read(lambda c: {tuple(row) for row in c.execute(still_open)})
    told = {("lead.first_answer", 5), ("lead.follow_up", 5)}
    assert found == {("lead.first_answer", 3), ("lead.follow_up", 4)} | told
    set_for = await database.read(
        lambda c: [tuple(row) for row in c.execute(select(timers.c.kind, timers.c.subject_id))]
    )
    assert set_for == [("lead.unclaimed", 3)]
