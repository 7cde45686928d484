"""What people type after a slash: which command is meant, and with which words, before Bolt looks for who listens."""

import re

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from views import ids

HELP_WORDS = ("help", "?")
"""Typed after any command, they ask for help."""
MOST_SLIPS = 2
"""Letters that may be wrong in a word for it to be taken for a misspelt command."""


def meant(command: str, text: str) -> tuple[str, str]:
    """The command and the words that are meant by what was typed.

    `/rain lead …` is `/rain-lead …`, `/rain-lead help` is `/rain help lead`, and a code is looked up by the command of its records.
    """
    words = text.strip()
    if command == ids.RAIN:
        command, words = _after_rain(words)
    known = _named().get(command)
    asked = words.casefold()
    if known is None:
        return command, words
    if asked in HELP_WORDS:
        return ids.RAIN, f"{HELP_WORDS[0]} {known.word}"
    if asked in known.means:
        return command, known.means[asked]
    return (command_of(words) or command if known.letter else command), words


def _after_rain(words: str) -> tuple[str, str]:
    """The command that the words after `/rain` begin with or mean; other words stay with `/rain`."""
    first, rest = (*words.split(maxsplit=1), "", "")[:2]
    command = f"{ids.RAIN}-{first.casefold()}"
    if command in _named():
        return command, rest
    if words.casefold() in {"list", "mine"}:
        return ids.RAIN, ""
    return command_of(words) or ids.RAIN, words


def _named() -> dict[str, ids.Command]:
    return {command.name: command for command in ids.noun_commands()}


def command_of(code: str) -> str | None:
    """The command that shows the record with this code, such as `L-12` or `d7`; None where it is no code."""
    letters = {command.letter: command.name for command in ids.noun_commands() if command.letter}
    found = re.fullmatch(r"([A-Za-z])-?\d{1,9}", code)
    return letters.get(found[1].upper()) if found else None


def nearest(word: str) -> str | None:
    """The word after `/rain` that somebody may have misspelt; None where none is near."""
    most = MOST_SLIPS if len(word) > 4 else 1
    known = [*(command.word for command in ids.noun_commands()), HELP_WORDS[0]]
    found = extractOne(word.casefold(), known, scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return found[0] if found else None


def reserved() -> frozenset[str]:
    """The words that mean something after a command, in small letters: no company is called so where a line is typed."""
    commands = ids.noun_commands()
    return frozenset({*HELP_WORDS, *(c.word for c in commands), *(word for c in commands for word in c.means)})
