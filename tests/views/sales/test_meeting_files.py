"""What a calendar is given: one event as RFC 5545 wants it, whatever people wrote into it."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.sales.meetings import Meeting, MeetingState
from views.sales.meeting_files import calendar_file

AT = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
DEAL = NamedRecord(noun="deal", id=7, code="D-7", title="Review of costs")
MEETING = Meeting(
    id=3, of=DEAL, about="Scope", at=AT, minutes=90, planned_by=Person(id=1, slack_id="U1", name="Sam"), version=2
)


def properties(content: bytes) -> dict[str, str]:
    """The properties of a file, unfolded; every line must be short and end as it should."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    whole = content.decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in whole.split("\r\n") if line)


def read(value: str) -> str:
    """A text as a calendar shows it."""
    for escaped, plain in (("\\\\", "\x00"), ("\\n", "\n"), ("\\;", ";"), ("\\,", ","), ("\x00", "\\")):
        value = value.replace(escaped, plain)
    return value


def test_an_event_says_when_what_and_which_version() -> None:
    found = properties(calendar_file(MEETING, "T1", AT))
    assert found["UID"] == "meeting-3-T1@rainmaker"
    assert (found["DTSTART"], found["DTEND"], found["SEQUENCE"]) == ("20260305T140000Z", "20260305T153000Z", "1")
    assert found["SUMMARY"] == "Review of costs: Scope"
    assert "LOCATION" not in found


def test_a_meeting_that_is_called_off_leaves_the_calendar() -> None:
    found = properties(calendar_file(replace(MEETING, state=MeetingState.CANCELLED, version=3), "T1", AT))
    assert (found["METHOD"], found["STATUS"], found["SEQUENCE"]) == ("CANCEL", "CANCELLED", "2")
    planned = properties(calendar_file(MEETING, "T1", AT))
    assert found["UID"] == planned["UID"]
    assert found["ORGANIZER;CN=Sam"] == planned["ORGANIZER;CN=Sam"] == "mailto:U1.T1@rainmaker.invalid"


def test_a_calendar_reads_the_file_as_one_event_however_its_planner_is_called() -> None:
    planner = Person(id=1, slack_id="U1", name='Sam "the\nman"; O\'Neil, PhD: x')
    read_back = Calendar.from_ical(calendar_file(replace(MEETING, planned_by=planner), "T1", AT))
    [event] = read_back.walk("VEVENT")
    assert event.decoded("dtstart") == AT
    assert "O'Neil, PhD: x" in event["organizer"].params["CN"]


@given(st.text(min_size=1, max_size=300))
def test_whatever_is_written_stays_in_its_place(words: str) -> None:
    found = properties(calendar_file(replace(MEETING, place=words), "T1", AT))
    assert list(found)[-3:] == ["LOCATION", "STATUS", "END"]
    shown = "\n".join("".join(c for c in line if c >= " " and c != "\x7f") for line in words.splitlines())
    assert read(found["LOCATION"]) == shown.encode("utf-8", "replace").decode()
