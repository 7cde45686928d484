"""What a machine can check of how the parts fit: every id has its listener, every message its template, every field its question."""

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from jinja2 import nodes
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_bolt.request.async_request import AsyncBoltRequest

import domain
import handlers
import views
from bot.app import build
from bot.manifest import EVENTS, manifest
from bot.settings import Settings, read_settings
from bot.tasks import carries_out
from domain.core.language import Titled
from domain.core.messages import CardChanged, message_types
from domain.core.people import Permission, Role
from domain.core.reminders import noun_of, reminding
from domain.core.workspaces import Workspace
from handlers.forms import Form
from handlers.sales.leads import SCREENING, NewLeadForm
from storage.engine.sqlite import SqliteDatabase
from storage.schema import metadata
from storage.unit_of_work import UnitOfWork
from tests.fire.use_cases import TASK_KINDS, TIMER_KINDS
from tests.firm import PLAYBOOK, FrozenClock
from tests.nouns import each
from tests.views import samples
from tests.views.facts import SAMPLES
from usecases.core.facts import fact, fact_name
from usecases.core.home import at_home
from usecases.core.reminders import done
from usecases.core.timers import due
from usecases.playbook.evidence import evidence
from views import ids, kit, messages
from views.core.home import home_parts
from views.rights import needs
from views.shown import because, blocks_of, deals_with, in_digest, makes

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
    [value for name, value in vars(ids).items() if name.startswith("CAPTURE_") or name.endswith("_MESSAGE")],
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
ONLY_SHOWN = {
    *SHOWN_RECORDS,
    ids.SHOW_PAGE_SECTION,
    ids.SHOW_SECTION,
    ids.SHOW_EXCEPTIONS,
    ids.SHOW_HELP,
    ids.SHOW_PIPELINE,
    ids.NOTICE,
}
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
    heard = Counter(REGISTER.ids_of(*kinds))
    assert [f"{id}: name one listener in register() of its noun in handlers" for id in wanted if heard[id] != 1] == []
    assert [f"{id}: name it in views/ids.py" for id in heard if id not in wanted] == []


def test_no_two_ids_are_the_same() -> None:
    assert [value for value, count in Counter(ids_named("")).items() if count > 1] == []


def test_modals_without_a_listener_cannot_be_submitted() -> None:
    drawn = [draw(SAMPLES[0]) for draw in samples.DRAWINGS.values()]
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
    unknown = [(listener, name) for listener, name in asked if name not in injectable]
    assert [f"{listener} asks for {name}: name that desk in usecases/desks.py" for listener, name in unknown] == []


def parameters(function: Listener) -> list[str]:
    """The names of a function's arguments."""
    return list(inspect.signature(function).parameters)


# The manifest


def test_the_manifest_lists_exactly_our_commands_and_shortcuts() -> None:
    features = manifest()["features"]
    commands = sorted(command["command"] for command in features["slash_commands"])
    shortcuts = sorted(shortcut["callback_id"] for shortcut in features["shortcuts"])
    assert [f"{id}: list it in noun_commands() of views/ids.py" for id in COMMANDS if id not in commands] == []
    assert [f"{id}: list it in shortcuts() of views/ids.py" for id in SHORTCUTS if id not in shortcuts] == []
    assert (commands, shortcuts) == (sorted(COMMANDS), sorted(SHORTCUTS))


def test_the_manifest_subscribes_to_exactly_the_events_that_are_listened_to() -> None:
    assert Counter({event.split(".")[0] for event in EVENTS}) == Counter(REGISTER.ids_of("event"))


def test_the_manifest_keeps_to_slacks_lengths() -> None:
    features = manifest()["features"]
    assert all(len(c["command"]) <= 32 and len(c.get("usage_hint", "")) <= 1000 for c in features["slash_commands"])
    assert all(len(s["name"]) <= 24 and len(s["description"]) <= 150 for s in features["shortcuts"])
    assert len(manifest()["display_information"]["description"]) <= 140


