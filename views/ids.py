"""Every id Slack sends back to us. They are a public interface: old messages carry them for ever, so they are added, never renamed.

An action's value is the id of a record, never data: what a button means is read from the database when it is pressed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.core.language import _
from domain.core.people import Permission
from domain.sales import leads

# Commands
RAIN: Final = "/rain"
RAIN_LEAD: Final = "/rain-lead"
RAIN_ACCOUNT: Final = "/rain-account"
RAIN_DEAL: Final = "/rain-deal"
RAIN_PIPELINE: Final = "/rain-pipeline"
RAIN_TOUCH: Final = "/rain-touch"
RAIN_PROCESS: Final = "/rain-process"
RAIN_IMPORT: Final = "/rain-import"
RAIN_AWAY: Final = "/rain-away"
RAIN_EXCEPTIONS: Final = "/rain-exceptions"

# Shortcuts
CAPTURE_LEAD: Final = "lead.capture"
CAPTURE_LEAD_FROM_MESSAGE: Final = "lead.capture_message"
LINK_MESSAGE: Final = "lead.link_message"
TOUCH_MESSAGE: Final = "deal.touch_message"
PROMISE_MESSAGE: Final = "promise.note_message"

# Modals
NEW_LEAD: Final = "lead.new"
SCREEN_LEAD: Final = "lead.screening"
LOG_TOUCH: Final = "lead.touch"
PLAN_LEAD: Final = "lead.plan"
DISQUALIFY_LEAD: Final = "lead.disqualification"
EDIT_LEAD: Final = "lead.edit"
MERGE_LEAD: Final = "lead.merge"
CONFIRM_LEAD_MERGE: Final = "lead.merge_confirmation"
LINK_LEAD: Final = "lead.link"
ASSIGN_LEAD: Final = "lead.assignment"
SHOW_LEAD: Final = "lead.page"
QUALIFY_LEAD: Final = "lead.qualification"
SHOW_DEAL: Final = "deal.page"
LIST_DEALS: Final = "deal.list"
SHOW_PIPELINE: Final = "deal.sums"
LIST_OUTDATED: Final = "deal.outdated"
PLAN_DEAL: Final = "deal.plan"
SET_STEP: Final = "deal.step"
TOUCH_DEAL: Final = "deal.touch"
TOUCH_SOME_DEAL: Final = "deal.touch_some"
WRITE_BRIEF: Final = "deal.brief"
ATTACH_DOCUMENT: Final = "deal.document"
MOVE_DEAL_BACK: Final = "deal.move_back"
LOSE_DEAL: Final = "deal.loss"
HAND_OVER_DEAL: Final = "deal.hand_over"
CHOOSE_VARIANT: Final = "deal.variant"
PLAN_MEETING: Final = "meeting.plan"
MOVE_MEETING: Final = "meeting.move"
LOG_MEETING: Final = "meeting.log"
NEW_PROMISE: Final = "promise.new"
NOTE_PROMISE: Final = "promise.note"
SETTLE_PROMISE: Final = "promise.settlement"
SHOW_PAGE_SECTION: Final = "page.section"
SHOW_GATE: Final = "deal.gate"
SHOW_EXCEPTIONS: Final = "lead.exceptions"
LIST_LEADS: Final = "lead.list"
SHOW_ACCOUNT: Final = "account.page"
EDIT_ACCOUNT: Final = "account.edit"
CHOOSE_ACCOUNT_MERGE: Final = "account.merge"
CONFIRM_ACCOUNT_MERGE: Final = "account.merge_confirmation"
NEW_CONTACT: Final = "contact.new"
EDIT_CONTACT: Final = "contact.edit"
MERGE_CONTACT: Final = "contact.merge"
NEW_IMPORT: Final = "import.new"
GIVE_FEEDBACK: Final = "feedback.new"
ANSWER_FEEDBACK: Final = "feedback.answer"
SHOW_SECTION: Final = "process.page"
SNOOZE_TO: Final = "reminder.snooze_to"
SET_ROLES: Final = "admin.roles"
SET_WORKSPACE: Final = "admin.workspace"
SET_HOURS: Final = "member.hours"
ADD_ABSENCE: Final = "absence.new"
ADD_ABSENCE_OF_OTHER: Final = "absence.new_of_other"
NOTICE: Final = "notice"
SHOW_HELP: Final = "help.card"

# Buttons, menus and the like
PRESS_PAGE_SECTION: Final = "page.open_section"
PRESS_CAPTURE: Final = "lead.open_capture"
PRESS_CLAIM: Final = "lead.claim"
PRESS_TO_SALES: Final = "lead.hand_to_sales"
PRESS_MORE_QUESTIONS: Final = "lead.more_questions"
PRESS_TAKE_BACK: Final = "lead.take_back"
PRESS_SCREEN: Final = "lead.open_screening"
PRESS_TOUCH: Final = "lead.open_touch"
PRESS_PLAN: Final = "lead.open_plan"
PRESS_DISQUALIFY: Final = "lead.open_disqualification"
PRESS_SHOW: Final = "lead.open_page"
PRESS_MORE: Final = "lead.more"
PRESS_QUALIFY: Final = "lead.open_qualification"
PRESS_SHOW_DEAL: Final = "deal.open_page"
PRESS_MOVE_DEAL: Final = "deal.move_on"
PRESS_PLAN_DEAL: Final = "deal.open_plan"
PRESS_TOUCH_DEAL: Final = "deal.open_touch"
PRESS_BRIEF: Final = "deal.open_brief"
PRESS_ATTACH: Final = "deal.open_document"
PRESS_MORE_OF_DEAL: Final = "deal.more"
PRESS_HAND_OVER: Final = "deal.open_hand_over"
PRESS_MY_DEALS: Final = "deal.list_mine"
PRESS_PIPELINE: Final = "deal.pipeline"
PRESS_STAGE: Final = "deal.list_stage"
PRESS_DEAL_CHART: Final = "deal.chart"
PRESS_OUTDATED: Final = "deal.list_outdated"
PRESS_FOLLOW: Final = "deal.follow_playbook"
PRESS_MEETING: Final = "meeting.open_plan"
PRESS_MORE_OF_MEETING: Final = "meeting.more"
PRESS_LOG_MEETING: Final = "meeting.open_log"
PRESS_MEETING_OFF: Final = "meeting.call_off"
PRESS_NEW_PROMISE: Final = "promise.open_new"
PRESS_PROMISE_KEPT: Final = "promise.kept"
PRESS_SETTLE: Final = "promise.open_settlement"
PRESS_RELEASE: Final = "lead.release"
PRESS_ASSIGN: Final = "lead.open_assignment"
PRESS_EXCEPTIONS: Final = "lead.list_exceptions"
PRESS_MY_LEADS: Final = "lead.list_mine"
PRESS_TEAM_LEADS: Final = "lead.list_team"
PRESS_SHOW_ACCOUNT: Final = "account.open_page"
PRESS_SHARE_ACCOUNT: Final = "account.share"
PRESS_CONFIRM_ACCOUNT: Final = "account.confirm"
PRESS_EDIT_ACCOUNT: Final = "account.open_edit"
PRESS_MERGE_ACCOUNT: Final = "account.open_merge"
PRESS_SWAP: Final = "account.swap_merge"
PRESS_NEW_CONTACT: Final = "contact.open_new"
PRESS_EDIT_CONTACT: Final = "contact.open_edit"
PRESS_MERGE_CONTACT: Final = "contact.open_merge"
PRESS_IMPORT: Final = "import.open"
PRESS_CARRY_OUT: Final = "import.carry_out"
PRESS_CANCEL_IMPORT: Final = "import.cancel"
PRESS_SECTION: Final = "process.open_page"
PRESS_CHART: Final = "process.chart"
PRESS_FEEDBACK: Final = "feedback.open"
PRESS_ANSWER: Final = "feedback.open_answer"
PRESS_UNDO: Final = "operation.undo"
PRESS_DONE: Final = "reminder.done"
PRESS_SNOOZE: Final = "reminder.snooze"
PRESS_ROLES: Final = "admin.open_roles"
PRESS_WORKSPACE: Final = "admin.open_workspace"
PRESS_HOURS: Final = "member.open_hours"
PRESS_AWAY: Final = "absence.open"
PRESS_OTHER_AWAY: Final = "absence.open_of_other"
PRESS_CANCEL_ABSENCE: Final = "absence.cancel"
PRESS_HELP: Final = "help.open"

# Menus whose choices Slack asks for
OFFER_LEADS: Final = "lead.choices"
OFFER_RECORDS: Final = "touch.choices"
OFFER_DEALS: Final = "deal.choices"
SUGGEST_ACCOUNTS: Final = "account.suggest"

LINK_ONLY: Final = "link"
"""Prefix of buttons that only open a link; Slack reports them all the same."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A slash command as the manifest lists it; `usage` is empty where nothing is typed after it."""

    name: str
    description: str
    usage: str = ""
    example: str | None = None
    """What is typed after it on the help card, or None where it is not on there."""
    needs: Permission | None = None
    """What its user must be allowed to do for it to be on the help card."""
    letter: str = ""
    """What the codes of its records begin with, such as `L`."""
    means: Mapping[str, str] = field(default_factory=lambda: {"list": "", "mine": ""})
    """Words that people try after any command, and what each means here; the empty one is the command alone."""

    @property
    def word(self) -> str:
        """The command as a word after `/rain`: `lead` is `/rain-lead`."""
        return self.name.removeprefix(f"{RAIN}-")


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A shortcut as the manifest lists it; `kind` is `global` or `message`."""

    callback_id: str
    kind: str
    name: str
    description: str


def commands() -> tuple[Command, ...]:
    """All slash commands."""
    usage = _("[{words}] or nothing").format(words=" | ".join(words()))
    return (Command(name=RAIN, description=_("What waits for you"), usage=usage), *noun_commands())


def words() -> list[str]:
    """What may be typed after `/rain`, such as `lead …` or `away`."""
    return [f"{command.word} …" if command.usage else command.word for command in noun_commands()]


def noun_commands() -> tuple[Command, ...]:
    """The commands that are words after `/rain`, too: `/rain lead …` is `/rain-lead …`."""
    return (
        Command(
            name=RAIN_LEAD,
            description=_("Capture a lead, or look leads up"),
            usage=_("Acme Ltd, referral, wants a cost review | mine | team | L-12"),
            example=_("Acme Ltd, referral, wants a cost review"),
            letter="L",
            means={"list": "team", "team": "team", "mine": "mine"},
        ),
        Command(
            name=RAIN_ACCOUNT,
            description=_("Look accounts up"),
            usage=_("a name, e-mail address, phone number or person | A-12 | nothing for your own"),
            example=_("Acme"),
            letter="A",
        ),
        Command(
            name=RAIN_DEAL,
            description=_("Look deals up"),
            usage=_("a company or words of the title | D-12 | mine | team | nothing for your own"),
            example="D-12",
            letter="D",
            means={"list": "team", "team": "team", "mine": "mine"},
        ),
        Command(
            name=RAIN_PIPELINE,
            description=_("Deals by stage, with their sums"),
            usage=_("[mine] or nothing for all"),
            example="",
            means={"list": "", "mine": "mine"},
        ),
        Command(
            name=RAIN_TOUCH,
            description=_("Log a call, meeting, mail or message with a client"),
            usage=_("D-7 or L-12 call, agreed on the scope (a message, if you name no kind) | nothing to be asked"),
            example=_("D-7 call, agreed on the scope"),
            needs=leads.LOG_TOUCH,
        ),
        Command(
            name=RAIN_PROCESS,
            description=_("How we work: who does what, by when, with what"),
            usage=_("a stage or a word | chart | feedback | nothing for all stages"),
            example="",
            means={"list": "", "mine": "", "chart": "chart", "feedback": "feedback"},
        ),
        Command(
            name=RAIN_IMPORT,
            description=_("Import leads, accounts, contacts or deals from a file"),
            means={"list": "list", "mine": "list"},
        ),
        Command(
            name=RAIN_AWAY,
            description=_("Say when you are away, and who stands in"),
            means={"list": "list", "mine": "list"},
        ),
        Command(name=RAIN_EXCEPTIONS, description=_("What needs attention")),
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
        Shortcut(
            callback_id=LINK_MESSAGE,
            kind="message",
            name=_("Link to a lead"),
            description=_("Keep this message as the one a lead came from"),
        ),
        Shortcut(
            callback_id=TOUCH_MESSAGE,
            kind="message",
            name=_("Log a touch"),
            description=_("Keep what this message says as a touch with a deal or lead"),
        ),
        Shortcut(
            callback_id=PROMISE_MESSAGE,
            kind="message",
            name=_("Note as a promise"),
            description=_("Keep what this message promises a client, until it is kept or settled"),
        ),
    )
