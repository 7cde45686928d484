"""What is passed to use cases: by a stranger who knows another workspace, or by two people at the same moment."""

from collections.abc import Callable
from datetime import date
from typing import Any

from domain.sales.leads import NewTouch, Origin, TouchKind
from tests.fire.neighbours import Neighbours
from tests.firm import FirmDesks

Passed = Callable[[FirmDesks, Neighbours], Any]
"""An argument, for our firm and the other one; of two people at one firm, that firm is the other one, too."""

A_DAY, ANOTHER_DAY = date(2026, 3, 20), date(2026, 3, 23)
MESSAGE = Origin(channel="C0ACME", ts="1772532000.000001", author="U0CLIENT")


def is_first(ours: FirmDesks, busy: Any) -> bool:
    """Whether it is the first of the two."""
    return bool(ours.seller == busy.desks.seller)


def either(first: Any, second: Any) -> Passed:
    """The one for the first of them, the other for the second."""
    return lambda ours, busy: first if is_first(ours, busy) else second


def crosswise(one: Passed, other: Passed) -> tuple[Passed, Passed]:
    """Two records for the first, and the same for the second the other way round."""
    return (
        lambda ours, busy: (one if is_first(ours, busy) else other)(ours, busy),
        lambda ours, busy: (other if is_first(ours, busy) else one)(ours, busy),
    )


def other(what: str) -> Passed:
    """One of the firm's further rows."""
    return lambda _ours, busy: busy.others[what]  # type: ignore[attr-defined]


def row(table: str) -> Passed:
    """The row of a table that is worked on, or the stranger's."""
    return lambda _ours, busy: busy.id_of(table)


def words(ours: FirmDesks, _busy: Any = None) -> str:
    """Words that only one of the two says."""
    return f"said by {ours.seller.name}"


def touch(ours: FirmDesks, _busy: Any = None) -> NewTouch:
    """A call of one of the two."""
    return NewTouch(kind=TouchKind.CALL, key_points=words(ours))
