"""Reminders of deals as their owner sees them in direct messages."""

from domain.core.language import _
from domain.core.reminders import ReminderKind, ReminderState
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_limits import standing_in
from usecases.core.outbox import Subject
from views import ids, kit
from views.core.reasons import why
from views.core.reminders import snooze_menu
from views.kit import Block, Mrkdwn, say
from views.sales.deals import gate_words, onward_button, worth


def deal_step(subject: Subject, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A deal's next step whose day has come, with the buttons to deal with it; once dealt with, what became of it instead."""
    deal, reminder = subject.deal, subject.reminder
    blocks = [kit.section(sentence)]
    if reminder.state is ReminderState.WAITING:
        return [*blocks, kit.context(say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at)))]
    if reminder.state is not ReminderState.TOLD:
        plan = kit.button(ids.PRESS_PLAN_DEAL, _("Say what comes next"), deal.id) if deal.is_running else None
        return [*blocks, kit.section(say(_(":white_check_mark: Done.")), plan)]
    buttons = kit.actions(
        kit.button(ids.PRESS_DONE, _("Done"), reminder.id, style="primary"),
        kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal.id),
        snooze_menu(reminder),
        kit.button(ids.PRESS_SHOW_DEAL, _("Open deal"), deal.id),
    )
    return [*blocks, buttons, kit.context(why(subject, playbook))]


def deal_stage_over(subject: Subject, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A deal that stands in its stage for too long: since when, what its gate misses, and what takes it on; later, what became of it.

    There is no *Done*: what it asks for is done when the deal goes on.
    """
    deal, page, reminder = subject.deal, subject.page, subject.reminder
    playbook = page.sales or playbook if page else playbook
    stage = standing_in(deal, playbook)
    blocks = [kit.section(sentence)]
    if reminder.state is not ReminderState.TOLD or page is None or stage is None or deal.progress is None:
        return [*blocks, kit.context(became_of(subject))]
    standing = say(
        _("*{stage}* since {day}; the process gives it {limit}."),
        stage=_(stage.title),
        day=kit.on_day(deal.progress.since),
        limit=stage.limit.words,
    )
    buttons = kit.actions(
        onward_button(page, stage, playbook),
        kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal.id),
        snooze_menu(reminder),
        kit.button(ids.PRESS_SHOW_DEAL, _("Open deal"), deal.id),
    )
    return [
        *blocks,
        kit.section(standing),
        kit.section(gate_words(stage, page, playbook)),
        buttons,
        kit.context(why(subject, playbook)),
    ]


def signature_late(subject: Subject, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A deal that was to be signed by now, with the button that says a new day; later, what became of it."""
    deal, reminder = subject.deal, subject.reminder
    blocks = [kit.section(sentence)]
    if reminder.state is not ReminderState.TOLD or not deal.is_running:
        return [*blocks, kit.context(became_of(subject))]
    buttons = kit.actions(
        kit.button(ids.PRESS_PLAN_DEAL, _("Say a new day"), deal.id, style="primary"),
        kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal.id),
        snooze_menu(reminder),
        kit.button(ids.PRESS_SHOW_DEAL, _("Open deal"), deal.id),
    )
    return [*blocks, *_where(subject, playbook), buttons, kit.context(why(subject, playbook))]


def _where(subject: Subject, playbook: SalesPlaybook) -> list[Block]:
    """Where a deal stands that was to be signed by now, and what it is worth."""
    page = subject.page
    playbook = page.sales or playbook if page else playbook
    stage = standing_in(subject.deal, playbook)
    if stage is None:
        return []
    amount = Mrkdwn(worth(subject.deal, stage).replace("\n", ", "))
    where = say(_("In *{stage}*, {worth}"), stage=_(stage.title), worth=amount)
    return [kit.context(where)]


def became_of(subject: Subject) -> Mrkdwn:
    """What became of a reminder that only its deal can end."""
    reminder = subject.reminder
    if reminder.is_open:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    by = kit.person(reminder.closed_by) if reminder.closed_by else say(_("somebody"))
    at = kit.when(reminder.closed_at) if reminder.closed_at else Mrkdwn("–")
    if reminder.outcome == "over":
        return say(_("{person} ended the deal, {when}; nothing more to do here."), person=by, when=at)
    if reminder.kind is ReminderKind.DEAL_EXPECTED_CLOSE:
        return say(_(":white_check_mark: Planned anew by {person}, {when}."), person=by, when=at)
    return say(_(":white_check_mark: It has gone on: {person}, {when}."), person=by, when=at)
