"""The database cannot be reached: locked for too long, gone, full, or not answering. Nothing of the transaction was kept."""

import sqlite3
from collections.abc import Awaitable
from typing import TypeVar

from sqlalchemy import exc

from domain.core.refusals import RecordsAway

T = TypeVar("T")

SQLITE_CODES = frozenset({5, 6, 8, 10, 13, 14, 15})
"""BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN and PROTOCOL, as SQLite numbers them."""
SQLSTATES = ("08", "53", "57", "58", "55P03")
"""How PostgreSQL's codes begin where it cannot serve, ends what takes too long, or gives no lock."""


class FileGone(Exception):
    """The database's file was deleted, or another stands in its place."""


async def reached(asked: Awaitable[T]) -> T:
    """What was asked of the database. Raises RecordsAway where it cannot be reached."""
    try:
        return await asked
    except Exception as error:
        if is_away(error):
            raise RecordsAway(f"{type(error).__name__}: {error}".splitlines()[0]) from error
        raise


def is_away(error: Exception) -> bool:
    """Whether an error says that the database cannot be reached."""
    if isinstance(error, exc.DBAPIError) and (error.connection_invalidated or is_away_driver(error.orig)):
        return True
    return isinstance(error, (FileGone, OSError, exc.TimeoutError)) or is_away_driver(error)


def is_away_driver(error: BaseException | None) -> bool:
    """The same of the driver's own error."""
    if isinstance(error, sqlite3.Error):
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in SQLITE_CODES
    return str(getattr(error, "sqlstate", None) or "").startswith(SQLSTATES)
