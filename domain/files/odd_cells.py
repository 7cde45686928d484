"""Cells that cannot be taken as they are: such a cell is left out and remarked on, so that it does not cost the person of its row."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours
from domain.files.cell_parsing import Formats, moment_in
from domain.files.columns import DAYS, KEY, NEEDED, Records, Row
from domain.files.imports import Remark
from domain.files.rows import answers_in, check_length
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import email_address
from domain.sales.phones import is_given_out, phone_number

Check = Callable[[str, str], str]
"""Gives the text of a field in its normal form, and raises RuleBroken for a text that is none of that field."""
KEYS = frozenset({KEY, "account_key", "contact_key"})


def checks_of(
    kind: Records, formats: Formats, hours: WorkingHours, playbook: SalesPlaybook, home: str
) -> dict[str, Check]:
    """What each cell is checked by, if it is checked before its row; `home` is where its phone number is dialled.

    For deals the file is the authority, and a day or an amount left out would empty the record's: such a row is refused instead.
    """
    if kind is Records.DEALS:
        return {}
    checks: dict[str, Check] = {
        "email": email_address,
        "phone": lambda text, field: phone_number(text, home, field),
        "answers": lambda text, _field: text if answers_in(text, playbook) else "",
    }
    for name in DAYS.get(kind, ()):
        checks[name] = lambda text, field: moment_in(text, field, formats.dates.get(field), hours).isoformat()
    return checks


def without_odd_cells(row: Row, kind: Records, checks: Mapping[str, Check]) -> tuple[Row, list[Remark]]:
    """The row with its cells in normal form, without those that cannot be; and why each was left out.

    A cell by which the record is known is never left out: its row is refused instead.
    """
    texts, remarks = dict(row.texts), []
    for name, text in row.texts.items() if kind is not Records.DEALS else ():
        if name in NEEDED[kind] or name in KEYS:
            continue
        try:
            check_length(name, text)
            texts[name] = checks[name](text, name) if name in checks else text
            if name == "phone" and not is_given_out(texts[name]):
                sentence = _("has enough digits, but nobody can have this number; it is kept")
                remarks.append(Remark(field=name, value=text, sentence=sentence))
        except RuleBroken as refusal:
            del texts[name]
            why = _("{why} It was left out.")
            on_terminal = why.format(why=refusal.on_terminal)
            remarks.append(
                Remark(field=name, value=text, sentence=why.format(why=refusal.sentence), on_terminal=on_terminal)
            )
    return replace(row, texts=texts), remarks
