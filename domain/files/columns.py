"""How a file is read for an import: which column is which field, what its cells mean, and the rows that come of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from domain.core.countries import checked_country_code
from domain.core.language import N_, Titled, _, listed
from domain.core.refusals import RuleBroken
from domain.files.cell_parsing import DateOrder, Formats, date_format, order_in
from domain.files.placeholders import says_nothing
from domain.files.sheets import Sheet, SheetRow
from domain.sales.amounts import decimal_sign, known_currency, names_currency


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
    Records.CONTACTS: tuple("own_key account account_key name email phone position country".split()),
    Records.LEADS: tuple(
        "own_key company account_key channel said contact_name contact_key email phone position owner industry country history "
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
DAYS: Mapping[Records, frozenset[str]] = {
    Records.LEADS: frozenset({"captured_at", "next_at", "last_touch_at"}),
    Records.DEALS: frozenset({"opened_on", "closed_on"}),
}
"""Fields that are days, or moments, which may be written as days."""
JOINED: Mapping[str, str] = {
    **dict.fromkeys("name company contact_name title product position industry account agent".split(), " "),
    **dict.fromkeys("history said remark".split(), "\n"),
}
"""Fields that several columns may make up, and what stands between the parts; the others hold one thing."""
ALSO_CALLED: Mapping[tuple[Records, str], str] = {
    (Records.LEADS, "source"): "channel",
    (Records.LEADS, "lead_source"): "channel",
    (Records.LEADS, "lead_status"): "status",
}
"""Titles by which other systems call our fields."""
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
    encoding: str | None = None
    delimiter: str | None = None
    country: str | None = None
    """Where the file's phone numbers without a country's code are dialled."""


ADDED_LATER = frozenset({"encoding", "delimiter", "country"})
"""Parts of a reading that say nothing where they are blank, so that imports begun without them are still known."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column (by its place) is which field, and the titles of those that nobody takes over.

    Columns with the same field stand in the order in which they are joined.
    """

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
    odd_bytes: str = ""
    """As `SheetRow` has them."""


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
    country: str | None = None
    """Where its phone numbers without a country's code are dialled, as somebody said it: an ISO 3166 code."""
    notes: tuple[str, ...] = ()
    """How its cells were read where nobody said it, in sentences."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file says something of, even where it says that there is nothing."""
        return frozenset(self.columns.fields.values())


def digest_of(kind: Records, reading: Reading, content: bytes) -> str:
    """What tells an import of this file, read like this, from all others."""
    said = {name: value for name, value in asdict(reading).items() if value or name not in ADDED_LATER}
    how = json.dumps([kind.value, said], sort_keys=True)
    return hashlib.sha256(how.encode() + b"\0" + content).hexdigest()


def read_table(sheet: Sheet, kind: Records, reading: Reading) -> Table:
    """The rows of a file as somebody wants it to be read.

    Raises RuleBroken for whatever in `reading` cannot be.
    """
    asked = [*reading.asked, *([f"{reading.key}={KEY}"] if reading.key else [])]
    columns = plan_columns(sheet.header, kind, asked, reading.ignored)
    swaps = _swaps(reading.values, columns, sheet.header, kind)
    counts: Counter[tuple[str, str]] = Counter()
    rows = rows_in(sheet, columns, {(swap.field, swap.found.casefold()): swap.meant for swap in swaps}, counts)
    formats, notes = _formats(reading, kind, columns, sheet.header, rows)
    _check_currency(formats, columns, rows)
    return Table(
        kind=kind,
        header=sheet.header,
        columns=columns,
        rows=tuple(rows),
        swaps=tuple(replace(swap, count=counts[swap.field, swap.found.casefold()]) for swap in swaps),
        formats=formats,
        channel=reading.channel,
        country=checked_country_code(reading.country, "country") if reading.country else None,
        notes=tuple(notes),
    )


