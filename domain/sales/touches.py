"""A touch with a deal that somebody types in one line: `D-7 call, agreed on the scope`."""

import re

from domain.core.language import _
from domain.core.lines import SEPARATORS
from domain.core.refusals import RuleBroken
from domain.sales.leads import NewTouch, TouchKind

A_LINE = re.compile(rf"D-?(\d{{1,9}})(?!\w)[\s:：{SEPARATORS}]*(.*)", re.IGNORECASE | re.DOTALL)
A_KIND = re.compile(rf"([^\s:：{SEPARATORS}]+)\s*(?:[:：{SEPARATORS}]\s*(.*))?", re.DOTALL)
AT_FIRST = TouchKind.MESSAGE
"""The kind of a touch that says none: never one that a gate takes for a talk."""
ALSO = {"email": TouchKind.MAIL, "e-mail": TouchKind.MAIL}
"""Other words that people have for a kind."""


def touch_in(line: str) -> tuple[int, NewTouch]:
    """The number of the deal, and the touch.

    The kind counts as one only before a comma or colon, so that `D-7 call them on Monday` keeps all its words; without one it is a message.

    Raises RuleBroken where the line does not begin with a deal's code, or says nothing after it.
    """
    found = A_LINE.fullmatch(line.strip())
    if found is None:
        raise RuleBroken(_("Start with the deal's code: /rain-touch D-7 call, agreed on the scope"))
    kind, key_points = _kind_in(found[2].strip())
    if not key_points:
        raise RuleBroken(_("What was said? A line is enough: /rain-touch D-7 call, agreed on the scope"))
    return int(found[1]), NewTouch(kind=kind, key_points=key_points)


def _kind_in(words: str) -> tuple[TouchKind, str]:
    """The kind that words begin with, in English or in the reader's language, and what follows it."""
    known = ALSO | {name.casefold(): kind for kind in TouchKind for name in (kind.value, kind.title)}
    found = A_KIND.fullmatch(words)
    kind = known.get(found[1].casefold()) if found else None
    return (kind, (found[2] or "").strip()) if found and kind else (AT_FIRST, words)