def test_the_manifest_lets_whoever_installs_refuse_e_mail_addresses() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert scopes["bot_optional"] == ["users:read.email"]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"])


def test_the_manifest_for_http_says_where_in_every_place() -> None:
    made = manifest("https://rain.example.com")
    assert {c["url"] for c in made["features"]["slash_commands"]} == {"https://rain.example.com/slack/events"}
    assert made["settings"]["interactivity"]["request_url"] == "https://rain.example.com/slack/events"
    assert not made["settings"]["socket_mode_enabled"]


# Messages


def test_every_message_has_its_template_and_every_template_its_message() -> None:
    templates = {path.stem for path in messages.TEMPLATES.iterdir()}
    told = set(message_types()) - {CardChanged.__name__}
    assert [f"{name}: write templates/messages/{name}.j2" for name in told - templates] == []
    assert [f"{name}.j2: declare class {name}(Message) in domain" for name in templates - told] == []


def subclasses(cls: type) -> Iterator[type]:
    """All classes below a class."""
    for below in cls.__subclasses__():
        yield below
        yield from subclasses(below)


def test_every_message_is_drawn_by_the_tests() -> None:
    unknown = set(message_types()) - {CardChanged.__name__} - set(samples.FACTS)
    assert [
        f"{name}: say in FACTS of its noun's file in tests/nouns what its template is given" for name in unknown
    ] == []


def test_every_id_in_a_message_leads_to_a_record() -> None:
    of_messages = {field.name for cls in message_types().values() if cls is not CardChanged for field in fields(cls)}
    nouns = {name.removesuffix("_id") for name in of_messages if name.endswith("_id") and not fact.get(name)}
    nouns |= {noun_of(kind) for kind in reminding()}
    unknown = [noun for noun in nouns if not hasattr(UnitOfWork, f"{noun}s")]
    assert [f"{noun}_id: make {noun}s a property of UnitOfWork, or declare a @fact" for noun in unknown] == []


def test_every_field_of_a_message_becomes_a_fact_its_template_is_given() -> None:
    for name, cls in message_types().items():
        if cls is not CardChanged:
            of_message = {field.name for field in fields(cls)}
            assert {fact_name(field) for field in of_message} == set(samples.FACTS[name](SAMPLES[0])), name


def test_blocks_are_drawn_only_for_messages_there_are() -> None:
    assert set(blocks_of.all) <= set(message_types())


A_SAMPLE = SAMPLES[0]
TELL_OF_REMINDERS = [
    name
    for name, cls in message_types().items()
    if {"reminder_id", "reminder_ids"} & {field.name for field in fields(cls)}
]


def test_every_kind_of_reminder_is_declared_in_every_layer() -> None:
    """A new kind: `class … (Reminding, kind=…)` in `domain`, `@done` in `usecases`, `@reminds` and `@because` in `views`."""
    missing = [words for kind, cls in reminding().items() for words in undeclared(kind, cls.__name__)]
    assert missing == []
    kinds = set(reminding())
    assert (set(done.all), set(because.all), set(deals_with.all)) == (kinds, kinds, kinds)
    assert set(in_digest.all) == set(map(noun_of, kinds))


def undeclared(kind: str, message: str) -> Iterator[str]:
    """What no noun declares of a kind of reminder."""
    if kind not in done.all:
        yield f"{kind}: say what Done means, @done({message}.kind)"
    if kind not in because.all:
        yield f"{kind}: say why, @because({message}.kind)"
    if kind not in deals_with.all:
        yield f"{kind}: name the button that deals with it, @deals_with({message}.kind)"
    if message not in blocks_of.all:
        yield f"{kind}: draw it, @reminds({message})"
    if noun_of(kind) not in in_digest.all:
        yield f'{kind}: draw its line among others, @in_digest("{noun_of(kind)}")'


def test_every_piece_of_evidence_that_is_looked_for_can_be_made() -> None:
    seen, made = set(evidence.all), set(makes.all)
    assert [f"{one}: name the button that makes it, makes(Evidence.…)" for one in seen - made] == []
    assert [f"{one}: say how it is seen, @evidence(Evidence.…)" for one in made - seen] == []


