"""What all commands of the terminal share: where they write, the database they open, and how they refuse."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import typer
from rich.console import Console

from bot.settings import read_settings
from bot.token_keys import tokens_of
from domain.core.clock import SystemClock
from domain.core.refusals import Refusal, RuleBroken
from domain.playbook.loading import load_playbook
from storage.engine.database import Database, open_database
from storage.migrations import current, newest
from storage.unit_of_work import Store
from usecases.desks import Desks

T = TypeVar("T")

WIDE = 200
"""Columns of a table that is written to a file or another program, which no terminal bounds."""

out = Console(width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, soft_wrap=True)  # a sentence is never broken in the middle of a path


def with_database(work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Do something with the database the settings name, and close it again."""

    async def body() -> T:
        database = open_database(read_settings().rainmaker_database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(body())


def desks_on(database: Database) -> Desks:
    """All desks, by the playbook the settings name, in machine time."""
    settings = read_settings()
    return Desks(Store(database, SystemClock(), tokens_of(settings)), load_playbook(settings.rainmaker_playbook))


async def demand_newest(database: Database) -> None:
    """Raises RuleBroken where the tables are older than the code."""
    if await current(database) != newest():
        raise RuleBroken("The database does not have the newest tables: run `rainmaker db upgrade` first.")


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """End the command with its sentence, and exit code 2, where the business refuses."""
    try:
        yield
    except Refusal as refusal:
        err.print(refusal.on_terminal, style="red", markup=False, highlight=False)
        raise typer.Exit(2) from None
