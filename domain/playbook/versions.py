"""Versions of the playbook: which one a record keeps, how many run on an older one, and what differs, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.core.language import _
from domain.core.messages import Message
from domain.playbook.playbook import Playbook

MOST_IN_WORDS = 80
"""Characters of an old or new value that are shown."""


@dataclass(frozen=True, kw_only=True)
class PlaybookVersion:
    """A playbook as it was first loaded in a workspace at `loaded_at`; `content` is its canonical form.

    It is, or was, the one in force from `current_since` on: later than it was first loaded where another one came in between.
    """

    digest: str
    content: str
    loaded_at: datetime
    current_since: datetime

    @property
    def playbook(self) -> Playbook:
        """What it says."""
        return Playbook.of(self.content)


def on_older(running: Mapping[str, int], current: str) -> int:
    """How many records run on another version than the one in force; `running` maps digests to numbers of records."""
    return sum(count for digest, count in running.items() if digest != current)


def differences(old: Playbook, new: Playbook) -> list[str]:
    """What the newer playbook says otherwise, one sentence each: `Proposal, limit: 10 working days → 8 working days`."""
    return list(_differ((), old.model_dump(mode="json", by_alias=True), new.model_dump(mode="json", by_alias=True)))


@dataclass(frozen=True)
class _Part:
    """One step of the way to a value; the name of a list says nothing that the titles in it do not say."""

    name: str
    is_list: bool


def _differ(path: tuple[_Part, ...], old: Any, new: Any) -> Iterator[str]:
    before, after = _items(old), _items(new)
    if old == new:
        return
    if before is None or after is None:
        yield _("{where}: {old} → {new}").format(where=_where(path), old=_shown(old), new=_shown(new))
        return
    for key, item in before.items():
        if key not in after:
            yield _("{where}: {what} is gone").format(where=_where(path), what=_name(key, item))
    for key, item in after.items():
        if key not in before:
            yield _("{where}: {what} is new").format(where=_where(path), what=_name(key, item))
        else:
            yield from _differ((*path, _Part(_name(key, item), _is_list(item))), before[key], item)
    if _is_list(new) and [key for key in before if key in after] != [key for key in after if key in before]:
        yield _("{where}: the order has changed").format(where=_where(path))


def _is_list(value: Any) -> bool:
    """Whether it is a list of things, not of words."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _items(value: Any) -> dict[str, Any] | None:
    """What can be compared piece by piece: tables by key, lists of things by id; None for a plain value."""
    if isinstance(value, dict):
        return value
    return {_key(item, number): item for number, item in enumerate(value)} if _is_list(value) else None


def _key(item: dict[str, Any], number: int) -> str:
    return str(item.get("id") or item.get("tier") or number + 1)


def _name(key: str, item: Any) -> str:
    title = item.get("title") if isinstance(item, dict) else None
    return str(title or key).replace("_", " ")


def _where(path: tuple[_Part, ...]) -> str:
    """The way without the file and, except at its end, without the names of lists."""
    inner = path[1:-1] if len(path) > 2 else ()
    return ", ".join([*(part.name for part in inner if not part.is_list), *(part.name for part in path[-1:])])


def _shown(value: Any) -> str:
    if value in (None, [], {}, ""):
        return _("nothing")
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return text if len(text) <= MOST_IN_WORDS else f"{text[: MOST_IN_WORDS - 1]}…"


@dataclass(frozen=True, kw_only=True)
class PlaybookChanged(Message):
    """Tells an admin that another playbook is in force; both are named by their digests."""

    old_version: str
    new_version: str
    running: int = 0
    """How many deals keep a playbook that they began with."""
