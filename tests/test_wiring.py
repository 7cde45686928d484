"""What a machine can check of how the parts fit: every id has its listener, every message its template, every field its question."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from jinja2 import nodes
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_bolt.request.async_request import AsyncBoltRequest

import handlers
import views
from bot.app import CARRIED_OUT_IN, build
from bot.manifest import EVENTS, manifest
from bot.settings import Settings, read_settings
from domain.core.messages import MESSAGES, CardChanged
from domain.core.people import MAY, Deed, Role
from domain.core.reminders import ReminderKind
from domain.core.workspaces import Workspace
from handlers.forms import DayForm, Form
from handlers.forms.absences import AbsenceForm, AbsenceOfOtherForm
from handlers.forms.accounts import AccountForm, ContactForm, OtherForm
from handlers.forms.admin import HoursForm, WorkspaceForm
from handlers.forms.deals import DealForm, DocumentForm, MoveBackForm, NeedsForm, QualifyForm, VariantForm
from handlers.forms.feedback import AnswerForm, FeedbackForm
from handlers.forms.imports import NewImportForm
from handlers.forms.leads import SCREENING, AssignForm, DisqualifyForm, LeadChoiceForm, LeadForm, NewLeadForm
from handlers.forms.meetings import MeetingForm
from handlers.forms.promises import NotePromiseForm, PromiseForm, SettleForm
from handlers.forms.touches import TouchForm, TouchSomeDealForm
from storage.engine.sqlite import SqliteDatabase
from storage.schema import metadata
from tests.fire.use_cases import TASK_KINDS, TIMER_KINDS
from tests.firm import PLAYBOOK, FrozenClock
from tests.views import samples
from usecases.core.outbox import FACTS, fact_name
from usecases.core.timers import DUE
from views import ids, kit, messages
from views.core import reasons

ROOT = Path(__file__).parent.parent
OURS = ("bot", "handlers", "usecases", "domain", "views", "storage", "scheduling", "sandbox", "tests", "benchmarks")
SOURCES = [path for folder in OURS for path in sorted((ROOT / folder).rglob("*.py")) if "versions" not in path.parts]

Listener = Callable[..., Any]


# Listeners


class Register:
    """Takes the place of Bolt's app while the handlers register, and notes which listener takes what."""

    def __init__(self) -> None:
        self.listeners: list[tuple[str, Any, Listener]] = []
        handlers.register(self)  # type: ignore[arg-type]

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[Listener], None]]:
        return lambda wanted: lambda listener: self.listeners.append((kind, wanted, listener))

    def ids_of(self, *kinds: str) -> list[str]:
        """The ids listened to, without the catch-alls."""
        ids_of_kind = [wanted for kind, wanted, _listener in self.listeners if kind in kinds]
        named = [wanted["callback_id"] if isinstance(wanted, dict) else wanted for wanted in ids_of_kind]
        return [wanted for wanted in named if isinstance(wanted, str)]


REGISTER = Register()


def ids_named(*prefixes: str) -> list[str]:
    """The ids whose names begin so."""
    return [value for name, value in vars(ids).items() if name.isupper() and name.startswith(prefixes)]


