"""Views: the envelope around the blocks of a modal or a Home tab.

Source: https://docs.slack.dev/reference/views
"""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.blockkit import whole
from sandbox.blockkit.blocks import BLOCKS, BLOCKS_IN_A_VIEW
from sandbox.blockkit.composition import plain_text
from sandbox.blockkit.rules import Array, Boolean, Fields, OneOf, Place, Shape, String

_BYTES = 250_000

_BLOCKS: Fields = {"blocks": Array(BLOCKS, most=BLOCKS_IN_A_VIEW)}
_IDENTIFIED: Fields = {
    "private_metadata": String(3000, least=0),
    "callback_id": String(255, least=0),
    "external_id": String(255, least=0),
}

VIEWS = {
    "modal": Shape(
        required={"title": plain_text(24), **_BLOCKS},
        optional={
            **_IDENTIFIED,
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": Boolean(),
            "notify_on_close": Boolean(),
        },
    ),
    "home": Shape(required=_BLOCKS, optional=_IDENTIFIED),
}


def view_problems(view: dict[str, Any], place: Place) -> Iterator[str]:
    kind = OneOf({place.surface: VIEWS[place.surface]})
    found = list(kind.problems(view, place))
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        found += whole.problems_of_all(blocks, place / "blocks")
        found += _inputs_without_submit(view, blocks, place)
    # Only what is well formed is measured: whatever else comes may not even be JSON.
    yield from found or _too_large(view, place)


def _inputs_without_submit(view: dict[str, Any], blocks: list[Any], place: Place) -> Iterator[str]:
    if place.surface == "modal" and "submit" not in view:
        for at in whole.inputs(blocks, place / "blocks"):
            yield (at / "input").problem("must define `submit` to use an `input` block in modals")


def _too_large(view: dict[str, Any], place: Place) -> Iterator[str]:
    size = len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > _BYTES:
        yield place.problem(f"view_too_large: must be less than {_BYTES + 1} bytes")
