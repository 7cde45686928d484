"""What use cases ask of the database: on PostgreSQL each statement is a trip over the network."""

from collections.abc import Callable
from functools import partial

from domain.core.people import Actor
from domain.sales.leads import NewTouch, TouchKind
from storage.engine.database import Database
from storage.engine.drivers import sqlite_of
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import FirmDesks, FrozenClock, found_firm
from tests.usecases.sales.test_deals import BRIEF, a_deal, a_file
from usecases.sales.deals import DealDesk

MOST_OF_A_MOVE = 12
"""Questions and changes of a deal's move, whatever nouns there are, besides the rows it adds."""


def traced(seen: list[str], body: Callable[[UnitOfWork, Actor], object], actor: Actor, work: UnitOfWork) -> None:
    """Carry out a use case with its SQL noted."""
    connection = sqlite_of(work.deals.scope._connection)
    connection.set_trace_callback(seen.append)
    try:
        body(work, actor)
        work.finish()
    finally:
        connection.set_trace_callback(None)


async def statements_of_a_move(firm: FirmDesks, deal_id: int, stage: str) -> list[str]:
    """The questions and changes of one move of a deal, without what it adds."""
    move = DealDesk.move.__wrapped__  # type: ignore[attr-defined]
    seen: list[str] = []

    def body(work: UnitOfWork, actor: Actor) -> None:
        move(firm.deals, work, actor, deal_id, stage)

    await firm.store.write(firm.workspace_id, partial(traced, seen, body, firm.seller))
    return [sql for sql in seen if not sql.startswith("INSERT")]


async def test_a_move_of_a_deal_takes_few_statements(sqlite_database: Database, clock: FrozenClock) -> None:
    firm = await found_firm(Store(sqlite_database, clock), clock)
    deal = await a_deal(firm)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    for stage in ("analysis", "proposal"):
        statements = await statements_of_a_move(firm, deal.id, stage)
        assert 0 < len(statements) <= MOST_OF_A_MOVE, "\n".join([stage, *statements])
