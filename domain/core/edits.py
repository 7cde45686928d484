"""Edits in forms that were opened a while ago: only what differs from what the form showed is written, onto what holds now."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from domain.core.language import _
from domain.core.refusals import FormRefused

T = TypeVar("T")

CUT = "…"
"""Ends a text of which a form shows only the beginning."""


def _words(_name: str, value: Any) -> str:
    return str(value)


def rebased(
    entered: T,
    shown: T | None,
    now: T,
    words: Callable[[str, Any], str] = _words,
    asked_as: Mapping[str, str] | None = None,
) -> T:
    """What is to hold: of what was entered what differs from what was shown, the rest as it is now.

    All three are facts of one dataclass. `shown` is None where nobody was shown anything: then everything entered counts. `words` says a
    field's value to people, and `asked_as` what the form calls a field.

    Raises FormRefused where somebody else has changed meanwhile what was entered, with both values.
    """
    if shown is None:
        return entered
    kept = rebased_values(vars_of(entered), vars_of(shown), vars_of(now), words, asked_as)
    return replace(now, **kept)  # type: ignore[type-var]


def rebased_values(
    entered: Mapping[str, Any],
    shown: Mapping[str, Any],
    now: Mapping[str, Any],
    words: Callable[[str, Any], str] = _words,
    asked_as: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The same for values by name. Raises FormRefused."""
    kept, clashes = dict(now), {}
    for name, value in entered.items():
        was, is_now = shown.get(name), now.get(name)
        if _is_same(value, was) or _is_same(value, is_now):
            continue
        if _is_same(is_now, was):
            kept[name] = value
        else:
            clashes[(asked_as or {}).get(name, name)] = _clash(words, name, value, is_now)
    if clashes:
        raise FormRefused(clashes)
    return kept


def vars_of(fact: Any) -> dict[str, Any]:
    """The fields of a dataclass by name."""
    return {field.name: getattr(fact, field.name) for field in fields(fact)}


def _clash(words: Callable[[str, Any], str], name: str, entered: Any, now: Any) -> str:
    said = [words(name, value) if value not in (None, "") else _("nothing") for value in (now, entered)]
    sentence = _(
        "Somebody changed this to “{now}” meanwhile; you entered “{entered}”. "
        "To keep theirs, enter that. To change it, open the form again."
    )
    return sentence.format(now=said[0], entered=said[1])


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are one to a reader: spaces around them, line ends, and where a form cut a text do not count."""
    one, other = (_text(value) if isinstance(value, str) else value for value in (one, other))
    if isinstance(one, str) and isinstance(other, str) and CUT in {one[-1:], other[-1:]}:
        shorter, longer = sorted((one, other), key=len)
        return one == other or (shorter.endswith(CUT) and longer.startswith(shorter.removesuffix(CUT)))
    return (one or None) == (other or None)


def _text(value: str) -> str:
    return "\n".join(value.splitlines()).strip()
