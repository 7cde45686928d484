"""What can be undone, and what came of undoing it."""

from datetime import datetime, timedelta

from domain.core.language import _, plural
from domain.core.operations import UNDO_FOR, Operation, Undone, may_undo
from domain.core.people import Actor
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say


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


def done_reply(operation: Operation) -> list[Block]:
    """Tells who did something that it is done, with the button that takes it back."""
    undo = kit.button(ids.PRESS_UNDO, _("Undo"), operation.id)
    minutes = UNDO_FOR // timedelta(minutes=1)
    return [
        kit.section(say("{summary}", summary=operation.summary), undo),
        kit.context(say(_("You can undo this for {minutes} minutes; after that an admin can."), minutes=minutes)),
    ]


def done_notice(operation: Operation) -> View:
    """The same in a modal, where there is no channel to say it in."""
    return kit.modal(ids.NOTICE, _("Done"), done_reply(operation))


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
