"""Spellings of a word: what does not count in them, and slips of the keyboard."""

import re
import string
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import DamerauLevenshtein

SHORTEST = 5
"""Letters of the shortest word in which a slip is told from another word."""
LONG = 12
"""Letters from which on a word may have two."""
LONGEST = 500
"""Characters of a name that are looked at: whatever somebody sends, this is quick."""
LONGEST_SEARCH = 200
"""Characters of a search that count."""
MARKS = str.maketrans(dict.fromkeys("™®©℠"))
ACCENTS = re.compile("[\u0300-\u036f]")
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that leave a gap or nothing, though Unicode counts them as letters, marks or signs."""
JOINERS = frozenset("\u200c\u200d")
"""What parts letters of one word in Persian, joins them in Hindi, and makes one picture of several."""
MARKUP = re.compile("[*_~`]+")
"""Slack's marks for bold, italic, struck and code."""
SIGNS = str.maketrans({**dict.fromkeys(string.punctuation, " "), "&": " and ", ".": ""})


def bare_words(text: str) -> list[str]:
    """The words of a name without case, accents and signs: `muller and sohne` for `Müller & Söhne™`."""
    bare = text[:LONGEST].casefold()
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", bare.translate(MARKS))
        bare = unicodedata.normalize("NFKC", ACCENTS.sub("", bare))
        bare = "".join(map(_letter, bare)).casefold()
    return bare.translate(SIGNS).split()


@lru_cache(maxsize=8192)
def _letter(char: str) -> str:
    """A character as it counts: Latin letters such as ł and æ in ASCII, invisible characters not, signs as a blank."""
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Cf" or char in UNSEEN:
        return ""
    if unicodedata.name(char, "").startswith("LATIN "):
        return anyascii(char)
    return char if char.isalnum() or category.startswith("M") else " "


def clean_name(text: str | None) -> str:
    """A name on one line, as it is kept: without characters that nobody sees, and without Slack's marks around words."""
    text = text or ""
    if not (text.isascii() and text.isprintable()):
        text = "".join(char for place, char in enumerate(text) if _is_seen(char, text, place))
    return " ".join(MARKUP.sub(_mark, text).split())


def _is_seen(char: str, text: str, place: int) -> bool:
    if char in JOINERS:
        return 0 < place < len(text) - 1 and not (text[place - 1].isascii() or text[place + 1].isascii())
    return char.isspace() or not (char in UNSEEN or unicodedata.category(char).startswith("C"))


def _mark(found: re.Match[str]) -> str:
    """Marks within a word, such as `M*Modal` and `data_lab`, mean nothing to Slack; those of code mean something anywhere."""
    begins, ends = found.span()
    before, after = found.string[max(begins - 1, 0) : begins], found.string[ends : ends + 1]
    is_inside = before.isalnum() and after.isalnum()
    return found[0].replace("`", "") if is_inside else ""


def search_words(words: str) -> str:
    """What somebody typed to look for, as far as it counts."""
    return words[:LONGEST_SEARCH].strip()


def is_slip(word: str, meant: str) -> bool:
    """Whether `word` is `meant` but for a slip of the keyboard: one letter, or two in a long word; a plural is no slip."""
    if min(len(word), len(meant)) < SHORTEST or word in {meant, f"{meant}s", meant.removesuffix("s")}:
        return False
    return DamerauLevenshtein.distance(word, meant, score_cutoff=2) <= (1 if len(meant) < LONG else 2)