BUTTONS, COMMANDS, SHORTCUTS = (
    ids_named("PRESS_"),
    ids_named("RAIN"),
    ids_named("CAPTURE_", "LINK_MESSAGE", "TOUCH_MESSAGE", "PROMISE_MESSAGE"),
)
MENUS = ids_named("OFFER_", "SUGGEST_")
SHOWN_RECORDS = {
    ids.SHOW_LEAD,
    ids.LIST_LEADS,
    ids.SHOW_ACCOUNT,
    ids.SHOW_DEAL,
    ids.LIST_DEALS,
    ids.LIST_OUTDATED,
    ids.SHOW_GATE,
}
ONLY_SHOWN = {*SHOWN_RECORDS, ids.SHOW_SECTION, ids.SHOW_EXCEPTIONS, ids.NOTICE}
MODALS = set(ids_named("")) - {*BUTTONS, *COMMANDS, *SHORTCUTS, *MENUS, ids.LINK_ONLY} - ONLY_SHOWN


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [
        (["action"], BUTTONS),
        (["command"], COMMANDS),
        (["shortcut"], SHORTCUTS),
        (["view"], sorted(MODALS)),
        (["options"], MENUS),
    ],
    ids=["buttons", "commands", "shortcuts", "modals", "menus"],
)
def test_every_id_has_exactly_one_listener_and_every_listener_an_id(kinds: list[str], wanted: list[str]) -> None:
    assert Counter(REGISTER.ids_of(*kinds)) == Counter(wanted)


def test_no_two_ids_are_the_same() -> None:
    assert [value for value, count in Counter(ids_named("")).items() if count > 1] == []


def test_modals_without_a_listener_cannot_be_submitted() -> None:
    drawn = [draw(samples.SAMPLES[0]) for draw in samples.DRAWINGS.values()]
    views = [view for surface, view in drawn if surface == "modal"]
    assert {view["callback_id"] for view in views if "submit" not in view} == ONLY_SHOWN
    assert {view["callback_id"] for view in views if "submit" in view} >= MODALS


def test_what_nobody_listens_to_is_taken_at_the_end() -> None:
    everything = re.compile("")
    caught = {kind for kind, wanted, _listener in REGISTER.listeners if wanted == everything}
    assert caught >= {"action", "view_submission", "view_closed", "shortcut", "command", "options", "event"}


@pytest.fixture
async def injectable(sqlite_database: SqliteDatabase, clock: FrozenClock) -> set[str]:
    """Every name a listener may ask for: Bolt's own, and what our middleware puts into the context."""
    rain = build(read_settings(_env_file=None), database=sqlite_database, clock=clock)
    here = Workspace(workspace_id="T1", name="T", bot_token="xoxb-1", bot_user_id="U1", installed_at=clock.now())
    await rain.desks.people.install(here, None)
    found: set[str] = set()

    async def look(context: dict[str, Any], next: Callable[[], Any]) -> None:
        found.update(context)
        await next()

    rain.app.use(look)
    event = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"type": "nothing"}}
    await rain.app.async_dispatch(AsyncBoltRequest(body=event, mode="socket_mode"))
    await rain.session.close()
    return found | set(get_type_hints(AsyncArgs))


async def test_every_injected_name_exists(injectable: set[str]) -> None:
    """Bolt gives None for a name it does not know, and the listener fails only when it is used."""
    asked = {(listener.__name__, name) for _k, _w, listener in REGISTER.listeners for name in parameters(listener)}
    assert {(listener, name) for listener, name in asked if name not in injectable} == set()


def parameters(function: Listener) -> list[str]:
    """The names of a function's arguments."""
    return list(inspect.signature(function).parameters)


# The manifest


def test_the_manifest_lists_exactly_our_commands_and_shortcuts() -> None:
    features = manifest()["features"]
    assert sorted(command["command"] for command in features["slash_commands"]) == sorted(COMMANDS)
    assert sorted(shortcut["callback_id"] for shortcut in features["shortcuts"]) == sorted(SHORTCUTS)


def test_the_manifest_subscribes_to_exactly_the_events_that_are_listened_to() -> None:
    assert Counter({event.split(".")[0] for event in EVENTS}) == Counter(REGISTER.ids_of("event"))


def test_the_manifest_keeps_to_slacks_lengths() -> None:
    features = manifest()["features"]
    assert all(len(c["command"]) <= 32 and len(c["usage_hint"]) <= 1000 for c in features["slash_commands"])
    assert all(len(s["name"]) <= 24 and len(s["description"]) <= 150 for s in features["shortcuts"])
    assert len(manifest()["display_information"]["description"]) <= 140


