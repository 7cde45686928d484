"""What can be undone, and what came of undoing it."""

from datetime import datetime

from domain.language import _, plural
from domain.operations import Operation, Undone, may_undo
from domain.people import Actor
from views import ids, kit
from views.kit import Block, Mrkdwn, say


def operation_line(operation: Operation, actor: Actor, now: datetime) -> Block:
    """What was done last, by whom and when, with the button that takes it back for whoever may."""
    words = say(
        _("{summary} {person}, {when}"),
        summary=operation.summary,
        person=kit.person(operation.by),
        when=kit.when(operation.at),
    )
    undo = kit.button(ids.PRESS_UNDO, _("Undo"), operation.id) if may_undo(operation, actor, now) else None
    return kit.section(words, undo)


def undone_words(undone: Undone) -> Mrkdwn:
    """What came of undoing, or that it goes on."""
    if not undone.is_over:
        return say(
            _("I am taking it back and will tell you when that is done: {summary}"), summary=undone.operation.summary
        )
    done = say(_("Undone: {summary}"), summary=undone.operation.summary)
    if not undone.kept:
        return done
    kept = plural(
        "{count} record was kept as it is, because somebody has worked on it since.",
        "{count} records were kept as they are, because somebody has worked on them since.",
        undone.kept,
    )
    return say("{done} {kept}", done=done, kept=kept.format(count=undone.kept))
