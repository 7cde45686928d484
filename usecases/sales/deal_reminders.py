"""The reminders of a deal: of its next step, its stage's time limit and the expected signature; they follow it wherever it goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import NotYet
from domain.core.reminders import Reminder, ReminderState, remind_at
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_limits import signature_late_at, stage_over_at
from domain.sales.deals import Deal, DealStageOver, DealStepDue, SignatureLate
from storage.unit_of_work import UnitOfWork
from usecases.core.reminders import done
from usecases.desk import Desk, record
from usecases.sales.deal_changes import is_reminded_at
from usecases.sales.deal_pages import sales_called, sales_of


@dataclass(frozen=True, kw_only=True)
class Due:
    """Of what an owner is to be reminded and from when on; `at` is None while there is nothing. `of` tells one occasion from the next."""

    owner_id: int
    at: datetime | None
    of: object = None


KINDS = (DealStepDue.kind, DealStageOver.kind, SignatureLate.kind)
"""The reminders that a deal has by itself, at most one of each."""
HoursOf = Callable[[int], WorkingHours]
"""The working hours of a member."""
Watch = Mapping[str, tuple[Due, Reminder | None]]
"""Of what a deal's owner is to be reminded, by kind, with the reminder that is open of it."""


def begin(work: UnitOfWork, deal: Deal, today: SalesPlaybook) -> None:
    """Remind whoever owns a new deal; `today` is the playbook for deals whose own is not kept."""
    hours_of = cache(work.members.hours)
    for kind, due in _dues(work, deal, today, hours_of).items():
        if due.at:
            work.reminders.add(kind, deal.id, due.owner_id, _at(work, kind, due.at, hours_of(due.owner_id)))


def follow(work: UnitOfWork, actor: Actor, before: Deal, now: Deal, today: SalesPlaybook) -> None:
    """Keep the one open reminder of each kind true to a deal that has changed.

    One that was told or put off stays so for as long as what it is about stays.
    """
    hours_of = cache(work.members.hours)
    were, are = _dues(work, before, today, hours_of), _dues(work, now, today, hours_of)
    opened = work.reminders.open_of(KINDS, now.id)
    for kind, due in are.items():
        _follow_one(work, actor, now, kind, were[kind], due, opened.get(kind), hours_of)


def watch(work: UnitOfWork, deal_id: int) -> Watch:
    """What a deal's owner is to be reminded of as it stands; nothing where its playbook is not kept."""
    deal = work.deals.get(deal_id)
    rules = sales_called(work, deal.progress.playbook) if deal.progress else None
    dues = _dues(work, deal, rules, work.members.hours) if rules else {}
    opened = work.reminders.open_of(KINDS, deal.id)
    return {kind: (due, opened.get(kind)) for kind, due in dues.items()}


def settle(work: UnitOfWork, actor: Actor, deal_id: int, before: Watch) -> None:
    """Keep what is open of a deal true to it after something of it was taken back, perhaps out of turn.

    `before` is how it was watched until then. A reminder that was set back with it is as it should be, but for whose it is.
    """
    deal = work.deals.get(deal_id)
    for kind, (due, known) in watch(work, deal_id).items():
        was, open_then = before[kind]
        if known == open_then and (known or due != was):
            _follow_one(work, actor, deal, kind, was, due, known, work.members.hours)
        elif known and known.member.id != due.owner_id:
            work.reminders.move(known.id, due.owner_id, known.due_at)


def _follow_one(
    work: UnitOfWork,
    actor: Actor,
    now: Deal,
    kind: str,
    was: Due,
    due: Due,
    known: Reminder | None,
    hours_of: HoursOf,
) -> None:
    if known and (due.at is None or due.of != was.of):
        _end(work, actor, known, now)
        known = None
    if due.at and known is None:
        work.reminders.add(kind, now.id, due.owner_id, _at(work, kind, due.at, hours_of(due.owner_id)))
    elif due.at and known:
        if due != was or known.member.id != due.owner_id:
            at = _at(work, kind, due.at, hours_of(due.owner_id))
            work.reminders.move(known.id, due.owner_id, at)
        work.outbox.refresh_cards("reminder", known.id)  # it says what the gate still misses


def _dues(work: UnitOfWork, deal: Deal, today: SalesPlaybook, hours_of: HoursOf) -> dict[str, Due]:
    """Of what a deal's owner is to be reminded, by kind."""
    progress = deal.progress
    assert progress is not None
    owner_id = deal.owner.id if deal.owner else progress.opened_by.id
    hours = hours_of(owner_id)
    step_at = progress.next_at if deal.is_running else None
    if step_at and is_reminded_at(work, deal, step_at):
        step_at = None
    limit_at = stage_over_at(deal, sales_of(work, deal) or today, hours)
    return {
        DealStepDue.kind: Due(owner_id=owner_id, at=step_at),
        DealStageOver.kind: Due(
            owner_id=owner_id, at=limit_at and hours.next_working_moment(limit_at), of=(progress.stage, progress.since)
        ),
        SignatureLate.kind: Due(owner_id=owner_id, at=signature_late_at(deal, hours), of=progress.expected_on),
    }


def _at(work: UnitOfWork, kind: str, due_at: datetime, hours: WorkingHours) -> datetime:
    """When it is told; what has passed already whoever changed the deal has just seen, so that is told on the next working day."""
    at = remind_at(due_at, work.now, hours) if kind == DealStepDue.kind else due_at
    return at if at > work.now else hours.add_working_days(work.now, 1)


def _end(work: UnitOfWork, actor: Actor, reminder: Reminder, deal: Deal) -> None:
    outcome = "went_on" if deal.is_running else "over"
    work.reminders.close(reminder.id, ReminderState.DONE, outcome, actor.member_id)
    work.outbox.refresh_cards("reminder", reminder.id)


@done(DealStepDue.kind)
def _step_done(_desk: Desk, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
    """End the reminder of a deal's next step; what comes after it is for people to say."""
    deal = work.deals.get(reminder.subject_id)
    assert deal.progress is not None
    work.deals.update(replace(deal, progress=replace(deal.progress, next_step=None, next_at=None)))
    work.reminders.close(reminder.id, ReminderState.DONE, "done", actor.member_id)
    record(work, actor, "deal.step_done", deal.id, before={"next_step": deal.progress.next_step})
    work.outbox.refresh_cards("deal", deal.id)


@done(DealStageOver.kind, SignatureLate.kind)
def _ended_by_the_deal(_desk: Desk, _work: UnitOfWork, _actor: Actor, _reminder: Reminder) -> None:
    """Refuse: a deal that stands still or is late is so whatever is said of it."""
    raise NotYet(_("This ends as soon as the deal goes on or is planned anew."))
