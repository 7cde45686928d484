"""People who do the same at the same moment on two bots, over and over: one of them was first, and the others hear of it."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from domain.core.audit import AuditEvent
from domain.core.reminders import Reminder
from domain.sales.leads import FollowUpDue, Lead, LeadStatus, PossibleDuplicates
from storage.unit_of_work import UnitOfWork
from tests.fire.busy_firm import A_DAY, BusyFirm
from tests.fire.two_bots import Act, Outcome, TwoBots, strange, two_bots
from tests.fire.two_people import does, of_noun
from tests.firm import WHOLE
from tests.scenes import PostgresScenes
from usecases.core.maintenance import UpkeepDesk

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]

A_FEW = 3
"""Rounds of each in the quick suite."""
MOST_ORDERED = 3
"""People of whom it is tried what comes of every order."""
OFTEN = pytest.mark.parametrize("rounds", [A_FEW, pytest.param(100, marks=pytest.mark.slow)])
CROWDS = pytest.mark.parametrize("people", [3, 8])


@pytest.fixture
async def both(postgres_scenes: PostgresScenes) -> AsyncIterator[tuple[TwoBots, BusyFirm]]:
    """Two bots at the busy firm."""
    async with two_bots(postgres_scenes) as bots_and_firm:
        yield bots_and_firm


async def rounds_of(bots: TwoBots, busy: BusyFirm, acts: Sequence[Act], rounds: int) -> AsyncIterator[Outcome]:
    """Have this done at the same moment, so often; each time it is what comes of some order, and in the end the log is whole."""
    orders = await bots.orders(acts) if len(acts) <= MOST_ORDERED else []
    for _round in range(rounds):
        outcome = await bots.at_once(acts)
        assert outcome.tickets == []
        assert not orders or strange(outcome, orders) is None
        yield outcome
    upkeep, workspace_id = UpkeepDesk(bots.stores[0], WHOLE), busy.desks.workspace_id
    bots.clock.advance(hours=1)
    while await upkeep.seal_audit(workspace_id):
        pass
    checked = await upkeep.verify_audit(workspace_id)
    assert checked.wrong is None
    assert checked.covered


async def looked(bots: TwoBots, busy: BusyFirm, question: Any) -> Any:
    """What a function of the work finds."""
    return await bots.stores[1].read(busy.desks.workspace_id, question)


async def news(bots: TwoBots, busy: BusyFirm, noun: str) -> list[AuditEvent]:
    """What the log says has happened to the record that is worked on; what was before is what was after, the time before that."""
    told = await looked(bots, busy, lambda work: work.audit.about(noun, busy.id_of(f"{noun}s")))
    events = [event for event in told if event.at == bots.clock.now()]
    now: dict[str, Any] = {}
    for event in events:
        before = event.before or {}
        assert {name: now.get(name, was) for name, was in before.items()} == before, event
        now |= event.after or {}
    return events


@pytest.mark.parametrize("rounds", [A_FEW, pytest.param(200, marks=pytest.mark.slow)])
async def test_of_two_accounts_that_are_merged_crosswise_one_is_left(
    both: tuple[TwoBots, BusyFirm], rounds: int
) -> None:
    bots, busy = both
    acts = [does("AccountDesk.merge", busy), does("AccountDesk.merge", busy, is_second=True)]
    ids = busy.id_of("accounts"), busy.others["other account"]
    async for outcome in rounds_of(bots, busy, acts, rounds):
        one, other = await looked(bots, busy, lambda work: [work.accounts.get(account_id) for account_id in ids])
        assert [one.merged_into_id, other.merged_into_id] in ([None, one.id], [other.id, None])
        assert len(outcome.done) == 1


@OFTEN
async def test_a_lead_is_qualified_or_disqualified_and_only_once(both: tuple[TwoBots, BusyFirm], rounds: int) -> None:
    bots, busy = both
    acts = [
        does("DealDesk.qualify", busy),
        does("LeadDesk.disqualify", busy),
        does("LeadDesk.disqualify", busy, is_second=True),
    ]
    async for outcome in rounds_of(bots, busy, acts, rounds):
        lead = await looked(bots, busy, lambda work: work.leads.get(busy.id_of("leads")))
        [event] = await news(bots, busy, "lead")
        assert event.event == f"lead.{lead.status.value}"
        assert (lead.status is LeadStatus.QUALIFIED) == (lead.deal_id is not None)
        assert len(outcome.done) == 1


@OFTEN
async def test_a_lead_that_is_disqualified_is_touched_and_planned_before_or_never(
    both: tuple[TwoBots, BusyFirm], rounds: int
) -> None:
    bots, busy = both
    acts = [
        does("LeadDesk.disqualify", busy),
        does("LeadDesk.log_touch", busy, is_second=True),
        does("LeadDesk.plan_next", busy),
    ]
    async for outcome in rounds_of(bots, busy, acts, rounds):
        lead, reminder = await looked(bots, busy, lambda work: _with_reminder(work, busy.id_of("leads")))
        assert (lead.status, lead.next_at, reminder) == (LeadStatus.DISQUALIFIED, None, None)
        events = [event.event for event in await news(bots, busy, "lead")]
        assert events[-1] == "lead.disqualified"
        assert len(events) == len(outcome.done)


@OFTEN
async def test_done_that_is_pressed_three_times_counts_once(both: tuple[TwoBots, BusyFirm], rounds: int) -> None:
    bots, busy = both
    acts = [does("ReminderDesk.done", of_noun(busy, "deal"))] * 3
    async for outcome in rounds_of(bots, busy, acts, rounds):
        [event] = await news(bots, busy, "deal")
        assert event.event == "deal.step_done"
        assert [type(one) for one in outcome.done] == [Reminder]


@OFTEN
async def test_of_two_edits_of_an_account_the_later_knows_the_earlier(
    both: tuple[TwoBots, BusyFirm], rounds: int
) -> None:
    bots, busy = both
    acts = [does("AccountDesk.edit", busy), does("AccountDesk.edit", busy, is_second=True)]
    async for outcome in rounds_of(bots, busy, acts, rounds):
        account = await looked(bots, busy, lambda work: work.accounts.get(busy.id_of("accounts")))
        first, second = [event for event in await news(bots, busy, "account") if event.event == "account.edited"]
        assert first.after
        assert second.before
        assert second.after
        assert second.before["industry"] == first.after["industry"]
        assert second.after["industry"] == account.industry
        assert len(outcome.done) == 2


def crowd(use_case: str, busy: BusyFirm, people: int) -> list[Act]:
    """So many people who do the same."""
    return [does(use_case, busy, is_second=bool(place % 2)) for place in range(people)]


@OFTEN
@CROWDS
async def test_an_absence_that_many_add_is_there_once(both: tuple[TwoBots, BusyFirm], people: int, rounds: int) -> None:
    bots, busy = both
    member = busy.desks.consultant.member_id
    async for outcome in rounds_of(bots, busy, crowd("AbsenceDesk.add", busy, people), rounds):
        absences = await looked(bots, busy, lambda work: work.absences.of([member], A_DAY))
        assert [len(outcome.done), len(absences[member])] == [1, 1]


@OFTEN
@CROWDS
async def test_a_contact_whom_many_add_is_there_once(both: tuple[TwoBots, BusyFirm], people: int, rounds: int) -> None:
    bots, busy = both
    async for outcome in rounds_of(bots, busy, crowd("AccountDesk.add_contact", busy, people), rounds):
        known = await looked(bots, busy, lambda work: work.accounts.contacts_of(busy.id_of("accounts")))
        assert [len(outcome.done), [one.name for one in known].count("Kim New")] == [1, 1]


@OFTEN
@CROWDS
async def test_a_company_that_many_capture_is_there_once(
    both: tuple[TwoBots, BusyFirm], people: int, rounds: int
) -> None:
    bots, busy = both
    async for outcome in rounds_of(bots, busy, crowd("LeadDesk.capture", busy, people), rounds):
        [lead, *others] = sorted(outcome.done, key=lambda one: isinstance(one, PossibleDuplicates))
        assert isinstance(lead, Lead)
        assert [[match.account.id for match in one.matches] for one in others] == [[lead.account.id]] * (people - 1)
        named = await looked(bots, busy, lambda work: work.accounts.called(["novum"]))
        assert [account.id for account in named["novum"]] == [lead.account.id]


def _with_reminder(work: UnitOfWork, lead_id: int) -> tuple[Lead, Reminder | None]:
    return work.leads.get(lead_id), work.reminders.open_for(FollowUpDue.kind, lead_id)
