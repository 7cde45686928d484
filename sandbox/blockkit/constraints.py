"""What must hold between several properties of one object, for the `also` of a shape."""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.rules import Constraint, Place


def any_of(*names: str) -> Constraint:
    """At least one of these properties is there."""

    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        if not any(name in value for name in names):
            yield place.problem(f"must define either {_listed(names, 'or')}")

    return constraint


def at_most_one_of(*names: str) -> Constraint:
    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        present = [name for name in names if name in value]
        if len(present) > 1:
            yield place.problem(f"cannot define {_listed(present, 'and')} together")

    return constraint


def exactly_one_of(*names: str) -> Constraint:
    parts = (any_of(*names), at_most_one_of(*names))

    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        for part in parts:
            yield from part(value, place)

    return constraint


def ascending(lower: str, upper: str) -> Constraint:
    """`lower` is not above `upper`; both may be numbers or, as in a number input, numbers in strings."""

    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        least, most = _number(value.get(lower)), _number(value.get(upper))
        if least is not None and most is not None and least > most:
            yield (place / lower).problem(f"must not be greater than `{upper}`")

    return constraint


def only_with(name: str, other: str, wanted: bool) -> Constraint:
    """`name` may be true only where `other` is (or, with `wanted` false, is not) true."""

    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        if value.get(name) is True and (value.get(other) is True) is not wanted:
            yield (place / name).problem(f"must be false unless `{other}` is {str(wanted).lower()}")

    return constraint


def distinct(name: str, by: str | None = None) -> Constraint:
    """The items of the list `name` differ, or with `by` that property of theirs does."""

    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        seen: set[str] = set()
        for index, item in enumerate(items_of(value.get(name))):
            key = item.get(by) if by and isinstance(item, dict) else item
            if isinstance(key, str) and key in seen:
                yield (place / name / index).problem(f"must be unique: {key}")
            elif isinstance(key, str):
                seen.add(key)

    return constraint


def initially_among_options(name: str) -> Constraint:
    """What is selected at first is on offer. Slack refuses an empty list here too, with the same sentence."""

    def constraint(value: dict[str, Any], place: Place) -> Iterator[str]:
        if name not in value:
            return
        offered = {_identity(option) for option in _offered(value)}
        initial = value[name]
        chosen = initial if isinstance(initial, list) else [initial]
        if not chosen or any(_identity(option) not in offered for option in chosen):
            yield (place / name).problem("must be one of the provided options")

    return constraint


def _offered(element: dict[str, Any]) -> list[object]:
    groups = [group for group in items_of(element.get("option_groups")) if isinstance(group, dict)]
    grouped = [option for group in groups for option in items_of(group.get("options"))]
    return [*items_of(element.get("options")), *grouped]


def _identity(option: object) -> tuple[str, str]:
    """An option's label and value; flags such as `emoji`, which Slack fills in by itself, do not count."""
    if not isinstance(option, dict):
        return ("", "")
    text = option.get("text")
    label = text.get("text") if isinstance(text, dict) else None
    value = option.get("value")
    return (label if isinstance(label, str) else "", value if isinstance(value, str) else "")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def items_of(value: object) -> list[Any]:
    """The list, or an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def _listed(names: list[str] | tuple[str, ...], conjunction: str) -> str:
    *others, last = [f"`{name}`" for name in names]
    return f"{', '.join(others)} {conjunction} {last}" if others else last
