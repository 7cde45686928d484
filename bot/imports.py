"""Imports asked for in Slack, carried out: fetches files, rehearses, imports, takes back, and hands back refused rows."""

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.handouts import Handout, hand_out
from bot.slack_errors import error_of
from bot.tasks import Outside, TryLater, carries_out, may_pass
from domain.core.language import _, speak
from domain.core.refusals import Refusal, RuleBroken
from domain.files.columns import Table, digest_of, notes_of, read_table
from domain.files.data_quality import doubts_of
from domain.files.imports import (
    CARRY_OUT_IMPORT,
    MOST_BYTES,
    MOST_ROWS,
    ImportState,
    refused_cells,
    refused_file,
    too_large,
)
from domain.files.sheets import Sheet, read_sheet
from handlers.slack_hosts import downloaded
from usecases.core.tasks import LEASE, ClaimedTask, TakenOver
from usecases.files.imports import Run
from usecases.files.slack_imports import ClaimedImport

GONE = frozenset({"file_not_found", "file_deleted", "access_denied", "missing_scope", "no_permission"})
"""Slack's words for a file that we shall never get."""

log = structlog.get_logger()


@carries_out(CARRY_OUT_IMPORT)
async def carry_out_import(outside: Outside, claimed: ClaimedTask) -> None:
    """Go on with an import from where it stands; what stands in its way for good is said to who asked for it.

    Raises SlackApiError, aiohttp.ClientError, TimeoutError where it may go better another time, TryLater, TakenOver.
    """
    claimed_import = await outside.desks.imports.take_up(claimed)
    if claimed_import is None:
        raise TryLater("a terminal is at it", LEASE.total_seconds())
    with speak(claimed_import.actor.locale):
        await _see_to(outside, claimed_import)


async def _see_to(outside: Outside, claimed_import: ClaimedImport) -> None:
    asked = outside.desks.imports
    try:
        await _go_on(outside, claimed_import)
    except Refusal as refusal:
        await asked.refuse(claimed_import, refusal.sentence)
    except SlackApiError as refused:
        if may_pass(refused):
            raise
        log.warning("an import is refused by Slack", error=error_of(refused))
        is_gone = error_of(refused) in GONE
        await asked.refuse(claimed_import, _("Slack does not give me the file any more.") if is_gone else _at_fault())
    except (aiohttp.ClientError, TimeoutError, TryLater, TakenOver):
        raise
    except Exception:
        log.exception("a bug in an import")
        await asked.refuse(claimed_import, _at_fault())


def _at_fault() -> str:
    return _("Something went wrong on my side; the log says what.")


async def _go_on(outside: Outside, claimed_import: ClaimedImport) -> None:
    state = claimed_import.work.state
    if state is ImportState.UNDOING:
        assert claimed_import.work.operation is not None
        await outside.desks.operations.go_on_undoing(
            claimed_import.actor, claimed_import.work.operation.id, claimed_import.claimed
        )
    elif state is ImportState.ASKED:
        await _rehearse(outside, claimed_import)
    elif state is ImportState.UNDER_WAY:
        await _import(outside, claimed_import)


async def _rehearse(outside: Outside, claimed_import: ClaimedImport) -> None:
    content = await _fetch(outside, claimed_import)
    sheet = _sheet(claimed_import, content)
    table = _table(claimed_import, sheet)
    verdicts = (await outside.desks.import_runs.rehearse(claimed_import.actor, table)).verdicts
    doubts, notes = doubts_of(table.rows, verdicts), notes_of(sheet, table)
    await outside.desks.imports.offer(claimed_import, _digest(claimed_import, content), verdicts, doubts, notes)


async def _import(outside: Outside, claimed_import: ClaimedImport) -> None:
    content = await _fetch(outside, claimed_import)
    if _digest(claimed_import, content) != claimed_import.work.digest:
        raise RuleBroken(_("The file is another than the one I have looked at."))
    sheet = _sheet(claimed_import, content)
    await outside.desks.import_runs.go_on(
        claimed_import.actor,
        claimed_import.work,
        _table(claimed_import, sheet),
        claimed_import.claimed,
        lambda run: _hand_back(outside, claimed_import, sheet, run),
    )


def _sheet(claimed_import: ClaimedImport, content: bytes) -> Sheet:
    reading = claimed_import.work.reading
    return read_sheet(content, reading.encoding, reading.delimiter)


def _table(claimed_import: ClaimedImport, sheet: Sheet) -> Table:
    if len(sheet.rows) > MOST_ROWS:
        sentence = _("The file has {rows} rows; in Slack I take {most}. The rest is for `rainmaker import`.")
        raise RuleBroken(sentence.format(rows=len(sheet.rows), most=MOST_ROWS))
    return read_table(sheet, claimed_import.work.kind, claimed_import.work.reading)


def _digest(claimed_import: ClaimedImport, content: bytes) -> str:
    return digest_of(claimed_import.work.kind, claimed_import.work.reading, content)


async def _fetch(outside: Outside, claimed_import: ClaimedImport) -> bytes:
    """The file's content.

    Raises RuleBroken for one that is too large, that Slack does not let us read, or that is kept elsewhere.
    """
    client = outside.client_of(claimed_import.workspace)
    found = (await client.files_info(file=claimed_import.work.slack_file or ""))["file"]
    async with downloaded(client, outside.session, found) as response:
        is_page = response.content_type == "text/html"  # what Slack answers to a token that may not read files
        if response.status >= 500:
            response.raise_for_status()
        if response.status != 200 or is_page:
            raise RuleBroken(_("Slack does not let me read the file: the app may need to be installed again."))
        content = await response.content.read(MOST_BYTES + 1)
        while len(content) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
            content += more
    if len(content) > MOST_BYTES:
        raise RuleBroken(too_large())
    return content


async def _hand_back(outside: Outside, claimed_import: ClaimedImport, sheet: Sheet, run: Run) -> None:
    """Bring the refused rows to who asked for the import."""
    if run.refused:
        file = Handout(
            name=f"refused-{claimed_import.work.file}",
            title=_("Refused rows of {file}").format(file=claimed_import.work.file),
            content=refused_file(sheet.header, refused_cells(sheet, run.refused)),
            comment=_("These rows were refused, and why. Correct them and import this file."),
        )
        await hand_out(outside, claimed_import.claimed, file, claimed_import.actor)
