"""What can be done with a deal, whoever does it in whatever order; nouns say in `DEEDS` what can be done with them about one."""

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import strategies as st

from tests.firm import FirmDesks

Deed = Callable[[FirmDesks, int, Any], Awaitable[Any]]
Deeds = dict[Deed, st.SearchStrategy[Any]]
"""Deeds about a deal (an id), with what each is given."""
WORDS = st.sampled_from(["", "words"])
