"""How a file is read for an import: which column is which field, what its cells mean, and the rows that come of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from domain.core.language import N_, Titled, _, listed
from domain.core.refusals import RuleBroken
from domain.files.cell_parsing import Formats, date_format, decimal_sign, known_currency
from domain.files.sheets import Sheet, SheetRow


class Records(Titled):
    """What can be imported and exported. Values are stored: never renamed."""

    ACCOUNTS = "accounts", N_("accounts")
    CONTACTS = "contacts", N_("contacts")
    LEADS = "leads", N_("leads")
    DEALS = "deals", N_("deals")


KEY = "own_key"
"""The field that says what the file's own system calls a record."""
FIELDS: Mapping[Records, tuple[str, ...]] = {
    Records.ACCOUNTS: tuple("own_key name industry country history tier owner source contact_name email phone".split()),
    Records.CONTACTS: tuple("own_key account account_key name email phone position".split()),
    Records.LEADS: tuple(
        "own_key company account_key channel said contact_name contact_key email phone position owner industry history "
        "captured_at answers next_at last_touch_at status reason remark".split()
    ),
    Records.DEALS: tuple(
        "own_key title account account_key product outcome stage agent owner amount currency opened_on closed_on "
        "source".split()
    ),
}
"""Fields a column can be mapped to."""
NEEDED: Mapping[Records, tuple[str, ...]] = {
    Records.ACCOUNTS: ("name",),
    Records.CONTACTS: ("account", "account_key"),
    Records.LEADS: ("company",),
    Records.DEALS: ("title", "product"),
}
"""Fields of which at least one must be there."""
DAYS = frozenset({"opened_on", "closed_on"})
REASON = "refused because"
"""Title of the column that a file of refused rows has in front; an import passes over it."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How somebody wants a file to be read, in the words they said it in; kept with the import, so that it can be gone on with."""

    asked: tuple[str, ...] = ()
    """`COLUMN=FIELD`."""
    ignored: tuple[str, ...] = ()
    key: str | None = None
    """The column with the file's own keys."""
    values: tuple[str, ...] = ()
    """`COLUMN:FROM=TO`."""
    dates: tuple[str, ...] = ()
    """`FORMAT`, or `COLUMN=FORMAT`."""
    decimal: str | None = None
    currency: str | None = None
    channel: str | None = None
    """Where leads came from that do not say so themselves."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column (by its place) is which field, and the titles of those that nobody takes over."""

    fields: Mapping[int, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Swap:
    """A value that stands for another, in the cells of one field. `count` is how many there were."""

    field: str
    found: str
    meant: str
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the file: the texts found for our fields (none is blank), and what makes it unreadable, if anything does."""

    number: int
    cells: tuple[str, ...]
    texts: Mapping[str, str]
    fault: str | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file as it is imported: its rows by our fields, and what its cells mean."""

    kind: Records
    header: tuple[str, ...]
    columns: Columns
    rows: tuple[Row, ...]
    swaps: tuple[Swap, ...] = ()
    formats: Formats = field(default_factory=Formats)
    channel: str | None = None
    """Where leads came from that do not say so themselves, as somebody said it."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file says something of, even where it says that there is nothing."""
        return frozenset(self.columns.fields.values())


def digest_of(kind: Records, reading: Reading, content: bytes) -> str:
    """What tells an import of this file, read like this, from all others."""
    how = json.dumps([kind.value, asdict(reading)], sort_keys=True)
    return hashlib.sha256(how.encode() + b"\0" + content).hexdigest()


def read_table(sheet: Sheet, kind: Records, reading: Reading) -> Table:
    """The rows of a file as somebody wants it to be read.

    Raises RuleBroken for whatever in `reading` cannot be.
    """
    asked = [*reading.asked, *([f"{reading.key}={KEY}"] if reading.key else [])]
    columns = plan_columns(sheet.header, kind, asked, reading.ignored)
    formats = _formats(reading, columns, sheet.header)
    if "amount" in columns.fields.values() and "currency" not in columns.fields.values() and not formats.currency:
        raise RuleBroken(_("Say with --currency in which currency the amounts are, such as --currency EUR."))
    rows, swaps = _swapped(rows_in(sheet, columns), _swaps(reading.values, columns, sheet.header, kind))
    return Table(
        kind=kind,
        header=sheet.header,
        columns=columns,
        rows=tuple(rows),
        swaps=tuple(swaps),
        formats=formats,
        channel=reading.channel,
    )


def plan_columns(header: Sequence[str], kind: Records, asked: Sequence[str], ignored: Sequence[str]) -> Columns:
    """Match columns with fields: as asked (`column=field`), and by themselves where a title is a field's name.

    Raises RuleBroken for a column or field that does not exist, for two columns with one field, and when a field that is needed is
    left out.
    """
    fields = dict(_asked(one, header, kind) for one in asked)
    if len(fields) < len(asked):
        raise RuleBroken(_("--map or --key names one column twice."))
    passed_over = {_place(title, header) for title in ignored}
    for place, title in enumerate(header):
        name = _spelt_as_field(title)
        is_free = place not in fields and place not in passed_over and name not in fields.values()
        if is_free and name in FIELDS[kind]:
            fields[place] = name
    _check_fields(fields, header, kind)
    left_out = (title or _("(no title)") for place, title in enumerate(header) if place not in {*fields, *passed_over})
    return Columns(fields=fields, left_out=tuple(title for title in left_out if title != REASON))


def _check_fields(fields: Mapping[int, str], header: Sequence[str], kind: Records) -> None:
    for name in fields.values():
        columns = [header[place] for place, other in fields.items() if other == name]
        if len(columns) > 1:
            raise RuleBroken(
                _("Two columns are mapped to {field}: {columns}.").format(field=name, columns=listed(columns))
            )
    if not set(NEEDED[kind]) & set(fields.values()):
        needed = NEEDED[kind][0]
        raise RuleBroken(
            _("No column is {field}. Say which one it is with --map COLUMN={field}; the file has: {columns}.").format(
                field=needed, columns=", ".join(header)
            )
        )


def _asked(one: str, header: Sequence[str], kind: Records) -> tuple[int, str]:
    title, equals, name = one.rpartition("=")
    if not equals:
        raise RuleBroken(_("--map takes COLUMN=FIELD, but {text} has no equals sign.").format(text=one))
    if name.strip() not in FIELDS[kind]:
        raise RuleBroken(
            _("There is no field {field}. {records} have: {fields}.").format(
                field=name.strip(), records=kind.title.capitalize(), fields=", ".join(FIELDS[kind])
            )
        )
    return _place(title, header), name.strip()


def _place(title: str, header: Sequence[str]) -> int:
    wanted = title.strip().casefold()
    places = [place for place, other in enumerate(header) if other.casefold() == wanted]
    if not places:
        raise RuleBroken(
            _("There is no column {title}. The file has: {columns}.").format(title=title, columns=", ".join(header))
        )
    if len(places) > 1:
        raise RuleBroken(_("There are several columns {title}; give them different names.").format(title=title))
    return places[0]


def _spelt_as_field(title: str) -> str:
    return title.casefold().replace(" ", "_").replace("-", "_")


def _formats(reading: Reading, columns: Columns, header: Sequence[str]) -> Formats:
    for_all, by_field = None, {}
    for one in reading.dates:
        title, equals, wanted = one.rpartition("=")
        if equals:
            by_field[_field(title, columns, header)] = date_format(wanted)
        else:
            for_all = date_format(wanted)
    return Formats(
        dates={name: by_field.get(name, for_all) for name in DAYS},
        decimal=decimal_sign(reading.decimal) if reading.decimal else None,
        currency=known_currency(reading.currency) if reading.currency else None,
    )


def _field(title: str, columns: Columns, header: Sequence[str]) -> str:
    """The field meant by the title of a column, or by its own name.

    Raises RuleBroken for a column nobody takes over.
    """
    name = _spelt_as_field(title.strip())
    if name in columns.fields.values():
        return name
    place = _place(title, header)
    if place not in columns.fields:
        raise RuleBroken(_("The column {title} is not taken over; map it to a field first.").format(title=title))
    return columns.fields[place]


def _swaps(values: Sequence[str], columns: Columns, header: Sequence[str], kind: Records) -> list[Swap]:
    swaps = []
    for one in values:
        before, equals, meant = one.rpartition("=")
        title, colon, found = before.partition(":")
        if not (equals and colon):
            raise RuleBroken(_("--value takes COLUMN:FROM=TO, but {text} is none.").format(text=one))
        is_outcome = kind is Records.DEALS and _spelt_as_field(title.strip()) == "outcome"
        name = "outcome" if is_outcome else _field(title, columns, header)
        swaps.append(Swap(field=name, found=found.strip(), meant=meant.strip()))
    return swaps


def _swapped(rows: Sequence[Row], swaps: Sequence[Swap]) -> tuple[list[Row], list[Swap]]:
    """The rows with the values that are meant, and how often each was found."""
    meant = {(swap.field, swap.found.casefold()): swap for swap in swaps}
    counts = dict.fromkeys(meant, 0)
    changed = []
    for row in rows:
        texts = dict(row.texts)
        if "stage" in texts and any(swap.field == "outcome" for swap in swaps):
            texts.setdefault("outcome", texts["stage"])  # what the stage means is said of the outcome; the stage stays
        for name, text in list(texts.items()):
            key = (name, text.casefold())
            if key in meant:
                counts[key] += 1
                texts[name] = meant[key].meant
        kept = {name: text for name, text in texts.items() if text}
        changed.append(Row(number=row.number, cells=row.cells, texts=kept, fault=row.fault))
    found = [Swap(field=s.field, found=s.found, meant=s.meant, count=counts[key]) for key, s in meant.items()]
    return changed, found


def rows_in(sheet: Sheet, columns: Columns) -> list[Row]:
    """The rows of a file by our fields. One with too many or too few cells is at fault: its values may stand in the wrong columns."""
    return [_row(row, columns, len(sheet.header)) for row in sheet.rows]


def _row(row: SheetRow, columns: Columns, width: int) -> Row:
    fault = None
    if len(row.cells) != width:
        fault = _("The row has {cells} cells, but the header has {width}.").format(cells=len(row.cells), width=width)
    texts = {name: row.cells[place] for place, name in columns.fields.items() if place < len(row.cells)}
    return Row(
        number=row.number, cells=row.cells, texts={name: text for name, text in texts.items() if text}, fault=fault
    )
