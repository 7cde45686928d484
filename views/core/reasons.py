"""Why somebody is reminded: one line for every kind of reminder, and one for whoever stands in."""

from collections.abc import Callable, Sequence

from domain.core.language import _
from domain.core.reminders import ReminderKind
from domain.playbook.sales_rules import SalesPlaybook
from usecases.core.outbox import Subject
from views import kit
from views.kit import Mrkdwn, say


def why(subject: Subject, playbook: SalesPlaybook) -> Mrkdwn:
    """Why the person who was told of a reminder was: it is theirs, or they stand in for somebody who is away."""
    if not subject.reminder.is_stood_in:
        return REASONS[subject.reminder.kind](subject, playbook)
    member = kit.person(subject.reminder.member)
    if subject.absence is None:
        return say(_("You get this because you stood in for {person}."), person=member)
    last, deputy = kit.day(subject.absence.last_on), subject.absence.deputy
    if deputy and deputy != subject.reminder.told_to:
        words = _("You get this because {person} is away until {last}, so is {deputy}, and you are next to stand in.")
        return say(words, person=member, last=last, deputy=kit.person(deputy))
    return say(_("You get this because {person} is away until {last} and you stand in."), person=member, last=last)


def why_together(subjects: Sequence[Subject]) -> Mrkdwn:
    """Why somebody is told of several reminders at once."""
    if any(subject.reminder.is_stood_in for subject in subjects):
        return say(_("You get this because these are yours, or those of somebody you stand in for."))
    return say(_("You get this because these are yours to deal with."))


def _of_lead(subject: Subject, _playbook: SalesPlaybook) -> Mrkdwn:
    lead = subject.lead
    if lead.owner and lead.owner.id == subject.reminder.member.id:
        return say(_("You get this because you own {code}."), code=lead.code)
    return say(_("You get this because you captured {code} and nobody has claimed it."), code=lead.code)


def _of_account(subject: Subject, playbook: SalesPlaybook) -> Mrkdwn:
    account, days = subject.account, playbook.refresh_days(subject.account.tier)
    if account.owner_id == subject.reminder.member.id:
        sentence = _("You get this because you own {code}, and nobody has confirmed it for {days} days.")
    else:
        sentence = _("You get this because you owned {code} when nobody had confirmed it for {days} days.")
    return say(sentence, code=account.code, days=days)


def _of_deal(subject: Subject, _playbook: SalesPlaybook) -> Mrkdwn:
    return say(_("You get this because you own {code} and said that this comes next."), code=subject.deal.code)


def _of_meeting(_subject: Subject, _playbook: SalesPlaybook) -> Mrkdwn:
    return say(_("You get this because you planned this meeting."))


def _of_stage(subject: Subject, _playbook: SalesPlaybook) -> Mrkdwn:
    return say(_("You get this because you own {code} and its stage has a time limit."), code=subject.deal.code)


def _of_signature(subject: Subject, _playbook: SalesPlaybook) -> Mrkdwn:
    sentence = _("You get this because you own {code} and nobody has said a later day for its signature.")
    return say(sentence, code=subject.deal.code)


def _of_promise(subject: Subject, _playbook: SalesPlaybook) -> Mrkdwn:
    promise = subject.promise
    if promise.keeper is None:
        return say(_("You get this because you own {code}, and nobody else keeps this promise."), code=promise.code)
    return say(_("You get this because you keep this promise about {code}."), code=promise.code)


REASONS: dict[ReminderKind, Callable[[Subject, SalesPlaybook], Mrkdwn]] = {
    ReminderKind.LEAD_FOLLOW_UP: _of_lead,
    ReminderKind.LEAD_FIRST_ANSWER: _of_lead,
    ReminderKind.ACCOUNT_REFRESH: _of_account,
    ReminderKind.DEAL_NEXT_STEP: _of_deal,
    ReminderKind.MEETING_AHEAD: _of_meeting,
    ReminderKind.MEETING_OVER: _of_meeting,
    ReminderKind.DEAL_STAGE_LIMIT: _of_stage,
    ReminderKind.DEAL_EXPECTED_CLOSE: _of_signature,
    ReminderKind.PROMISE_DUE: _of_promise,
}
"""What makes a reminder of each kind its member's."""
