"""The validator on layout blocks: what Slack accepts in a message, and what it refuses and where."""

import pytest

from sandbox.blockkit import problems
from tests.sandbox.blockkit_examples import (
    FEEDBACK,
    INPUT_BLOCK,
    MARKDOWN,
    TRASH,
    actions,
    button,
    card,
    container,
    data_table,
    image,
    mrkdwn,
    pie,
    plain,
    plan,
    rich_text,
    section,
    table,
    task,
    video,
)

ACCEPTED = [
    ("no blocks at all", []),
    ("a section with text", [section()]),
    ("a section with plain text and emoji", [{"type": "section", "text": {**plain(), "emoji": True}}]),
    ("a section with verbatim text", [{"type": "section", "text": {**mrkdwn(), "verbatim": True}}]),
    ("a section with fields alone", [{"type": "section", "fields": [mrkdwn(), plain()]}]),
    ("a section with text, fields and an accessory", [section(fields=[mrkdwn()] * 10, accessory=button())]),
    ("an expanded section", [section(expand=True)]),
    ("a section as long as allowed", [section("x" * 3000)]),
    ("a text of emoji counted as single characters", [{"type": "header", "text": plain("🎉" * 150)}]),
    ("an image as accessory", [section(accessory=image())]),
    ("a header with a level", [{"type": "header", "text": plain(), "level": 4}]),
    ("a divider with a block_id", [{"type": "divider", "block_id": "line"}]),
    ("an image with a title", [image(title=plain("Logo"))]),
    ("an image from a Slack file", [{"type": "image", "alt_text": "", "slack_file": {"id": "F0123456789"}}]),
    ("25 buttons", [actions(*[button(action_id=f"b{n}") for n in range(25)])]),
    ("buttons without action_id", [actions(button(), button())]),
    ("one action_id in two blocks", [actions(button(action_id="go")), actions(button(action_id="go"))]),
    ("a context of texts and images", [{"type": "context", "elements": [image(), mrkdwn(), plain()]}]),
    ("feedback and icon buttons", [{"type": "context_actions", "elements": [FEEDBACK, TRASH]}]),
    ("an input in a message", [INPUT_BLOCK]),
    ("markdown of 12,000 characters", [{"type": "markdown", "text": "x" * 12_000}]),
    ("a remote file", [{"type": "file", "external_id": "X1", "source": "remote"}]),
    ("a call", [{"type": "call", "call_id": "R1"}]),
    ("a video", [video(title_url="https://example.com", description=plain(), provider_name="Acme")]),
    ("50 blocks", [{"type": "divider"}] * 50),
    ("13,200 characters", [section("x" * 3000)] * 4 + [section("x" * 1200)]),
]

