"""Layout blocks: one row per type, with its properties, limits and the surfaces it may stand on.

Source: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.composition import SLACK_FILE, SLACK_ICON, plain_text, secure_url, text, text_kinds, web_url
from sandbox.blockkit.constraints import any_of, at_most_one_of, distinct, exactly_one_of, only_with
from sandbox.blockkit.elements import ACCESSORIES, ACTIONS, BUTTON, CONTEXT_ACTIONS, IMAGE, INPUTS, OVERFLOW, URL_SOURCE
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.rules import (
    EVERYWHERE,
    Array,
    Boolean,
    Constraint,
    Fields,
    Integer,
    OneOf,
    Place,
    Rule,
    Shape,
    String,
    Surface,
    choice,
)
from sandbox.blockkit.tables_and_charts import (
    DATA_TABLE,
    DATA_VISUALIZATION,
    MESSAGE_AND_HOME,
    MESSAGE_ONLY,
    TABLE,
)

_MODAL_ONLY: frozenset[Surface] = frozenset({"modal"})

_RICH_TEXT = OneOf({"rich_text": RICH_TEXT})
_IMAGE = OneOf({"image": IMAGE})


def _block(
    required: Fields | None = None,
    *,
    also: tuple[Constraint, ...] = (),
    surfaces: frozenset[Surface] = EVERYWHERE,
    **optional: Rule,
) -> Shape:
    """A row for a block: each may carry a `block_id`."""
    return Shape(required or {}, {"block_id": String(255), **optional}, also, surfaces)


def _no_dispatch_for_files(block: dict[str, Any], place: Place) -> Iterator[str]:
    element = block.get("element")
    is_file_input = isinstance(element, dict) and element.get("type") == "file_input"
    if is_file_input and block.get("dispatch_action") is True:
        yield (place / "dispatch_action").problem("cannot be used with a `file_input`")


def _pending_only_in_a_plan(card: dict[str, Any], place: Place) -> Iterator[str]:
    if card.get("status") == "pending":
        yield (place / "status").problem("must be a valid enum value")


_TASK_CARD: Fields = {
    "task_id": String(),
    "title": String(),
    "status": choice("pending", "in_progress", "complete", "error"),
}


def _task_card(*also: Constraint) -> Shape:
    return _block(
        _TASK_CARD,
        details=_RICH_TEXT,
        output=_RICH_TEXT,
        sources=Array(URL_SOURCE),
        also=also,
        surfaces=MESSAGE_ONLY,
    )


_CARD = _block(
    hero_image=_IMAGE,
    icon=_IMAGE,
    slack_icon=SLACK_ICON,
    title=text(150),
    subtitle=text(150),
    body=text(200),
    subtext=text(200),
    actions=Array(OneOf({"button": BUTTON}), least=1, most=3),
    also=(any_of("hero_image", "title", "actions", "body"), at_most_one_of("icon", "slack_icon")),
    surfaces=MESSAGE_AND_HOME,  # the reference says modals too, but there Slack refuses it in practice
)

SIMPLE_BLOCKS = {
    "section": _block(
        text=text(3000),
        fields=Array(text(2000), least=1, most=10),
        accessory=ACCESSORIES,
        expand=Boolean(),
        also=(any_of("text", "fields"),),
    ),
    "header": _block({"text": plain_text(150)}, level=Integer(1, 4)),
    "divider": _block(),
    "image": _block(
        {"alt_text": String(2000, least=0)},
        image_url=web_url(),
        slack_file=SLACK_FILE,
        title=plain_text(2000),
        also=(exactly_one_of("image_url", "slack_file"),),
    ),
    "actions": _block({"elements": Array(ACTIONS, least=1, most=25)}),
    "context": _block({"elements": Array(OneOf({"image": IMAGE, **text_kinds(3000)}), least=1, most=10)}),
    "input": _block(
        {"label": plain_text(2000), "element": INPUTS},
        hint=plain_text(2000),
        optional=Boolean(),
        dispatch_action=Boolean(),
        also=(_no_dispatch_for_files,),
    ),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "file": _block({"external_id": String(), "source": choice("remote")}, surfaces=MESSAGE_ONLY),
    "video": _block(
        {
            "alt_text": String(2000, least=0),
            "title": plain_text(200),
            "thumbnail_url": web_url(),
            "video_url": secure_url(),
        },
        title_url=secure_url(2000),
        description=plain_text(200),
        provider_name=String(50),
        provider_icon_url=web_url(2000),
        author_name=String(50),
    ),
}

BLOCKS = OneOf(
    {
        **SIMPLE_BLOCKS,
        "markdown": _block({"text": String()}, surfaces=MESSAGE_ONLY),  # limited in total, see `whole`
        "context_actions": _block({"elements": Array(CONTEXT_ACTIONS, least=1, most=5)}, surfaces=MESSAGE_ONLY),
        "data_table": DATA_TABLE,
        "data_visualization": DATA_VISUALIZATION,
        "card": _CARD,
        "carousel": _block(
            {"elements": Array(OneOf({"card": _CARD}), least=1, most=10)},
            surfaces=MESSAGE_AND_HOME,
        ),
        "container": _block(
            {"child_blocks": Array(OneOf(SIMPLE_BLOCKS), least=1, most=10)},
            title=plain_text(150),
            rich_text_title=_RICH_TEXT,
            subtitle=text(150),
            width=choice("narrow", "standard", "wide", "full"),
            icon=_IMAGE,
            is_collapsible=Boolean(),
            default_collapsed=Boolean(),
            has_header_divider=Boolean(),
            also=(
                any_of("title", "rich_text_title"),
                only_with("default_collapsed", "is_collapsible", wanted=True),
                only_with("has_header_divider", "is_collapsible", wanted=False),
            ),
            surfaces=MESSAGE_AND_HOME,
        ),
        "alert": _block(
            {"text": text(200)},
            level=choice("default", "info", "warning", "error", "success"),
            surfaces=_MODAL_ONLY,
        ),
        "task_card": _task_card(_pending_only_in_a_plan),
        "plan": _block(
            {"title": String(), "tasks": Array(OneOf({"task_card": _task_card()}), most=50)},
            also=(distinct("tasks", by="task_id"),),
            surfaces=MESSAGE_ONLY,
        ),
        "auth_provider": _block(
            {"value": String(150), "name": plain_text(75), "is_connected": Boolean()},
            description=plain_text(150),
            icon_url=secure_url(),
            auth_url=secure_url(),
            disconnect_url=secure_url(),
            connected_identity=plain_text(75),
            connected_context=plain_text(75),
            accessory=OneOf({"overflow": OVERFLOW}),
            fallback=Array(OneOf(SIMPLE_BLOCKS)),
        ),
        "call": _block({"call_id": String()}, api_decoration_available=Boolean(), surfaces=MESSAGE_ONLY),
    }
)

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_VIEW = 100
