"""Meetings, as the shared tests need them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.core.people import Actor
from domain.core.records import NamedRecord
from domain.core.reminders import ReminderState, Subject
from domain.sales.meetings import Meeting, MeetingAhead, MeetingOver, NewMeeting
from tests.fire.passing import Passed, touch, words
from tests.firm import PLAYBOOK, FirmDesks
from tests.nouns.deals import deal_of
from tests.views.facts import AT, Drawings, Facts, OnPages, Sample, within_modal
from views import kit
from views.sales import meetings


def meeting_of(given: Sample, of: NamedRecord) -> Meeting:
    """A meeting about a record."""
    about = (given.lead.said or "x")[:200]
    place = f"https://meet.example/{about}"[:300] if given.touches else None
    return Meeting(id=10**17, of=of, about=about, at=AT, minutes=60, place=place, planned_by=given.lead.captured_by)


def meeting_due(given: Sample, kind: str, state: ReminderState = ReminderState.TOLD) -> Subject:
    """A reminder of a meeting."""
    reminder = replace(given.subject.reminder, kind=kind, state=state)
    return Subject(reminder=reminder, record=meeting_of(given, deal_of(given).named))


def meetings_of(given: Sample, of: NamedRecord) -> tuple[Meeting, ...]:
    """Meetings about a record."""
    return (meeting_of(given, of),) * min(len(given.touches), 10)


def a_meeting(ours: FirmDesks, _busy: Any) -> NewMeeting:
    """A meeting of one of two people."""
    return NewMeeting(about=words(ours), at=ours.clock.now() + timedelta(days=2))


async def leave_rows(firm: FirmDesks, by: Actor, deal_id: int, word: str) -> dict[str, int]:
    """A meeting about a deal."""
    new = NewMeeting(about=f"{word} of work", at=firm.clock.now() + timedelta(days=3))
    return {"meetings": (await firm.meetings.plan(by, deal_id, new)).id}


ON_PAGES: OnPages = {"deal.meetings": meetings_of}
REMINDERS = {"meetings": lambda s: meeting_due(s, MeetingAhead.kind)}
PASSED: dict[Any, Passed] = {
    NewMeeting: lambda ours, _theirs: NewMeeting(about="x", at=ours.clock.now() + timedelta(hours=1))
}
SAID: dict[str, Passed] = {
    "MeetingDesk.plan.new": a_meeting,
    "MeetingDesk.move.new": a_meeting,
    "MeetingDesk.log.new": touch,
}
RECORDS = {"meeting_id": {"deal"}}

DRAWINGS: Drawings = {
    "meetings.plan_meeting_modal": lambda s: ("modal", meetings.plan_meeting_modal(deal_of(s))),
    "meetings.move_meeting_modal": lambda s: (
        "modal",
        meetings.move_meeting_modal(meeting_of(s, deal_of(s).named)),
    ),
    "meetings.log_meeting_modal": lambda s: (
        "modal",
        meetings.log_meeting_modal(meeting_of(s, deal_of(s).named)),
    ),
    "meetings.meeting_line": lambda s: within_modal([meetings.meeting_line(meeting_of(s, deal_of(s).named))]),
    "meetings.meeting_ahead": lambda s: (
        "message",
        meetings.meeting_ahead(meeting_due(s, MeetingAhead.kind), PLAYBOOK, kit.say("Soon")),
    ),
    "meetings.meeting_over": lambda s: (
        "message",
        meetings.meeting_over(meeting_due(s, MeetingOver.kind), PLAYBOOK, kit.say("Over")),
    ),
    "meetings.meeting_over logged": lambda s: (
        "message",
        meetings.meeting_over(meeting_due(s, MeetingOver.kind, ReminderState.DONE), PLAYBOOK, kit.say("Over")),
    ),
}

FACTS: Facts = {
    "MeetingAhead": lambda s: {"reminder": meeting_due(s, MeetingAhead.kind)},
    "MeetingOver": lambda s: {"reminder": meeting_due(s, MeetingOver.kind)},
}
