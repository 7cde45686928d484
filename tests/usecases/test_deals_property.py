"""Whatever is done with deals in whatever order: none stands where its gates are not met, none is won, and every change is recorded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.core.refusals import Refusal
from domain.core.reminders import Reminder
from domain.core.working_time import WorkingHours
from domain.sales.deal_limits import stage_over_at
from domain.sales.deal_route import standing_of
from domain.sales.deals import Deal, DealOutcome, DealPlan, DealStageOver, Money
from domain.sales.documents import DocumentKind, Needs, NewDocument
from domain.sales.leads import NewTouch, TouchKind
from domain.sales.pages import DealPage
from storage.engine.database import Database
from storage.schema import operations
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import PLAYBOOK, WHOLE, FirmDesks, FrozenClock, found_firm
from tests.nouns import gathered
from tests.properties import tried_on_a_database
from tests.usecases.deeds import WORDS, Deed, Deeds
from usecases.process.manual import ProcessDesk
from usecases.sales.deal_pages import deal_page

WORKSPACES = count()
ALL_EVENTS = 10**15
ANSWERS = {"need": "clear", "budget": "set"}
STAGES = st.sampled_from([stage.id for stage in PLAYBOOK.stages])
AMOUNTS = st.sampled_from([None, "900", "50000", "900000"])


def plan_of(amount: str | None) -> DealPlan:
    """A plan for so many euros."""
    value = Money(amount=Decimal(amount), currency="EUR") if amount else None
    return DealPlan(title="Advice", value=value, client_type="new", next_step="Call", next_on=date(2026, 4, 1))


def a_file(kind: DocumentKind) -> NewDocument:
    """A file of this use."""
    return NewDocument(kind=kind, title="x", slack_file="F1", permalink=None, sha256=kind.value, size=1)


DEEDS: Deeds = {
    **gathered("DEEDS"),
    lambda firm, deal, kind: firm.deals.log_touch(firm.seller, deal, NewTouch(kind=kind, key_points="said")): (
        st.sampled_from(TouchKind)
    ),
    lambda firm, deal, needs: firm.deals.write_brief(firm.seller, deal, Needs(**needs)): st.fixed_dictionaries(
        {"needs": WORDS, "pains": WORDS, "goals": WORDS}
    ),
    lambda firm, deal, kind: firm.deals.attach(firm.seller, deal, a_file(kind)): st.sampled_from(DocumentKind),
    lambda firm, deal, _none: firm.moved_on(deal): st.none(),
    lambda firm, deal, stage: firm.deals.move(firm.seller, deal, stage, "because"): STAGES,
    lambda firm, deal, amount: firm.deals.plan(firm.seller, deal, plan_of(amount)): AMOUNTS,
    lambda firm, deal, route: firm.deals.choose_variant(firm.seller, deal, route, "because"): st.sampled_from(
        [variant.id for variant in PLAYBOOK.variants]
    ),
    lambda firm, deal, reason: firm.deals.lose(firm.seller, deal, reason): st.sampled_from(["price", "luck"]),
    lambda firm, deal, _none: firm.deals.hand_over(firm.seller, deal, firm.other_seller.slack_id): st.none(),
    lambda firm, deal, _none: undo_last(firm, deal): st.none(),
    lambda firm, _deal, which: undo_any(firm, which): st.integers(0, 20),
}
"""What can be done with a deal, with what it is given."""
DONE = st.lists(
    st.one_of(*(given.map(lambda value, deed=deed: (deed, value)) for deed, given in DEEDS.items())), max_size=25
)


async def undo_last(firm: FirmDesks, deal_id: int) -> None:
    """Take back the last thing done to a deal."""
    operation = (await firm.deals.show(firm.seller, deal_id)).operation
    if operation:
        await firm.operations.undo(firm.admin, operation.id)


async def undo_any(firm: FirmDesks, which: int) -> None:
    """Take back something that was done to the deal, whatever came after it."""
    store = firm.store
    assert isinstance(store, Store)
    about_deals = (operations.c.workspace_id == firm.workspace_id, operations.c.kind.startswith("deal."))
    ids = await store.database.read(lambda c: c.execute(select(operations.c.id).where(*about_deals)).scalars().all())
    if ids:
        await firm.operations.undo(firm.admin, ids[which % len(ids)])


async def a_deal(firm: FirmDesks) -> Deal:
    """A deal that has just begun."""
    lead = await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.rescreen(firm.seller, lead.id, ANSWERS)
    return (await firm.deals.qualify(firm.seller, lead.id, plan_of("50000"))).deal


def check_stands(page: DealPage) -> None:
    """Every gate behind the deal is met, and it is not won."""
    assert page.deal.progress is not None
    assert page.deal.outcome is not DealOutcome.WON
    standing = standing_of(page.deal, PLAYBOOK)
    assert standing.stage is not None
    for stage in standing.behind:
        assert stage.missing(page.met) == ()


def check_reminded(page: DealPage, reminder: Reminder | None) -> None:
    """While it runs, its owner is reminded of the time limit of the stage in which it stands."""
    assert (reminder is not None) == page.deal.is_running
    if reminder:
        hours = WorkingHours(zone="Europe/London")
        limit = stage_over_at(page.deal, PLAYBOOK, hours)
        assert limit
        assert (reminder.member, reminder.due_at) == (page.deal.owner, hours.next_working_moment(limit))


@tried_on_a_database
@given(DONE)
async def test_no_deal_stands_where_its_gates_are_not_met_and_every_change_is_recorded(
    sqlite_database: Database, done: list[tuple[Deed, Any]]
) -> None:
    clock = FrozenClock()
    firm = await found_firm(Store(sqlite_database, clock), clock, f"T{next(WORKSPACES)}")
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    deal = await a_deal(firm)

    def look(work: UnitOfWork) -> tuple[DealPage, int]:
        return replace(deal_page(work, deal.id), operation=None), len(work.audit.between(0, ALL_EVENTS))

    def reminder_of(work: UnitOfWork) -> Reminder | None:
        return work.reminders.open_for(DealStageOver.kind, deal.id)

    for deed, value in done:
        before, recorded = await firm.store.read(firm.workspace_id, look)
        is_refused = False
        try:
            await deed(firm, deal.id, value)
        except Refusal:
            is_refused = True
        after, now_recorded = await firm.store.read(firm.workspace_id, look)
        check_stands(after)
        check_reminded(after, await firm.store.read(firm.workspace_id, reminder_of))
        if is_refused:
            assert (after, now_recorded) == (before, recorded)
        elif after != before:
            assert now_recorded > recorded
