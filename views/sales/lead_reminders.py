"""Reminders of leads as their holder sees them: by themselves, and as a line of a digest."""

from domain.core.language import _
from domain.core.reminders import ReminderState, Subject
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead
from views import ids, kit
from views.core.reminders import reminder_blocks
from views.kit import Block, Mrkdwn, say
from views.sales.lead_owners import first_button
from views.sales.leads import band_words, contact_line
from views.shown import because, deals_with, in_digest, reminds


@reminds(FollowUpDue, FirstAnswerDue)
def lead_due(subject: Subject[Lead], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A next date or a first answer that is due, with what deals with it there and then; once dealt with, what became of it instead."""
    lead = subject.record
    if subject.reminder.state is not ReminderState.TOLD:
        return [kit.section(sentence), kit.context(outcome(subject))]
    opens = kit.button(ids.PRESS_SHOW, _("Open lead"), lead.id)
    said = kit.escape(lead.said) if lead.said else None
    return reminder_blocks(subject, playbook, sentence, opens, band_words(lead, playbook), contact_line(lead), said)


@deals_with(FollowUpDue.kind, FirstAnswerDue.kind)
def _deal_with(subject: Subject[Lead]) -> Block:
    return first_button(subject.record)


def outcome(subject: Subject[Lead]) -> Mrkdwn:
    """What became of a reminder."""
    reminder, lead = subject.reminder, subject.record
    if reminder.state is ReminderState.WAITING:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    by = kit.person(reminder.closed_by) if reminder.closed_by else say(_("somebody"))
    if reminder.outcome == "merged":
        return say(_("{person} merged the lead into another; nothing more to do here."), person=by)
    if reminder.outcome == "replaced":
        return say(_("Another reminder has taken its place."))
    if reminder.outcome == "released":
        return say(_("{person} released the lead."), person=by)
    if reminder.outcome == "claimed":
        return say(_("{owner} owns the lead now."), owner=kit.person(lead.owner) if lead.owner else by)
    if reminder.state is ReminderState.CANCELLED:
        return say(_("{person} disqualified the lead; nothing more to do."), person=by)
    at = kit.when(reminder.closed_at) if reminder.closed_at else Mrkdwn("–")
    done = say(_(":white_check_mark: Done by {person}, {when}."), person=by, when=at)
    return say(_("{done} Next follow-up {next}."), done=done, next=kit.when(lead.next_at)) if lead.next_at else done


@because(FollowUpDue.kind, FirstAnswerDue.kind)
def _why(subject: Subject[Lead], _playbook: SalesPlaybook) -> Mrkdwn:
    lead = subject.record
    if lead.owner and lead.owner.id == subject.reminder.member.id:
        return say(_("You get this because you own {code}."), code=lead.code)
    return say(_("You get this because you captured {code} and nobody has claimed it."), code=lead.code)


@in_digest("lead")
def _line(subject: Subject[Lead], playbook: SalesPlaybook) -> Block:
    lead = subject.record
    text = say(
        _("*{code} · {company}*  {band}\nwas due {when}"),
        code=lead.code,
        company=kit.cut(lead.account.name, kit.MOST_IN_LINE),
        band=band_words(lead, playbook),
        when=kit.when(subject.reminder.due_at),
    )
    if subject.reminder.is_stood_in:
        text = say(_("{what}, for {person}"), what=text, person=kit.person(subject.reminder.member))
    return kit.section(text, kit.button(ids.PRESS_SHOW, _("Open"), lead.id))
