"""Reminders of leads as their holder sees them: by themselves, and as a line of a digest."""

from domain.core.language import _
from domain.core.reminders import ReminderState, Subject
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead
from views import ids, kit
from views.core.reasons import why
from views.core.reminders import snooze_menu
from views.kit import Block, Mrkdwn, say
from views.sales.lead_owners import first_button
from views.sales.leads import band_words, contact_line
from views.shown import because, in_digest, reminds


@reminds(FollowUpDue)
def follow_up(subject: Subject[Lead], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A follow-up that is due, with the buttons to deal with it there and then; once dealt with, what became of it instead."""
    lead, reminder = subject.record, subject.reminder
    blocks = [kit.section(sentence)]
    details = [band_words(lead, playbook), contact_line(lead), kit.quote(lead.said, 300) if lead.said else None]
    if reminder.state is ReminderState.TOLD:
        blocks += [kit.context(*(Mrkdwn(detail.replace("\n", "  ·  ")) for detail in details[:2] if detail))]
        blocks += [kit.section(details[2])] if details[2] else []
        return [*blocks, reminder_buttons(subject), kit.context(why(subject, playbook))]
    return [*blocks, kit.context(outcome(subject))]


@reminds(FirstAnswerDue)
def first_answer(subject: Subject[Lead], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A first answer that is to be given soon, with the buttons to deal with it; once it was given, what became of the warning."""
    lead, reminder = subject.record, subject.reminder
    blocks = [kit.section(sentence)]
    if reminder.state is not ReminderState.TOLD:
        return [*blocks, kit.context(outcome(subject))]
    contact = contact_line(lead)
    blocks.append(
        kit.context(band_words(lead, playbook), *([Mrkdwn(contact.replace("\n", "  ·  "))] if contact else []))
    )
    if lead.said:
        blocks.append(kit.section(kit.quote(lead.said, 300)))
    return [*blocks, reminder_buttons(subject), kit.context(why(subject, playbook))]


def reminder_buttons(subject: Subject[Lead]) -> Block:
    """What comes first, the usual ways to put it off, and the lead itself."""
    return kit.actions(
        first_button(subject.record),
        snooze_menu(subject.reminder),
        kit.button(ids.PRESS_SHOW, _("Open lead"), subject.record.id),
    )


def outcome(subject: Subject[Lead]) -> Mrkdwn:
    """What became of a reminder."""
    reminder, lead = subject.reminder, subject.record
    if reminder.state is ReminderState.WAITING:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    by = kit.person(reminder.closed_by) if reminder.closed_by else say(_("somebody"))
    if reminder.outcome == "merged":
        return say(_("{person} merged the lead into another; nothing more to do here."), person=by)
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