def _check_currency(formats: Formats, columns: Columns, rows: Sequence[Row]) -> None:
    """Refuse amounts of which nobody says in which currency they are: neither a column, nor the reading, nor each itself."""
    fields = columns.fields.values()
    if "amount" not in fields or "currency" in fields or formats.currency:
        return
    if not all(names_currency(row.texts["amount"]) for row in rows if "amount" in row.texts):
        raise RuleBroken(
            _("Say under “Currency of amounts” in which currency the amounts are, such as EUR."),
            on_terminal=_("Say with --currency in which currency the amounts are, such as --currency EUR."),
        )


def notes_of(sheet: Sheet, table: Table) -> list[str]:
    """How a file was read where nobody said it, for people who cannot say it with options."""
    notes = []
    if sheet.is_guess:
        sentence = _("The file is not UTF-8; it looks like {encoding}. If names look wrong, save it as UTF-8 first.")
        notes.append(sentence.format(encoding=sheet.encoding))
    if table.columns.left_out:
        notes.append(_("Not imported: {columns}.").format(columns=", ".join(table.columns.left_out)))
    return [*notes, *table.notes]


def plan_columns(header: Sequence[str], kind: Records, asked: Sequence[str], ignored: Sequence[str]) -> Columns:
    """Match columns with fields: as asked (`column=field`), and by themselves where a title is a field's name.

    Several columns of one text are joined, in the order asked.

    Raises RuleBroken for a column or field that does not exist, for two columns of what can only be one, and when a field that is needed
    is left out.
    """
    fields = dict(_asked(one, header, kind) for one in asked)
    if len(fields) < len(asked):
        raise RuleBroken(
            _("The list of columns names one column twice."),
            on_terminal=_("--map or --key names one column twice."),
        )
    passed_over = {_place(title, header) for title in ignored}
    for place, title in enumerate(header):
        name = _spelt_as_field(title)
        name = ALSO_CALLED.get((kind, name), name)
        is_free = place not in fields and place not in passed_over and name not in fields.values()
        if is_free and name in FIELDS[kind]:
            fields[place] = name
    _check_fields(fields, header, kind)
    left_out = (title or _("(no title)") for place, title in enumerate(header) if place not in {*fields, *passed_over})
    return Columns(fields=fields, left_out=tuple(title for title in left_out if title != REASON))


def _check_fields(fields: Mapping[int, str], header: Sequence[str], kind: Records) -> None:
    for name in fields.values():
        columns = [header[place] for place, other in fields.items() if other == name]
        if len(columns) > 1 and name not in JOINED:
            raise RuleBroken(
                _("Two columns are mapped to {field}: {columns}.").format(field=name, columns=listed(columns))
            )
    if not set(NEEDED[kind]) & set(fields.values()):
        needed = NEEDED[kind][0]
        titles = ", ".join(header)
        sentence = _("No column is {field}. Say which one it is, such as {title}={field}; the file has: {columns}.")
        on_terminal = _("No column is {field}. Say which one it is with --map COLUMN={field}; the file has: {columns}.")
        raise RuleBroken(
            sentence.format(field=needed, title=header[0], columns=titles),
            on_terminal=on_terminal.format(field=needed, columns=titles),
        )


def _asked(one: str, header: Sequence[str], kind: Records) -> tuple[int, str]:
    title, equals, name = one.rpartition("=")
    if not equals:
        raise RuleBroken(
            _("Write the column, an equals sign and the field: {text} has no equals sign.").format(text=one),
            on_terminal=_("--map takes COLUMN=FIELD, but {text} has no equals sign.").format(text=one),
        )
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


def _formats(
    reading: Reading, kind: Records, columns: Columns, header: Sequence[str], rows: Sequence[Row]
) -> tuple[Formats, list[str]]:
    """What cells mean, as somebody said or as the days of a column themselves show, and a sentence for each column that does."""
    for_all: str | None = None
    by_field: dict[str, str] = {}
    for one in reading.dates:
        title, equals, wanted = one.rpartition("=")
        if equals:
            by_field[_field(title, columns, header)] = date_format(wanted)
        else:
            for_all = date_format(wanted)
    dates = {name: by_field.get(name, for_all) for name in DAYS.get(kind, ())}
    shown = {
        name: found
        for name in sorted(name for name, wanted in dates.items() if wanted is None)
        if (found := order_in(row.texts[name] for row in rows if name in row.texts))
    }
    formats = Formats(
        dates=dates | {name: order.value for name, (order, _text) in shown.items()},
        decimal=decimal_sign(reading.decimal) if reading.decimal else None,
        currency=known_currency(reading.currency) if reading.currency else None,
    )
    return formats, [_only_way(name, order, text) for name, (order, text) in shown.items()]


