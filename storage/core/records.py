"""How what belongs to a record of any kind is told what people call that record."""

from collections.abc import Callable
from typing import TypeAlias

from domain.core.records import NamedRecord

Named: TypeAlias = Callable[[str, int], NamedRecord]
"""The record of a noun with an id, as people call it. Raises NotFound."""
