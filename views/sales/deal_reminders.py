"""Reminders of deals as their owner sees them in direct messages."""

from domain.core.language import _
from domain.core.reminders import ReminderState, Subject
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_limits import standing_in
from domain.sales.deals import Deal, DealStageOver, DealStepDue, SignatureLate
from views import ids, kit
from views.core.reasons import why
from views.core.reminders import reminder_blocks, snooze_menu
from views.kit import Block, Mrkdwn, say
from views.sales.deals import gate_words, onward_button, worth
from views.shown import because, deals_with, in_digest, reminds


@reminds(DealStepDue)
def deal_step(subject: Subject[Deal], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A deal's next step whose day has come, with the buttons to deal with it; once dealt with, what became of it instead."""
    deal, reminder = subject.record, subject.reminder
    blocks = [kit.section(sentence)]
    if reminder.state is ReminderState.WAITING:
        return [*blocks, kit.context(say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at)))]
    if reminder.state is not ReminderState.TOLD:
        plan = kit.button(ids.PRESS_PLAN_DEAL, _("Say what comes next"), deal.id) if deal.is_running else None
        return [*blocks, kit.section(say(_(":white_check_mark: Done.")), plan)]
    return reminder_blocks(subject, playbook, sentence, _opens(deal), more=_touch(deal))


def _opens(deal: Deal) -> Block:
    return kit.button(ids.PRESS_SHOW_DEAL, _("Open deal"), deal.id)


def _touch(deal: Deal) -> Block:
    return kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal.id)


@deals_with(DealStepDue.kind)
def _done(subject: Subject[Deal]) -> Block:
    return kit.button(ids.PRESS_DONE, _("Done"), subject.reminder.id, style="primary")


@deals_with(DealStageOver.kind)
def _goes_on(_subject: Subject[Deal]) -> Block | None:
    return None


@deals_with(SignatureLate.kind)
def _later_day(subject: Subject[Deal]) -> Block:
    return kit.button(ids.PRESS_PLAN_DEAL, _("Say a new day"), subject.record.id, style="primary")


@reminds(DealStageOver)
def deal_stage_over(subject: Subject[Deal], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A deal that stands in its stage for too long: since when, what its gate misses, and what takes it on; later, what became of it.

    There is no *Done*: what it asks for is done when the deal goes on.
    """
    deal, page, reminder = subject.record, subject.page, subject.reminder
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


@reminds(SignatureLate)
def signature_late(subject: Subject[Deal], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A deal that was to be signed by now, with the button that says a new day; later, what became of it."""
    deal, reminder = subject.record, subject.reminder
    blocks = [kit.section(sentence)]
    if reminder.state is not ReminderState.TOLD or not deal.is_running:
        return [*blocks, kit.context(became_of(subject))]
    return reminder_blocks(subject, playbook, sentence, _opens(deal), _where(subject, playbook), more=_touch(deal))


def _where(subject: Subject[Deal], playbook: SalesPlaybook) -> Mrkdwn | None:
    """Where a deal stands that was to be signed by now, and what it is worth."""
    page = subject.page
    playbook = page.sales or playbook if page else playbook
    stage = standing_in(subject.record, playbook)
    if stage is None:
        return None
    amount = Mrkdwn(worth(subject.record, stage).replace("\n", ", "))
    return say(_("In *{stage}*, {worth}"), stage=_(stage.title), worth=amount)


def became_of(subject: Subject[Deal]) -> Mrkdwn:
    """What became of a reminder that only its deal can end."""
    reminder = subject.reminder
    if reminder.is_open:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    by = kit.person(reminder.closed_by) if reminder.closed_by else say(_("somebody"))
    at = kit.when(reminder.closed_at) if reminder.closed_at else Mrkdwn("–")
    if reminder.outcome == "over":
        return say(_("{person} ended the deal, {when}; nothing more to do here."), person=by, when=at)
    if reminder.kind == SignatureLate.kind:
        return say(_(":white_check_mark: New date from {person}, {when}."), person=by, when=at)
    return say(_(":white_check_mark: It has gone on: {person}, {when}."), person=by, when=at)


@because(DealStepDue.kind)
def _why_step(subject: Subject[Deal], _playbook: SalesPlaybook) -> Mrkdwn:
    return say(_("You get this because you own {code} and said that this comes next."), code=subject.record.code)


@because(DealStageOver.kind)
def _why_stage(subject: Subject[Deal], _playbook: SalesPlaybook) -> Mrkdwn:
    return say(_("You get this because you own {code} and its stage has a time limit."), code=subject.record.code)


@because(SignatureLate.kind)
def _why_signature(subject: Subject[Deal], _playbook: SalesPlaybook) -> Mrkdwn:
    sentence = _("You get this because you own {code} and its expected signature date has passed.")
    return say(sentence, code=subject.record.code)


@in_digest("deal")
def _line(subject: Subject[Deal], _playbook: SalesPlaybook) -> Block:
    deal, when = subject.record, kit.when(subject.reminder.due_at)
    what = say(_("*{code}*  {what}\nwas due {when}"), code=deal.code, what=_deal_words(subject), when=when)
    return kit.section(what, kit.button(ids.PRESS_SHOW_DEAL, _("Open"), deal.id))


def _deal_words(subject: Subject[Deal]) -> str:
    """What a deal's owner is reminded of, in a few words."""
    deal = subject.record
    company = kit.cut(deal.account.name if deal.account else "", kit.MOST_IN_LINE)
    if subject.reminder.kind == DealStageOver.kind:
        return _("{company} is over the time limit of its stage").format(company=company)
    if subject.reminder.kind == SignatureLate.kind:
        return _("{company} was to be signed").format(company=company)
    return kit.cut(deal.progress.next_step or deal.title if deal.progress else deal.title, kit.MOST_IN_LINE)