def _only_way(name: str, order: DateOrder, text: str) -> str:
    sentences = {
        DateOrder.DAY_FIRST: _("{field} is read with the day first: {text} can be nothing else."),
        DateOrder.MONTH_FIRST: _("{field} is read with the month first: {text} can be nothing else."),
        DateOrder.YEAR_FIRST: _("{field} is read with the year first: {text} can be nothing else."),
    }
    return sentences[order].format(field=name, text=text)


def _field(title: str, columns: Columns, header: Sequence[str]) -> str:
    """The field meant by the title of a column, or by its own name.

    Raises RuleBroken for a column nobody takes over.
    """
    name = _spelt_as_field(title.strip())
    if name in columns.fields.values():
        return name
    place = _place(title, header)
    if place not in columns.fields:
        raise RuleBroken(_("The column {title} is not imported; map it to a field first.").format(title=title))
    return columns.fields[place]


def _swaps(values: Sequence[str], columns: Columns, header: Sequence[str], kind: Records) -> list[Swap]:
    swaps = []
    for one in values:
        before, equals, meant = one.rpartition("=")
        title, colon, found = before.partition(":")
        if not (equals and colon):
            raise RuleBroken(
                _("Write the column, a colon, what is found, an equals sign and what it means, not {text}.").format(
                    text=one
                ),
                on_terminal=_("--value takes COLUMN:FROM=TO, but {text} is none.").format(text=one),
            )
        is_outcome = kind is Records.DEALS and _spelt_as_field(title.strip()) == "outcome"
        name = "outcome" if is_outcome else _field(title, columns, header)
        swaps.append(Swap(field=name, found=found.strip(), meant=meant.strip()))
    return swaps


def rows_in(
    sheet: Sheet,
    columns: Columns,
    meant: Mapping[tuple[str, str], str] | None = None,
    counts: Counter[tuple[str, str]] | None = None,
) -> list[Row]:
    """The rows of a file by our fields; `meant` are the values that stand for others, by field and text, and `counts` counts them.

    Cells that are missing at the end are blank. A row with more cells than the header is at fault, unless those are blank: its values
    may stand in the wrong columns.
    """
    swaps, found = meant or {}, Counter() if counts is None else counts
    return [_row(row, columns, len(sheet.header), swaps, found) for row in sheet.rows]


def _row(
    row: SheetRow,
    columns: Columns,
    width: int,
    meant: Mapping[tuple[str, str], str],
    counts: Counter[tuple[str, str]],
) -> Row:
    fault = None
    if any(row.cells[width:]):
        fault = _("The row has {cells} cells, but the header has {width}.").format(cells=len(row.cells), width=width)
    cells = row.cells + ("",) * (width - len(row.cells)) if fault is None else row.cells
    said = [(name, cells[place]) for place, name in columns.fields.items()]
    stage = next((cell for name, cell in said if name == "stage" and cell), None)
    if stage and any(name == "outcome" for name, _found in meant) and not any(c for n, c in said if n == "outcome"):
        said.append(("outcome", stage))  # what the stage means is said of the outcome; the stage stays
    texts: dict[str, str] = {}
    for name, cell in said:
        if text := _meant(name, cell, meant, counts):
            texts[name] = f"{texts[name]}{JOINED.get(name, '')}{text}" if name in texts else text
    cells = cells[:width] if fault is None else cells
    return Row(number=row.number, cells=cells, texts=texts, fault=fault, odd_bytes=row.odd_bytes)


def _meant(name: str, cell: str, meant: Mapping[tuple[str, str], str], counts: Counter[tuple[str, str]]) -> str:
    key = (name, cell.casefold())
    if cell and key in meant:
        counts[key] += 1
        return meant[key]
    return "" if says_nothing(cell, name) else cell
