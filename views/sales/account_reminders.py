"""The question whether an account is still right, as its owner sees it: by itself, and as a line of a digest."""

from domain.core.language import _
from domain.core.reminders import ReminderState, Subject
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Account, AccountRefreshDue
from views import ids, kit
from views.core.reasons import why
from views.core.reminders import snooze_menu
from views.kit import Block, Mrkdwn, say
from views.sales.accounts import account_facts, contact_words
from views.shown import because, deals_with, in_digest, reminds


@reminds(AccountRefreshDue)
def account_refresh(subject: Subject[Account], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """Asks an owner whether an account's record is still right, answered with one click; then what became of it."""
    account, reminder = subject.record, subject.reminder
    if reminder.state is not ReminderState.TOLD:
        told = say("*{code} · {company}*", code=account.code, company=account.name)
        return [kit.section(told), kit.context(_refresh_outcome(subject))]
    facts = [fact for fact in account_facts(account, None) if fact[0] != _("Owner")]
    tier = (_("Tier"), _(playbook.tier_title(account.tier)) if account.tier else _("none"))
    blocks = [kit.section(sentence), kit.fields([*facts[:2], tier, facts[2]])]
    if subject.page:
        people = Mrkdwn("\n".join(contact_words(contact).replace("\n", "  ·  ") for contact in subject.page[:5]))
        rest = len(subject.page) - 5
        blocks.append(kit.section(people))
        blocks += [kit.context(say(_("and {rest} more"), rest=rest))] if rest > 0 else []
    return [
        *blocks,
        kit.actions(
            still_right(subject),
            kit.button(ids.PRESS_EDIT_ACCOUNT, _("Edit"), account.id),
            snooze_menu(reminder),
            kit.button(ids.PRESS_SHOW_ACCOUNT, _("Open account"), account.id),
        ),
        kit.context(why(subject, playbook)),
    ]


def _refresh_outcome(subject: Subject[Account]) -> Mrkdwn:
    reminder = subject.reminder
    if reminder.state is ReminderState.WAITING:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    by = kit.person(reminder.closed_by) if reminder.closed_by else say(_("somebody"))
    on = kit.on_day(reminder.closed_at) if reminder.closed_at else Mrkdwn("–")
    if reminder.state is ReminderState.CANCELLED:
        return say(_("{person} merged it into another account {day}; nothing more to do."), person=by, day=on)
    if reminder.outcome == "edited":
        return say(_(":white_check_mark: Edited by {person}, {day}."), person=by, day=on)
    return say(_(":white_check_mark: Confirmed by {person}, {day}."), person=by, day=on)


@deals_with(AccountRefreshDue.kind)
def still_right(subject: Subject[Account]) -> Block:
    """The button that confirms an account as it is."""
    return kit.button(ids.PRESS_DONE, _("Still right"), subject.reminder.id, style="primary")


@because(AccountRefreshDue.kind)
def _why(subject: Subject[Account], playbook: SalesPlaybook) -> Mrkdwn:
    account, days = subject.record, playbook.refresh_days(subject.record.tier)
    if account.owner_id == subject.reminder.member.id:
        sentence = _("You get this because you own {code}, and nobody has confirmed it for {days} days.")
    else:
        sentence = _("You get this because you owned {code} when nobody had confirmed it for {days} days.")
    return say(sentence, code=account.code, days=days)


@in_digest("account")
def _line(subject: Subject[Account], _playbook: SalesPlaybook) -> Block:
    account = subject.record
    name = kit.cut(account.name, kit.MOST_IN_LINE)
    question = say(_("*{code} · {company}*\nis it still right?"), code=account.code, company=name)
    return kit.section(question, kit.button(ids.PRESS_SHOW_ACCOUNT, _("Open"), account.id))
