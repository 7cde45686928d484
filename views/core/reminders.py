"""Reminders as their owner sees them in direct messages."""

from datetime import date

from domain.core.language import _
from domain.core.reminders import Reminder, ReminderKind, ReminderState, Snooze
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Account
from domain.sales.deals import Deal
from domain.sales.leads import Lead
from domain.sales.meetings import Meeting
from domain.sales.promises import Promise
from usecases.core.outbox import Subject
from views import ids, kit
from views.core.reasons import why, why_together
from views.kit import Block, Mrkdwn, View, say
from views.sales.leads import band_words, contact_line
from views.sales.promises import MARKS, came_from, ended_words

PICK_A_DAY = "day"
"""The choice in the snooze menu that asks for a day."""


def follow_up(subject: Subject, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A follow-up that is due, with the buttons to deal with it there and then; once dealt with, what became of it instead."""
    lead, reminder = subject.lead, subject.reminder
    blocks = [kit.section(sentence)]
    details = [band_words(lead, playbook), contact_line(lead), kit.quote(lead.said, 300) if lead.said else None]
    if reminder.state is ReminderState.TOLD:
        blocks += [kit.context(*(Mrkdwn(detail.replace("\n", "  ·  ")) for detail in details[:2] if detail))]
        blocks += [kit.section(details[2])] if details[2] else []
        return [*blocks, reminder_buttons(reminder), kit.context(why(subject, playbook))]
    return [*blocks, kit.context(outcome(subject))]


def first_answer(subject: Subject, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A first answer that is to be given soon, with the buttons to deal with it; once it was given, what became of the warning."""
    lead, reminder = subject.lead, subject.reminder
    blocks = [kit.section(sentence)]
    if reminder.state is not ReminderState.TOLD:
        return [*blocks, kit.context(outcome(subject))]
    contact = contact_line(lead)
    blocks.append(
        kit.context(band_words(lead, playbook), *([Mrkdwn(contact.replace("\n", "  ·  "))] if contact else []))
    )
    if lead.said:
        blocks.append(kit.section(kit.quote(lead.said, 300)))
    buttons = kit.actions(
        kit.button(ids.PRESS_TOUCH, _("Log a touch"), lead.id, style="primary"),
        None if lead.owner else kit.button(ids.PRESS_CLAIM, _("Claim"), lead.id),
        snooze_menu(reminder),
        kit.button(ids.PRESS_SHOW, _("Open lead"), lead.id),
    )
    return [*blocks, buttons, kit.context(why(subject, playbook))]


def promise_due(subject: Subject, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A promise whose day has come, with the buttons to deal with it; once dealt with, what became of it instead."""
    promise, reminder = subject.promise, subject.reminder
    blocks = [kit.section(sentence), kit.section(kit.quote(promise.said))]
    if reminder.state is not ReminderState.TOLD:
        return [*blocks, kit.context(promise_outcome(subject))]
    buttons = kit.actions(
        kit.button(ids.PRESS_DONE, _("Kept"), reminder.id, style="primary"),
        kit.button(ids.PRESS_SETTLE, _("Settled…"), promise.id),
        snooze_menu(reminder),
        kit.button(ids.PRESS_SHOW_DEAL, _("Open deal"), promise.deal_id),
    )
    return [*blocks, kit.context(came_from(promise)), buttons, kit.context(why(subject, playbook))]


def promise_outcome(subject: Subject) -> Mrkdwn:
    """What became of the reminder of a promise."""
    promise, reminder = subject.promise, subject.reminder
    if reminder.state is ReminderState.WAITING:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    if reminder.state is ReminderState.CANCELLED:
        return say(_("{code} is lost; nobody is reminded of this any more."), code=promise.code)
    return say("{mark} {how}", mark=MARKS[promise.state], how=ended_words(promise))


def reminder_buttons(reminder: Reminder) -> Block:
    """Done, the usual ways to put it off, and a touch."""
    return kit.actions(
        kit.button(ids.PRESS_DONE, _("Done"), reminder.id, style="primary"),
        kit.button(ids.PRESS_TOUCH, _("Log a touch"), reminder.subject_id),
        snooze_menu(reminder),
        kit.button(ids.PRESS_SHOW, _("Open lead"), reminder.subject_id),
    )


def snooze_menu(reminder: Reminder) -> Block:
    """The usual ways to put a reminder off."""
    choices = {choice.value: choice.title for choice in Snooze} | {PICK_A_DAY: _("Pick a day…")}
    return kit.menu(
        {f"{reminder.id}:{value}": label for value, label in choices.items()},
        None,
        _("Remind me later"),
        ids.PRESS_SNOOZE,
    )


def outcome(subject: Subject) -> Mrkdwn:
    """What became of a reminder."""
    reminder, lead = subject.reminder, subject.lead
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


def digest(subjects: list[Subject], unlisted: int, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """Several reminders in one message, hot leads first, each to be opened; `unlisted` are beyond those."""
    still = [subject for subject in subjects if not isinstance(subject.record, Lead) or subject.record.is_open]
    ranked = sorted(
        {subject.reminder.about: subject for subject in still}.values(),
        key=lambda subject: (-_score(subject), subject.reminder.due_at),
    )
    lines = kit.fitting([_digest_line(subject, playbook) for subject in ranked[:40]])
    rest = len(ranked) - len(lines) + unlisted
    more = [kit.context(say(_("and {rest} more"), rest=rest))] if rest else []
    return [kit.section(sentence), *lines, *more, kit.context(why_together(subjects))]


def _score(subject: Subject) -> int:
    """What a digest is in the order of; accounts come after all leads."""
    return (subject.record.score or 0) if isinstance(subject.record, Lead) else -1


def _digest_line(subject: Subject, playbook: SalesPlaybook) -> Block:
    if isinstance(subject.record, Account):
        account = subject.record
        name = kit.cut(account.name, kit.MOST_IN_LINE)
        question = say(_("*{code} · {company}*\nis it still right?"), code=account.code, company=name)
        return kit.section(question, kit.button(ids.PRESS_SHOW_ACCOUNT, _("Open"), account.id))
    if isinstance(subject.record, Deal):
        deal, when = subject.record, kit.when(subject.reminder.due_at)
        what = say(_("*{code}*  {what}\nwas due {when}"), code=deal.code, what=_deal_words(subject), when=when)
        return kit.section(what, kit.button(ids.PRESS_SHOW_DEAL, _("Open"), deal.id))
    if isinstance(subject.record, Meeting):
        meeting = subject.record
        about = kit.cut(meeting.about, kit.MOST_IN_LINE)
        what = say(
            _("*{code}*  Meeting {when}\n{about}"), code=meeting.deal.code, when=kit.when(meeting.at), about=about
        )
        return kit.section(what, kit.button(ids.PRESS_SHOW_DEAL, _("Open"), meeting.deal.id))
    if isinstance(subject.record, Promise):
        promise = subject.record
        said = kit.cut(" ".join(promise.said.split()), kit.MOST_IN_LINE)
        what = say(
            _("*{code}*  promised: {said}\nwas due {when}"),
            code=promise.code,
            said=said,
            when=kit.when(subject.reminder.due_at),
        )
        return kit.section(what, kit.button(ids.PRESS_SHOW_DEAL, _("Open"), promise.deal_id))
    lead = subject.lead
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


def _deal_words(subject: Subject) -> str:
    """What a deal's owner is reminded of, in a few words."""
    deal, company = subject.deal, kit.cut(subject.account.name, kit.MOST_IN_LINE)
    if subject.reminder.kind is ReminderKind.DEAL_STAGE_LIMIT:
        return _("{company} is over the time limit of its stage").format(company=company)
    if subject.reminder.kind is ReminderKind.DEAL_EXPECTED_CLOSE:
        return _("{company} was to be signed").format(company=company)
    return kit.cut(deal.progress.next_step or deal.title if deal.progress else deal.title, kit.MOST_IN_LINE)


def snooze_modal(reminder_id: int, suggested: date) -> View:
    """Asks until which day a reminder is put off."""
    blocks = [kit.ask("day", _("Remind me on"), kit.day_field(suggested), hint=_("At the start of your working day."))]
    return kit.modal(ids.SNOOZE_TO, _("Remind me later"), blocks, submit=_("Save"), about=reminder_id)