def test_every_part_of_somebodys_day_is_drawn() -> None:
    assert set(at_home.all) == set(home_parts.all)


def test_every_message_that_reminds_says_why_it_is_sent() -> None:
    composed = {kind: messages.compose(kind, samples.FACTS[kind](A_SAMPLE), PLAYBOOK) for kind in TELL_OF_REMINDERS}
    assert [kind for kind, said in composed.items() if "You get this because" not in str(said["blocks"])] == []


def test_whatever_goes_to_a_channel_says_to_whom_it_goes_where_others_read_it() -> None:
    """`Destination(channel=…, member_id=…)`: people of another firm may read a channel; only what stands there already is without."""
    lonely = [
        f"{path.relative_to(ROOT)}:{call.lineno}: name who gets it instead, Destination(channel=…, member_id=…)"
        for path in SOURCES
        if path.is_relative_to(ROOT / "usecases")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Destination"
        if {"channel", "member_id"} & {word.arg for word in call.keywords} == {"channel"}
    ]
    assert lonely == []


# Tasks


def test_every_kind_of_task_is_carried_out_by_one_function() -> None:
    assert set(carries_out.all) == TASK_KINDS


def test_something_happens_when_a_timer_of_any_kind_is_due() -> None:
    assert set(due.all) == TIMER_KINDS


# Forms


def questions_of(modal: dict[str, Any]) -> set[str]:
    """The fields a modal asks, but for the screening's, which are the playbook's."""
    asked = {block["block_id"] for block in modal["blocks"] if block["type"] == "input"}
    return {name for name in asked if not name.startswith(SCREENING)}


@cache
def questions_by_modal() -> dict[str, list[set[str]]]:
    """What each modal with a listener asks, wherever it is drawn."""
    asked: dict[str, list[set[str]]] = {}
    for surface, drawn in (draw(A_SAMPLE) for draw in samples.DRAWINGS.values()):
        if surface == "modal" and drawn["callback_id"] in MODALS:
            asked.setdefault(drawn["callback_id"], []).append(questions_of(drawn))
    return asked


FORMS = list(subclasses(Form))
OF_NO_FORM = {ids.SET_ROLES}
"""Asks for every role there is, which are no fields of a form."""


def test_every_form_names_the_modals_that_ask_it() -> None:
    assert [f"{form.__name__}: add asked_by=(ids.…,)" for form in FORMS if not form.asked_by] == []
    assert [
        f"{form.__name__}: draw {callback_id} in DRAWINGS of its noun's file in tests/nouns"
        for form in FORMS
        for callback_id in form.asked_by
        if callback_id not in questions_by_modal()
    ] == []


def test_every_modal_that_asks_something_is_read_by_one_form() -> None:
    forms = Counter(callback_id for form in FORMS for callback_id in form.asked_by)
    asking = {callback_id for callback_id, asked in questions_by_modal().items() if set().union(*asked)} - OF_NO_FORM
    assert [f"{callback_id}: name it in asked_by of its form" for callback_id in asking if not forms[callback_id]] == []
    assert [f"{callback_id}: only one form can be its own" for callback_id in forms if forms[callback_id] > 1] == []


def unlike_its_modals(form: type[Form]) -> Iterator[str]:
    """Where a form and the modals that ask it differ, and what to add."""
    asked = [questions for callback_id in form.asked_by for questions in questions_by_modal().get(callback_id, [])]
    every, known = set().union(*asked), set(form.model_fields)
    yield from (f'{form.__name__}.{field}: ask it, kit.ask("{field}", …)' for field in known - every)
    yield from (
        f"{question}, asked by {form.asked_by}: make it a field of {form.__name__}" for question in every - known
    )
    if form is not NewLeadForm:
        yield from (f"{form.__name__}: not all its modals ask {every - some}" for some in asked if some != every)


def test_every_field_is_asked_by_its_modal_and_every_question_is_a_field() -> None:
    assert [what for form in FORMS for what in unlike_its_modals(form)] == []


