"""Imports: what becomes of a row and why, what a file may change in a record, and an import as it is kept so that it can be undone.

Values that only look wrong are kept as found and reported: a person decides, not the import.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from domain.core.language import N_, Titled, _
from domain.core.messages import Message
from domain.core.operations import Operation, undo_needs
from domain.core.people import Permission, Person, Role
from domain.core.refusals import FormRefused, NotYet, RuleBroken
from domain.core.tasks import NewTask, TaskKind
from domain.core.timers import TimerKind
from domain.files.columns import REASON, Reading, Records, Row
from domain.files.sheets import Sheet, write_sheet
from domain.sales.accounts import Account
from domain.sales.deals import Deal
from domain.sales.duplicates import Match
from domain.sales.leads import Lead

IMPORT_RECORDS = Permission(N_("import records"), frozenset({Role.ADMIN, Role.MANAGEMENT}))
undo_needs(*(f"import.{kind.value}" for kind in Records))(IMPORT_RECORDS)

OFFER_EXPIRES = TimerKind("import.offer_expires")
"""Lets an offer be that nobody has answered."""
OFFERED_FOR = 3
"""Working days that an offer stands: what would become of the rows is found out once, and records change."""
CARRY_OUT_IMPORT = TaskKind("import.carry_out")
"""Goes on with an import in Slack: looks at its file, carries it out, or takes it back."""
MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
"""The largest file that is taken in Slack; the terminal takes any."""
MOST_DOUBTS_KEPT = 60
"""Doubts that an import keeps; as many as the terminal shows."""
MOST_REFUSED_KEPT = 2_000
"""Refused rows that an import keeps for the case that it is broken off."""


class Fate(Titled):
    """What became of a row. Values are stored: never renamed."""

    MADE = "made", N_("made")
    CHANGED = "changed", N_("changed")
    THERE = "already there", N_("already there")
    REFUSED = "refused", N_("refused")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something about one row that a person may want to look at; the value was kept as found unless the sentence says otherwise."""

    field: str
    value: str
    sentence: str
    on_terminal: str = ""
    """The sentence with the options of the command line that help; blank where there are none."""


@dataclass(frozen=True, kw_only=True)
class Dirt(Remark):
    """A remark and all rows it is true of."""

    rows: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field that says something else now than before."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a row and why; of a refused one, the remarks are the reasons. `record` is what people call what it became."""

    row: Row
    fate: Fate
    record: str = ""
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A refused row as an import keeps it: its number in the file and why."""

    number: int
    remarks: tuple[Remark, ...]


class ImportState(StrEnum):
    """Where an import stands. Values are stored: never renamed."""

    ASKED = "asked"
    OFFERED = "offered"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    UNDOING = "undoing"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class NewImport:
    """An import as somebody asks for it. `digest` tells one file and reading from another."""

    kind: Records
    file: str
    reading: Reading
    total: int = 0
    digest: str = ""
    slack_file: str | None = None
    """Id of the file in Slack; None for one that was given on the terminal."""


@dataclass(frozen=True, kw_only=True)
class Import(NewImport):
    """An import: one operation over many small transactions, each of which keeps here how far it is."""

    id: int
    number: int
    by: Person
    at: datetime
    state: ImportState
    done: int = 0
    """Rows that are dealt with."""
    tally: Mapping[Fate, int] = field(default_factory=dict)
    refused: tuple[RefusedRow, ...] = ()
    examples: tuple[str, ...] = ()
    """A few of the changes a rehearsal found, as sentences."""
    notes: tuple[str, ...] = ()
    """How the file was read where nobody said it, as sentences."""
    doubts: tuple[Dirt, ...] = ()
    """What a rehearsal found worth a look."""
    why: str | None = None
    """Why nothing came of it."""
    operation: Operation | None = None
    """What can be undone; None as long as nothing was changed."""
    kept: int = 0
    """Records that undoing it has left, because somebody works with them."""
    lease_until: datetime | None = None
    """Until when it is a terminal's alone; what is done in Slack has the lease of its task."""
    undo_by: Person | None = None

    @property
    def code(self) -> str:
        """What people call the record, such as `I-3`."""
        return f"I-{self.number}"

    def count(self, fate: Fate) -> int:
        """How many rows had this fate."""
        return self.tally.get(fate, 0)

    @property
    def taken(self) -> int:
        """How many rows change something."""
        return self.count(Fate.MADE) + self.count(Fate.CHANGED)


def carrying_out(import_id: int) -> NewTask:
    """The task of going on with an import."""
    return NewTask(kind=CARRY_OUT_IMPORT, subject="import", subject_id=import_id)


def is_on_terminal(whole: Import, now: datetime) -> bool:
    """Whether a terminal is at it."""
    return whole.lease_until is not None and whole.lease_until > now


def check_idle(whole: Import, *, is_held: bool) -> None:
    """Refuse to undo an import that a process is still at.

    Raises NotYet.
    """
    if is_held and whole.state in {ImportState.UNDER_WAY, ImportState.UNDOING}:
        raise NotYet(_("{code} is still under way; undo it once it has ended.").format(code=whole.code))


