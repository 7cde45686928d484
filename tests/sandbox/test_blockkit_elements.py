"""The validator on block elements, each put where it belongs: an input in a modal or a row of actions."""

import pytest

from sandbox.blockkit import problems
from tests.sandbox.blockkit_examples import actions, button, mrkdwn, plain, rich_text, section


def option(value="a", text=None, **more):
    return {"text": text or plain(value), "value": value, **more}


def options(count=2, text=None):
    return [option(f"o{n}", text) for n in range(count)]


def groups(count=1, size=1):
    return [{"label": plain(f"G{n}"), "options": options(size)} for n in range(count)]


def select(**more):
    return {"type": "static_select", "options": options(), **more}


def multi(**more):
    return {"type": "multi_static_select", "options": options(), **more}


def radio(**more):
    return {"type": "radio_buttons", "options": options(), **more}


def checkboxes(**more):
    return {"type": "checkboxes", "options": options(), **more}


def overflow(count):
    return {"type": "overflow", "options": options(count)}


def text_input(**more):
    return {"type": "plain_text_input", **more}


def number(**more):
    return {"type": "number_input", "is_decimal_allowed": True, **more}


def confirm(**more):
    return {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No"), **more}


ON_ENTER = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}
WORKFLOW = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x", "customizable_input_parameters": []}}

ACCEPTED_INPUTS = [
    ("a bare text input", text_input()),
    (
        "a text input with everything",
        text_input(
            action_id="a",
            placeholder=plain("Name"),
            initial_value="",
            multiline=True,
            min_length=0,
            max_length=3000,
            focus_on_load=True,
            dispatch_action_config=ON_ENTER,
        ),
    ),
    ("a text as long as its limits", text_input(min_length=5, max_length=5)),
    ("an email", {"type": "email_text_input", "initial_value": "ada@example.com"}),
    ("a url", {"type": "url_text_input", "placeholder": plain("https://")}),
    ("a number", number(initial_value="1.5", min_value="-3", max_value="3000000")),
    ("files", {"type": "file_input", "filetypes": ["pdf", "docx"], "max_files": 10}),
    ("a select with a placeholder", select(placeholder=plain("Choose"), confirm=confirm(style="danger"))),
    ("a select of 100", select(options=options(100))),
    ("a select of groups", {"type": "static_select", "option_groups": groups(100, 1)}),
    ("a select with described options", select(options=[option(description=plain("x" * 75))])),
    ("an initial option", select(initial_option=option("o1"))),
    ("an initial option that spells out emoji", select(initial_option=option("o1", {**plain("o1"), "emoji": True}))),
    (
        "an initial option in a group",
        {"type": "static_select", "option_groups": groups(), "initial_option": option("o0")},
    ),
    ("a label and value as long as allowed", select(options=[option("v" * 150, plain("x" * 75))])),
    ("initial options", multi(initial_options=options(), max_selected_items=1)),
    ("an external select", {"type": "external_select", "min_query_length": 0, "initial_option": option()}),
    ("an external multi-select", {"type": "multi_external_select", "initial_options": [option()]}),
    ("users", {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3}),
    ("a user", {"type": "users_select", "initial_user": "U1"}),
    (
        "a conversation that gets a response_url",
        {
            "type": "conversations_select",
            "default_to_current_conversation": True,
            "response_url_enabled": True,
            "filter": {"include": ["im", "mpim", "private", "public"], "exclude_bot_users": True},
        },
    ),
    ("conversations", {"type": "multi_conversations_select", "filter": {"exclude_external_shared_channels": True}}),
    ("a channel", {"type": "channels_select", "initial_channel": "C1", "response_url_enabled": True}),
    ("channels", {"type": "multi_channels_select", "initial_channels": ["C1", "C2"]}),
    ("radio buttons in mrkdwn", radio(options=options(10, mrkdwn()))),
    ("checkboxes with descriptions", checkboxes(options=[option(description=mrkdwn())], initial_options=[option()])),
    ("a date", {"type": "datepicker", "initial_date": "2028-02-29", "placeholder": plain()}),
    ("a time", {"type": "timepicker", "initial_time": "23:59", "timezone": "America/Argentina/Buenos_Aires"}),
    ("a moment", {"type": "datetimepicker", "initial_date_time": 1628633820}),
    (
        "formatted text",
        {
            "type": "rich_text_input",
            "initial_value": rich_text({"type": "text", "text": "Hi"}),
            "min_lines": 1,
            "max_lines": 100,
        },
    ),
]

