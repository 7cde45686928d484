"""What the modals about touches ask."""

from dataclasses import replace
from datetime import date

from domain.sales.leads import NewTouch, TouchKind
from handlers.forms import Form


class TouchForm(Form):
    """The touch modal."""

    kind: TouchKind
    key_points: str = ""
    day: date | None = None

    def touch(self) -> NewTouch:
        """The touch as entered."""
        return NewTouch(kind=self.kind, key_points=self.key_points, next_on=self.day)


class TouchSomeDealForm(TouchForm):
    """The touch modal that asks which deal it is."""

    deal: str

    def touch(self, permalink: str | None = None) -> NewTouch:
        """The touch as entered; `permalink` is the address of the message it was made from."""
        return replace(super().touch(), permalink=permalink)
