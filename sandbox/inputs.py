"""What a person can fill in: the elements of a surface, their values, and the checks Slack's client makes itself."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.model import Json

# element type → the key of its value in state.values, and the key of its initial value
VALUE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "file_input": ("files", "initial_files"),
}
LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")
BUTTONS = ("button", "overflow", "workflow_button", "feedback_buttons", "icon_button")

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+", re.IGNORECASE)


def blocks_within(blocks: list[Json]) -> Iterator[Json]:
    """All blocks, including those inside containers and carousels."""
    for block in blocks:
        yield block
        for key in ("child_blocks", "elements", "cards"):
            yield from blocks_within(_inner(block, key))


def _inner(block: Json, key: str) -> list[Json]:
    """Nested blocks only: an element of an actions block is no block."""
    if block.get("type") not in ("container", "carousel"):
        return []
    inner = block.get(key, [])
    return [item for item in inner if isinstance(item, dict)] if isinstance(inner, list) else []


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of one block."""
    found = [block.get("element"), block.get("accessory"), *_items(block, "elements"), *_items(block, "actions")]
    return [item for item in found if isinstance(item, dict) and item.get("type") in VALUE_KEYS.keys() | set(BUTTONS)]


def _items(block: Json, key: str) -> list[Any]:
    items = block.get(key)
    return items if isinstance(items, list) else []


def all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks_within(blocks):
        for element in elements_of(block):
            yield block, element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The element and its block. Where the block was redrawn and has another id by now, the only element with this `action_id`."""
    called = [(block, element) for block, element in all_elements(blocks) if element.get("action_id") == action_id]
    there = [found for found in called if found[0].get("block_id") == block_id]
    return there[0] if there else called[0] if len(called) == 1 else None


def merged_state(blocks: list[Json], given: Json) -> Json:
    """state.values for these blocks: what was given where it fits, else each element's initial value."""
    state: Json = {}
    for block, element in all_elements(blocks):
        if element["type"] not in VALUE_KEYS:
            continue
        key, initial = VALUE_KEYS[element["type"]]
        known = given.get(block["block_id"], {}).get(element["action_id"], {})
        blank: Any = [] if key in LISTS else None
        value = known[key] if key in known else element.get(initial, blank)
        state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], key: value or blank}
    return state


def refused_inputs(blocks: list[Json], state: Json) -> dict[str, str]:
    """The errors Slack's client itself shows before it submits a modal, by block_id."""
    errors = {}
    for block, element in all_elements(blocks):
        if block.get("type") == "input":
            key = VALUE_KEYS[element["type"]][0]
            value = state[block["block_id"]][element["action_id"]][key]
            if problem := _problem(block, element, value):
                errors[block["block_id"]] = problem
    return errors


def _problem(block: Json, element: Json, value: Any) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    match element["type"]:
        case "plain_text_input":
            return _length_problem(element, value)
        case "email_text_input":
            return None if EMAIL.fullmatch(value) else "Please enter a valid email address."
        case "url_text_input":
            return None if URL.fullmatch(value) else "Please enter a valid URL."
        case "number_input":
            return _number_problem(element, value)
    return _choice_problem(element, value)


def _length_problem(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _number_problem(element: Json, value: Any) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, str(value)):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _choice_problem(element: Json, value: Any) -> str | None:
    most = element.get("max_selected_items") or element.get("max_files")
    return f"Please choose at most {most}." if isinstance(value, list) and most and len(value) > most else None


def unknown_choices(element: Json, value: Json) -> bool:
    """Whether a chosen option is not one the app offered (external selects cannot tell)."""
    if element["type"] not in ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"):
        return False
    offered = [option["value"] for option in offered_options(element)]
    chosen = value.get("selected_options") or [value.get("selected_option")]
    return any(option is not None and option.get("value") not in offered for option in chosen)


def offered_options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    return [option for group in groups for option in group["options"]]
