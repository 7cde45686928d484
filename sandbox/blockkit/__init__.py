"""A strict Block Kit validator: what Slack would refuse in a message's blocks, a modal or a Home tab, and where.

The rules are tables (`composition`, `rich_text`, `elements`, `tables_and_charts`, `blocks`, `views`) with one row per
`type`, written in the kinds of rule that `rules` interprets. `constraints` relates properties of one object, `whole`
looks across all blocks. A new block is a new row.
"""

from sandbox.blockkit import whole
from sandbox.blockkit.blocks import BLOCKS, BLOCKS_IN_A_MESSAGE, BLOCKS_IN_A_VIEW
from sandbox.blockkit.rules import Array, Place, Surface
from sandbox.blockkit.views import view_problems

__all__ = ["Surface", "problems"]


def problems(surface: Surface, payload: object) -> list[str]:
    """What Slack would refuse in `payload`, one sentence each, ending with a JSON pointer; empty when all is well.

    `payload` is a list of blocks (any surface) or a whole view (modal, home). Pointers start at `/blocks` or at
    `/view`, as in Slack's own answers. Never raises, whatever JSON comes. Two sentences open with the error code that
    Slack answers in place of `invalid_blocks` and `invalid_arguments`: `msg_blocks_too_long` and `view_too_large`.
    """
    if surface != "message" and isinstance(payload, dict):
        return list(view_problems(payload, Place(surface) / "view"))
    place = Place(surface) / "blocks"
    most = BLOCKS_IN_A_MESSAGE if surface == "message" else BLOCKS_IN_A_VIEW
    found = list(Array(BLOCKS, most=most).problems(payload, place))
    if isinstance(payload, list):
        found += whole.problems_of_all(payload, place)
    return found
