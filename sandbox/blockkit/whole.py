"""What must hold across all blocks of one message or view: unique ids, totals, one focus, a submit for inputs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.blockkit.rules import Place

Block = dict[str, Any]
Found = tuple[Block, Place]

# Where a block holds further blocks, and where it holds elements with an action_id.
_NESTED_BLOCKS = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}
_ELEMENT_SLOTS = ("elements", "accessory", "element", "actions")

# Characters that are not shown in the message itself, or that have a limit of their own.
_NOT_IN_THE_TEXT = {"rows", "options", "option_groups", "confirm", "placeholder"}

_MESSAGE_TEXT = 13_200  # undocumented; measured in https://github.com/slackapi/bolt-js/issues/2509


def problems_of_all(blocks: list[Any], place: Place) -> Iterator[str]:
    """Problems that no block has by itself; `place` is that of the list."""
    found = list(_blocks(blocks, place))
    yield from _repeated("block_id", found)
    for block, at in found:
        yield from _repeated("action_id", list(_elements(block, at)))
    yield from _second_focus(found)
    if place.surface == "message":
        yield from _too_long(blocks, place)
        for total in _TOTALS:
            yield from total.problems(found, place)


def inputs(blocks: list[Any], place: Place) -> Iterator[Place]:
    """Where the input blocks stand."""
    for block, at in _blocks(blocks, place):
        if block.get("type") == "input":
            yield at


def _blocks(blocks: list[Any], place: Place) -> Iterator[Found]:
    """Every block with its place. One level down is enough: no nested block may nest further ones."""
    for block, at in _dicts(blocks, place):
        yield block, at
        slot = _NESTED_BLOCKS.get(str(block.get("type")))
        if slot:
            yield from _dicts(block.get(slot), at / slot)


def _elements(block: Block, place: Place) -> Iterator[Found]:
    nested = _NESTED_BLOCKS.get(str(block.get("type")))
    for slot in _ELEMENT_SLOTS:
        content = block.get(slot)
        if slot == nested:
            continue
        if isinstance(content, dict):
            yield content, place / slot
        else:
            yield from _dicts(content, place / slot)


def _dicts(items: object, place: Place) -> Iterator[Found]:
    if isinstance(items, list):
        for index, item in enumerate(items):
            if isinstance(item, dict):
                yield item, place / index


def _repeated(name: str, found: list[Found]) -> Iterator[str]:
    seen: set[str] = set()
    for thing, place in found:
        id_ = thing.get(name)
        if not isinstance(id_, str):
            continue
        if id_ in seen:
            yield (place / name).problem(f'`{name}` "{id_}" already exists')
        seen.add(id_)


def _second_focus(found: list[Found]) -> Iterator[str]:
    focused = [at for block, place in found for element, at in _elements(block, place) if element.get("focus_on_load")]
    for place in focused[1:]:
        yield (place / "focus_on_load").problem("only one element can have `focus_on_load`")


def _characters(value: object) -> int:
    """The characters of all texts within a value; iterative, so that no depth of nesting can hurt."""
    count, pending = 0, [value]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            shown = value.get("text")
            count += len(shown) if isinstance(shown, str) else 0
            pending.extend(inner for name, inner in value.items() if name not in _NOT_IN_THE_TEXT)
    return count


def _cell_characters(block: Block) -> int:
    return _characters(block.get("rows"))


def _once(_: Block) -> int:
    return 1


@dataclass(frozen=True)
class _Total:
    """How much of one type of block a whole message may hold."""

    kind: str
    measure: Callable[[Block], int]
    most: int
    sentence: str

    def problems(self, found: list[Found], place: Place) -> Iterator[str]:
        if sum(self.measure(block) for block, _ in found if block.get("type") == self.kind) > self.most:
            yield place.problem(self.sentence)


_TOTALS = (
    _Total("table", _once, 1, "only one `table` allowed per message"),
    _Total("table", _cell_characters, 10_000, "`table` cells must be less than 10001 characters in total"),
    _Total("data_table", _cell_characters, 20_000, "`data_table` cells must be less than 20001 characters in total"),
    _Total("data_visualization", _once, 2, "no more than 2 `data_visualization` blocks allowed per message"),
    _Total("markdown", _characters, 12_000, "`markdown` blocks must be less than 12001 characters in total"),
)


def _too_long(blocks: list[Any], place: Place) -> Iterator[str]:
    if _characters(blocks) > _MESSAGE_TEXT:
        yield place.problem(f"msg_blocks_too_long: must be less than {_MESSAGE_TEXT + 1} characters in total")
