"""Tables in CSV files: reads what spreadsheets and other systems write, and writes what is safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with one of a few characters for a formula, which can then call out to the network. Such cells
are written with an apostrophe in front (as OWASP advises against "CSV injection"), and read back without it.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.core.language import _
from domain.core.refusals import RuleBroken

FORMULA = re.compile("'*[=+\\-@＝＋－＠\t\r\n]")
"""How a cell begins that could be taken for a formula, once or more often guarded against that already."""
DELIMITERS = ",;\t"
SIGNATURES = {b"PK\x03\x04": "an Excel workbook", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF"}
"""How files begin that people take for CSV."""


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One row as a spreadsheet counts it, the header being row 1; cells have no blanks around them and no guards."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table with a header. `encoding` and `delimiter` are what it was read with; rows without any text are left out."""

    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str
    delimiter: str


def read_sheet(content: bytes) -> Sheet:
    """The table in a CSV file.

    Raises RuleBroken when it is empty, no CSV, or has no header.
    """
    text, encoding = _decoded(content)
    if not text.strip():
        raise RuleBroken(_("The file is empty."))
    delimiter = max(DELIMITERS, key=lambda delimiter: _columns(text, delimiter))
    (_first, header), *rows = _records(text, delimiter)
    if not any(header):
        raise RuleBroken(_("The first row must name the columns, but it is blank."))
    return Sheet(
        header=header,
        rows=tuple(SheetRow(number=number, cells=cells) for number, cells in rows),
        encoding=encoding,
        delimiter=delimiter,
    )


def _decoded(content: bytes) -> tuple[str, str]:
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            raise RuleBroken(_("This is not a CSV file but {kind}; save it as CSV first.").format(kind=kind))
    encodings = (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = (("utf-16", "UTF-16"),) * 2
    for codec, name in encodings:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, name
    raise RuleBroken(_("This is not a CSV file: it holds something other than text."))


def _columns(text: str, delimiter: str) -> int:
    """How many columns the header has if this is what stands between them."""
    try:
        return len(next(iter(_reader(text, delimiter)), []))
    except csv.Error:
        return 0


def _reader(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _records(text: str, delimiter: str) -> list[tuple[int, tuple[str, ...]]]:
    """The first record and all others that are not blank, with their numbers."""
    records: list[tuple[int, tuple[str, ...]]] = []
    number = 0
    try:
        for number, cells in enumerate(_reader(text, delimiter), 1):
            record = tuple(unguarded(cell.strip()) for cell in cells)
            if any(record) or not records:
                records.append((number, record))
    except csv.Error as error:
        why = _("a quotation mark is wrong or not closed, or a cell is too long")
        raise RuleBroken(_("The file cannot be read after row {row}: {why}.").format(row=number, why=why)) from error
    return records


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that spreadsheets open as it is meant: UTF-8 with a mark that says so, and no cell taken for a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front where it could be taken for a formula, or already had one for that reason."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
