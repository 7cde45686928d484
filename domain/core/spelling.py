"""Slips of the keyboard."""

from rapidfuzz.distance import DamerauLevenshtein

SHORTEST = 5
"""Letters of the shortest word in which a slip is told from another word."""
LONG = 12
"""Letters from which on a word may have two."""


def is_slip(word: str, meant: str) -> bool:
    """Whether `word` is `meant` but for a slip of the keyboard: one letter, or two in a long word; a plural is no slip."""
    if min(len(word), len(meant)) < SHORTEST or word in {meant, f"{meant}s", meant.removesuffix("s")}:
        return False
    return DamerauLevenshtein.distance(word, meant, score_cutoff=2) <= (1 if len(meant) < LONG else 2)
