"""What the shared tests need of each noun, in a file of its own; they gather it by the names below, and name no noun.

- `DRAWINGS`: every view there is of it, drawn from a sample, by module and function.
- `FACTS`: what the template of each of its messages is given.
- `ON_PAGES`: what a sample of another record has on its page, such as `{"deal.promises": …}`.
- `REMINDERS`: reminders of it for a digest, by any name.
- `PASSED`: what a stranger who knows everything of another workspace passes to its use cases, by the type of an argument or its name.
- `SAID`: what two people pass at the same moment, by the name of an argument.
- `RECORDS`: the nouns whose record an argument of this name leads to.
- `leave_rows`: an async function that does something with it about a deal, and returns the row of each table.
- `type_words`: an async function that types words into its forms about a deal, and returns the answers.
- `SHORTCUTS`: shortcuts of its own on messages, with the title of the modal that each opens.
- `DEEDS`: what can be done with it about a deal, and what that is given.
"""

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any


@cache
def modules() -> list[ModuleType]:
    """The files of all nouns."""
    return [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]


def gathered(name: str) -> dict[Any, Any]:
    """What the nouns say under one of these names, all together."""
    together: dict[Any, Any] = {}
    for module in modules():
        said = getattr(module, name, {})
        assert not together.keys() & said.keys(), (
            f"{module.__name__}.{name}: said twice: {together.keys() & said.keys()}"
        )
        together |= said
    return together


def each(name: str) -> list[Any]:
    """The functions of this name, of those nouns that have one."""
    return [getattr(module, name) for module in modules() if hasattr(module, name)]