REFUSED_INPUTS = [
    ("a button", button(), "/type", "unsupported type: button"),
    ("no element", None, "", "must provide an object"),
    ("a list of elements", [text_input()], "", "must provide an object"),
    ("an unknown property", text_input(maxlength=5), "", "invalid additional property: maxlength"),
    ("a long action_id", text_input(action_id="x" * 256), "/action_id", "must be less than 256 characters"),
    ("a numeric action_id", text_input(action_id=1), "/action_id", "must provide a string"),
    ("a bare placeholder", text_input(placeholder="Name"), "/placeholder", "must provide an object"),
    ("a long placeholder", text_input(placeholder=plain("x" * 151)), "/placeholder/text", "must be less than 151"),
    ("a placeholder in mrkdwn", select(placeholder=mrkdwn()), "/placeholder/type", "unsupported type: mrkdwn"),
    ("a long max_length", text_input(max_length=3001), "/max_length", "must be less than 3001"),
    ("max_length 0", text_input(max_length=0), "/max_length", "must be greater than 0"),
    ("a min_length in words", text_input(min_length="5"), "/min_length", "must provide an integer"),
    ("min above max", text_input(min_length=6, max_length=5), "/min_length", "must not be greater than `max_length`"),
    ("multiline as a word", text_input(multiline="true"), "/multiline", "must provide a boolean"),
    ("a null initial value", text_input(initial_value=None), "/initial_value", "must provide a string"),
    ("an empty dispatch", text_input(dispatch_action_config={}), "/dispatch_action_config", "missing required field"),
    (
        "an unknown trigger",
        text_input(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "/dispatch_action_config/trigger_actions_on/0",
        "must be a valid enum value",
    ),
    (
        "a trigger twice",
        text_input(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * 2}),
        "/dispatch_action_config/trigger_actions_on/1",
        "must be unique",
    ),
    ("a number without decimals said", {"type": "number_input"}, "", "missing required field: is_decimal_allowed"),
    ("a number that is one", number(initial_value=5), "/initial_value", "must provide a string"),
    ("a number in words", number(min_value="five"), "/min_value", "must be a number in a string"),
    ("a number's min above its max", number(min_value="10", max_value="9.5"), "/min_value", "must not be greater than"),
    ("11 files", {"type": "file_input", "max_files": 11}, "/max_files", "must be less than 11"),
    ("no files", {"type": "file_input", "max_files": 0}, "/max_files", "must be greater than 0"),
    ("a select without options", {"type": "static_select"}, "", "must define either `options` or `option_groups`"),
    ("an empty select", select(options=[]), "/options", "no less than 1 items allowed"),
    ("101 options", select(options=options(101)), "/options", "no more than 100 items allowed"),
    ("options and groups", select(option_groups=groups()), "", "cannot define `options` and `option_groups` together"),
    ("101 groups", {"type": "static_select", "option_groups": groups(101)}, "/option_groups", "no more than 100 items"),
    ("an empty group", {"type": "static_select", "option_groups": groups(1, 0)}, "/option_groups/0/options", "no less"),
    (
        "a group of 101",
        {"type": "multi_static_select", "option_groups": groups(1, 101)},
        "/option_groups/0/options",
        "no more than 100 items allowed",
    ),
    (
        "a group's long label",
        {"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": options()}]},
        "/option_groups/0/label/text",
        "must be less than 76 characters",
    ),
    ("a long option", select(options=[option("a", plain("x" * 76))]), "/options/0/text/text", "must be less than 76"),
    ("a long value", select(options=[option("v" * 151, plain())]), "/options/0/value", "must be less than 151"),
    ("a numeric value", select(options=[option(7, plain())]), "/options/0/value", "must provide a string"),
    ("an option without value", select(options=[{"text": plain()}]), "/options/0", "missing required field: value"),
    ("an option that is a string", select(options=["a"]), "/options/0", "must provide an object"),
    ("an option in mrkdwn", select(options=options(1, mrkdwn())), "/options/0/text/type", "unsupported type: mrkdwn"),
    (
        "a long description",
        select(options=[option(description=plain("x" * 76))]),
        "/options/0/description/text",
        "must be less than 76 characters",
    ),
    (
        "a link in a select",
        select(options=[option(url="https://x.io")]),
        "/options/0",
        "invalid additional property: url",
    ),
    (
        "a stranger selected",
        select(initial_option=option("z")),
        "/initial_option",
        "must be one of the provided options",
    ),
    ("strangers selected", multi(initial_options=[option("z")]), "/initial_options", "must be one of the provided"),
    ("nothing selected", checkboxes(initial_options=[]), "/initial_options", "must be one of the provided options"),
    (
        "a relabelled option selected",
        radio(initial_option=option("o0", plain("?"))),
        "/initial_option",
        "must be one of",
    ),
    ("max_selected_items 0", multi(max_selected_items=0), "/max_selected_items", "must be greater than 0"),
    ("11 radio buttons", radio(options=options(11)), "/options", "no more than 10 items allowed"),
    ("11 checkboxes", checkboxes(options=options(11)), "/options", "no more than 10 items allowed"),
    ("a placeholder on radio buttons", radio(placeholder=plain()), "", "invalid additional property: placeholder"),
    ("a day that never was", {"type": "datepicker", "initial_date": "2026-02-29"}, "/initial_date", "must be a date"),
    ("a week date", {"type": "datepicker", "initial_date": "2026-W05-6"}, "/initial_date", "must be a date"),
    ("an American date", {"type": "datepicker", "initial_date": "02/28/2026"}, "/initial_date", "must be a date"),
    ("a 25th hour", {"type": "timepicker", "initial_time": "24:00"}, "/initial_time", "must be a time"),
    ("a short time", {"type": "timepicker", "initial_time": "9:00"}, "/initial_time", "must be a time"),
    ("a time zone in words", {"type": "timepicker", "timezone": "Berlin time"}, "/timezone", "must be an IANA"),
    ("milliseconds", {"type": "datetimepicker", "initial_date_time": 1628633820000}, "/initial_date_time", "less than"),
    (
        "a moment as text",
        {"type": "datetimepicker", "initial_date_time": "1628633820"},
        "/initial_date_time",
        "integer",
    ),
    (
        "an unknown kind of conversation",
        {"type": "conversations_select", "filter": {"include": ["dm"]}},
        "/filter/include/0",
        "must be a valid enum value",
    ),
    (
        "a filter of nothing",
        {"type": "conversations_select", "filter": {"include": []}},
        "/filter/include",
        "no less than 1",
    ),
    ("plain rich text", {"type": "rich_text_input", "initial_value": "Hi"}, "/initial_value", "must provide an object"),
]

