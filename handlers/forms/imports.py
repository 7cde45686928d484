"""What the modal about an import asks."""

from typing import Annotated

from pydantic import Field

from domain.core.refusals import RuleBroken
from domain.files.cell_parsing import DateOrder
from domain.files.columns import Reading, Records
from domain.files.imports import MOST_BYTES, NewImport, too_large
from domain.sales.leads import LONGEST_NAME
from handlers.forms import Form, UploadedFile


class NewImportForm(Form):
    """The modal that asks for a file to import."""

    kind: Records
    file: Annotated[list[UploadedFile], Field(min_length=1)]
    key: str | None = None
    columns: str = ""
    dates: DateOrder | None = None
    currency: str | None = None
    channel: str | None = None

    def new(self) -> NewImport:
        """The import as asked for.

        Raises RuleBroken for a file that is too large.
        """
        if self.file[0].size > MOST_BYTES:
            raise RuleBroken(too_large(), field="file")
        reading = Reading(
            asked=tuple(line.strip() for line in self.columns.splitlines() if line.strip()),
            key=self.key,
            dates=(self.dates.value,) if self.dates else (),
            currency=self.currency,
            channel=self.channel,
        )
        return NewImport(
            kind=self.kind, file=self.file[0].name[:LONGEST_NAME], slack_file=self.file[0].id, reading=reading
        )
