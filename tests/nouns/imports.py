"""Imports, as the shared tests need them."""

from domain.core.operations import Operation
from domain.files.columns import Reading, Records
from domain.files.imports import Dirt, Fate, Import, ImportState, RefusedRow, Remark
from tests.firm import PLAYBOOK
from tests.views.facts import AT, Drawings, Facts, Sample
from views.files import imports


def import_of(given: Sample, state: ImportState, *, is_undone: bool = False) -> Import:
    """An import in a state, with as much to say as there can be."""
    who, text = given.lead.captured_by, given.lead.account.name
    done = Operation(
        id=10**17,
        kind="import.leads",
        subject="import",
        subject_id=1,
        summary=text,
        by=who,
        at=AT,
        undone_at=AT if is_undone else None,
        undone_by=who if is_undone else None,
    )
    remark = Remark(field="said", value=given.lead.said, sentence=given.failure)
    return Import(
        id=10**17,
        number=999_999,
        kind=Records.LEADS,
        file=text,
        reading=Reading(),
        total=2000,
        by=who,
        at=AT,
        state=state,
        done=240,
        tally=dict.fromkeys(Fate, 500),
        refused=(RefusedRow(number=2, remarks=(remark,) * 3),) * 500,
        examples=(text + given.failure,) * 8,
        notes=(given.failure,) * 4,
        doubts=(Dirt(field="said", value=given.lead.said, sentence=given.failure, rows=tuple(range(2, 500))),) * 60,
        why=given.failure,
        operation=done if state in {ImportState.DONE, ImportState.REFUSED} else None,
        kept=3 if is_undone else 0,
    )


DRAWINGS: Drawings = {
    "imports.import_modal": lambda s: ("modal", imports.import_modal(PLAYBOOK)),
    "imports.import_list": lambda s: ("message", imports.import_list([import_of(s, ImportState.OFFERED)] * 20)),
    "imports.import_card": lambda s: ("message", imports.import_card(import_of(s, ImportState.OFFERED))),
    "imports.import_card asked": lambda s: ("message", imports.import_card(import_of(s, ImportState.ASKED))),
    "imports.import_card under way": lambda s: ("message", imports.import_card(import_of(s, ImportState.UNDER_WAY))),
    "imports.import_card done": lambda s: ("message", imports.import_card(import_of(s, ImportState.DONE))),
    "imports.import_card refused": lambda s: ("message", imports.import_card(import_of(s, ImportState.REFUSED))),
    "imports.import_card cancelled": lambda s: ("message", imports.import_card(import_of(s, ImportState.CANCELLED))),
    "imports.import_card expired": lambda s: ("message", imports.import_card(import_of(s, ImportState.EXPIRED))),
    "imports.import_card undoing": lambda s: ("message", imports.import_card(import_of(s, ImportState.UNDOING))),
    "imports.import_card undone": lambda s: (
        "message",
        imports.import_card(import_of(s, ImportState.DONE, is_undone=True)),
    ),
}

FACTS: Facts = {
    "ImportAsked": lambda s: {"import": import_of(s, ImportState.OFFERED)},
    "ImportUndone": lambda s: {"import": import_of(s, ImportState.DONE, is_undone=True)},
}
