"""Finds what nouns declare, so that the core need not name them: every module of a layer is imported, and its classes are looked up."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")
D = TypeVar("D")


def import_all(package: str) -> None:
    """Import every module below a package, such as `domain`."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)


def declared(base: type[T]) -> Iterator[type[T]]:
    """The classes below `base` that are imported by now and have none below themselves."""
    for cls in base.__subclasses__():
        if cls.__subclasses__():
            yield from declared(cls)
        else:
            yield cls


class Registry(Generic[T]):
    """What the modules of a layer declare, each under keys of its own.

        done = Registry[Finish]("usecases")

        @done(PromiseDue.kind)
        def kept(…): ...

    The layer's modules are imported when something is first looked up.
    """

    def __init__(self, layer: str) -> None:
        self.layer = layer
        self._declared: dict[str, T] = {}
        self._is_gathered = False

    def __call__(self, *keys: str) -> Callable[[D], D]:
        """Declare what is decorated under these keys. Raises ValueError where one is taken."""

        def declare(what: D) -> D:
            for key in keys:
                if key in self._declared:
                    raise ValueError(f"{key} is declared twice")
                self._declared[key] = what  # type: ignore[assignment]  # the decorator keeps what it is given as it is
            return what

        return declare

    @property
    def all(self) -> Mapping[str, T]:
        """Everything declared, by key."""
        if not self._is_gathered:
            import_all(self.layer)
            self._is_gathered = True
        return self._declared

    def under(self, noun: str) -> dict[str, T]:
        """What is declared for a noun under keys such as `deal.promises`, each by what follows the dot."""
        return {key.removeprefix(f"{noun}."): what for key, what in self.all.items() if key.startswith(f"{noun}.")}

    def get(self, key: str) -> T | None:
        """What is declared under a key, or None."""
        return self.all.get(key)