REFUSED = [
    ("not a list", {"type": "divider"}, "", "must provide an array"),
    ("nothing", None, "", "must provide an array"),
    ("51 blocks", [{"type": "divider"}] * 51, "", "no more than 50 items allowed"),
    ("a block that is no object", ["divider"], "/0", "must provide an object"),
    ("a block without type", [{"text": plain()}], "/0", "missing required field: type"),
    ("a type that is no string", [{"type": 7}], "/0/type", "must provide a string"),
    ("an unknown block", [{"type": "hero"}], "/0/type", "unsupported type: hero"),
    ("a modal's block", [{"type": "alert", "text": plain()}], "/0/type", "unsupported type: alert"),
    ("an unknown property", [{"type": "divider", "disabled": True}], "/0", "invalid additional property: disabled"),
    (
        "an unknown property of an element",
        [actions(button(disabled=True))],
        "/0/elements/0",
        "invalid additional property: disabled",
    ),
    ("an empty block_id", [section(block_id="")], "/0/block_id", "must be more than 0 characters"),
    ("a long block_id", [section(block_id="x" * 256)], "/0/block_id", "must be less than 256 characters"),
    (
        "a block_id twice",
        [section(block_id="a"), section(block_id="a")],
        "/1/block_id",
        '`block_id` "a" already exists',
    ),
    (
        "a block_id twice, once nested",
        [section(block_id="a"), container(section(block_id="a"))],
        "/1/child_blocks/0/block_id",
        "already exists",
    ),
    (
        "an action_id twice in a block",
        [actions(button(action_id="go"), button(action_id="go"))],
        "/0/elements/1/action_id",
        '`action_id` "go" already exists',
    ),
    ("an empty section", [{"type": "section"}], "/0", "must define either `text` or `fields`"),
    ("empty text", [section("")], "/0/text/text", "must be more than 0 characters"),
    ("3,001 characters", [section("x" * 3001)], "/0/text/text", "must be less than 3001 characters"),
    ("text that is no text object", [section() | {"text": "Hello"}], "/0/text", "must provide an object"),
    ("text that is a number", [section(7)], "/0/text/text", "must provide a string"),
    (
        "text of an unknown type",
        [section() | {"text": {"type": "html", "text": "x"}}],
        "/0/text/type",
        "unsupported type: html",
    ),
    (
        "emoji on mrkdwn",
        [section() | {"text": {**mrkdwn(), "emoji": True}}],
        "/0/text",
        "invalid additional property: emoji",
    ),
    (
        "verbatim on plain text",
        [section() | {"text": {**plain(), "verbatim": True}}],
        "/0/text",
        "invalid additional property: verbatim",
    ),
    ("no fields", [section(fields=[])], "/0/fields", "no less than 1 items allowed"),
    ("11 fields", [section(fields=[mrkdwn()] * 11)], "/0/fields", "no more than 10 items allowed"),
    (
        "a field of 2,001 characters",
        [section(fields=[mrkdwn("x" * 2001)])],
        "/0/fields/0/text",
        "must be less than 2001 characters",
    ),
    ("expand that is no boolean", [section(expand="yes")], "/0/expand", "must provide a boolean"),
    (
        "a text input as accessory",
        [section(accessory={"type": "plain_text_input"})],
        "/0/accessory/type",
        "unsupported type: plain_text_input",
    ),
    ("a header without text", [{"type": "header"}], "/0", "missing required field: text"),
    ("a header in mrkdwn", [{"type": "header", "text": mrkdwn()}], "/0/text/type", "unsupported type: mrkdwn"),
    (
        "a header of 151 characters",
        [{"type": "header", "text": plain("x" * 151)}],
        "/0/text/text",
        "must be less than 151 characters",
    ),
    ("a header of level 5", [{"type": "header", "text": plain(), "level": 5}], "/0/level", "must be less than 5"),
    ("a header of level 0", [{"type": "header", "text": plain(), "level": 0}], "/0/level", "must be greater than 0"),
    (
        "a level that is true",
        [{"type": "header", "text": plain(), "level": True}],
        "/0/level",
        "must provide an integer",
    ),
    ("no actions", [actions()], "/0/elements", "no less than 1 items allowed"),
    ("26 actions", [actions(*[button()] * 26)], "/0/elements", "no more than 25 items allowed"),
    ("an image among actions", [actions(image())], "/0/elements/0/type", "unsupported type: image"),
    ("an empty context", [{"type": "context", "elements": []}], "/0/elements", "no less than 1 items allowed"),
    (
        "11 context elements",
        [{"type": "context", "elements": [mrkdwn()] * 11}],
        "/0/elements",
        "no more than 10 items allowed",
    ),
    (
        "a button in a context",
        [{"type": "context", "elements": [button()]}],
        "/0/elements/0/type",
        "unsupported type: button",
    ),
    (
        "6 context actions",
        [{"type": "context_actions", "elements": [TRASH] * 6}],
        "/0/elements",
        "no more than 5 items allowed",
    ),
    (
        "a button among context actions",
        [{"type": "context_actions", "elements": [button()]}],
        "/0/elements/0/type",
        "unsupported type: button",
    ),
    (
        "an unknown icon",
        [{"type": "context_actions", "elements": [TRASH | {"icon": "heart"}]}],
        "/0/elements/0/icon",
        "must be a valid enum value",
    ),
    (
        "feedback without its bad side",
        [
            {
                "type": "context_actions",
                "elements": [{"type": "feedback_buttons", "positive_button": FEEDBACK["positive_button"]}],
            }
        ],
        "/0/elements/0",
        "missing required field: negative_button",
    ),
    (
        "an image without source",
        [{"type": "image", "alt_text": "x"}],
        "/0",
        "must define either `image_url` or `slack_file`",
    ),
    (
        "an image with two sources",
        [image(slack_file={"id": "F0123456789"})],
        "/0",
        "cannot define `image_url` and `slack_file` together",
    ),
    (
        "an image without alt_text",
        [{"type": "image", "image_url": "https://example.com/x.png"}],
        "/0",
        "missing required field: alt_text",
    ),
    (
        "an alt_text of 2,001 characters",
        [image(alt_text="x" * 2001)],
        "/0/alt_text",
        "must be less than 2001 characters",
    ),
    (
        "a long image_url",
        [image(image_url="https://e.com/" + "x" * 3000)],
        "/0/image_url",
        "must be less than 3001 characters",
    ),
    ("an image_url that is none", [image(image_url="logo.png")], "/0/image_url", "must be a valid URL"),
    ("a title in mrkdwn", [image(title=mrkdwn())], "/0/title/type", "unsupported type: mrkdwn"),
    (
        "a Slack file named twice",
        [{"type": "image", "alt_text": "", "slack_file": {"id": "F0123456789", "url": "https://x.io"}}],
        "/0/slack_file",
        "cannot define `id` and `url` together",
    ),
    (
        "a Slack file with a bad id",
        [{"type": "image", "alt_text": "", "slack_file": {"id": "F1"}}],
        "/0/slack_file/id",
        "must be a file ID",
    ),
    ("empty markdown", [{"type": "markdown", "text": ""}], "/0/text", "must be more than 0 characters"),
    ("markdown as a text object", [{"type": "markdown", "text": mrkdwn()}], "/0/text", "must provide a string"),
    (
        "12,001 characters of markdown in two blocks",
        [{"type": "markdown", "text": "x" * 12_000}, {"type": "markdown", "text": "x"}],
        "",
        "`markdown` blocks must be less than 12001 characters",
    ),
    ("13,201 characters", [section("x" * 3000)] * 4 + [section("x" * 1201)], "", "msg_blocks_too_long"),
    (
        "13,201 characters, some in a container",
        [section("x" * 3000)] * 4 + [container(section("x" * 1200))],
        "",
        "msg_blocks_too_long",
    ),
    (
        "a file that is not remote",
        [{"type": "file", "external_id": "X", "source": "local"}],
        "/0/source",
        "must be a valid enum value",
    ),
    ("a call without id", [{"type": "call"}], "/0", "missing required field: call_id"),
    ("a video over http", [video(video_url="http://example.com")], "/0/video_url", "must be a valid URL"),
    ("a video's long author", [video(author_name="x" * 51)], "/0/author_name", "must be less than 51 characters"),
]