def test_the_manifest_for_http_says_where_in_every_place() -> None:
    made = manifest("https://rain.example.com")
    assert {c["url"] for c in made["features"]["slash_commands"]} == {"https://rain.example.com/slack/events"}
    assert made["settings"]["interactivity"]["request_url"] == "https://rain.example.com/slack/events"
    assert not made["settings"]["socket_mode_enabled"]


# Messages


def test_every_message_has_its_template_and_every_template_its_message() -> None:
    templates = {path.stem for path in messages.TEMPLATES.iterdir()}
    assert templates == set(MESSAGES) - {CardChanged.__name__}


def test_every_message_is_in_the_list_they_are_read_by() -> None:
    assert {cls.__name__ for cls in subclasses(next(iter(MESSAGES.values())).__mro__[1])} == set(MESSAGES)


def subclasses(cls: type) -> Iterator[type]:
    """All classes below a class."""
    for below in cls.__subclasses__():
        yield below
        yield from subclasses(below)


def test_every_field_of_a_message_becomes_a_fact_its_template_is_given() -> None:
    for name, cls in MESSAGES.items():
        if cls is not CardChanged:
            of_message = {field.name for field in fields(cls)}
            assert of_message <= set(FACTS), name
            assert {fact_name(field) for field in of_message} == set(samples.FACTS[name](samples.SAMPLES[0])), name


def test_blocks_are_drawn_only_for_messages_there_are() -> None:
    assert set(messages.BLOCKS) <= set(MESSAGES)


A_SAMPLE = samples.SAMPLES[0]
TELL_OF_REMINDERS = [
    name for name, cls in MESSAGES.items() if {"reminder_id", "reminder_ids"} & {field.name for field in fields(cls)}
]


def test_every_kind_of_reminder_has_its_reason() -> None:
    assert set(reasons.REASONS) == set(ReminderKind)


def test_every_message_that_reminds_says_why_it_is_sent() -> None:
    composed = {kind: messages.compose(kind, samples.FACTS[kind](A_SAMPLE), PLAYBOOK) for kind in TELL_OF_REMINDERS}
    assert [kind for kind, said in composed.items() if "You get this because" not in str(said["blocks"])] == []


# Tasks


def test_every_kind_of_task_is_carried_out_by_one_function() -> None:
    assert Counter(kind for module in CARRIED_OUT_IN for kind in module.TASKS) == Counter(TASK_KINDS)


def test_something_happens_when_a_timer_of_any_kind_is_due() -> None:
    assert set(DUE) == TIMER_KINDS


# Forms

ASKED_BY: dict[type[Form], list[str]] = {
    NewLeadForm: ["leads.new_lead_modal", "leads.doubtful_lead_modal"],
    TouchForm: ["leads.touch_modal", "deal_forms.touch_deal_modal", "meetings.log_meeting_modal"],
    MeetingForm: ["meetings.plan_meeting_modal", "meetings.move_meeting_modal"],
    TouchSomeDealForm: ["touches.touch_some_deal_modal"],
    PromiseForm: ["promises.new_promise_modal"],
    NotePromiseForm: ["promises.note_promise_modal"],
    SettleForm: ["promises.settle_promise_modal"],
    DealForm: ["deal_forms.plan_deal_modal"],
    QualifyForm: ["deal_forms.qualify_modal"],
    NeedsForm: ["deal_forms.brief_modal"],
    DocumentForm: ["deal_forms.attach_modal"],
    MoveBackForm: ["deal_forms.move_back_modal"],
    VariantForm: ["deal_forms.variant_modal"],
    DayForm: ["leads.plan_modal", "reminders.snooze_modal"],
    DisqualifyForm: ["leads.disqualify_modal", "deal_forms.lose_modal"],
    LeadForm: ["lead_edits.edit_lead_modal"],
    LeadChoiceForm: ["lead_edits.merge_lead_modal", "lead_edits.link_lead_modal"],
    AssignForm: ["lead_edits.assign_lead_modal", "deal_forms.hand_over_modal"],
    FeedbackForm: ["feedback.feedback_modal", "feedback.lead_feedback_modal"],
    AnswerForm: ["feedback.answer_modal"],
    AccountForm: ["accounts.edit_account_modal"],
    ContactForm: ["accounts.new_contact_modal", "accounts.edit_contact_modal"],
    OtherForm: ["merges.choose_merge_modal", "merges.merge_contact_modal"],
    NewImportForm: ["imports.import_modal"],
    WorkspaceForm: ["admin.workspace_modal"],
    HoursForm: ["admin.hours_modal"],
    AbsenceForm: ["absences.absence_modal"],
    AbsenceOfOtherForm: ["absences.absence_of_other_modal"],
}


