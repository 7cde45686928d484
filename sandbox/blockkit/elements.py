"""Block elements: one row per type, and which of them each kind of block may hold.

Source: https://docs.slack.dev/reference/block-kit/block-elements
"""

from sandbox.blockkit.composition import (
    CHECKABLE_OPTION,
    COLOR_SCHEME,
    CONFIRM,
    CONVERSATION_FILTER,
    DATE,
    DECIMAL,
    DISPATCH_ACTION_CONFIG,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SELECT_OPTION,
    SLACK_FILE,
    TIME,
    TIMEZONE,
    WORKFLOW,
    plain_text,
    url,
    web_url,
)
from sandbox.blockkit.constraints import ascending, exactly_one_of, initially_among_options
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.rules import (
    EVERYWHERE,
    Array,
    Boolean,
    Constraint,
    Fields,
    Integer,
    OneOf,
    Rule,
    Shape,
    String,
    Surface,
    choice,
)

_ACTION_ID = String(255)
_ID = String()
_CONFIRMED: Fields = {"confirm": CONFIRM}
_FOCUSED: Fields = {"focus_on_load": Boolean()}
_HINTED: Fields = {"placeholder": plain_text(150)}
_SELECT: Fields = {**_CONFIRMED, **_FOCUSED, **_HINTED}
_MULTI: Fields = {**_SELECT, "max_selected_items": Integer(1)}
_TYPED: Fields = {**_FOCUSED, **_HINTED, "dispatch_action_config": DISPATCH_ACTION_CONFIG}
_LABELLED: Fields = {"accessibility_label": String(75)}

MODAL_ONLY: frozenset[Surface] = frozenset({"modal"})


def _element(
    *shared: Fields,
    required: Fields | None = None,
    also: tuple[Constraint, ...] = (),
    surfaces: frozenset[Surface] = EVERYWHERE,
    **optional: Rule,
) -> Shape:
    """A row for an interactive element: each may carry an `action_id`."""
    merged: dict[str, Rule] = {"action_id": _ACTION_ID}
    for fields in (*shared, optional):
        merged.update(fields)
    return Shape(required=required or {}, optional=merged, also=also, surfaces=surfaces)


IMAGE = Shape(
    required={"alt_text": String(2000, least=0)},
    optional={"image_url": web_url(), "slack_file": SLACK_FILE},
    also=(exactly_one_of("image_url", "slack_file"),),
)

BUTTON = _element(
    _CONFIRMED,
    _LABELLED,
    required={"text": plain_text(75)},
    url=url(),
    value=String(2000, least=0),
    style=COLOR_SCHEME,
    agent_prompt=String(4000),
    agent_prompt_display=String(),
    visible_to_user_ids=Array(_ID),
)

_WORKFLOW_BUTTON = Shape(
    # The one element whose action_id Slack's validator insists on.
    required={"text": plain_text(75), "workflow": WORKFLOW, "action_id": _ACTION_ID},
    optional={**_LABELLED, "style": COLOR_SCHEME},
)

_FEEDBACK_BUTTON = Shape(required={"text": plain_text(75), "value": String(2000)}, optional=_LABELLED)

_ONE_SOURCE = exactly_one_of("options", "option_groups")
_OPTIONS: Fields = {
    "options": Array(SELECT_OPTION, least=1, most=100),
    "option_groups": Array(OPTION_GROUP, least=1, most=100),
}
_TEN_OPTIONS: Fields = {"options": Array(CHECKABLE_OPTION, least=1, most=10)}
_QUERY_LENGTH = Integer(0)

SELECTS = {
    "static_select": _element(
        _SELECT, _OPTIONS, also=(_ONE_SOURCE, initially_among_options("initial_option")), initial_option=SELECT_OPTION
    ),
    "external_select": _element(_SELECT, initial_option=SELECT_OPTION, min_query_length=_QUERY_LENGTH),
    "users_select": _element(_SELECT, initial_user=_ID),
    "conversations_select": _element(
        _SELECT,
        initial_conversation=_ID,
        default_to_current_conversation=Boolean(),
        filter=CONVERSATION_FILTER,
    ),
    "channels_select": _element(_SELECT, initial_channel=_ID),
}

MULTI_SELECTS = {
    "multi_static_select": _element(
        _MULTI,
        _OPTIONS,
        also=(_ONE_SOURCE, initially_among_options("initial_options")),
        initial_options=Array(SELECT_OPTION, most=100),
    ),
    "multi_external_select": _element(
        _MULTI, initial_options=Array(SELECT_OPTION, most=100), min_query_length=_QUERY_LENGTH
    ),
    "multi_users_select": _element(_MULTI, initial_users=Array(_ID)),
    "multi_conversations_select": _element(
        _MULTI,
        initial_conversations=Array(_ID),
        default_to_current_conversation=Boolean(),
        filter=CONVERSATION_FILTER,
    ),
    "multi_channels_select": _element(_MULTI, initial_channels=Array(_ID)),
}

