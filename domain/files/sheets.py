"""Tables in CSV files: reads what spreadsheets and other systems write, and writes what is safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with one of a few characters for a formula, which can then call out to the network. Such cells
are written with an apostrophe in front (as OWASP advises against "CSV injection"), and read back without it.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.files.encodings import ODD_BYTE, decoded

FORMULA = re.compile("(?:^'*[\t\r\n]|(?:^|(?<=[;|\t\r\n]))'*[=+\\-@＝＋－＠])")
"""How a cell begins that could be taken for a formula, once or more often guarded against that already.

A spreadsheet that takes semicolons, bars, tabs or line breaks for the end of a cell sees several in one.
"""
DELIMITERS = ",;\t|"
DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "\\t": "\t"}
SAYS_DELIMITER = re.compile(r'"?sep=(.)"?[ \t]*(\r\n|\r|\n)')
"""The line before the header by which Excel is told what separates cells; Excel does not count it."""
MOST_SAMPLED = 60
"""Rows by which it is found what separates cells."""
NO_LETTER = "\N{REPLACEMENT CHARACTER}"
SIGNATURES = {b"PK\x03\x04": "an Excel workbook", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF"}
"""How files begin that people take for CSV."""


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One row as a spreadsheet counts it, the header being row 1; cells have no blanks around them and no guards."""

    number: int
    cells: tuple[str, ...]
    odd_bytes: str = ""
    """The bytes that are no text in this encoding, in hexadecimal; `NO_LETTER` stands for each."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table with a header. `encoding` and `delimiter` are what it was read with; rows without any text are left out.

    `is_guess` says that the encoding is only what the file looks like.
    """

    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str
    delimiter: str
    is_guess: bool = False


def read_sheet(content: bytes, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """The table in a CSV file, read as somebody says or else as it seems to be written.

    Raises RuleBroken when it is empty, no CSV, or has no header, and for an encoding or delimiter that cannot be.
    """
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            raise RuleBroken(_("This is not a CSV file but {kind}; save it as CSV first.").format(kind=kind))
    found = decoded(content, encoding)
    text = found.text
    if not text.strip():
        raise RuleBroken(_("The file is empty."))
    said = SAYS_DELIMITER.match(text)
    if said:
        text = text[said.end() :]
    used = delimiter_named(delimiter) if delimiter else said[1] if said else _delimiter_of(text)
    header, *rows = _records(text, used)
    if not any(header.cells):
        raise RuleBroken(_("The first row must name the columns, but it is blank."))
    return Sheet(
        header=header.cells, rows=tuple(rows), encoding=found.encoding, delimiter=used, is_guess=found.is_guess
    )


def delimiter_named(text: str) -> str:
    """The character between cells that somebody means: itself, or its name.

    Raises RuleBroken for anything longer, and for a quotation mark.
    """
    wanted = DELIMITER_NAMES.get(text.strip().casefold(), text)
    if len(wanted) != 1 or wanted in '"\r\n':
        names = ", ".join(name for name in DELIMITER_NAMES if name.isalpha())
        raise RuleBroken(
            _("Cells are separated by one character, or {names}, not {text}.").format(names=names, text=text)
        )
    return wanted


def _delimiter_of(text: str) -> str:
    """What separates cells, by many rows: what the most of them have, and not more often than the header."""
    return max(DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> tuple[float, float, int]:
    """How many of the first rows have cells but no more than the header, how many exactly as many, and how many the header has."""
    widths: list[int] = []
    with suppress(csv.Error):
        widths += (len(row) for row in islice(_reader(text, delimiter), MOST_SAMPLED) if any(row))
    if not widths or widths[0] < 2:
        return 0, 0, 0
    fitting = sum(1 < width <= widths[0] for width in widths) / len(widths)
    return fitting, sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _reader(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _records(text: str, delimiter: str) -> list[SheetRow]:
    """The first record and all others that are not blank, with their numbers."""
    records: list[SheetRow] = []
    number = 0
    try:
        for number, cells in enumerate(_reader(text, delimiter), 1):
            record = _record(number, cells)
            if any(record.cells) or not records:
                records.append(record)
    except csv.Error as error:
        why = _("a quotation mark is wrong or not closed, or a cell is too long")
        raise RuleBroken(_("The file cannot be read after row {row}: {why}.").format(row=number, why=why)) from error
    return records


def _record(number: int, cells: Sequence[str]) -> SheetRow:
    odd = [f"{ord(byte) - 0xDC00:02X}" for cell in cells for byte in re.findall(ODD_BYTE, cell)]
    if odd:
        cells = [re.sub(ODD_BYTE, NO_LETTER, cell) for cell in cells]
    return SheetRow(number=number, cells=tuple(unguarded(cell.strip()) for cell in cells), odd_bytes=", ".join(odd))


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that spreadsheets open as it is meant: UTF-8 with a mark that says so, and no cell taken for a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """The cell with an apostrophe wherever it could be taken for a formula, or already had one for that reason."""
    return FORMULA.sub(lambda found: f"'{found[0]}", cell)


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return FORMULA.sub(lambda found: found[0].removeprefix("'"), cell) if "'" in cell else cell
