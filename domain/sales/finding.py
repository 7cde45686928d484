"""Records that somebody asks for by writing a name or a code to Rainmaker."""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.core.messages import Message

LONGEST_SOUGHT = 80
"""Characters of a name; what is longer is no name."""
SHORTEST_SOUGHT = 3

A_CODE = re.compile(r"(?<![\w-])([LAD])-(\d{1,9})(?![\w-])", re.IGNORECASE)
ONLY_A_CODE = re.compile(r"([LAD])-?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wrote to Rainmaker, as plain words; `help_on` are the commands that help would explain to them."""

    words: str
    help_on: tuple[str, ...]
    is_help: bool
    """Whether they ask for help."""


@dataclass(frozen=True, kw_only=True)
class RecordsFound(Message):
    """Shows somebody the records they asked for by a name or by codes."""

    is_answer: ClassVar[bool] = True
    sought: str
    account_ids: tuple[int, ...] = ()
    lead_ids: tuple[int, ...] = ()
    deal_ids: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not (self.account_ids or self.lead_ids or self.deal_ids)


def codes_in(text: str) -> list[tuple[str, int]]:
    """The codes somebody wrote, each as its letter and number: those of `what about L-12 and D-3?`, or all of `l12`."""
    found = [*A_CODE.finditer(text)] or [*filter(None, [ONLY_A_CODE.fullmatch(text.strip())])]
    return list(dict.fromkeys((code[1].upper(), int(code[2])) for code in found))
