"""Why somebody is reminded: one line for every kind of reminder, and one for whoever stands in."""

from collections.abc import Sequence
from typing import Any

from domain.core.language import _
from domain.core.reminders import Subject
from domain.playbook.sales_rules import SalesPlaybook
from views import kit
from views.kit import Mrkdwn, say
from views.shown import because


def why(subject: Subject[Any], playbook: SalesPlaybook) -> Mrkdwn:
    """Why the person who was told of a reminder was: it is theirs, or they stand in for somebody who is away."""
    if not subject.reminder.is_stood_in:
        return because.all[subject.reminder.kind](subject, playbook)
    member = kit.person(subject.reminder.member)
    if subject.absence is None:
        return say(_("You get this because you stood in for {person}."), person=member)
    last, deputy = kit.day(subject.absence.last_on), subject.absence.deputy
    if deputy and deputy != subject.reminder.told_to:
        words = _("You get this because {person} is away until {last}, so is {deputy}, and you are next to stand in.")
        return say(words, person=member, last=last, deputy=kit.person(deputy))
    return say(_("You get this because {person} is away until {last} and you stand in."), person=member, last=last)


def why_together(subjects: Sequence[Subject[Any]]) -> Mrkdwn:
    """Why somebody is told of several reminders at once."""
    if any(subject.reminder.is_stood_in for subject in subjects):
        return say(_("You get this because these are yours, or those of somebody you stand in for."))
    return say(_("You get this because these are yours to deal with."))
