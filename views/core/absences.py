"""Absences: the modal that asks for one, and the lines of the Home tab that show them."""

from collections.abc import Sequence
from datetime import date

from domain.core.absences import SET_ABSENCE, SET_ABSENCE_OF_OTHERS, Absence, DeputyNamed
from domain.core.home import FrontPage
from domain.core.language import _
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.shown import shows

needs(ids.PRESS_AWAY, ids.ADD_ABSENCE, ids.PRESS_CANCEL_ABSENCE)(SET_ABSENCE)
needs(ids.PRESS_OTHER_AWAY, ids.ADD_ABSENCE_OF_OTHER)(SET_ABSENCE_OF_OTHERS)

MOST_SHOWN = 5
"""Absences listed in the Home tab, so that what waits stays in sight."""
MOST_NOTE = 300


def absence_modal(today: date) -> View:
    """Asks when the reader is away, and who stands in."""
    return kit.modal(ids.ADD_ABSENCE, _("I am away"), _questions(today), submit=_("Save"))


def absence_of_other_modal(today: date) -> View:
    """Asks who is away, such as somebody who fell ill, when, and who stands in."""
    who = kit.ask("member", _("Who is away?"), {"type": "users_select"})
    return kit.modal(ids.ADD_ABSENCE_OF_OTHER, _("Somebody is away"), [who, *_questions(today)], submit=_("Save"))


def _questions(today: date) -> list[Block]:
    deputy_hint = _("Gets the reminders meanwhile. Without a deputy they wait until the first working day afterwards.")
    note = kit.text_field(most=MOST_NOTE)
    return [
        kit.ask("first_on", _("First day"), kit.day_field(today)),
        kit.ask("last_on", _("Last day"), kit.day_field(today)),
        kit.ask("deputy", _("Who stands in?"), {"type": "users_select"}, optional=True, hint=deputy_hint),
        kit.ask("note", _("Note"), note, optional=True, hint=_("The deputy, admins and management see it.")),
    ]


def absence_list(page: FrontPage) -> list[Block]:
    """The reader's absences, and for management who is away today."""
    own = absence_lines(page.absences) or [kit.section(say(_("You have no absences planned.")))]
    lines = [*own, *(away_lines(page.away) if page.sees_people else [])]
    return [kit.header(_("Absences")), *lines, kit.actions(kit.button(ids.PRESS_AWAY, _("I am away")))]


def absence_lines(absences: Sequence[Absence]) -> list[Block]:
    """The reader's own absences, each to be cancelled."""
    lines = [kit.section(own_words(absence), cancel_button(absence)) for absence in absences[:MOST_SHOWN]]
    return [*lines, *_rest(absences)]


def away_lines(absences: Sequence[Absence]) -> list[Block]:
    """Who is away today, each to be cancelled when they are back early."""
    if not absences:
        return [kit.section(say(_("*Away today:* nobody")))]
    lines = [kit.section(others_words(absence), cancel_button(absence)) for absence in absences[:MOST_SHOWN]]
    return [kit.section(say(_("*Away today:*"))), *lines, *_rest(absences)]


def _rest(absences: Sequence[Absence]) -> list[Block]:
    rest = len(absences) - MOST_SHOWN
    return [kit.context(say(_("and {rest} more"), rest=rest))] if rest > 0 else []


def own_words(absence: Absence) -> Mrkdwn:
    """An absence as its member reads it."""
    days, who = days_of(absence), absence.deputy and kit.person(absence.deputy)
    away = (
        say(_("You are away {days}; {deputy} stands in."), days=days, deputy=who)
        if who
        else say(_("You are away {days}; reminders wait until you are back."), days=days)
    )
    return _with_note(away, absence)


def others_words(absence: Absence) -> Mrkdwn:
    """An absence as management reads it."""
    words = {"person": kit.person(absence.member), "last": kit.day(absence.last_on)}
    away = (
        say(_("{person} until {last}; {deputy} stands in"), **words, deputy=kit.person(absence.deputy))
        if absence.deputy
        else say(_("{person} until {last}; nobody stands in"), **words)
    )
    return _with_note(away, absence)


def _with_note(away: Mrkdwn, absence: Absence) -> Mrkdwn:
    return Mrkdwn(f"{away}\n{kit.quote(absence.note, MOST_NOTE)}") if absence.note else away


def days_of(absence: Absence) -> Mrkdwn:
    """The days of an absence, as they stand in "away …"."""
    if absence.first_on == absence.last_on:
        return say(_("on {day}"), day=kit.day(absence.first_on))
    return say(_("from {first} to {last}"), first=kit.day(absence.first_on), last=kit.day(absence.last_on))


def cancel_button(absence: Absence) -> Block:
    """Takes an absence back, after asking."""
    asked = kit.confirm(
        _("Cancel this absence?"), _("Reminders go to whoever they are meant for again."), _("Cancel it")
    )
    return kit.button(ids.PRESS_CANCEL_ABSENCE, _("Cancel"), absence.id, confirm=asked)


def deputy_named(absence: Absence, sentence: Mrkdwn) -> list[Block]:
    """What a deputy is told, with the note meant for them."""
    note = [kit.section(kit.quote(absence.note, MOST_NOTE))] if absence.note and not absence.is_cancelled else []
    return [kit.section(sentence), *note]


shows(DeputyNamed)(lambda facts, _playbook, sentence: deputy_named(facts["absence"], sentence))