def too_large() -> str:
    """What is said of a file that is for the terminal."""
    return _("The file is larger than a megabyte; use `rainmaker import` on the terminal for it.")


def tally_of(verdicts: Iterable[Verdict], before: Mapping[Fate, int] | None = None) -> dict[Fate, int]:
    """How many rows had which fate, on top of those before."""
    counts = dict.fromkeys(Fate, 0) | dict(before or {})
    for verdict in verdicts:
        counts[verdict.fate] += 1
    return counts


def refused(row: Row, refusal: RuleBroken | FormRefused) -> Verdict:
    """The verdict on a row that cannot be imported."""
    errors = refusal.errors if isinstance(refusal, FormRefused) else {refusal.field or REASON: refusal.sentence}
    values = {REASON: " ".join(row.cells)} | dict(row.texts)
    said = "" if isinstance(refusal, FormRefused) or refusal.on_terminal == refusal.sentence else refusal.on_terminal
    remarks = (
        Remark(field=name, value=values.get(name, ""), sentence=why, on_terminal=said) for name, why in errors.items()
    )
    return Verdict(row=row, fate=Fate.REFUSED, remarks=tuple(remarks))


Given = Callable[[str], Collection[Any]]
"""Tells which values imports have given to a field since a person last changed it."""


def never_given(_field: str) -> Collection[Any]:
    """For records of which a file has no say, because it does not name them by its own key."""
    return ()


def reconciled(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], given: Given, record: str
) -> tuple[dict[str, Any], list[Change], list[Remark]]:
    """What a file may change in a record: fields that are empty, and those that still say what an earlier import said.

    What somebody has entered here is never overwritten by a file: the remarks say where the two differ. A blank in the file says nothing.
    """
    values: dict[str, Any] = {}
    changes, remarks = [], []
    for name, new in theirs.items():
        old = ours.get(name)
        if new in (None, "") or _is_same(old, new):
            continue
        if old in (None, "") or old in given(name):
            values[name] = new
            changes.append(Change(field=name, old=shown(old), new=shown(new)))
        else:
            sentence = _("{record} says {kept}, which stays.").format(record=record, kept=short(shown(old)))
            remarks.append(Remark(field=name, value=shown(new), sentence=sentence))
    return values, changes, remarks


def _is_same(old: Any, new: Any) -> bool:
    return old == new or (isinstance(old, str) and isinstance(new, str) and old.casefold() == new.casefold())


def shown(value: Any) -> str:
    """A value as a table shows it."""
    return "" if value is None else value.name if isinstance(value, Person | Account) else str(value)


def short(text: str) -> str:
    """The text, cut where a table has no room."""
    return text if len(text) <= 40 else f"{text[:39]}…"


def likenesses(field: str, name: str, matches: Iterable[Match]) -> list[Remark]:
    """A remark for every account that the one just made looks like."""
    return [
        Remark(
            field=field,
            value=name,
            sentence=_("looks like {account} ({likeness})").format(
                account=called(match.account), likeness=match.likeness.title
            ),
        )
        for match in matches
    ]


def called(record: Account | Lead | Deal) -> str:
    """How a report calls a record; one that a rehearsal would make has no number yet."""
    name = (
        record.name
        if isinstance(record, Account)
        else record.title
        if isinstance(record, Deal)
        else record.account.name
    )
    return f"{record.code} “{name}”" if record.number else _("“{name}” of this file").format(name=name)


def refused_file(header: Sequence[str], rows: Iterable[tuple[Sequence[str], Sequence[Remark]]]) -> bytes:
    """The refused rows as they were, each with the reasons in front, to be corrected and imported again."""
    old = header.index(REASON) if REASON in header else None
    lines = [[" ".join(remark.sentence for remark in remarks), *_without(cells, old)] for cells, remarks in rows]
    return write_sheet([REASON, *_without(header, old)], lines)


def refused_cells(sheet: Sheet, rows: Iterable[RefusedRow]) -> list[tuple[Sequence[str], Sequence[Remark]]]:
    """The cells of refused rows with the reasons, from the file itself."""
    cells = {row.number: row.cells for row in sheet.rows}
    return [(cells[row.number], row.remarks) for row in rows if row.number in cells]


def _without(cells: Sequence[str], place: int | None) -> list[str]:
    return [cell for number, cell in enumerate(cells) if number != place]


def report_file(verdicts: Iterable[Verdict]) -> bytes:
    """Every row with what became of it, what changed and what is to be said of it."""
    rows = [
        [
            str(verdict.row.number),
            verdict.fate.title,
            verdict.record,
            "; ".join(f"{change.field}: {change.old} → {change.new}" for change in verdict.changes),
            "; ".join(f"{remark.field} {remark.value}: {remark.sentence}" for remark in verdict.remarks),
        ]
        for verdict in verdicts
    ]
    return write_sheet(["row", "what became of it", "record", "changes", "remarks"], rows)


@dataclass(frozen=True, kw_only=True)
class ImportAsked(Message):
    """An import that somebody asked for: what would come of it, how far it is, what came of it."""

    card_of: ClassVar[str | None] = "import"
    import_id: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Message):
    """An import that was taken back while nobody waited for it."""

    import_id: int
