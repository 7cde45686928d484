"""Reminders as their owner sees them in direct messages."""

from datetime import date
from typing import Any

from domain.core.language import _
from domain.core.reminders import OverdueDigest, Reminder, Snooze, Subject
from domain.playbook.sales_rules import SalesPlaybook
from views import ids, kit
from views.core.reasons import why, why_together
from views.kit import Block, Mrkdwn, View, say
from views.shown import deals_with, in_digest, shows

MOST_LINES = 40
"""Lines of a digest: each is a block, and Slack takes fifty."""
MOST_IN_DETAILS = 56
"""Characters of the details of a reminder, so that they stay one line."""
PICK_A_DAY = "day"
"""The choice in the snooze menu that asks for a day."""


def snooze_menu(reminder: Reminder) -> Block:
    """The usual ways to put a reminder off."""
    choices = {choice.value: choice.title for choice in Snooze} | {PICK_A_DAY: _("Pick a day…")}
    return kit.menu(
        {f"{reminder.id}:{value}": label for value, label in choices.items()},
        None,
        _("Remind me later"),
        ids.PRESS_SNOOZE,
    )


def reminder_blocks(
    subject: Subject[Any],
    playbook: SalesPlaybook,
    sentence: Mrkdwn,
    opens: Block | None,
    *details: Mrkdwn | None,
    more: Block | None = None,
) -> list[Block]:
    """A reminder told by itself: what is to be done with the record beside it, a line of details, the buttons, and why.

    `opens` is the button that shows the record, `more` another way to deal with it.
    """
    buttons = kit.actions(deals_with.all[subject.reminder.kind](subject), more, snooze_menu(subject.reminder))
    return [kit.section(with_details(sentence, *details), opens), buttons, kit.context(why(subject, playbook))]


def with_details(sentence: Mrkdwn, *details: Mrkdwn | None) -> Mrkdwn:
    """A sentence with a line of details below it, as far as there are any and they fit."""
    line = "  ·  ".join(" ".join(detail.split()) for detail in details if detail)
    return Mrkdwn(f"{sentence}\n{kit.cut(Mrkdwn(line), MOST_IN_DETAILS)}") if line else sentence


def digest(subjects: list[Subject[Any]], unlisted: int, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """Several reminders in one message, hot leads first, each with the button that deals with it; `unlisted` are beyond those."""
    still = [subject for subject in subjects if getattr(subject.record, "is_open", True)]
    ranked = sorted(
        {subject.reminder.about: subject for subject in reversed(still)}.values(),
        key=lambda subject: (-_score(subject.record), subject.reminder.due_at),
    )
    lines = kit.fitting([digest_line(subject, playbook) for subject in ranked[:MOST_LINES]])
    rest = len(ranked) - len(lines) + unlisted
    more = [kit.context(say(_("and {rest} more"), rest=rest))] if rest else []
    return [kit.section(sentence), *lines, *more, kit.context(why_together(subjects))]


def digest_line(subject: Subject[Any], playbook: SalesPlaybook) -> Block:
    """A reminder among others, with the button that deals with it, or else the one that opens its record."""
    line = in_digest.all[subject.reminder.noun](subject, playbook)
    button = deals_with.all[subject.reminder.kind](subject)
    return line | {"accessory": button} if button and subject.reminder.is_open else line


def _score(record: Any) -> int:
    """What a digest is in the order of; what has no score comes after all that has."""
    return (record.score or 0) if hasattr(record, "score") else -1


def put_off_words(reminder: Reminder) -> Mrkdwn:
    """What is said of a reminder that was put off."""
    return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))


def snooze_modal(reminder_id: int, suggested: date) -> View:
    """Asks until which day a reminder is put off."""
    blocks = [kit.ask("day", _("Remind me on"), kit.day_field(suggested), hint=_("At the start of your working day."))]
    return kit.modal(ids.SNOOZE_TO, _("Remind me later"), blocks, submit=_("Save"), about=reminder_id)


shows(OverdueDigest)(
    lambda facts, playbook, sentence: digest(facts["reminders"], facts["unlisted"], playbook, sentence)
)
