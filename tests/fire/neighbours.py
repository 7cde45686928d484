"""A second workspace in the same database, full of one word, and how one sees that nothing of it was seen, changed or referred to.

It has a row in every table. Its name, its people and all its texts contain `MARK`, so that whatever shows any of it gives itself away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Connection, Date, Integer, Numeric, Table, Time, insert, select

from domain.core.people import Actor, Profile, Role
from domain.playbook.channel_rules import ChannelRule
from domain.sales.accounts import NewContact
from domain.sales.deals import DealPlan, Money
from domain.sales.documents import Needs
from domain.sales.leads import NewTouch, TouchKind
from storage.columns import Moment
from storage.engine.database import Database
from storage.engine.relations import references_of
from storage.schema import metadata
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import WHOLE, FirmDesks, FrozenClock, found_firm
from tests.nouns import each
from usecases.core.maintenance import UpkeepDesk

MARK = "ZANZIBAR"
THEIRS = f"T0{MARK}"
ELSEWHERE = frozenset({"outbox", "audit_seals", "request_results"})
"""Tables that jobs change in every workspace while a bot runs."""
THEIR_CHANNEL = f"C0{MARK}"
"""The channel of their deal, as Slack calls it."""


@dataclass(frozen=True)
class Neighbours:
    """The other workspace: its desks, and one row of each of its tables, the latest."""

    desks: FirmDesks
    rows: Mapping[str, Mapping[str, Any]]

    def id_of(self, table: str) -> int:
        """The id of a row of theirs."""
        return int(self.rows[table]["id"])

    @property
    def slack_ids(self) -> list[str]:
        """Their people, as Slack names them; who passes one to us learns nothing by seeing it again."""
        people = (self.desks.admin, self.desks.seller, self.desks.other_seller, self.desks.consultant, self.desks.guest)
        return [person.slack_id for person in people]

    def said_in(self, words: str) -> bool:
        """Whether words give away anything of theirs, but for Slack ids that a stranger must have known to pass them."""
        for slack_id in self.slack_ids:
            words = words.replace(slack_id, "")
        return MARK.casefold() in words.casefold()


async def move_in(database: Database, clock: FrozenClock) -> Neighbours:
    """Found the other workspace and let it do everything that leaves a row."""
    theirs = await found_firm(Store(database, clock), clock, THEIRS)
    for slack_id in ("SELL", "SELL2", "CONS", "GUEST", "ADMIN"):
        name = f"{MARK} {slack_id.title()}"
        await theirs.people.learn(THEIRS, Profile(slack_id=f"U0{MARK}{slack_id}", name=name, zone="Europe/London"))
    contact = NewContact(name=f"{MARK} Contact", email=f"jo@{MARK.lower()}.example", phone="+442079460000")
    seller = theirs.seller.within(f"{MARK} source", f"{MARK}.key")
    for number in range(5):
        details = {"contact": contact, "industry": f"{MARK} industry", "history": f"{MARK} history"}
        lead = await theirs.captured(
            f"{MARK} Holdings {number}", by=seller.within(seller.via, f"{MARK}.{number}"), **details
        )
    await theirs.leads.claim(seller, lead.id)
    await theirs.leads.log_touch(seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points=f"{MARK} said no"))
    plan = DealPlan(title=f"{MARK} Audit", value=Money(amount=Decimal("50000.00"), currency="EUR"))
    other = await theirs.captured(f"{MARK} Deals", by=seller.within(seller.via, f"{MARK}.deal"), **details)
    await theirs.leads.claim(theirs.seller, other.id)
    await theirs.leads.rescreen(theirs.seller, other.id, {"need": "clear"})
    deal = (await theirs.deals.qualify(seller, other.id, plan)).deal
    await theirs.deals.write_brief(seller, deal.id, Needs(needs=f"{MARK} needs"))
    for leave_rows in each("leave_rows"):
        await leave_rows(theirs, seller, deal.id, MARK)
    await theirs.store.write(THEIRS, lambda work: _give_a_channel(work, deal.id))
    await theirs.tasks_done()
    a_little_later = Store(database, FrozenClock(clock.moment + timedelta(minutes=5)))
    await UpkeepDesk(a_little_later, WHOLE).seal_audit(THEIRS)
    await database.write(_fill_empty_tables)
    return Neighbours(theirs, await database.read(_latest_rows))


def _give_a_channel(work: UnitOfWork, deal_id: int) -> None:
    """Let their deal have a channel that nothing is to be done about."""
    work.deal_channels.want("deal", deal_id, ChannelRule(), f"{MARK.lower()}-1")
    known = work.deal_channels.of("deal", deal_id)
    assert known is not None
    work.deal_channels.change(known.id, channel=THEIR_CHANNEL, topic=MARK)


def _fill_empty_tables(connection: Connection) -> None:
    """Put a row into every table in which they have none yet."""
    for table in metadata.sorted_tables:
        theirs = select(table).where(table.c.workspace_id == THEIRS)
        if connection.execute(theirs).first() is None:
            row = {column.name: _something(column) for column in table.c if column.name != "id"}
            for name, of in references(table, row | dict.fromkeys({"subject", "kind"} & row.keys(), "deal")):
                row |= {name: _one_of(connection, of)} | ({"subject": "deal"} if "subject" in row else {})
            connection.execute(insert(table).values(row))


def _one_of(connection: Connection, table: str) -> int:
    known = metadata.tables[table]
    return connection.execute(select(known.c.id).where(known.c.workspace_id == THEIRS)).scalars().first() or 0


def _something(column: Any) -> Any:
    if column.name == "workspace_id":
        return THEIRS
    if column.name == "number":
        return 999  # none that is given out later
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, (Integer, Numeric)):
        return 1
    if isinstance(column.type, Moment):
        return datetime(2026, 3, 3, tzinfo=UTC)
    if isinstance(column.type, Time):
        return time(9)
    if isinstance(column.type, JSON):
        return {MARK: MARK}
    if isinstance(column.type, Date):
        return date(2026, 3, 3)
    return MARK[: getattr(column.type, "length", None)]


def _latest_rows(connection: Connection) -> dict[str, dict[str, Any]]:
    newest = {}
    for table in metadata.sorted_tables:
        order = [column.desc() for column in table.primary_key.columns]
        row = connection.execute(select(table).where(table.c.workspace_id == THEIRS).order_by(*order)).first()
        newest[table.name] = dict(row._mapping) if row else {}
    return newest


async def their_rows(database: Database) -> dict[str, list[Any]]:
    """Everything they have, but for what jobs change."""

    def look(connection: Connection) -> dict[str, list[Any]]:
        return {
            table.name: sorted(map(_whole, _rows(connection, table, "=")))
            for table in metadata.sorted_tables
            if table.name not in ELSEWHERE
        }

    return await database.read(look)


async def our_rows(database: Database) -> str:
    """Everything everybody else has, in one string."""

    def look(connection: Connection) -> str:
        return "\n".join(_whole(row) for table in metadata.sorted_tables for row in _rows(connection, table, "!="))

    return await database.read(look)


def _whole(row: Any) -> str:
    """A row with all that is in it: a row of SQLAlchemy's leaves out the middle of long texts when it is printed."""
    return repr(tuple(row))


