"""A touch with a deal or lead that somebody types in one line: `D-7 call, agreed on the scope`."""

import re
from dataclasses import dataclass

from domain.core.language import _
from domain.core.lines import SEPARATORS
from domain.core.refusals import RuleBroken
from domain.sales.leads import NewTouch, TouchKind

A_CODE = re.compile(rf"([LD])-?(\d{{1,9}})(?!\w)[\s:：{SEPARATORS}]*(.*)", re.IGNORECASE | re.DOTALL)
LIKE_A_CODE = re.compile(r"[LD]-?\d", re.IGNORECASE)
A_KIND = re.compile(rf"([^\s:：{SEPARATORS}]+)\s*(?:[:：{SEPARATORS}]\s*(.*))?", re.DOTALL)
AT_FIRST = TouchKind.MESSAGE
"""The kind of a touch that says none: never one that a gate takes for a talk."""
ALSO = {"email": TouchKind.MAIL, "e-mail": TouchKind.MAIL}
"""Other words that people have for a kind."""


@dataclass(frozen=True, kw_only=True)
class TouchLine:
    """A touch as typed, and the record it names by noun and number; None where it begins with no code, as in a deal's own channel."""

    touch: NewTouch
    noun: str | None = None
    number: int = 0


def touch_in(line: str) -> TouchLine:
    """What a line says of a touch.

    The kind counts as one only before a comma or colon, so that `D-7 call them on Monday` keeps all its words; without one it is a message.

    Raises RuleBroken where the line says nothing besides a code, or begins with what is nearly one.
    """
    line = line.strip()
    found = A_CODE.fullmatch(line)
    if found is None and LIKE_A_CODE.match(line):
        raise RuleBroken(no_code())
    kind, key_points = _kind_in(found[3].strip() if found else line)
    if not key_points:
        raise RuleBroken(_("What was said? A line is enough: /rain-touch D-7 call, agreed on the scope"))
    touch = NewTouch(kind=kind, key_points=key_points)
    if found is None:
        return TouchLine(touch=touch)
    return TouchLine(touch=touch, noun="lead" if found[1] in "Ll" else "deal", number=int(found[2]))


def no_code() -> str:
    """Says how a line names its record."""
    return _("Start with the code of a deal or lead: /rain-touch D-7 call, agreed on the scope")


def _kind_in(words: str) -> tuple[TouchKind, str]:
    """The kind that words begin with, in English or in the reader's language, and what follows it."""
    known = ALSO | {name.casefold(): kind for kind in TouchKind for name in (kind.value, kind.title)}
    found = A_KIND.fullmatch(words)
    kind = known.get(found[1].casefold()) if found else None
    return (kind, (found[2] or "").strip()) if found and kind else (AT_FIRST, words)
