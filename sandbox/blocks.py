"""What Slack adds to blocks when it takes them: ids where the app gave none, and the defaults of text objects."""

import copy
import secrets
from typing import Any

from sandbox.blockkit import Surface, problems
from sandbox.inputs import all_elements, blocks_within
from sandbox.model import Json
from sandbox.world import SlackError


def taken_blocks(blocks: list[Json]) -> list[Json]:
    taken = copy.deepcopy(blocks)
    for block in blocks_within(taken):
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
    for _, element in all_elements(taken):
        element.setdefault("action_id", secrets.token_urlsafe(8))
    _fill_texts(taken)
    return taken


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
