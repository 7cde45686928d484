"""The job that carries out imports asked for in Slack: fetches files, rehearses, imports, takes back, and hands back refused rows."""

from collections.abc import Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.language import _, speak
from domain.core.refusals import Refusal, RuleBroken
from domain.core.workspaces import Workspace
from domain.files.columns import Table, digest_of, read_table
from domain.files.imports import MOST_BYTES, MOST_ROWS, ImportState, refused_cells, refused_file, too_large
from domain.files.sheets import Sheet, read_sheet
from usecases.desks import Desks
from usecases.files.imports import Run
from usecases.files.slack_imports import Errand

GONE = frozenset({"file_not_found", "file_deleted", "access_denied", "missing_scope", "no_permission"})
"""Slack's words for a file that we shall never get."""

log = structlog.get_logger()


class ImportWork:
    """Goes on with one import at a time. One that this process dies over is taken up by another when its lease has run out."""

    def __init__(
        self,
        desks: Desks,
        client_of: Callable[[Workspace], AsyncWebClient],
        session: aiohttp.ClientSession,
    ) -> None:
        self.asked, self.imports, self.operations = desks.imports, desks.import_runs, desks.operations
        self.client_of, self.session = client_of, session

    async def run(self) -> int:
        """Take up the import that has waited longest. Returns whether there was one."""
        errand = await self.asked.claim()
        if errand is None:
            return 0
        with (
            structlog.contextvars.bound_contextvars(workspace=errand.actor.workspace_id, imported=errand.work.id),
            speak(errand.actor.locale),
        ):
            await self._see_to(errand)
        return 1

    async def _see_to(self, errand: Errand) -> None:
        try:
            await self._go_on(errand)
        except Refusal as refusal:
            await self.asked.refuse(errand, refusal.sentence)
        except SlackApiError as refused:
            if refused.response.get("error") not in GONE:
                raise
            await self.asked.refuse(errand, _("Slack does not give me the file any more."))
        except (aiohttp.ClientError, TimeoutError) as trouble:
            log.warning("an import waits for Slack", error=str(trouble))  # the lease runs out, and it is tried again
        except Exception:
            log.exception("a bug in an import")
            await self.asked.refuse(errand, _("Something went wrong on my side; the log says what."))

    async def _go_on(self, errand: Errand) -> None:
        if errand.work.state is ImportState.UNDOING:
            assert errand.work.operation is not None
            await self.operations.go_on_undoing(errand.actor, errand.work.operation.id)
            return
        content = await self._fetch(errand)
        sheet = read_sheet(content)
        table = self._table(errand, sheet)
        if errand.work.state is ImportState.ASKED:
            rehearsed = await self.imports.rehearse(errand.actor, table)
            await self.asked.offer(errand, self._digest(errand, content), rehearsed.verdicts)
            return
        if self._digest(errand, content) != errand.work.digest:
            raise RuleBroken(_("The file is another than the one I have looked at."))
        await self.imports.go_on(errand.actor, errand.work, table, lambda run: self._hand_back(errand, sheet, run))

    def _table(self, errand: Errand, sheet: Sheet) -> Table:
        if len(sheet.rows) > MOST_ROWS:
            sentence = _("The file has {rows} rows; in Slack I take {most}. The rest is for `rainmaker import`.")
            raise RuleBroken(sentence.format(rows=len(sheet.rows), most=MOST_ROWS))
        return read_table(sheet, errand.work.kind, errand.work.reading)

    def _digest(self, errand: Errand, content: bytes) -> str:
        return digest_of(errand.work.kind, errand.work.reading, content)

    async def _fetch(self, errand: Errand) -> bytes:
        """The file's content.

        Raises RuleBroken for one that is too large, or that Slack does not let us read.
        """
        client = self.client_of(errand.workspace)
        found = (await client.files_info(file=errand.work.slack_file or ""))["file"]
        headers = {"Authorization": f"Bearer {errand.workspace.bot_token}"}
        async with self.session.get(found["url_private_download"], headers=headers) as response:
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

    async def _hand_back(self, errand: Errand, sheet: Sheet, run: Run) -> None:
        """Upload the refused rows. A process that dies right after this does so once more."""
        if not run.refused:
            return
        client = self.client_of(errand.workspace)
        opened = await client.conversations_open(users=errand.actor.slack_id)
        await client.files_upload_v2(
            channel=opened["channel"]["id"],
            filename=f"refused-{errand.work.file}",
            title=_("Refused rows of {file}").format(file=errand.work.file),
            content=refused_file(sheet.header, refused_cells(sheet, run.refused)).decode("utf-8"),
            initial_comment=_("These rows were refused, and why. Correct them and import this file."),
        )
