"""Calendar files of meetings, brought to whoever planned or changed one."""

from bot.handouts import Handout, hand_out
from bot.tasks import Outside, carries_out
from domain.core.language import _
from usecases.core.tasks import ClaimedTask
from usecases.sales.meetings import CALENDAR_FILE
from views.sales.meeting_files import calendar_file
from views.sales.meetings import file_name


@carries_out(CALENDAR_FILE)
async def _calendar_file(outside: Outside, claimed: ClaimedTask) -> None:
    """A meeting for somebody's calendar, or what takes it out of there."""
    assert claimed.actor is not None
    meeting = await outside.desks.meetings.show(claimed.actor, claimed.task.subject_id)
    planned, called_off = _("{code}: {about}, for your calendar"), _("{code}: {about} is called off")
    title = (planned if meeting.is_planned else called_off).format(code=meeting.of.code, about=meeting.about)
    content = calendar_file(meeting, claimed.task.workspace_id, outside.clock.now())
    await hand_out(outside, claimed, Handout(name=file_name(meeting), title=title, content=content), claimed.actor)
