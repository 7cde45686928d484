"""Meetings as calendars read them: one event, which replaces what an older file of the same meeting said or takes it out again."""

from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress

from domain.sales.meetings import Meeting


def calendar_file(meeting: Meeting, workspace_id: str, now: datetime) -> bytes:
    """The file that puts a planned meeting into somebody's calendar, or takes one out of it; in UTF-8. `now` is when it was made.

    Calendars know a meeting again by its UID and organizer, and follow the file with the higher sequence.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Rainmaker//Meetings//EN")
    calendar.add("method", "PUBLISH" if meeting.is_planned else "CANCEL")
    calendar.add_component(_event(meeting, workspace_id, now))
    return bytes(calendar.to_ical(sorted=False))


def _event(meeting: Meeting, workspace_id: str, now: datetime) -> Event:
    record = meeting.of
    company = record.company or record.title
    event = Event()
    event.add("uid", f"meeting-{meeting.id}-{workspace_id}@rainmaker")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", meeting.at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("organizer", _organizer(meeting, workspace_id))
    event.add("summary", _text(f"{company}: {meeting.about}"))
    event.add("description", _text(f"{record.code}: {record.title}"))
    if meeting.place:
        event.add("location", _text(meeting.place))
    event.add("status", "CONFIRMED" if meeting.is_planned else "CANCELLED")
    return event


def _organizer(meeting: Meeting, workspace_id: str) -> vCalAddress:
    """Whoever planned the meeting, by an address that is nobody's: calendars want the same one in every file of a meeting."""
    planner = meeting.planned_by
    address = vCalAddress(f"mailto:{planner.slack_id}.{workspace_id}@rainmaker.invalid")
    address.params["CN"] = _text(planner.name).replace('"', "'").replace("\n", " ")
    return address


def _text(words: str) -> str:
    """Words without the control characters that no calendar takes."""
    lines = words.encode("utf-8", "replace").decode().splitlines()
    return "\n".join("".join(letter for letter in line if letter >= " " and letter != "\x7f") for line in lines)
