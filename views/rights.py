"""What a press asks for, and who reads: what its one reader may not press is not drawn for them.

    needs(ids.PRESS_TOUCH, ids.LOG_TOUCH)(LOG_TOUCH)

A noun declares it once, in its own view, for buttons and forms alike. A choice of a menu is named `id:choice`. A form is refused before it
opens; what several people read, such as a card in a channel, is drawn with everything, and refused when it is pressed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from domain.core.gathering import Registry
from domain.core.people import Actor, Permission, Role, may, might

needs = Registry[Permission]("views")
"""The permission of the use case behind a button, a choice or a form, by its id."""

_reader: ContextVar[Actor | None] = ContextVar("reader", default=None)


@contextmanager
def read_by(reader: Actor | None) -> Iterator[None]:
    """Draw for one person inside the block, or for everybody of a channel (None)."""
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


def switch_reader(reader: Actor | None) -> None:
    """Go on drawing for somebody else, until the end of the `read_by` block we are in."""
    _reader.set(reader)


def reader() -> Actor | None:
    """Whom we draw for, or None where several people read."""
    return _reader.get()


def denied(key: str) -> Permission | None:
    """The permission that the reader lacks for a button, a choice or a form; None where they may, or several people read."""
    who = _reader.get()
    permission = needs.get(key) if who else None
    return permission if who and permission and not might(who.roles, permission) else None


def may_press(key: str, in_charge: Role | None = None) -> bool:
    """Whether what we draw may show this: its reader may press it, or several people read.

    Of a record that stands in a stage, `in_charge` is the role in charge of that.
    """
    who, permission = _reader.get(), needs.get(key)
    if who and permission and in_charge:
        return may(who.roles, permission, in_charge)
    return denied(key) is None
