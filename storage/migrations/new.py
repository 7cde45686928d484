"""`python -m storage.migrations.new "what it does"`: write the step from the recorded tables to those of `storage/schema/`."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from alembic import command

from storage.engine.database import open_database
from storage.migrations import alembic_config, upgrade


def name_at(moment: datetime) -> str:
    """The id of a step that is written at this moment, such as 20261130_1710; its file begins with the same.

    Two people who write a step at the same time therefore choose two names. Steps that came earlier are numbered 0001 to 0013.
    """
    return moment.astimezone(UTC).strftime("%Y%m%d_%H%M")


async def _write(sentence: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'recorded.db'}")
        await upgrade(database)
        await database.write(
            lambda connection: command.revision(
                alembic_config(connection), message=sentence, autogenerate=True, rev_id=name_at(datetime.now(UTC))
            )
        )
        await database.close()


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1]))
