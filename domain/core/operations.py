"""Operations that can be undone: what was done to which record, by whom and when, and who may still take it back.

While an operation is carried out, every row it makes, changes or removes is noted with what stood there before and after. Undoing goes
through these steps backwards. It never destroys what people did since: a value that somebody has changed again stays, and a record that is
in use stays; both are reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.core.gathering import Registry
from domain.core.language import N_, _
from domain.core.people import COLLEAGUES, Actor, Permission, Person, Role, may
from domain.core.refusals import AlreadyDone, NotAllowed

UNDO = Permission(N_("undo anything"), COLLEAGUES)
UNDO_ANYTHING = Permission(N_("undo what others did"), frozenset({Role.ADMIN}))

undo_needs = Registry[Permission]("domain")
"""What whoever did something must still be permitted in order to undo it, by kind of operation:

    undo_needs("account.edited")(EDIT_ACCOUNT)
"""

UNDO_FOR = timedelta(minutes=10)
"""How long whoever did something may undo it; after that an admin may."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Something done in one go that can be undone in one go. `kind` is its audit event, such as `account.merged`."""

    id: int
    kind: str
    subject: str
    subject_id: int
    summary: str
    """What was done, as a sentence in the language of who did it."""
    by: Person
    at: datetime
    undone_at: datetime | None = None
    undone_by: Person | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of one table that an operation made (`before` is None), removed (`after` is None) or changed.

    `row` is the row's primary key; `before` and `after` are JSON values by column: whole rows where one was made or removed, otherwise
    only the columns that changed.
    """

    id: int
    table: str
    row: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


Row = tuple[str, int]
"""Table and id of a row."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What came of undoing some steps: how many there were, how many rows stand as before, which were kept, which were met at all."""

    count: int
    restored: int
    kept: tuple[Row, ...]
    met: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What came of undoing: how many rows stand as they did before, and how many were kept because somebody worked on them since."""

    operation: Operation
    restored: int
    kept: int
    rows: tuple[Row, ...] = ()
    """Those that were kept."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be undone."""
        return self.operation.undone_at is not None


def may_undo(operation: Operation, actor: Actor, now: datetime) -> bool:
    """Whether the actor may undo this operation now."""
    if operation.undone_at is not None:
        return False
    is_own_and_fresh = operation.by.id == actor.member_id and now - operation.at <= UNDO_FOR
    return (is_own_and_fresh and may(actor.roles, right_to_undo(operation))) or may(actor.roles, UNDO_ANYTHING)


def right_to_undo(operation: Operation) -> Permission:
    """What its doer needs to undo it; of kinds that are no more, only an admin undoes anything."""
    return undo_needs.get(operation.kind) or UNDO_ANYTHING


def check_undo(operation: Operation, actor: Actor, now: datetime) -> None:
    """Refuse what may not be undone, saying who may or who was quicker.

    Raises AlreadyDone, NotAllowed.
    """
    if operation.undone_at is not None:
        name = operation.undone_by.name if operation.undone_by else "?"
        raise AlreadyDone(_("{name} has undone this already.").format(name=name))
    if may_undo(operation, actor, now):
        return
    minutes = UNDO_FOR // timedelta(minutes=1)
    needed = right_to_undo(operation)
    if operation.by.id == actor.member_id and not may(actor.roles, needed):
        raise NotAllowed(_(needed.sentence), needed.role_titles)
    if operation.by.id == actor.member_id:
        raise NotAllowed(_("undo this after {minutes} minutes").format(minutes=minutes), [_("an admin")])
    whoever = _("{name}, for {minutes} minutes").format(name=operation.by.name, minutes=minutes)
    raise NotAllowed(_("undo this"), [whoever, _("an admin")])


def restored(step: Step, present: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a changed row to set back, with their values: those nobody has changed since."""
    assert step.before is not None
    assert step.after is not None
    return {name: value for name, value in step.before.items() if present.get(name) == step.after.get(name)}


def is_changed_since(step: Step, present: Mapping[str, Any], passing: frozenset[str]) -> bool:
    """Whether a row that the operation made says something else now; columns in `passing` change without anybody's doing."""
    assert step.after is not None
    return any(present.get(name) != value for name, value in step.after.items() if name not in passing)