def questions_of(view: str) -> set[str]:
    """The fields a modal asks, but for the screening's, which are the playbook's."""
    _surface, modal = samples.DRAWINGS[view](A_SAMPLE)
    asked = {block["block_id"] for block in modal["blocks"] if block["type"] == "input"}
    return {name for name in asked if not name.startswith(SCREENING)}


def test_every_form_is_listed_with_its_modals() -> None:
    assert set(subclasses(Form)) == set(ASKED_BY)


@pytest.mark.parametrize("form", ASKED_BY, ids=lambda form: form.__name__)
def test_every_field_is_asked_by_its_modal_and_every_question_is_a_field(form: type[Form]) -> None:
    asked = [questions_of(view) for view in ASKED_BY[form]]
    assert set().union(*asked) == set(form.model_fields)
    assert all(questions == asked[0] for questions in asked) or form is NewLeadForm


def test_the_screening_asks_every_criterion_of_the_playbook() -> None:
    _surface, modal = samples.DRAWINGS["leads.screening_modal"](A_SAMPLE)
    asked = {block["block_id"] for block in modal["blocks"] if block["type"] == "input"}
    assert asked == {SCREENING + criterion.id for criterion in PLAYBOOK.screening}


# Views


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Every module below a package."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(module.name) for module in found if not module.ispkg]


