"""How the ids in a message become the facts that it tells of.

Field `lead_id` becomes the lead that `work.leads.get` finds, and what is no id stays as it is. A noun whose messages tell more, such as a
deal's whole page, declares it:

    @fact("deal_id")
    def deal_page(work: UnitOfWork, deal_id: int) -> DealPage: ...
"""

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Any

from domain.core.absences import Absence
from domain.core.gathering import Registry
from domain.core.messages import Message
from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.core.refusals import NotFound
from domain.core.reminders import Reminder, Subject
from storage.unit_of_work import UnitOfWork
from usecases.core.absences import absence_at

Find = Callable[[UnitOfWork, Any], Any]

fact = Registry[Find]("usecases")
"""Facts that are more than their record, by the field of a message."""
page_of = Registry[Find]("usecases")
"""What is shown besides a record, by its noun, where one of its reminders is told by itself."""
on_page = Registry[Callable[[UnitOfWork, NamedRecord], Any]]("usecases")
"""What nouns say on the page of a record, by the noun of the page and the name under which their views draw it: `deal.promises`."""


def parts_of(work: UnitOfWork, record: NamedRecord) -> dict[str, Any]:
    """What all nouns say on a record's page, by their names."""
    return {name: look(work, record) for name, look in on_page.under(record.noun).items()}


def fact_name(field_name: str) -> str:
    """What a template calls the fact behind a message's field: `lead_id` gives `lead`, `reminder_ids` gives `reminders`."""
    if field_name.endswith("_ids"):
        return field_name.removesuffix("_ids") + "s"
    return field_name.removesuffix("_id")


def fact_of(work: UnitOfWork, field_name: str, value: Any) -> Any:
    """The fact behind a message's field. Raises NotFound when its record is gone."""
    if find := fact.get(field_name):
        return find(work, value)
    return record_of(work, field_name.removesuffix("_id"), value) if field_name.endswith("_id") else value


def facts_of(work: UnitOfWork, message: Message) -> dict[str, Any]:
    """What the template and the blocks of a message are given. Raises NotFound when a record is gone."""
    names = [field.name for field in fields(message)]
    return {fact_name(name): fact_of(work, name, getattr(message, name)) for name in names}


def record_of(work: UnitOfWork, noun: str, record_id: int) -> Any:
    """The record of a noun, from its repository. Raises NotFound."""
    return getattr(work, f"{noun}s").get(record_id)


@fact("by_id")
def _person(work: UnitOfWork, member_id: int) -> Person:
    return work.members.get(member_id).person


@fact("outbox_id")
def _failure(work: UnitOfWork, outbox_id: int) -> str:
    return work.outbox.failure(outbox_id)


@fact("task_id")
def _given_up(work: UnitOfWork, task_id: int) -> str:
    return work.tasks.failure(task_id)


@fact("reminder_id")
def _subject(work: UnitOfWork, reminder_id: int) -> Subject[Any]:
    reminder = work.reminders.get(reminder_id)
    show = page_of.get(reminder.noun)
    return Subject(
        reminder=reminder,
        record=record_of(work, *reminder.about),
        absence=absence_of(work, reminder),
        page=show and show(work, reminder.subject_id),
    )


@fact("reminder_ids")
def _subjects(work: UnitOfWork, reminder_ids: Collection[int]) -> list[Subject[Any]]:
    """Many reminders with their records; what was cleared away meanwhile is left out."""
    found = work.reminders.all_of(reminder_ids)
    records: dict[tuple[str, int], Any] = {}
    for noun in {reminder.noun for reminder in found}:
        ids = {reminder.subject_id for reminder in found if reminder.noun == noun}
        records |= {(noun, record.id): record for record in _records(work, noun, ids)}
    return [
        Subject(reminder=reminder, record=records[reminder.about]) for reminder in found if reminder.about in records
    ]


def _records(work: UnitOfWork, noun: str, ids: Collection[int]) -> list[Any]:
    """Records of a noun: in one question where its repository can."""
    if all_of := getattr(getattr(work, f"{noun}s"), "all_of", None):
        return list(all_of(ids))
    found = []
    for record_id in sorted(ids):
        try:
            found.append(record_of(work, noun, record_id))
        except NotFound:
            continue
    return found


def absence_of(work: UnitOfWork, reminder: Reminder) -> Absence | None:
    """The absence in which somebody was told of a reminder in its member's place."""
    if not reminder.is_stood_in or reminder.told_at is None:
        return None
    return absence_at(work, reminder.member.id, reminder.told_at)