SUGGESTING = {
    *(ids.NEW_LEAD, ids.QUALIFY_LEAD, ids.LOG_TOUCH, ids.TOUCH_DEAL),
    *(ids.ATTACH_DOCUMENT, ids.SNOOZE_TO, ids.MOVE_DEAL_BACK, ids.CHOOSE_VARIANT, ids.SET_HOURS),
    *(ids.NEW_IMPORT, ids.ADD_ABSENCE, ids.ADD_ABSENCE_OF_OTHER, ids.TOUCH_SOME_DEAL),
    *chain(*each("SUGGESTING")),
}
"""Modals filled in with a proposal, with what is chosen as a whole, or with what is one's own."""


def is_filled_in(modal: dict[str, Any]) -> bool:
    """Whether a modal shows values to begin with."""
    elements = [block["element"] for block in modal["blocks"] if block["type"] == "input"]
    return any(name.startswith("initial_") for element in elements for name in element)


def test_what_a_modal_shows_of_a_record_is_compared_with_what_is_entered() -> None:
    """Otherwise a form that was opened earlier puts back what somebody else has changed meanwhile."""
    modals = [view for surface, view in (draw(A_SAMPLE) for draw in samples.DRAWINGS.values()) if surface == "modal"]
    filled_in = {modal["callback_id"] for modal in modals if is_filled_in(modal)} & MODALS - SUGGESTING
    listeners = {wanted: listener for kind, wanted, listener in REGISTER.listeners if kind == "view"}
    forgets = [modal for modal in filled_in if "shown" not in inspect.getsource(listeners[modal])]
    assert [f"{modal}: give its use case what was shown, …Form.shown(view)" for modal in forgets] == []


def test_the_screening_asks_every_criterion_of_the_playbook() -> None:
    _surface, modal = samples.DRAWINGS["lead_forms.screening_modal"](A_SAMPLE)
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
    *(
        "leads.touch_lines",
        "leads.lead_line",
        "leads.lead_buttons",
        "reminders.reminder_blocks",
        "lead_owners.handing_on",
    ),
    *("exceptions.exception_lines", "exceptions.exceptional_lead", "exceptions.exceptional_deal"),
}
"""Lists of blocks that are drawn as part of something else."""


def test_every_view_is_drawn_by_the_tests() -> None:
    drawn = set().union(*(views_of(module) for module in modules_of(views) if module not in (kit, messages)))
    missing = drawn - PARTS_OF_VIEWS - set(samples.DRAWINGS)
    assert [f"{view}: draw it in DRAWINGS of its noun's file in tests/nouns" for view in missing] == []


# Rights

FOR_EVERYBODY = {
    *(ids.PRESS_UNDO, ids.PRESS_DONE, ids.PRESS_SNOOZE, ids.SNOOZE_TO),  # whoever it is theirs
    *(ids.PRESS_HOURS, ids.SET_HOURS),  # one's own
    ids.PRESS_PAGE_SECTION,  # says more of what is shown
    ids.PRESS_HELP,  # tells guests that it is not for them
}


def test_every_button_and_form_says_what_it_needs() -> None:
    """So it is not drawn for its one reader who may not, and a form is refused before it opens."""
    silent = [one for one in (*BUTTONS, *sorted(MODALS)) if needs.get(one) is None and one not in FOR_EVERYBODY]
    assert [f"{one}: declare its permission in its noun's view, needs(ids.…)(PERMISSION)" for one in silent] == []


def test_what_needs_a_permission_is_there() -> None:
    known = {*BUTTONS, *MODALS}
    assert [key for key in needs.all if key.partition(":")[0] not in known] == []


# Settings, tables, permissions


def test_every_setting_is_in_the_example_file() -> None:
    written = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", written, re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields}


def test_every_table_belongs_to_a_workspace() -> None:
    assert [name for name, table in metadata.tables.items() if table.c.workspace_id.nullable] == []


