"""The validator on whole modals and Home tabs: their envelope, and what holds across their blocks."""

import pytest

from sandbox.blockkit import problems
from tests.sandbox.blockkit_examples import INPUT_BLOCK, MARKDOWN, actions, plain, section


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("New lead"), "blocks": list(blocks), **more}


def home(*blocks, **more):
    return {"type": "home", "blocks": list(blocks), **more}


def without(view, name):
    return {key: value for key, value in view.items() if key != name}


def focused(kind="datepicker"):
    return {"type": kind, "focus_on_load": True}


def asking(element, **more):
    return INPUT_BLOCK | {"element": element, **more}


ACCEPTED = [
    ("a modal", "modal", modal(section())),
    ("a modal without blocks", "modal", modal()),
    (
        "a modal with everything",
        "modal",
        modal(
            INPUT_BLOCK | {"hint": plain(), "optional": True, "dispatch_action": True},
            submit=plain("x" * 24),
            close=plain("Cancel"),
            private_metadata="x" * 3000,
            callback_id="x" * 255,
            external_id="x" * 255,
            clear_on_close=True,
            notify_on_close=False,
        ),
    ),
    ("100 blocks", "modal", modal(*[section()] * 100)),
    ("more text than a message holds", "modal", modal(*[section("x" * 3000)] * 10)),
    ("one focus", "modal", modal(actions(focused()))),
    ("a file input", "modal", modal(asking({"type": "file_input"}), submit=plain())),
    ("a Home tab", "home", home(section(), private_metadata="", callback_id="home", external_id="h1")),
    ("an input on Home", "home", home(INPUT_BLOCK)),
    ("an empty Home", "home", home()),
]

REFUSED = [
    ("no view", "modal", None, "/blocks", "must provide an array"),
    ("a view without type", "modal", without(modal(), "type"), "/view", "missing required field: type"),
    ("a Home tab as modal", "modal", home(), "/view/type", "unsupported type: home"),
    ("a modal as Home tab", "home", modal(), "/view/type", "unsupported type: modal"),
    ("no title", "modal", without(modal(), "title"), "/view", "missing required field: title"),
    ("no blocks", "modal", without(modal(), "blocks"), "/view", "missing required field: blocks"),
    ("blocks that are an object", "modal", modal(blocks={}), "/view/blocks", "must provide an array"),
    ("a long title", "modal", modal(title=plain("x" * 25)), "/view/title/text", "must be less than 25 characters"),
    ("an empty title", "modal", modal(title=plain("")), "/view/title/text", "must be more than 0 characters"),
    ("a bare title", "modal", modal(title="New lead"), "/view/title", "must provide an object"),
    ("a long submit", "modal", modal(submit=plain("x" * 25)), "/view/submit/text", "must be less than 25 characters"),
    ("a long close", "modal", modal(close=plain("x" * 25)), "/view/close/text", "must be less than 25 characters"),
    ("long metadata", "modal", modal(private_metadata="x" * 3001), "/view/private_metadata", "must be less than 3001"),
    ("metadata as an object", "modal", modal(private_metadata={}), "/view/private_metadata", "must provide a string"),
    ("a long callback_id", "modal", modal(callback_id="x" * 256), "/view/callback_id", "must be less than 256"),
    ("a long external_id", "home", home(external_id="x" * 256), "/view/external_id", "must be less than 256"),
    ("notify_on_close as a word", "modal", modal(notify_on_close="yes"), "/view/notify_on_close", "boolean"),
    (
        "an unknown property",
        "modal",
        modal(submit_disabled=True),
        "/view",
        "invalid additional property: submit_disabled",
    ),
    ("what Slack adds by itself", "modal", modal(hash="1.2"), "/view", "invalid additional property: hash"),
    ("a title on Home", "home", home(title=plain()), "/view", "invalid additional property: title"),
    ("101 blocks", "home", home(*[section()] * 101), "/view/blocks", "no more than 100 items allowed"),
    ("markdown in a modal", "modal", modal(MARKDOWN), "/view/blocks/0/type", "unsupported type: markdown"),
    (
        "a bad block",
        "modal",
        modal(section(), section("")),
        "/view/blocks/1/text/text",
        "must be more than 0 characters",
    ),
    (
        "an input without submit",
        "modal",
        modal(section(), INPUT_BLOCK),
        "/view/blocks/1/input",
        "must define `submit` to use an `input` block in modals",
    ),
    (
        "a second focus",
        "modal",
        modal(actions(focused()), asking(focused("plain_text_input")), submit=plain()),
        "/view/blocks/1/element/focus_on_load",
        "only one element can have `focus_on_load`",
    ),
    (
        "a file input that dispatches",
        "modal",
        modal(asking({"type": "file_input"}, dispatch_action=True), submit=plain()),
        "/view/blocks/0/dispatch_action",
        "cannot be used with a `file_input`",
    ),
    (
        "an input without label",
        "home",
        home(without(INPUT_BLOCK, "label")),
        "/view/blocks/0",
        "missing required field: label",
    ),
    (
        "a label in mrkdwn",
        "home",
        home(INPUT_BLOCK | {"label": {"type": "mrkdwn", "text": "x"}}),
        "/view/blocks/0/label/type",
        "unsupported type: mrkdwn",
    ),
    (
        "a long hint",
        "home",
        home(INPUT_BLOCK | {"hint": plain("x" * 2001)}),
        "/view/blocks/0/hint/text",
        "must be less than 2001",
    ),
    (
        "two elements in an input",
        "home",
        home(INPUT_BLOCK | {"elements": []}),
        "/view/blocks/0",
        "invalid additional property: elements",
    ),
    ("250 kB", "modal", modal(*[section("x" * 2500)] * 100), "/view", "view_too_large"),
]


@pytest.mark.parametrize(("surface", "view"), [pytest.param(*case, id=name) for name, *case in ACCEPTED])
def test_a_view_slack_accepts_is_accepted(surface, view):
    assert problems(surface, view) == []


@pytest.mark.parametrize(
    ("surface", "view", "pointer", "sentence"), [pytest.param(*case, id=name) for name, *case in REFUSED]
)
def test_what_slack_refuses_in_a_view_is_named_once_with_its_place(surface, view, pointer, sentence):
    found = problems(surface, view)

    assert len(found) == 1, found
    assert sentence in found[0]
    assert found[0].endswith(f"[json-pointer:{pointer}]")


def test_a_views_blocks_may_be_judged_alone():
    assert problems("modal", [INPUT_BLOCK, section("")]) == [
        "must be more than 0 characters [json-pointer:/blocks/1/text/text]"
    ]