def _rows(connection: Connection, table: Table, is_theirs: str) -> Any:
    """All rows whose workspace is (`=`) or is not (`!=`) theirs, as the driver gives them: a statement of SQLAlchemy's takes
    longer to write than to carry out."""
    return connection.exec_driver_sql(f"SELECT * FROM {table.name} WHERE workspace_id {is_theirs} '{THEIRS}'")


async def strays(database: Database) -> list[str]:
    """Rows that refer to a row which is not of their own workspace."""
    return await database.read(lambda connection: list(_strays(connection)))


def _strays(connection: Connection) -> Any:
    for table in metadata.sorted_tables:
        for row in _rows(connection, table, "!="):
            for column, target in references(table, row._mapping):
                wanted, of = row._mapping[column], metadata.tables[target]
                own = select(of.c.id).where(of.c.id == wanted, of.c.workspace_id == row.workspace_id)
                if wanted is not None and connection.execute(own).first() is None:
                    yield f"{table.name}.{column} refers to {target} {wanted}: {row}"


def references(table: Table, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The columns of a row that hold ids of records, each with the table they are of."""
    found = [(reference.column.name, reference.to_in(row)) for reference in references_of(table)]
    return [(column, of.name) for column, of in found if of is not None]


def id_columns(table: Table) -> set[str]:
    """The columns that hold ids of other rows."""
    return {column.name for column in table.c if isinstance(column.type, BigInteger) and column.name != "id"}


def almighty(actor: Actor) -> Actor:
    """Somebody whom no permission keeps from trying."""
    return Actor(**{**{name: getattr(actor, name) for name in actor.__dataclass_fields__}, "roles": frozenset(Role)})
