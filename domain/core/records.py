"""A record of any kind, as people call it: what promises, meetings, feedback and the like belong to."""

from dataclasses import dataclass

from domain.core.people import Person


@dataclass(frozen=True, kw_only=True)
class NamedRecord:
    """A record by its noun and id, such as ("deal", 7), with what people call it and whose it is.

    `is_open` says whether it is still on its way.
    """

    noun: str
    id: int
    code: str
    title: str = ""
    company: str | None = None
    owner: Person | None = None
    is_open: bool = True
