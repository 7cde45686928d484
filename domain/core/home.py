"""What waits for somebody: the facts of the Home tab and bare `/rain`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.core.absences import Absence
from domain.core.people import InCharge
from domain.core.working_time import QuietHours


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """The reader's day. `parts` is what nouns say of it, by the name under which they declare it; somebody outside gets none.

    Besides: the reader's quiet hours and absences, and for management who is away today and who has left with something in charge.
    """

    now: datetime
    parts: Mapping[str, Any] = field(default_factory=dict)
    is_admin: bool = False
    quiet: QuietHours | None = None
    absences: tuple[Absence, ...] = ()
    sees_people: bool = False
    away: tuple[Absence, ...] = ()
    gone: tuple[InCharge, ...] = ()
