"""Twelve weeks of work: the tables of what passes by stop growing."""

from sqlalchemy import func, select

from storage.schema import cards, outbox, reminders, request_results
from tests.firm import FirmDesks
from tests.usecases.core.test_maintenance import live_a_day


async def rows_of(firm: FirmDesks) -> dict[str, int]:
    """How many rows the tables have that must not grow for ever."""
    tables = (outbox, cards, reminders, request_results)
    counts = select(*(select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables))
    found = await firm.store.database.read(lambda connection: connection.execute(counts).one())  # type: ignore[attr-defined]
    return dict(found._mapping)


async def test_under_steady_load_the_tables_stop_growing(firm: FirmDesks) -> None:
    lead = await firm.captured()
    sizes = []
    for week in range(12):
        for day in range(7):
            await live_a_day(firm, 7 * week + day, lead)
        sizes.append(await rows_of(firm))
    settled = sizes[4:]  # what is kept is kept for two weeks, and a follow-up may take two
    for name in settled[0]:
        counts = [size[name] for size in settled]
        assert max(counts[:4]) >= max(counts[4:]), name
        assert min(counts) > 0, name
