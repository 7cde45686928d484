"""The few kinds of rule that the Block Kit tables are written in, and how each one judges a value."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

Surface = Literal["message", "modal", "home"]

EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})


@dataclass(frozen=True)
class Place:
    """Where in a payload a value stands: the surface it is for and its JSON pointer."""

    surface: Surface
    pointer: str = ""

    def __truediv__(self, step: str | int) -> "Place":
        return Place(self.surface, f"{self.pointer}/{step}")

    def problem(self, sentence: str) -> str:
        """The sentence with its pointer, written the way Slack writes `response_metadata.messages`."""
        return f"{sentence} [json-pointer:{self.pointer}]"


class Rule(Protocol):
    """Judges one value; yields nothing when Slack would accept it, and never raises."""

    def problems(self, value: object, place: Place) -> Iterator[str]: ...


Fields = Mapping[str, Rule]
Constraint = Callable[[dict[str, Any], Place], Iterator[str]]


@dataclass(frozen=True)
class Boolean:
    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, bool):
            yield place.problem("must provide a boolean")


@dataclass(frozen=True)
class String:
    """A string of `least` to `most` characters (code points), of a certain form when `form` is given."""

    most: int | None = None
    least: int = 1
    form: Callable[[str], bool] | None = None
    expected: str = ""

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, str):
            yield place.problem("must provide a string")
        elif len(value) < self.least:
            yield place.problem(f"must be more than {self.least - 1} characters")
        elif self.most is not None and len(value) > self.most:
            yield place.problem(f"must be less than {self.most + 1} characters")
        elif self.form is not None and not self.form(value):
            yield place.problem(f"must be {self.expected}")


@dataclass(frozen=True)
class Integer:
    least: int | None = None
    most: int | None = None

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield place.problem("must provide an integer")
        elif self.least is not None and value < self.least:
            yield place.problem(f"must be greater than {self.least - 1}")
        elif self.most is not None and value > self.most:
            yield place.problem(f"must be less than {self.most + 1}")


@dataclass(frozen=True)
class Number:
    """A finite number, greater than `above` when that is given."""

    above: float | None = None

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield place.problem("must provide a number")
        elif isinstance(value, float) and not math.isfinite(value):
            yield place.problem("must provide a finite number")
        elif self.above is not None and value <= self.above:
            yield place.problem(f"must be greater than {self.above:g}")


@dataclass(frozen=True)
class Choice:
    """One of a fixed set of strings."""

    choices: frozenset[str]

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, str):
            yield place.problem("must provide a string")
        elif value not in self.choices:
            yield place.problem("must be a valid enum value")


def choice(*choices: str) -> Choice:
    return Choice(frozenset(choices))


@dataclass(frozen=True)
class Null:
    """Lets `null` stand for "nothing here", which Slack allows in hardly any place."""

    otherwise: Rule

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if value is not None:
            yield from self.otherwise.problems(value, place)


@dataclass(frozen=True)
class Array:
    """A list of `least` to `most` items, each judged by `of`."""

    of: Rule
    most: int | None = None
    least: int = 0

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, list):
            yield place.problem("must provide an array")
            return
        if len(value) < self.least:
            yield place.problem(f"no less than {self.least} items allowed")
        if self.most is not None and len(value) > self.most:
            yield place.problem(f"no more than {self.most} items allowed")
        for index, item in enumerate(value):
            yield from self.of.problems(item, place / index)


@dataclass(frozen=True)
class Shape:
    """An object with these properties and no others; `also` holds what must be true of several at once."""

    required: Fields = field(default_factory=dict)
    optional: Fields = field(default_factory=dict)
    also: tuple[Constraint, ...] = ()
    surfaces: frozenset[Surface] = EVERYWHERE

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, dict):
            yield place.problem("must provide an object")
            return
        for name in self.required:
            if name not in value:
                yield place.problem(f"missing required field: {name}")
        for name, inner in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is None:
                yield place.problem(f"invalid additional property: {name}")
            else:
                yield from rule.problems(inner, place / name)
        for constraint in self.also:
            yield from constraint(value, place)

    def allowing(self, **optional: Rule) -> "Shape":
        """This shape with further optional properties."""
        return replace(self, optional={**self.optional, **optional})


@dataclass(frozen=True)
class OneOf:
    """An object whose `type` says which row of the table it has to match, on the surfaces that row is for."""

    kinds: Mapping[str, Shape]

    def problems(self, value: object, place: Place) -> Iterator[str]:
        if not isinstance(value, dict):
            yield place.problem("must provide an object")
        elif "type" not in value:
            yield place.problem("missing required field: type")
        elif not isinstance(value["type"], str):
            yield (place / "type").problem("must provide a string")
        else:
            yield from self._problems_of_kind(value, place)

    def _problems_of_kind(self, value: dict[str, Any], place: Place) -> Iterator[str]:
        shape = self.kinds.get(value["type"])
        if shape is None or place.surface not in shape.surfaces:
            yield (place / "type").problem(f"unsupported type: {value['type']}")
            return
        properties = {name: inner for name, inner in value.items() if name != "type"}
        yield from shape.problems(properties, place)