ACCEPTED_ACTIONS = [
    ("a button with a url", button(url="https://example.com", accessibility_label="Open the site", value="")),
    ("a button that mails", button(url="mailto:ada@example.com")),
    ("a dangerous button", button(style="danger", confirm=confirm())),
    ("a prompt for the agent", button(agent_prompt="x" * 4000, agent_prompt_display="Ask")),
    ("five in an overflow", overflow(5)),
    ("a link in an overflow", {"type": "overflow", "options": [option(url="https://example.com")]}),
    ("a workflow", {"type": "workflow_button", "text": plain(), "workflow": WORKFLOW, "action_id": "go"}),
    ("a select", select()),
    ("a multi-select", multi()),
    ("radio buttons", radio()),
    ("a date", {"type": "datepicker"}),
    ("a moment", {"type": "datetimepicker"}),
]

REFUSED_ACTIONS = [
    ("a text input", text_input(), "/type", "unsupported type: plain_text_input"),
    ("a button without text", {"type": "button"}, "", "missing required field: text"),
    ("a button in mrkdwn", button(text=mrkdwn()), "/text/type", "unsupported type: mrkdwn"),
    ("a button of 76 characters", button(text=plain("x" * 76)), "/text/text", "must be less than 76 characters"),
    ("an empty button", button(text=plain("")), "/text/text", "must be more than 0 characters"),
    ("a long value", button(value="x" * 2001), "/value", "must be less than 2001 characters"),
    ("a value that is an object", button(value={"id": 1}), "/value", "must provide a string"),
    ("a long url", button(url="https://e.com/" + "x" * 3000), "/url", "must be less than 3001 characters"),
    ("a relative url", button(url="/leads"), "/url", "must be a valid URL"),
    ("an unknown style", button(style="default"), "/style", "must be a valid enum value"),
    ("a long label", button(accessibility_label="x" * 76), "/accessibility_label", "must be less than 76 characters"),
    ("a long prompt", button(agent_prompt="x" * 4001), "/agent_prompt", "must be less than 4001 characters"),
    (
        "an unfinished confirmation",
        button(confirm={"title": plain(), "text": plain(), "confirm": plain()}),
        "/confirm",
        "missing required field: deny",
    ),
    ("a long confirmation", button(confirm=confirm(text=plain("x" * 301))), "/confirm/text/text", "less than 301"),
    ("a long confirm title", button(confirm=confirm(title=plain("x" * 101))), "/confirm/title/text", "less than 101"),
    (
        "a long confirm button",
        button(confirm=confirm(deny=plain("x" * 31))),
        "/confirm/deny/text",
        "must be less than 31",
    ),
    ("a confirm title in mrkdwn", button(confirm=confirm(title=mrkdwn())), "/confirm/title/type", "unsupported type"),
    ("an empty overflow", overflow(0), "/options", "no less than 1 items allowed"),
    ("six in an overflow", overflow(6), "/options", "no more than 5 items allowed"),
    (
        "an overflow in mrkdwn",
        {"type": "overflow", "options": options(1, mrkdwn())},
        "/options/0/text/type",
        "unsupported",
    ),
    (
        "a workflow without action_id",
        {"type": "workflow_button", "text": plain(), "workflow": WORKFLOW},
        "",
        "missing required field: action_id",
    ),
    (
        "a response_url outside an input",
        {"type": "channels_select", "response_url_enabled": True},
        "",
        "invalid additional property: response_url_enabled",
    ),
]


