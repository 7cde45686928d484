"""Keeps Python's search for unreachable cycles out of people's way."""

import gc

YOUNG = 20_000
"""Objects made, beyond those let go, before the young ones are searched; a capture makes some hundreds, nearly none of them in cycles."""


def settle() -> None:
    """Once everything is loaded: never search again what is there by now, which took captures time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
