"""What Slack adds to blocks when it takes them: ids where the app gave none, and the defaults of text objects."""

import copy
import hashlib
import itertools
import json
import secrets
from typing import Any

from sandbox.blockkit import Surface, problems
from sandbox.inputs import all_elements, blocks_within
from sandbox.model import Json
from sandbox.world import SlackError


def taken_blocks(blocks: list[Json], *, of_message: bool = False) -> list[Json]:
    """The blocks as they are kept. A block of a message that an edit leaves as it is keeps the id it got, and so a press on it counts;
    in a view new ids are what empties inputs whose blocks the app did not name.
    """
    taken = copy.deepcopy(blocks)
    used = {block.get("block_id") for block in blocks_within(taken)}
    for block in blocks_within(taken):
        if "block_id" not in block:
            block["block_id"] = _id_by_content(block, used) if of_message else secrets.token_urlsafe(4)[:5]
            used.add(block["block_id"])
    for _, element in all_elements(taken):
        element.setdefault("action_id", secrets.token_urlsafe(8))
    _fill_texts(taken)
    return taken


def _id_by_content(block: Json, used: set[Any]) -> str:
    content = json.dumps(block, sort_keys=True)
    ids = (hashlib.sha256(f"{content}{count}".encode()).hexdigest()[:8] for count in itertools.count())
    return next(found for found in ids if found not in used)


def _fill_texts(part: Any) -> None:
    if isinstance(part, list):
        for item in part:
            _fill_texts(item)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text" and isinstance(part.get("text"), str):
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn" and isinstance(part.get("text"), str):
            part.setdefault("verbatim", False)
        for item in part.values():
            _fill_texts(item)


def check(surface: Surface, payload: object, error: str = "invalid_blocks") -> None:
    """Refuse what Slack would refuse, naming each place as Slack does; two problems have their own code."""
    found = problems(surface, payload)
    for code in ("msg_blocks_too_long", "view_too_large"):
        if any(problem.startswith(code) for problem in found):
            raise SlackError(code)
    if found:
        raise SlackError(error, response_metadata={"messages": [f"[ERROR] {problem}" for problem in found]})
