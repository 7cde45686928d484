"""Meetings as people see them: the modal that dates one, its line on the deal's page, and the reminders before and after it."""

from domain.core.language import _
from domain.core.people import Actor
from domain.core.records import NamedRecord
from domain.core.reminders import ReminderState, Subject
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deals import Deal
from domain.sales.leads import TouchKind
from domain.sales.meetings import DURATIONS, LONGEST_ABOUT, LONGEST_PLACE, Meeting, MeetingAhead, MeetingOver
from domain.sales.pages import DealPage
from views import ids, kit
from views.core.additions import Addition, card_lines, page_buttons
from views.core.page_sections import PageSection, page_sections
from views.core.reasons import why
from views.core.records import open_button
from views.core.reminders import snooze_menu
from views.kit import Block, Mrkdwn, View, say
from views.shown import because, in_digest, reminds

MORE_LOG, MORE_MOVE, MORE_FILE, MORE_OFF = "log", "move", "file", "off"
"""What can be done with a planned meeting."""


def plan_meeting_modal(deal: Deal) -> View:
    """Asks when a meeting about a deal is, where, and about what."""
    return kit.modal(ids.PLAN_MEETING, _("Plan a meeting"), _questions(deal.named), submit=_("Save"), about=deal.id)


def move_meeting_modal(meeting: Meeting) -> View:
    """The same about a meeting that is planned already, with what is planned now."""
    blocks = _questions(meeting.of, meeting)
    return kit.modal(ids.MOVE_MEETING, _("Change the meeting"), blocks, submit=_("Save"), about=meeting.id)


def _questions(record: NamedRecord, meeting: Meeting | None = None) -> list[Block]:
    about = kit.text_field(meeting.about if meeting else None, most=LONGEST_ABOUT)
    place = kit.text_field(meeting.place if meeting else None, most=LONGEST_PLACE)
    durations = {str(minutes): _("{count} minutes").format(count=minutes) for minutes in DURATIONS}
    moment = kit.moment_field(meeting.at if meeting else None)
    return [
        kit.section(_of(record)),
        kit.ask("about", _("What is it about?"), about),
        kit.ask("at", _("When does it begin?"), moment, hint=_("In your own time zone.")),
        kit.ask("minutes", _("How long is it?"), kit.menu(durations, str(meeting.minutes if meeting else 60))),
        kit.ask("place", _("Where is it?"), place, optional=True, hint=_("A place, or the link to a call.")),
    ]


def log_meeting_modal(meeting: Meeting) -> View:
    """Asks what was said in a meeting."""
    kinds = {kind.value: kind.title.capitalize() for kind in TouchKind}
    blocks = [
        kit.section(Mrkdwn(f"{_of(meeting.of)}\n{meeting_words(meeting)}")),
        kit.ask("kind", _("How were you in touch?"), kit.menu(kinds, TouchKind.MEETING.value)),
        kit.ask("key_points", _("Key points"), kit.text_field(lines=True)),
        kit.ask("day", _("Next step on"), kit.day_field(), optional=True),
    ]
    return kit.modal(ids.LOG_MEETING, _("Log a meeting"), blocks, submit=_("Save"), about=meeting.id)


def meeting_line(meeting: Meeting) -> Block:
    """A planned meeting on the page of its deal, with what can be done with it."""
    choices = {
        MORE_LOG: _("Log it…"),
        MORE_MOVE: _("Change…"),
        MORE_FILE: _("Calendar file"),
        MORE_OFF: _("It does not take place"),
    }
    menu = kit.overflow(ids.PRESS_MORE_OF_MEETING, {f"{meeting.id}:{value}": label for value, label in choices.items()})
    return kit.section(say(_("*Meeting*  {words}"), words=meeting_words(meeting)), menu)


def meeting_words(meeting: Meeting) -> Mrkdwn:
    """When a meeting is, for how long, about what, and where."""
    moment = say(_("{when}, {count} minutes"), when=kit.when(meeting.at), count=meeting.minutes)
    about = say("{about}", about=kit.cut(meeting.about, LONGEST_ABOUT))
    place = say("\n{place}", place=meeting.place) if meeting.place else Mrkdwn("")
    return Mrkdwn(f"{moment}\n{about}{place}")