def cases(table):
    return [pytest.param(*case, id=name) for name, *case in table]


def asking(element):
    return [{"type": "input", "label": plain(), "element": element}]


def found_once(found, pointer, sentence):
    return len(found) == 1 and sentence in found[0] and found[0].endswith(f"[json-pointer:{pointer}]")


@pytest.mark.parametrize("element", cases(ACCEPTED_INPUTS))
def test_what_slack_accepts_as_an_input_is_accepted(element):
    assert problems("modal", asking(element)) == []


@pytest.mark.parametrize(("element", "pointer", "sentence"), cases(REFUSED_INPUTS))
def test_what_slack_refuses_as_an_input_is_named_once_with_its_place(element, pointer, sentence):
    found = problems("modal", asking(element))

    assert found_once(found, f"/blocks/0/element{pointer}", sentence), found


@pytest.mark.parametrize("element", cases(ACCEPTED_ACTIONS))
def test_what_slack_accepts_among_actions_is_accepted(element):
    assert problems("message", [actions(element)]) == []


@pytest.mark.parametrize(("element", "pointer", "sentence"), cases(REFUSED_ACTIONS))
def test_what_slack_refuses_among_actions_is_named_once_with_its_place(element, pointer, sentence):
    found = problems("message", [actions(element)])

    assert found_once(found, f"/blocks/0/elements/0{pointer}", sentence), found


@pytest.mark.parametrize("kind", ["email_text_input", "url_text_input", "number_input", "file_input"])
@pytest.mark.parametrize("surface", ["message", "home"])
def test_some_inputs_are_for_modals_alone(kind, surface):
    assert problems(surface, asking({"type": kind})) == [
        f"unsupported type: {kind} [json-pointer:/blocks/0/element/type]"
    ]


@pytest.mark.parametrize(("kind", "surface"), [("rich_text_input", "message"), ("datetimepicker", "home")])
def test_some_inputs_are_missing_from_one_surface(kind, surface):
    assert problems(surface, asking({"type": kind})) == [
        f"unsupported type: {kind} [json-pointer:/blocks/0/element/type]"
    ]


@pytest.mark.parametrize("kind", ["datetimepicker", "feedback_buttons", "icon_button", "rich_text_input"])
def test_an_accessory_is_not_just_any_element(kind):
    assert problems("modal", [section(accessory={"type": kind})]) == [
        f"unsupported type: {kind} [json-pointer:/blocks/0/accessory/type]"
    ]
