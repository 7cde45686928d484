"""Composition objects: texts, options, confirmation dialogs and the other small parts that blocks are made of.

Source: https://docs.slack.dev/reference/block-kit/composition-objects
"""

import re
from datetime import date

from sandbox.blockkit.constraints import any_of, at_most_one_of, distinct
from sandbox.blockkit.rules import Array, Boolean, OneOf, Rule, Shape, String, choice


def plain_text(most: int) -> OneOf:
    return OneOf({"plain_text": _plain_text(most)})


def text(most: int) -> OneOf:
    """A text object of either type."""
    return OneOf({"plain_text": _plain_text(most), "mrkdwn": _mrkdwn(most)})


def text_kinds(most: int) -> dict[str, Shape]:
    """The rows of both text types, for a place where texts stand among other things."""
    return {"plain_text": _plain_text(most), "mrkdwn": _mrkdwn(most)}


def _plain_text(most: int) -> Shape:
    return Shape(required={"text": String(most)}, optional={"emoji": Boolean()})


def _mrkdwn(most: int) -> Shape:
    return Shape(required={"text": String(most)}, optional={"verbatim": Boolean()})


def url(most: int = 3000, scheme: str = "[a-z][a-z0-9+.-]*") -> String:
    """An absolute URL. Slack opens any scheme from a button, but loads images and videos over the web alone."""
    pattern = re.compile(rf"{scheme}:\S+", re.IGNORECASE)
    return String(most, form=lambda value: pattern.match(value) is not None, expected="a valid URL")


def web_url(most: int = 3000) -> String:
    return url(most, scheme="https?")


def secure_url(most: int = 3000) -> String:
    return url(most, scheme="https")


def matching(pattern: str, expected: str, *, most: int | None = None) -> String:
    compiled = re.compile(pattern, re.ASCII)
    return String(most, form=lambda value: compiled.fullmatch(value) is not None, expected=expected)


def _is_date(value: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


DATE = String(form=_is_date, expected="a date in the format YYYY-MM-DD")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time in the format HH:mm")
TIMEZONE = matching(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", "an IANA time zone name")
DECIMAL = matching(r"-?\d+(\.\d+)?", "a number in a string")

COLOR_SCHEME = choice("primary", "danger")

CONFIRM = Shape(
    required={"title": plain_text(100), "text": text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    optional={"style": COLOR_SCHEME},
)


def _option(label: Rule, description: Rule) -> Shape:
    return Shape(required={"text": label, "value": String(150)}, optional={"description": description})


SELECT_OPTION = _option(plain_text(75), plain_text(75))
OVERFLOW_OPTION = SELECT_OPTION.allowing(url=url())
CHECKABLE_OPTION = _option(text(75), text(75))

OPTION_GROUP = Shape(
    required={"label": plain_text(75), "options": Array(SELECT_OPTION, least=1, most=100)},
)

CONVERSATION_FILTER = Shape(
    optional={
        "include": Array(choice("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": Boolean(),
        "exclude_bot_users": Boolean(),
    },
    also=(any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)

DISPATCH_ACTION_CONFIG = Shape(
    # Slack's own validator asks for the list although its reference calls it optional.
    required={"trigger_actions_on": Array(choice("on_enter_pressed", "on_character_entered"), least=1, most=2)},
    also=(distinct("trigger_actions_on"),),
)

SLACK_FILE = Shape(
    optional={"id": matching(r"F[A-Z0-9]{8,}", "a file ID"), "url": web_url()},
    also=(any_of("id", "url"), at_most_one_of("id", "url")),
)

WORKFLOW = Shape(
    required={
        "trigger": Shape(
            required={"url": web_url()},
            optional={
                "customizable_input_parameters": Array(
                    Shape(required={"name": String(), "value": String(least=0)}),
                )
            },
        )
    }
)

# https://docs.slack.dev/reference/block-kit/composition-objects/slack-icon-object
_ICON_NAMES = (
    "archive|book|bookmark|bot|bug|calendar|call|caret-left|caret-right|check|clipboard|code|comment|compass|copy|cube|"
    "download|edit|email|eye-closed|eye-open|file|flag|folder|gear|globe|heart|help|image|info|key|lightbulb|link|map|"
    "mobile|new-window|pin|plus|refine|refresh|rocket|save|screen|share|sparkle|star|star-filled|tag|thumbs-down|"
    "thumbs-up|trash|upload|user|warning"
)

SLACK_ICON = OneOf({"icon": Shape(required={"name": matching(_ICON_NAMES, "a valid enum value")})})