def test_every_permission_has_its_words_and_somebody_who_may() -> None:
    declared = {
        f"{module.__name__}.{name}": value
        for module in modules_of(domain)
        for name, value in vars(module).items()
        if isinstance(value, Permission)
    }
    assert {value.sentence for value in declared.values()} >= {"claim a lead", "set roles and channels"}
    assert [f"{name}: give it a sentence in N_()" for name, value in declared.items() if not value.sentence] == []
    assert [f"{name}: give it roles" for name, value in declared.items() if not value.roles] == []


def test_every_member_that_people_read_has_a_title() -> None:
    members = [member for kind in subclasses(Titled) for member in kind]
    assert Role.SALES in members
    assert [f'{member!r}: add N_("…")' for member in members if not member._title] == []


# The code itself


def tree_of(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_opens_with_a_sentence() -> None:
    opening = {
        path: (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0] for path in SOURCES if path.stat().st_size
    }
    assert [str(path) for path, said in opening.items() if not re.search(r"[.!?:)]$", said)] == []


STORAGE = [path for path in sorted((ROOT / "storage").rglob("*.py")) if not {"migrations", "schema"} & {*path.parts}]
DOORS = {"scope.py", "jobs.py"}


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
    "Permission",
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
    """Words among a call's arguments that are not wrapped in `_()`, `N_()` or `plural()`."""
    for argument in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg not in NOT_SAID)):
        for part in said_in(argument):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield from words_in(part.value)
            elif isinstance(part, ast.JoinedStr):
                yield from (
                    word for of in part.values if isinstance(of, ast.Constant) for word in words_in(str(of.value))
                )


def said_in(argument: ast.expr) -> Iterator[ast.expr]:
    """An argument, or what a list, a tuple, a dict or a choice holds that stands there."""
    match argument:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Dict(values=parts) | ast.BoolOp(values=parts):
            inner = parts
        case ast.IfExp(body=one, orelse=other):
            inner = [one, other]
        case ast.Starred(value=one):
            inner = [one]
        case _:
            yield argument
            return
    for part in inner:
        yield from said_in(part)


def unmarked_titles(kind: ast.ClassDef) -> Iterator[str]:
    """Titles of an enum's members that are not wrapped in `N_()`."""
    for line in kind.body if "Titled" in map(name_of, kind.bases) else []:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
            yield from (str(part.value) for part in line.value.elts[1:] if isinstance(part, ast.Constant))


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
        ('Permission("claim a lead", SELLERS)', ["claim a lead"]),
        ('Permission(N_("claim a lead"), SELLERS)', []),
        ('kit.button(ids.X, "Claim")', ["Claim"]),
        ('kit.ask("company", label, element, hint="With the code")', ["With the code"]),
        ('say("*{code} · {company}*")', []),
        ('kit.fields([("Next date", moment), (_("Owner"), owner or "nobody yet")])', ["Next date", "nobody yet"]),
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


def test_an_unmarked_title_would_be_found() -> None:
    (kind,) = ast.parse('class Kind(Titled):\n    CALL = "call", "a call"\n    MAIL = "mail", N_("a mail")').body
    assert isinstance(kind, ast.ClassDef)
    assert list(unmarked_titles(kind)) == ["a call"]


def test_every_title_is_marked_for_translation() -> None:
    assert [
        (str(path), node.name, title)
        for path in READ_BY_PEOPLE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        for title in unmarked_titles(node)
    ] == []


def test_sentences_are_collected_for_translators_from_every_folder_that_has_some() -> None:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    python = next(mapping["pattern"] for mapping in mappings if mapping["method"] == "python")
    collected = [pattern.split("/")[0] for pattern in python]
    assert {path.relative_to(ROOT).parts[0] for path in READ_BY_PEOPLE} - set(collected) == set()


def test_every_sentence_of_a_template_is_marked_for_translation() -> None:
    assert [
        (path.name, data.data)
        for path in sorted(messages.TEMPLATES.iterdir())
        for data in messages._environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.TemplateData)
        if re.search(r"[A-Za-z]{2,}", data.data)
    ] == []
