"""Every id Slack sends back to us. They are a public interface: old messages carry them for ever, so they are added, never renamed.

An action's value is the id of a record, never data: what a button means is read from the database when it is pressed.
"""

from dataclasses import dataclass
from typing import Final

from domain.language import _

# Commands
RAIN: Final = "/rain"
RAIN_LEAD: Final = "/rain-lead"

# Shortcuts
CAPTURE_LEAD: Final = "lead.capture"
CAPTURE_LEAD_FROM_MESSAGE: Final = "lead.capture_message"

# Modals
NEW_LEAD: Final = "lead.new"
SCREEN_LEAD: Final = "lead.screening"
LOG_TOUCH: Final = "lead.touch"
PLAN_LEAD: Final = "lead.plan"
DISQUALIFY_LEAD: Final = "lead.disqualification"
SHOW_LEAD: Final = "lead.page"
LIST_LEADS: Final = "lead.list"
NEW_IMPORT: Final = "import.new"
SNOOZE_TO: Final = "reminder.snooze_to"
SET_ROLES: Final = "admin.roles"
SET_WORKSPACE: Final = "admin.workspace"
SET_HOURS: Final = "member.hours"
NOTICE: Final = "notice"

# Buttons, menus and the like
PRESS_CAPTURE: Final = "lead.open_capture"
PRESS_CLAIM: Final = "lead.claim"
PRESS_SCREEN: Final = "lead.open_screening"
PRESS_TOUCH: Final = "lead.open_touch"
PRESS_PLAN: Final = "lead.open_plan"
PRESS_DISQUALIFY: Final = "lead.open_disqualification"
PRESS_SHOW: Final = "lead.open_page"
PRESS_MY_LEADS: Final = "lead.list_mine"
PRESS_TEAM_LEADS: Final = "lead.list_team"
PRESS_IMPORT: Final = "import.open"
PRESS_CARRY_OUT: Final = "import.carry_out"
PRESS_CANCEL_IMPORT: Final = "import.cancel"
PRESS_UNDO: Final = "operation.undo"
PRESS_DONE: Final = "reminder.done"
PRESS_SNOOZE: Final = "reminder.snooze"
PRESS_ROLES: Final = "admin.open_roles"
PRESS_WORKSPACE: Final = "admin.open_workspace"
PRESS_HOURS: Final = "member.open_hours"

LINK_ONLY: Final = "link"
"""Prefix of buttons that only open a link; Slack reports them all the same."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A slash command as the manifest lists it."""

    name: str
    description: str
    usage: str


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A shortcut as the manifest lists it; `kind` is `global` or `message`."""

    callback_id: str
    kind: str
    name: str
    description: str


def commands() -> tuple[Command, ...]:
    """All slash commands."""
    return (
        Command(name=RAIN, description=_("What waits for you"), usage=_("[lead … | import] or nothing")),
        Command(
            name=RAIN_LEAD,
            description=_("Capture a lead, or look leads up"),
            usage=_("Acme Ltd, referral, wants a cost review | mine | team | L-12"),
        ),
    )


def shortcuts() -> tuple[Shortcut, ...]:
    """All shortcuts."""
    return (
        Shortcut(
            callback_id=CAPTURE_LEAD, kind="global", name=_("Capture a lead"), description=_("Note a new prospect")
        ),
        Shortcut(
            callback_id=CAPTURE_LEAD_FROM_MESSAGE,
            kind="message",
            name=_("Capture lead"),
            description=_("Note a new prospect from what this message says"),
        ),
    )
