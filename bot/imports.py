"""Imports asked for in Slack, carried out: fetches files, rehearses, imports, takes back, and hands back refused rows."""

from collections.abc import Mapping

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.delivery import error_of
from bot.handouts import Handout, hand_out
from bot.tasks import CarryOut, Outside, TryLater, may_pass
from domain.core.language import _, speak
from domain.core.refusals import Refusal, RuleBroken
from domain.core.tasks import TaskKind
from domain.files.columns import Table, digest_of, read_table
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
from usecases.core.tasks import LEASE, ClaimedTask, TakenOver
from usecases.files.imports import Run
from usecases.files.slack_imports import Errand

GONE = frozenset({"file_not_found", "file_deleted", "access_denied", "missing_scope", "no_permission"})
"""Slack's words for a file that we shall never get."""

log = structlog.get_logger()


async def carry_out_import(outside: Outside, claimed: ClaimedTask) -> None:
    """Go on with an import from where it stands; what stands in its way for good is said to who asked for it.

    Raises SlackApiError, aiohttp.ClientError, TimeoutError where it may go better another time, TryLater, TakenOver.
    """
    errand = await outside.desks.imports.take_up(claimed)
    if errand is None:
        raise TryLater("a terminal is at it", LEASE.total_seconds())
    with speak(errand.actor.locale):
        await _see_to(outside, errand)


async def _see_to(outside: Outside, errand: Errand) -> None:
    asked = outside.desks.imports
    try:
        await _go_on(outside, errand)
    except Refusal as refusal:
        await asked.refuse(errand, refusal.sentence)
    except SlackApiError as refused:
        if may_pass(refused):
            raise
        log.warning("an import is refused by Slack", error=error_of(refused))
        is_gone = error_of(refused) in GONE
        await asked.refuse(errand, _("Slack does not give me the file any more.") if is_gone else _at_fault())
    except (aiohttp.ClientError, TimeoutError, TryLater, TakenOver):
        raise
    except Exception:
        log.exception("a bug in an import")
        await asked.refuse(errand, _at_fault())


def _at_fault() -> str:
    return _("Something went wrong on my side; the log says what.")


async def _go_on(outside: Outside, errand: Errand) -> None:
    state = errand.work.state
    if state is ImportState.UNDOING:
        assert errand.work.operation is not None
        await outside.desks.operations.go_on_undoing(errand.actor, errand.work.operation.id, errand.claimed)
    elif state is ImportState.ASKED:
        await _rehearse(outside, errand)
    elif state is ImportState.UNDER_WAY:
        await _import(outside, errand)


async def _rehearse(outside: Outside, errand: Errand) -> None:
    content = await _fetch(outside, errand)
    rehearsed = await outside.desks.import_runs.rehearse(errand.actor, _table(errand, read_sheet(content)))
    await outside.desks.imports.offer(errand, _digest(errand, content), rehearsed.verdicts)


async def _import(outside: Outside, errand: Errand) -> None:
    content = await _fetch(outside, errand)
    if _digest(errand, content) != errand.work.digest:
        raise RuleBroken(_("The file is another than the one I have looked at."))
    sheet = read_sheet(content)
    await outside.desks.import_runs.go_on(
        errand.actor,
        errand.work,
        _table(errand, sheet),
        errand.claimed,
        lambda run: _hand_back(outside, errand, sheet, run),
    )


def _table(errand: Errand, sheet: Sheet) -> Table:
    if len(sheet.rows) > MOST_ROWS:
        sentence = _("The file has {rows} rows; in Slack I take {most}. The rest is for `rainmaker import`.")
        raise RuleBroken(sentence.format(rows=len(sheet.rows), most=MOST_ROWS))
    return read_table(sheet, errand.work.kind, errand.work.reading)


def _digest(errand: Errand, content: bytes) -> str:
    return digest_of(errand.work.kind, errand.work.reading, content)


async def _fetch(outside: Outside, errand: Errand) -> bytes:
    """The file's content.

    Raises RuleBroken for one that is too large, or that Slack does not let us read.
    """
    client = outside.client_of(errand.workspace)
    found = (await client.files_info(file=errand.work.slack_file or ""))["file"]
    headers = {"Authorization": f"Bearer {errand.workspace.bot_token}"}
    async with outside.session.get(found["url_private_download"], headers=headers) as response:
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


async def _hand_back(outside: Outside, errand: Errand, sheet: Sheet, run: Run) -> None:
    """Bring the refused rows to who asked for the import."""
    if run.refused:
        file = Handout(
            name=f"refused-{errand.work.file}",
            title=_("Refused rows of {file}").format(file=errand.work.file),
            content=refused_file(sheet.header, refused_cells(sheet, run.refused)),
            comment=_("These rows were refused, and why. Correct them and import this file."),
        )
        await hand_out(outside, errand.claimed, file, errand.actor)


TASKS: Mapping[TaskKind, CarryOut] = {CARRY_OUT_IMPORT: carry_out_import}
"""What is carried out here."""
