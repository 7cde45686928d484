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
MARKS = str.maketrans(dict.fromkeys("™®©℠"))
ACCENTS = re.compile("[\u0300-\u036f]")
SIGNS = str.maketrans({**dict.fromkeys(string.punctuation, " "), "&": " and ", ".": ""})


def plain_words(text: str) -> list[str]:
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
    if category == "Cf":
        return ""
    if unicodedata.name(char, "").startswith("LATIN "):
        return anyascii(char)
    return char if char.isalnum() or category.startswith("M") else " "


def is_slip(word: str, meant: str) -> bool:
    """Whether `word` is `meant` but for a slip of the keyboard: one letter, or two in a long word; a plural is no slip."""
    if min(len(word), len(meant)) < SHORTEST or word in {meant, f"{meant}s", meant.removesuffix("s")}:
        return False
    return DamerauLevenshtein.distance(word, meant, score_cutoff=2) <= (1 if len(meant) < LONG else 2)
