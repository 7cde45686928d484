"""The validator answers whatever JSON comes: arbitrary trees, and good payloads with one thing broken."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit import problems
from sandbox.blockkit.blocks import BLOCKS
from tests.sandbox import blockkit_examples as examples

SURFACES = st.sampled_from(["message", "modal", "home"])

# Words the tables know make deep paths through them likely.
WORDS = st.sampled_from(
    [
        *BLOCKS.kinds,
        *("type", "text", "elements", "element", "accessory", "options", "option_groups", "rows", "chart", "blocks"),
        *("plain_text", "mrkdwn", "modal", "home", "block_id", "action_id", "static_select", "initial_option"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)

GOOD_BLOCKS = [
    examples.section(fields=[examples.mrkdwn()], accessory=examples.image()),
    examples.actions(
        examples.button(confirm={name: examples.plain() for name in ("title", "text", "confirm", "deny")}),
        {"type": "static_select", "options": [{"text": examples.plain(), "value": "a"}]},
    ),
    examples.INPUT_BLOCK,
    examples.rich_list(),
    examples.table(column_settings=[None]),
    examples.data_table(),
    examples.bars("Won"),
    examples.container(examples.card() | {"type": "section"}),
    {"type": "carousel", "elements": [examples.card(actions=[examples.button()])]},
    examples.plan(examples.task()),
]


def paths(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in inner:
        yield from paths(child, (*path, step))


def replaced(value, path, new):
    if not path:
        return new
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], new)
    return value


BROKEN_PLACES = st.sampled_from(list(paths(GOOD_BLOCKS)))


def is_sentence_with_pointer(problem):
    sentence, _, pointer = problem.rpartition(" [json-pointer:")
    return bool(sentence) and pointer.startswith("/") and pointer.endswith("]")


@given(SURFACES, JSON)
def test_arbitrary_json_gets_an_answer(surface, payload):
    assert all(is_sentence_with_pointer(problem) for problem in problems(surface, payload))


@given(SURFACES, BROKEN_PLACES, JSON)
def test_a_good_payload_with_anything_in_one_place_gets_an_answer(surface, path, anything):
    blocks = replaced(GOOD_BLOCKS, path, anything)
    view = {"type": surface, "title": examples.plain(), "blocks": blocks}

    assert all(is_sentence_with_pointer(problem) for problem in problems(surface, blocks))
    assert all(is_sentence_with_pointer(problem) for problem in problems(surface, view))


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_as_deep_a_payload_as_json_can_carry_gets_an_answer(surface):
    deep = json.loads('{"type":"container","child_blocks":[' * 400 + "]}" * 400)

    assert problems(surface, [deep])
    assert problems(surface, [examples.section(deep)])
    assert problems(surface, deep)