def meetings_on(page: DealPage) -> tuple[Meeting, ...]:
    """Those that are planned, the next one first."""
    meetings: tuple[Meeting, ...] = page.parts.get("meetings", ())
    return meetings


def next_meeting(page: DealPage) -> Mrkdwn | None:
    """The next meeting in the small print of a running deal's card."""
    planned = meetings_on(page) if page.deal.is_running else ()
    return say(_("Meeting {when}"), when=kit.when(planned[0].at)) if planned else None


def new_meeting_button(page: DealPage) -> Block | None:
    """The button that dates a meeting about a running deal."""
    return kit.button(ids.PRESS_MEETING, _("Plan a meeting"), page.deal.id) if page.deal.is_running else None


def meeting_entries(page: DealPage, _actor: Actor) -> list[list[Block]]:
    """The planned meetings of a deal."""
    return [[meeting_line(meeting)] for meeting in meetings_on(page)]


page_sections("deal.meetings")(PageSection(10, meeting_entries, lambda: _("Meetings")))
card_lines("deal.meetings")(Addition(20, next_meeting))
page_buttons("deal.meetings")(Addition(10, new_meeting_button))


@reminds(MeetingAhead)
def meeting_ahead(subject: Subject[Meeting], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A meeting that is near; once it is over or called off, what became of it instead."""
    meeting, reminder = subject.record, subject.reminder
    if reminder.state is not ReminderState.TOLD:
        return [kit.section(sentence), kit.context(_outcome(subject))]
    place = [kit.section(say("{place}", place=meeting.place))] if meeting.place else []
    buttons = kit.actions(
        kit.button(ids.PRESS_DONE, _("I know"), reminder.id),
        snooze_menu(reminder),
        open_button(meeting.of),
    )
    return [kit.section(sentence), *place, buttons, kit.context(why(subject, playbook))]


@reminds(MeetingOver)
def meeting_over(subject: Subject[Meeting], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A meeting that is over and not logged yet; once it is, what became of it instead."""
    meeting, reminder = subject.record, subject.reminder
    if reminder.state is not ReminderState.TOLD:
        return [kit.section(sentence), kit.context(_outcome(subject))]
    buttons = kit.actions(
        kit.button(ids.PRESS_LOG_MEETING, _("Log it"), meeting.id, style="primary"),
        kit.button(ids.PRESS_MEETING_OFF, _("It did not take place"), meeting.id),
        snooze_menu(reminder),
        open_button(meeting.of),
    )
    return [kit.section(sentence), buttons, kit.context(why(subject, playbook))]


def _outcome(subject: Subject[Meeting]) -> Mrkdwn:
    reminder = subject.reminder
    if reminder.state is ReminderState.WAITING:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    if reminder.state is ReminderState.CANCELLED:
        return say(_("It does not take place."))
    return say(_(":white_check_mark: Done."))


def _of(record: NamedRecord) -> Mrkdwn:
    return say("*{code}*  {title}", code=record.code, title=kit.cut(record.title, kit.MOST_IN_LINE))


def file_name(meeting: Meeting) -> str:
    """What the calendar's file is called."""
    return f"{meeting.of.code}-{meeting.at:%Y-%m-%d}.ics"


@because(MeetingAhead.kind, MeetingOver.kind)
def _why(_subject: Subject[Meeting], _playbook: SalesPlaybook) -> Mrkdwn:
    return say(_("You get this because you planned this meeting."))


@in_digest("meeting")
def _line(subject: Subject[Meeting], _playbook: SalesPlaybook) -> Block:
    meeting = subject.record
    about = kit.cut(meeting.about, kit.MOST_IN_LINE)
    what = say(_("*{code}*  Meeting {when}\n{about}"), code=meeting.of.code, when=kit.when(meeting.at), about=about)
    return kit.section(what, open_button(meeting.of, _("Open")))
