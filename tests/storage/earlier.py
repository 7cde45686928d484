"""A database as it was at an earlier revision, and the rows that others refer to in it."""

from datetime import time

from alembic import command
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.migrations import alembic_config
from storage.schema import metadata
from tests.firm import TUESDAY_MORNING

A_MEMBER = {
    "id": 1,
    "workspace_id": "T1",
    "slack_id": "U1",
    "name": "Sam",
    "zone": "Europe/London",
    "locale": "en-GB",
    **dict.fromkeys(("is_bot", "is_guest", "is_external", "is_deleted"), False),
    "work_starts": time(9),
    "work_ends": time(17),
    "learned_at": TUESDAY_MORNING,
}
AN_OPERATION = {
    "id": 1,
    "workspace_id": "T1",
    "kind": "account.edited",
    "subject": "account",
    "subject_id": 7,
    "summary": "Edited A-7.",
    "member_id": 1,
    "at": TUESDAY_MORNING,
}
AN_ACCOUNT = {
    "id": 7,
    "workspace_id": "T1",
    "number": 1,
    "name": "Acme Ltd",
    "normal_name": "acme",
    "created_at": TUESDAY_MORNING,
}
A_KEY = {"workspace_id": "T1", "value": "acme", "kind": "head", "account_id": 7, "normal_name": "acme"}
A_LEAD = {
    "id": 3,
    "workspace_id": "T1",
    "number": 1,
    "account_id": 7,
    "channel": "web",
    "said": "hello",
    "status": "open",
    "captured_by": 1,
    "captured_at": TUESDAY_MORNING,
    "answers": {"need": "clear"},
    "version": 1,
}
A_DEAL = {
    "id": 5,
    "workspace_id": "T1",
    "number": 1,
    "title": "x",
    "outcome": "open",
    "created_at": TUESDAY_MORNING,
}


def begin_at(connection: Connection, revision: str) -> None:
    """Empty the database, and make the tables as they were at an earlier revision."""
    metadata.drop_all(connection)
    connection.exec_driver_sql("DROP TABLE alembic_version")
    command.upgrade(alembic_config(connection), revision)


async def upgrade_to(database: Database, revision: str) -> None:
    """Bring the database to a revision that is not the newest."""
    await database.write(lambda connection: command.upgrade(alembic_config(connection), revision))
