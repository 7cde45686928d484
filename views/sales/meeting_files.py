"""Meetings as calendars read them: one event of RFC 5545, which replaces what an older file of the same meeting said."""

from collections.abc import Iterator
from datetime import UTC, datetime

from domain.sales.meetings import Meeting

LONGEST_LINE = 75
"""Octets of a line, without its end."""


def calendar_file(meeting: Meeting, workspace_id: str, now: datetime) -> bytes:
    """The file that puts a planned meeting into somebody's calendar, or takes one out of it; in UTF-8. `now` is when it was made."""
    record = meeting.of
    company = record.company or record.title
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rainmaker//Meetings//EN",
        f"METHOD:{'PUBLISH' if meeting.is_planned else 'CANCEL'}",
        "BEGIN:VEVENT",
        f"UID:meeting-{meeting.id}-{workspace_id}@rainmaker",
        f"SEQUENCE:{meeting.version - 1}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(meeting.at)}",
        f"DTEND:{_utc(meeting.ends_at)}",
        f"SUMMARY:{_text(f'{company}: {meeting.about}')}",
        f"DESCRIPTION:{_text(f'{record.code}: {record.title}')}",
        *([f"LOCATION:{_text(meeting.place)}"] if meeting.place else []),
        f"STATUS:{'CONFIRMED' if meeting.is_planned else 'CANCELLED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """Words as the value of a property: what would end it is escaped, and no other control character is in it."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = escaped.splitlines()
    return "\\n".join("".join(letter for letter in line if letter >= " " and letter != "\x7f") for line in lines)


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces that are short enough; each but the first begins with a space, and no character is torn."""
    piece = b""
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        if len(piece) + len(octets) > LONGEST_LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