def views_of(module: ModuleType) -> set[str]:
    """The functions of a module that draw a whole surface or a list of blocks, named with their module."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
        and function.__annotations__.get("return") in (kit.View, list[kit.Block])
        and function.__annotations__.get("return") is not kit.Block
    }


PARTS_OF_VIEWS = {
    *("leads.touch_lines", "leads.lead_line", "leads.lead_buttons", "reminders.reminder_buttons"),
    *("exceptions.exception_lines", "exceptions.exceptional_lead", "exceptions.exceptional_deal"),
}
"""Lists of blocks that are drawn as part of something else."""


def test_every_view_is_drawn_by_the_tests() -> None:
    drawn = set().union(*(views_of(module) for module in modules_of(views) if module not in (kit, messages)))
    assert drawn - PARTS_OF_VIEWS - set(samples.DRAWINGS) == set()


# Settings, tables, permissions


def test_every_setting_is_in_the_example_file() -> None:
    written = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", written, re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields}


def test_every_table_belongs_to_a_workspace() -> None:
    assert [name for name, table in metadata.tables.items() if table.c.workspace_id.nullable] == []


def test_every_deed_is_permitted_to_somebody_and_has_its_words() -> None:
    assert set(MAY) == set(Deed)
    assert all(deed.sentence and MAY[deed] for deed in Deed)
    assert all(role.title for role in Role)


# The code itself


def tree_of(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_opens_with_a_sentence() -> None:
    opening = {
        path: (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0] for path in SOURCES if path.stat().st_size
    }
    assert [str(path) for path, said in opening.items() if not re.search(r"[.!?:)]$", said)] == []


STORAGE = [path for path in sorted((ROOT / "storage").rglob("*.py")) if "migrations" not in path.parts]
DOORS = {"scope.py", "jobs.py", "schema.py"}


def test_storage_reaches_tables_only_through_the_scope() -> None:
    imported = {
        (path.name, name.name)
        for path in STORAGE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("sqlalchemy")
        for name in node.names
    }
    makers = {"select", "insert", "update", "delete", "text"}
    assert {(path, name) for path, name in imported if name in makers and path not in DOORS} == set()


def test_only_the_scope_and_the_rounds_carry_out_statements() -> None:
    carry_out = {
        path.name
        for path in STORAGE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute"
    }
    assert carry_out <= {"scope.py", "jobs.py", "sqlite.py", "drivers.py"}


def test_no_repository_gets_hold_of_a_driver() -> None:
    """Statements a driver is given are not filled with a workspace; whoever may give them some is named here."""
    drivers = {
        path.name
        for path in STORAGE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == "storage.engine.drivers"
    }
    assert drivers <= {"scope.py", "prepared.py", "sqlite.py", "postgres.py", "jobs.py"}


SAYS = {
    "say",
    "ask",
    "button",
    "header",
    "section",
    "context",
    "notice",
    "modal",
    "option",
    "fields",
    "ack",
    "respond",
    "whisper",
    "Refusal",
    "RuleBroken",
    "NotFound",
    "NotAllowed",
    "NotYet",
    "AlreadyDone",
    "FormRefused",
}
"""What puts its arguments before a person."""
NOT_SAID = {"name", "block_id", "action_id", "style", "field", "response_action", "callback_id", "value"}
"""Arguments nobody reads."""
READ_BY_PEOPLE = [
    path
    for path in SOURCES
    if path.relative_to(ROOT).parts[0] in {"views", "handlers", "usecases", "domain"}
    or path == ROOT / "bot" / "errors.py"
]


def unmarked(call: ast.Call) -> Iterator[str]:
    """Words among a call's arguments that are not wrapped in `_()` or `plural()`."""
    said = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg not in NOT_SAID)]
    for argument in said:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield from words_in(argument.value)
        elif isinstance(argument, ast.JoinedStr):
            yield from (
                word for part in argument.values if isinstance(part, ast.Constant) for word in words_in(str(part.value))
            )


def words_in(text: str) -> Iterator[str]:
    """The text, if it says something in words: placeholders, marks and single identifiers do not."""
    bare = re.sub(r"\{\w*\}|:\w+:|<[^>]*>", "", text)
    if re.search(r"[A-Za-z]{2,}.*\s|\s.*[A-Za-z]{2,}", bare) or re.fullmatch(r"[A-Z][a-z]+", bare):
        yield text


def name_of(function: ast.expr) -> str:
    """What a call calls."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('say("Hello {name}, well done")', ["Hello {name}, well done"]),
        ('say(_("Hello there"))', []),
        ('kit.button(ids.X, "Claim")', ["Claim"]),
        ('kit.ask("company", label, element, hint="With the code")', ["With the code"]),
        ('say("*{code} · {company}*")', []),
        ('raise RuleBroken(f"{lead} is yours", field="the field")', [" is yours"]),
    ],
)
def test_an_unmarked_sentence_would_be_found(code: str, found: list[str]) -> None:
    calls = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call) and name_of(n.func) in SAYS]
    assert [words for call in calls for words in unmarked(call)] == found


def test_every_sentence_people_read_is_marked_for_translation() -> None:
    assert [
        (str(path), node.lineno, words)
        for path in READ_BY_PEOPLE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and name_of(node.func) in SAYS
        for words in unmarked(node)
    ] == []


def test_every_sentence_of_a_template_is_marked_for_translation() -> None:
    assert [
        (path.name, data.data)
        for path in sorted(messages.TEMPLATES.iterdir())
        for data in messages._environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.TemplateData)
        if re.search(r"[A-Za-z]{2,}", data.data)
    ] == []
