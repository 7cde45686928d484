"""What in a file looks like dirt: slips of the keyboard, unknown countries, and what the rows themselves gave rise to remark on."""

from collections.abc import Iterable, Mapping, Sequence

from domain.core.countries import country_code, country_meant
from domain.core.language import _
from domain.core.spelling import is_slip
from domain.files.columns import Row
from domain.files.imports import Dirt, Fate, Remark, Verdict
from domain.files.placeholders import is_end_of_report, is_total
from domain.files.sheets import NO_LETTER

INDUSTRIES = frozenset(
    "aerospace, agriculture, automotive, banking, biotechnology, chemicals, construction, consulting, education, electronics, "
    "employment, energy, engineering, entertainment, finance, government, healthcare, hospitality, insurance, logistics, "
    "manufacturing, marketing, media, medical, mining, pharmaceuticals, real estate, retail, services, software, technology, "
    "telecommunications, tourism, transportation, utilities".split(", ")
)
"""Industries as they are usually written. Others are welcome; these only tell a slip of the keyboard from a word."""


def doubts_of(rows: Sequence[Row], verdicts: Iterable[Verdict]) -> list[Dirt]:
    """All that is worth a look in a file: what looks wrong in it by itself, and what its rows gave rise to remark on."""
    return [*dirt_in(rows), *remarks_by_row(verdicts)]


def dirt_in(rows: Sequence[Row]) -> list[Dirt]:
    """What looks wrong in the file by itself: industries and products a slip away from another, and countries nobody knows."""
    found = []
    for field, meant_by in (("industry", _industry_meant), ("product", _product_meant)):
        values = _by_value(rows, field)
        for value, numbers in values.items():
            meant = meant_by(value, values)
            if meant:
                found.append(_dirt(field, value, _("looks like {meant}").format(meant=meant), numbers))
    for value, numbers in _by_value(rows, "country").items():
        if not country_code(value):
            meant = country_meant(value)
            sentence = _("is no country we know")
            if meant:
                sentence += _("; it looks like {meant}").format(meant=meant)
            found.append(_dirt("country", value, sentence, numbers))
    return [*found, *_no_records(rows), *_odd_bytes(rows)]


def _odd_bytes(rows: Sequence[Row]) -> list[Dirt]:
    sentence = _("holds the byte {bytes}, which is no letter in this encoding; {mark} stands for it")
    return [
        _dirt("", _first_with(NO_LETTER, row), sentence.format(bytes=row.odd_bytes, mark=NO_LETTER), [row.number])
        for row in rows
        if row.odd_bytes
    ]


def _no_records(rows: Sequence[Row]) -> list[Dirt]:
    """Rows that are no records by the look of them."""
    looks = (
        (is_total, _("looks like the total of other rows, not like a record")),
        (is_end_of_report, _("looks like the end of a report, not like a record")),
    )
    return [
        _dirt("", " ".join(filter(None, row.cells)), sentence, [row.number])
        for looks_like, sentence in looks
        for row in rows
        if looks_like(row.cells)
    ]


def _first_with(mark: str, row: Row) -> str:
    return next((cell for cell in row.cells if mark in cell), "")


def _by_value(rows: Sequence[Row], field: str) -> dict[str, list[int]]:
    values: dict[str, list[int]] = {}
    for row in rows:
        if field in row.texts and not row.fault:
            values.setdefault(row.texts[field], []).append(row.number)
    return values


def _industry_meant(value: str, all_values: Mapping[str, Sequence[int]]) -> str | None:
    """The usual spelling, or one that more rows of the file have, that this one is a slip away from."""
    text = value.casefold()
    if text in INDUSTRIES:
        return None
    commoner = [other for other, rows in all_values.items() if len(rows) > len(all_values[value])]
    return next((other for other in [*sorted(INDUSTRIES), *commoner] if is_slip(text, other.casefold())), None)


def _product_meant(value: str, all_values: Mapping[str, Sequence[int]]) -> str | None:
    """Another spelling in the file that differs only in case, blanks and punctuation, and stands there more often or before."""
    bare = _bare(value)
    alike = [other for other in all_values if _bare(other) == bare]
    usual = max(alike, key=lambda other: len(all_values[other]))
    return usual if usual != value else None


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _dirt(field: str, value: str, sentence: str, rows: Sequence[int]) -> Dirt:
    return Dirt(field=field, value=value, sentence=sentence, rows=tuple(rows))


def remarks_by_row(verdicts: Iterable[Verdict]) -> list[Dirt]:
    """The remarks on rows that were taken, those that say the same as one, in the order of their first rows."""
    gathered: dict[Remark, list[int]] = {}
    for verdict in verdicts:
        if verdict.fate is not Fate.REFUSED:
            for remark in verdict.remarks:
                gathered.setdefault(remark, []).append(verdict.row.number)
    return [
        Dirt(
            field=remark.field,
            value=remark.value,
            sentence=remark.sentence,
            on_terminal=remark.on_terminal,
            rows=tuple(rows),
        )
        for remark, rows in gathered.items()
    ]
