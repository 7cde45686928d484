"""CSV files as spreadsheets write them, and what is written for spreadsheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusals import RuleBroken
from domain.files.sheets import read_sheet, write_sheet

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(str.strip)
PARTS = st.lists(st.sampled_from([";", "\n", "\t", "'", "=", "-", "a"]), max_size=8).map("".join).map(str.strip)
FORMULAS = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "'=", "''+", "＝"]), CELLS).map(str.rstrip)


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        ("name,city\nMüller,Köln\n".encode(), "UTF-8", ","),
        ("name,city\nMüller,Köln\n".encode("utf-8-sig"), "UTF-8", ","),
        ("name;city\nMüller;Köln\n".encode("cp1252"), "Windows-1252", ";"),
        ("name\tcity\r\nMüller\tKöln\r\n".encode("utf-16"), "UTF-16", "\t"),
        ('"name","a;b;c"\nMüller,Köln\n'.encode(), "UTF-8", ","),
    ],
)
def test_the_encoding_and_the_delimiter_are_found(content: bytes, encoding: str, delimiter: str) -> None:
    sheet = read_sheet(content)
    assert (sheet.encoding, sheet.delimiter) == (encoding, delimiter)
    assert sheet.rows[0].cells == ("Müller", "Köln")


def test_what_separates_cells_is_found_from_many_rows() -> None:
    for content, delimiter in (
        ("name;revenue, EUR;notes, misc, more\nAcme;5;x\nZenith;6;y, z\n", ";"),
        ("name|city|said\nAcme|Köln|a, b; c\nZenith|Bonn|d, e\n", "|"),
        ("name;amount\nAcme;1,50\nZenith;2,75\n", ";"),
        ("name,said\nAcme,a;b;c\nZenith,d;e;f\n", ","),
        ("name,said,next\nAcme,x\nZenith\nOmega,y,z\n", ","),
        ("name\nAcme; Sons\n", ","),
    ):
        assert read_sheet(content.encode()).delimiter == delimiter, content


def test_what_separates_cells_may_be_said_in_the_file_or_beside_it() -> None:
    sheet = read_sheet(b"sep=;\r\nname;city, land\r\nAcme;Bonn, DE\r\n")
    assert (sheet.header, sheet.rows[0].number, sheet.rows[0].cells) == (
        ("name", "city, land"),
        2,
        ("Acme", "Bonn, DE"),
    )
    for named, text in (("pipe", "|"), ("semicolon", ";"), ("tab", "\t"), ("^", "^")):
        assert read_sheet(f"name{text}a,b\nAcme{text}1,2\n".encode(), delimiter=named).header == ("name", "a,b"), named
    with pytest.raises(RuleBroken, match="one character, or comma, semicolon"):
        read_sheet(b"name\nAcme\n", delimiter="::")


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    sheet = read_sheet(b'name,said\nAcme,"two\nlines"\n\n ,\nZenith, plain \n')
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("Acme", "two\nlines")), (5, ("Zenith", "plain"))]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\nname\nAcme\n", "must name the columns"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"name\nAc\x00me\n", "something other than text"),
        (b"name\n" + bytes(range(0x80, 0x100)), "something other than text"),
        (b'name,said\nAcme,"never closed\nZenith,x\n', "after row 1: a quotation mark"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        read_sheet(content)


@pytest.mark.parametrize("cell", ["=1+1", "+44 20 7946 0123", "-", "@here", "\tx", "'=1", "＝1"])
def test_nothing_written_can_be_taken_for_a_formula(cell: str) -> None:
    assert f"'{cell}" in write_sheet(["name"], [[cell]]).decode("utf-8-sig")


def test_a_formula_in_what_another_delimiter_makes_a_cell_is_guarded_and_read_back() -> None:
    for cell, guarded in (
        ("a;=1+1", "a;'=1+1"),
        ("a\n=1+1", "a\n'=1+1"),
        ("a\t@x;;-1", "a\t'@x;;'-1"),
        ("a; b; c=d", "a; b; c=d"),
        ("a;'=1", "a;''=1"),
    ):
        written = write_sheet(["name"], [[cell]])
        assert guarded in written.decode("utf-8-sig"), cell
        assert read_sheet(written).rows[0].cells == (cell,)


@given(st.lists(st.tuples(CELLS | FORMULAS | PARTS, CELLS | FORMULAS).filter(any), max_size=5))
def test_what_was_written_is_read_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    sheet = read_sheet(write_sheet(["one", "two"], rows))
    assert [row.cells for row in sheet.rows] == rows