CHECKABLE = {
    "radio_buttons": _element(
        _CONFIRMED,
        _FOCUSED,
        required=_TEN_OPTIONS,
        also=(initially_among_options("initial_option"),),
        initial_option=CHECKABLE_OPTION,
    ),
    "checkboxes": _element(
        _CONFIRMED,
        _FOCUSED,
        required=_TEN_OPTIONS,
        also=(initially_among_options("initial_options"),),
        initial_options=Array(CHECKABLE_OPTION, most=10),
    ),
}

DATE_AND_TIME = {
    "datepicker": _element(_SELECT, initial_date=DATE),
    "timepicker": _element(_SELECT, initial_time=TIME, timezone=TIMEZONE),
}

DATETIMEPICKER = _element(
    _CONFIRMED,
    _FOCUSED,
    initial_date_time=Integer(1_000_000_000, 9_999_999_999),  # ten digits, seconds since 1970
    surfaces=frozenset({"message", "modal"}),
)

RICH_TEXT_INPUT = _element(
    _TYPED,
    initial_value=OneOf({"rich_text": RICH_TEXT}),
    min_lines=Integer(1, 100),
    max_lines=Integer(1, 100),
    also=(ascending("min_lines", "max_lines"),),
    surfaces=frozenset({"modal", "home"}),
)

OVERFLOW = _element(_CONFIRMED, required={"options": Array(OVERFLOW_OPTION, least=1, most=5)})

TYPED_INPUTS = {
    "plain_text_input": _element(
        _TYPED,
        initial_value=String(3000, least=0),
        multiline=Boolean(),
        min_length=Integer(0, 3000),
        max_length=Integer(1, 3000),
        also=(ascending("min_length", "max_length"),),
    ),
    "email_text_input": _element(_TYPED, initial_value=String(least=0), surfaces=MODAL_ONLY),
    "url_text_input": _element(_TYPED, initial_value=String(least=0), surfaces=MODAL_ONLY),
    "number_input": _element(
        _TYPED,
        required={"is_decimal_allowed": Boolean()},
        initial_value=DECIMAL,
        min_value=DECIMAL,
        max_value=DECIMAL,
        also=(ascending("min_value", "max_value"),),
        surfaces=MODAL_ONLY,
    ),
    "file_input": _element(filetypes=Array(String(), least=1), max_files=Integer(1, 10), surfaces=MODAL_ONLY),
}

_RESPONSE_URL_ENABLED = Boolean()

ACCESSORIES = OneOf(
    {
        "button": BUTTON,
        "workflow_button": _WORKFLOW_BUTTON,
        "image": IMAGE,
        "overflow": OVERFLOW,
        **SELECTS,
        **MULTI_SELECTS,
        **CHECKABLE,
        **DATE_AND_TIME,
    }
)

ACTIONS = OneOf(
    {
        "button": BUTTON,
        "workflow_button": _WORKFLOW_BUTTON,
        "overflow": OVERFLOW,
        "datetimepicker": DATETIMEPICKER,
        "rich_text_input": RICH_TEXT_INPUT,
        **SELECTS,
        **MULTI_SELECTS,
        **CHECKABLE,
        **DATE_AND_TIME,
    }
)

INPUTS = OneOf(
    {
        "datetimepicker": DATETIMEPICKER,
        "rich_text_input": RICH_TEXT_INPUT,
        **SELECTS,
        **MULTI_SELECTS,
        **CHECKABLE,
        **DATE_AND_TIME,
        **TYPED_INPUTS,
        "conversations_select": SELECTS["conversations_select"].allowing(response_url_enabled=_RESPONSE_URL_ENABLED),
        "channels_select": SELECTS["channels_select"].allowing(response_url_enabled=_RESPONSE_URL_ENABLED),
    }
)

CONTEXT_ACTIONS = OneOf(
    {
        "feedback_buttons": _element(
            required={"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON},
        ),
        "icon_button": _element(
            _CONFIRMED,
            _LABELLED,
            required={"icon": choice("trash"), "text": plain_text(75)},
            value=String(2000, least=0),
            visible_to_user_ids=Array(_ID, most=10),
        ),
    }
)

URL_SOURCE = OneOf({"url": Shape(required={"url": url(), "text": String()})})
