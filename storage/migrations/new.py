"""`python -m storage.migrations.new "what it does"`: write the step from the recorded tables to those of `storage/schema.py`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.engine.database import open_database
from storage.migrations import alembic_config, upgrade


async def _write(sentence: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'recorded.db'}")
        await upgrade(database)
        count = len(list((Path(__file__).parent / "versions").glob("*.py")))
        await database.write(
            lambda connection: command.revision(
                alembic_config(connection), message=sentence, autogenerate=True, rev_id=f"{count + 1:04d}"
            )
        )
        await database.close()


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1]))
