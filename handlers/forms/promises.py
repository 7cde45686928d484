"""What the modals about promises ask."""

from datetime import date

from domain.sales.leads import Origin
from domain.sales.promises import NewPromise
from handlers.forms import Form, SlackId


class PromiseForm(Form):
    """The modal that asks what was promised."""

    said: str = ""
    due_on: date | None = None
    keeper: SlackId | None = None

    def promise(self, origin: Origin | None = None) -> NewPromise:
        """The promise as entered; `origin` is the message it was made in."""
        return NewPromise(said=self.said, due_on=self.due_on, keeper=self.keeper, origin=origin)


class NotePromiseForm(PromiseForm):
    """The same, where it asks which deal it is, too."""

    deal: str


class SettleForm(Form):
    """The modal that asks what was agreed in place of a promise."""

    how: str = ""