@pytest.mark.parametrize("blocks", [pytest.param(blocks, id=name) for name, blocks in ACCEPTED])
def test_what_slack_accepts_in_a_message_is_accepted(blocks):
    assert problems("message", blocks) == []


@pytest.mark.parametrize(("blocks", "pointer", "sentence"), [pytest.param(*case, id=name) for name, *case in REFUSED])
def test_what_slack_refuses_in_a_message_is_named_once_with_its_place(blocks, pointer, sentence):
    found = problems("message", blocks)

    assert len(found) == 1, found
    assert sentence in found[0]
    assert found[0].endswith(f"[json-pointer:/blocks{pointer}]")


def test_every_problem_of_a_payload_is_reported():
    assert problems("message", [section(""), {"type": "hero"}, {"type": "header"}]) == [
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "unsupported type: hero [json-pointer:/blocks/1/type]",
        "missing required field: text [json-pointer:/blocks/2]",
    ]


SURFACES = {
    "MDH": [section(), {"type": "divider"}, INPUT_BLOCK, image(), actions(button()), rich_text(), video()],
    "M": [
        MARKDOWN,
        {"type": "context_actions", "elements": [TRASH]},
        pie(1),
        plan(task()),
        task(),
        {"type": "file", "external_id": "X1", "source": "remote"},
        {"type": "call", "call_id": "R1"},
    ],
    "MH": [table(), data_table(), card(), {"type": "carousel", "elements": [card()]}, container(section())],
    "D": [{"type": "alert", "text": mrkdwn(), "level": "warning"}],
}


@pytest.mark.parametrize(
    ("letters", "block"),
    [
        pytest.param(letters, block, id=f"{block['type']} {letters}")
        for letters, all_ in SURFACES.items()
        for block in all_
    ],
)
def test_a_block_stands_on_its_surfaces_alone(letters, block):
    unsupported = [f"unsupported type: {block['type']} [json-pointer:/blocks/0/type]"]

    for letter, surface in {"M": "message", "D": "modal", "H": "home"}.items():
        assert problems(surface, [block]) == ([] if letter in letters else unsupported)
