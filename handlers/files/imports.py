"""Imports, as they are asked for in Slack: a file in a modal, and the buttons on what is offered."""

from typing import Annotated, Any

from pydantic import Field
from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import RuleBroken
from domain.files.cell_parsing import DateOrder
from domain.files.columns import Reading, Records
from domain.files.imports import MOST_BYTES, NewImport, too_large
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import LONGEST_NAME
from handlers.forms import Form, UploadedFile, record_id, words_after
from handlers.surface import Body, Surface
from usecases.files.imports import ImportDesk
from usecases.files.slack_imports import AskedImportDesk
from views import ids
from views.files.imports import import_list, import_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_IMPORT)(take_import_command)
    app.action(ids.PRESS_IMPORT)(open_import)
    app.view(ids.NEW_IMPORT)(submit_import)
    app.action(ids.PRESS_CARRY_OUT)(press_carry_out)
    app.action(ids.PRESS_CANCEL_IMPORT)(press_cancel)


class NewImportForm(Form, asked_by=(ids.NEW_IMPORT,)):
    """The modal that asks for a file to import."""

    kind: Records
    file: Annotated[list[UploadedFile], Field(min_length=1)]
    key: str | None = None
    columns: str = ""
    dates: DateOrder | None = None
    currency: str | None = None
    decimal: str | None = None
    channel: str | None = None
    country: str | None = None
    values: str = ""

    def new(self) -> NewImport:
        """The import as asked for.

        Raises RuleBroken for a file that is too large.
        """
        if self.file[0].size > MOST_BYTES:
            raise RuleBroken(too_large(), field="file")
        reading = Reading(
            asked=_lines(self.columns),
            key=self.key,
            values=_lines(self.values),
            dates=(self.dates.value,) if self.dates else (),
            decimal=self.decimal,
            currency=self.currency,
            channel=self.channel,
            country=self.country,
        )
        return NewImport(
            kind=self.kind, file=self.file[0].name[:LONGEST_NAME], slack_file=self.file[0].id, reading=reading
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


async def take_import_command(
    ack: AsyncAck,
    body: Body,
    surface: Surface,
    actor: Actor,
    imports: AskedImportDesk,
    import_runs: ImportDesk,
    playbook: SalesPlaybook,
) -> None:
    """`/rain-import`: the form that asks for a file, or the latest imports."""
    if words_after(body) == "list":
        await ack(text=_("Imports"), blocks=import_list(await import_runs.latest(actor)))
    else:
        await open_import(ack, surface, actor, imports, playbook)


async def open_import(
    ack: AsyncAck, surface: Surface, actor: Actor, imports: AskedImportDesk, playbook: SalesPlaybook
) -> None:
    """Ask for the file and how it is to be read."""
    await imports.check(actor)
    await ack()
    await surface.open(import_modal(playbook))


async def submit_import(ack: AsyncAck, view: dict[str, Any], actor: Actor, imports: AskedImportDesk) -> None:
    """Keep what is asked for; what would come of it is told in a message."""
    await imports.ask(actor, NewImportForm.read(view).new())
    await ack(response_action="clear")


async def press_carry_out(ack: AsyncAck, action: dict[str, Any], actor: Actor, imports: AskedImportDesk) -> None:
    """Carry out what was offered."""
    await imports.confirm(actor, record_id(action.get("value")))
    await ack()


async def press_cancel(ack: AsyncAck, action: dict[str, Any], actor: Actor, imports: AskedImportDesk) -> None:
    """Let be what was offered."""
    await imports.cancel(actor, record_id(action.get("value")))
    await ack()
