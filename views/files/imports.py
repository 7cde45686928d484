"""Imports in Slack: the modal that asks for a file, and the message that says what would come of it, how far it is and what came of it."""

from collections.abc import Sequence

from domain.core.language import _, plural
from domain.files.cell_parsing import DateOrder
from domain.files.columns import REASON, Records
from domain.files.imports import IMPORT_RECORDS, OFFERED_FOR, Dirt, Fate, Import, ImportAsked, ImportState, RefusedRow
from domain.playbook.sales_rules import SalesPlaybook
from views import ids, kit
from views.core.home import HomePart, home_parts
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.shown import shows

needs(ids.PRESS_IMPORT, ids.NEW_IMPORT, ids.PRESS_CARRY_OUT, ids.PRESS_CANCEL_IMPORT)(IMPORT_RECORDS)

MOST_REFUSED = 6
"""Refused rows that the message names; the file that is handed back has them all."""
MOST_IN_VALUE = 60
MOST_DOUBTS = 24
LINES_IN_SECTION = 6
"""Doubts in one section of a message, which has room for so many at their longest."""


def import_modal(playbook: SalesPlaybook) -> View:
    """Asks for a file and how it is to be read."""
    kinds = {kind.value: kind.title.capitalize() for kind in Records}
    dates = {
        DateOrder.DAY_FIRST.value: _("31-03-26: day first"),
        DateOrder.MONTH_FIRST.value: _("03-31-26: month first"),
        DateOrder.YEAR_FIRST.value: _("26-03-31: year first"),
    }
    signs = {"point": _("1,234.50: a decimal point"), "comma": _("1.234,50: a decimal comma")}
    channels = {channel_id: channel.title for channel_id, channel in playbook.channels.items()}
    blocks = [
        kit.section(say(_("Nothing is saved yet: you see a preview of every row first."))),
        kit.ask("kind", _("What is in it"), kit.menu(kinds, Records.ACCOUNTS.value)),
        kit.ask("file", _("The file"), kit.file_field("csv"), hint=_("CSV, at most 2,000 rows and a megabyte.")),
        kit.ask(
            "key",
            _("Column that identifies each row"),
            kit.text_field(most=200),
            optional=True,
            hint=_("A value that was imported before updates its record instead of adding another."),
        ),
        kit.ask(
            "columns",
            _("Columns with other names"),
            kit.text_field(lines=True, placeholder=_("Sector=industry")),
            optional=True,
            hint=_("One a line: the column, an equals sign, the field."),
        ),
        kit.ask("dates", _("Dates"), kit.menu(dates, None, _("2026-03-31")), optional=True),
        kit.ask("currency", _("Currency of amounts"), kit.text_field(most=3, placeholder="EUR"), optional=True),
        kit.ask("decimal", _("Amounts"), kit.menu(signs), optional=True),
        kit.ask("channel", _("Where leads came from"), kit.menu(channels), optional=True),
        kit.ask(
            "country",
            _("Country of phone numbers"),
            kit.text_field(most=60, placeholder="US"),
            optional=True,
            hint=_(
                "Where numbers without a country's code are dialled, if the contact and the account have no country."
            ),
        ),
        kit.ask(
            "values",
            _("Words that mean something else"),
            kit.text_field(lines=True, placeholder=_("outcome:Signed=won")),
            optional=True,
            hint=_("One a line: the field, a colon, the word in the file, an equals sign, what it means."),
        ),
    ]
    return kit.modal(ids.NEW_IMPORT, _("Import"), blocks, submit=_("Look at it"))


def import_card(found: Import) -> list[Block]:
    """An import as it stands, with what can be done about it."""
    title = say(_("*{code} · {file}*: {kind}"), code=found.code, file=kit.cut(found.file, 80), kind=found.kind.title)
    lines = [title, standing(found)]
    blocks = [kit.section(say("{title}\n{line}", title=lines[0], line=lines[1]))]
    offered = found.state is ImportState.OFFERED
    if offered:
        blocks += _notes(found)
    rest = _examples(found) if offered else []
    if found.refused and found.state is not ImportState.UNDER_WAY:
        rest.append(kit.section(_refused(found.refused)))
    if offered:
        blocks += _doubts(found, beside=[*blocks, *rest])
    blocks += rest
    buttons = _buttons(found)
    return [*blocks, kit.actions(*buttons)] if buttons else blocks


def import_list(imports: Sequence[Import]) -> list[Block]:
    """The latest imports, and where each stands."""
    lines = [
        kit.section(
            say(
                _("*{code} · {file}*: {kind}\n{standing}"),
                code=found.code,
                file=kit.cut(found.file, 80),
                kind=found.kind.title,
                standing=standing(found),
            )
        )
        for found in imports
    ]
    nothing = [kit.section(say(_("No imports yet.")))]
    more = kit.actions(kit.button(ids.PRESS_IMPORT, _("Import…")))
    return [kit.header(_("Imports")), *(kit.fitting(lines) or nothing), more]


def standing(found: Import) -> Mrkdwn:
    """Where an import stands, in a sentence."""
    if found.operation and found.operation.undone_at:
        return _undone(found)
    if found.state is ImportState.UNDER_WAY:
        return say(_(":hourglass_flowing_sand: {done} of {total} rows"), done=found.done, total=found.total)
    return {
        ImportState.ASKED: lambda: say(_(":hourglass_flowing_sand: I am looking at it.")),
        ImportState.OFFERED: lambda: say(_("Preview: {counts}."), counts=_counts(found)),
        ImportState.DONE: lambda: _done(found),
        ImportState.CANCELLED: lambda: say(_("Cancelled. Nothing was saved.")),
        ImportState.EXPIRED: lambda: say(
            _("Nobody answered for {days} working days, so I cancelled it. Nothing was saved."), days=OFFERED_FOR
        ),
        ImportState.REFUSED: lambda: say(_(":warning: {why}"), why=found.why or ""),
        ImportState.UNDOING: lambda: say(_(":hourglass_flowing_sand: It is being taken back.")),
    }[found.state]()


def _undone(found: Import) -> Mrkdwn:
    assert found.operation is not None
    by = kit.person(found.operation.undone_by) if found.operation.undone_by else say(_("somebody"))
    done = say(_(":leftwards_arrow_with_hook: Undone by {person}."), person=by)
    return say("{done} {kept}", done=done, kept=_kept(found)) if found.kept else done


def _kept(found: Import) -> str:
    return plural(
        "{count} record was kept, because it is in use or somebody has worked on it since.",
        "{count} records were kept, because they are in use or somebody has worked on them since.",
        found.kept,
    ).format(count=found.kept)


def _done(found: Import) -> Mrkdwn:
    if found.operation is None:
        return say(_("Nothing in it is new: {counts}."), counts=_counts(found))
    return say(_(":white_check_mark: Done: {counts}."), counts=_counts(found))


def _counts(found: Import) -> str:
    return ", ".join(f"{found.count(fate)} {fate.title}" for fate in Fate if found.count(fate)) or _("no rows")


def _notes(found: Import) -> list[Block]:
    return [kit.context(say("{note}", note=kit.cut(note, 300))) for note in found.notes]


def _doubts(found: Import, beside: list[Block]) -> list[Block]:
    """What the terminal would list as worth a look, as much as there is room for beside other blocks."""
    lines = [_doubt_line(doubt) for doubt in found.doubts[:MOST_DOUBTS]]
    lines = lines[: len(kit.fitting([kit.section(line) for line in lines], beside=beside))]
    if rest := len(found.doubts) - len(lines):
        lines.append(say(_("and {rest} more"), rest=rest))
    if lines:
        lines[0] = say("{title}\n{line}", title=say(_("*Worth a look*")), line=lines[0])
    parts = (lines[start : start + LINES_IN_SECTION] for start in range(0, len(lines), LINES_IN_SECTION))
    return [kit.section(Mrkdwn("\n".join(part))) for part in parts]


def _doubt_line(doubt: Dirt) -> Mrkdwn:
    about = " ".join(filter(None, (doubt.field, f"“{kit.cut(doubt.value, MOST_IN_VALUE)}”" if doubt.value else "")))
    named = say(" ({about})", about=about) if about else ""
    rows = kit.cut(", ".join(map(str, doubt.rows)), 40)
    where = plural("Row {rows}", "Rows {rows}", len(doubt.rows)).format(rows=rows)
    return say("• {where}{named}: {why}", where=where, named=named, why=kit.cut(doubt.sentence, 160))


def _examples(found: Import) -> list[Block]:
    if not found.examples:
        return []
    lines = [say("• {example}", example=kit.cut(example, 200)) for example in found.examples]
    more = found.count(Fate.CHANGED) > len(lines)
    return [kit.section(Mrkdwn("\n".join([say(_("*Would be updated*")), *lines, *(["…"] if more else [])])))]


def _refused(rows: tuple[RefusedRow, ...]) -> Mrkdwn:
    lines = [_refused_line(row) for row in rows[:MOST_REFUSED]]
    rest = len(rows) - len(lines)
    more = [say(_("and {rest} more"), rest=rest)] if rest else []
    return Mrkdwn("\n".join([say(_("*Rejected*")), *lines, *more]))


def _refused_line(row: RefusedRow) -> Mrkdwn:
    why = " ".join(remark.sentence for remark in row.remarks)
    fields = ", ".join(remark.field for remark in row.remarks if remark.field != REASON)
    named = say(" ({fields})", fields=fields) if fields else ""
    return say(_("• Row {number}{named}: {why}"), number=row.number, named=named, why=kit.cut(why, 200))


def _buttons(found: Import) -> list[Block]:
    if found.state is ImportState.OFFERED:
        words = plural("Import {count} row", "Import {count} rows", found.taken).format(count=found.taken)
        return [
            kit.button(ids.PRESS_CARRY_OUT, words, found.id, style="primary"),
            kit.button(ids.PRESS_CANCEL_IMPORT, _("Cancel"), found.id),
        ]
    is_over = found.state in {ImportState.DONE, ImportState.REFUSED}
    if is_over and found.operation and found.operation.undone_at is None:
        return [kit.button(ids.PRESS_UNDO, _("Undo"), found.operation.id)]
    return []


shows(ImportAsked)(lambda facts, _playbook, _sentence: import_card(facts["import"]))


home_parts("imports")(
    HomePart(90, sets=lambda may_import: [kit.button(ids.PRESS_IMPORT, _("Import…")) if may_import else None])
)
