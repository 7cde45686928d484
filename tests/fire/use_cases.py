"""Every use case there is, found by reflection, and what a stranger passes to it who knows everything of another workspace.

A new one with an argument nobody has thought of fails here, with the sentence of what to add.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any, get_type_hints

import pytest

import domain
import usecases
from domain.core.audit import Head
from domain.core.messages import Card, Destination, OutboxRow
from domain.core.people import SET_ROLES, Actor, Permission, Profile, Role, RoleGrant
from domain.core.refusals import Refusal
from domain.core.reminders import Snooze
from domain.core.tasks import TaskKind
from domain.core.timers import TimerKind
from domain.core.workspaces import Workspace
from domain.files.columns import Columns, Reading, Records, Table
from domain.files.imports import NewImport
from domain.files.rows import Row
from domain.sales.accounts import AccountEdit, NewContact
from domain.sales.deals import DealPlan
from domain.sales.documents import DocumentKind, Needs, NewDocument
from domain.sales.leads import FollowUpDue, LeadCaptured, NewLead, NewTouch, Origin, OriginFate, TouchKind
from storage.schema import metadata
from tests.fire.neighbours import MARK, THEIR_CHANNEL, THEIRS, Neighbours
from tests.fire.passing import Passed
from tests.firm import WHOLE, FirmDesks
from tests.nouns import gathered
from usecases.core.absences import AbsenceEntry
from usecases.core.outbox import PreparedMessage
from usecases.desk import Desk

MODULES = [
    importlib.import_module(module.name)
    for package in (domain, usecases)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]
CONSTANTS = [value for module in MODULES for value in vars(module).values()]
TASK_KINDS = {value for value in CONSTANTS if isinstance(value, TaskKind)}
TIMER_KINDS = {value for value in CONSTANTS if isinstance(value, TimerKind)}
"""Every kind of task and of timer there is."""

ACROSS_ALL = {
    "AskedImportDesk.offer",
    "AskedImportDesk.refuse",
    "AskedImportDesk.take_up",
    "DealChannelDesk.done",
    "DealChannelDesk.forget_try",
    "DealChannelDesk.is_free",
    "DealChannelDesk.next_step",
    "DealChannelDesk.refused",
    "DealChannelDesk.try_next_name",
    "DeliveryDesk.claim",
    "DeliveryDesk.next_at",
    "ImportDesk.go_on",
    "OperationDesk.go_on_undoing",
    "PeopleDesk.last_listings",
    "TaskDesk.claim",
    "TaskDesk.done",
    "TaskDesk.give_up",
    "TaskDesk.later",
    "TaskDesk.let_be",
    "TaskDesk.next_at",
    "TaskDesk.note",
    "TimerDesk.fire",
    "TimerDesk.next_at",
    "UpkeepDesk.backlog",
    "UpkeepDesk.clear_aged",
    "UpkeepDesk.next_reminder_at",
    "UpkeepDesk.sweep_reminders",
    "UpkeepDesk.workspace_ids",
}
"""Use cases of jobs, which go over all workspaces or get from there what they work on, and which no person can call."""


def all_desks() -> list[type[Desk]]:
    """Every desk there is."""
    return sorted(Desk.__subclasses__(), key=lambda desk: desk.__name__)


USE_CASES = {
    method.__qualname__: (desk, method)
    for desk in all_desks()
    for name, method in inspect.getmembers(desk, inspect.isfunction)
    if not name.startswith("_")
    and name not in vars(Desk)
    and method.__qualname__.startswith(desk.__name__)
    and inspect.iscoroutinefunction(method)
}
TRIED = sorted(USE_CASES.keys() - ACROSS_ALL)


def their_message(ours: FirmDesks, theirs: Neighbours) -> OutboxRow:
    """A message of theirs, as if it stood in our outbox."""
    return OutboxRow(
        id=theirs.id_of("outbox"),
        workspace_id=ours.workspace_id,
        once="lead.captured:1",
        destination=Destination(member_id=theirs.desks.seller.member_id),
        message=LeadCaptured(lead_id=theirs.id_of("leads")),
        attempts=1,
        created_at=ours.clock.now(),
        first_tried_at=None,
    )


def their_card(theirs: Neighbours) -> Card:
    """A card of theirs."""
    return Card(
        id=theirs.id_of("cards"), subject="lead", subject_id=theirs.id_of("leads"), channel="C1", ts="1.1", kind="x"
    )


def their_prepared_message(ours: FirmDesks, theirs: Neighbours) -> PreparedMessage:
    """The same with a reminder of theirs, opened."""
    row = replace(their_message(ours, theirs), message=FollowUpDue(reminder_id=theirs.id_of("reminders")))
    here = Workspace(
        workspace_id=ours.workspace_id, name="x", bot_token="x", bot_user_id="x", installed_at=ours.clock.now()
    )
    return PreparedMessage(row=row, workspace=here, recipient=None, facts={"reminder": None})


def a_lead_at_their_account(_ours: FirmDesks, theirs: Neighbours) -> NewLead:
    """A capture at one of their accounts."""
    return NewLead(company="x", source="web", account_id=theirs.id_of("accounts"))


BY_NAME: dict[str, Passed] = {
    "workspace_id": lambda ours, _theirs: ours.workspace_id,  # it is Slack's, signed, and never a person's to choose
    "number": lambda _ours, theirs: theirs.rows["leads"]["number"],
    "answers": lambda _ours, _theirs: {"need": "clear"},
    "day": lambda _ours, _theirs: date(2026, 3, 20),
    "starts": lambda _ours, _theirs: time(9),
    "ends": lambda _ours, _theirs: time(17),
    "country": lambda _ours, _theirs: "GB",
    "reason": lambda _ours, _theirs: "spam",
    "remark": lambda _ours, _theirs: "",
    "source": lambda _ours, _theirs: "test",
    "why": lambda _ours, _theirs: "channel_not_found",
    "channel": lambda _ours, _theirs: "web",
    "leads_channel": lambda _ours, _theirs: "C0LEADS",
    "ts": lambda _ours, _theirs: "1772532000.000001",
    "thread_ts": lambda _ours, _theirs: None,
    "at": lambda ours, _theirs: ours.clock.now() + timedelta(hours=1),
    "is_outcome_unknown": lambda _ours, _theirs: True,
    "is_rehearsal": lambda _ours, _theirs: False,
    "progress": lambda _ours, _theirs: lambda _count: None,
    "choice": lambda _ours, _theirs: Snooze.HOUR,
    "kind": lambda _ours, _theirs: Records.LEADS,
    "slack_id": lambda _ours, theirs: theirs.desks.admin.slack_id,
    "slack_ids": lambda _ours, theirs: theirs.slack_ids,
    "added": lambda _ours, theirs: theirs.slack_ids,
    "removed": lambda _ours, theirs: theirs.slack_ids,
    "group_id": lambda _ours, theirs: theirs.rows["group_members"]["group_id"],
    "groups": lambda _ours, theirs: {"S0GROUP": theirs.slack_ids},
    "grants": lambda _ours, theirs: (RoleGrant(role=Role.ADMIN, grantee=theirs.desks.admin.slack_id),),
    "kept": lambda ours, _theirs: [Head(workspace_id=THEIRS, number=1, hash="0")],
    "ImportDesk.names_of.rows": lambda _ours, theirs: [(table, theirs.id_of(table)) for table in ("accounts", "leads")],
    "words": lambda _ours, _theirs: MARK,
    "beside_id": lambda _ours, theirs: theirs.id_of("leads"),
    "of_account": lambda _ours, theirs: theirs.id_of("accounts"),
    "AccountDesk.merge_contacts.stays_id": lambda _ours, theirs: theirs.id_of("contacts"),
    "AccountDesk.merge_contacts.goes_id": lambda _ours, theirs: theirs.id_of("contacts"),
    "stays_id": lambda _ours, theirs: theirs.id_of("accounts"),
    "goes_id": lambda _ours, theirs: theirs.id_of("accounts") - 1,  # another one than the one that stays
    "other_id": lambda _ours, theirs: theirs.id_of("leads"),
    "to": lambda _ours, theirs: theirs.desks.seller.slack_id,
    "note": lambda _ours, _theirs: "",
    "profiles": lambda _ours, theirs: [Profile(slack_id=theirs.desks.seller.slack_id, name="Somebody")],
    "quiet_from": lambda _ours, _theirs: time(22),
    "quiet_until": lambda _ours, _theirs: time(7),
    "region": lambda _ours, _theirs: "GB-ENG",
    "section": lambda _ours, _theirs: "lead",
    "since": lambda ours, _theirs: ours.clock.now(),
    "DealChannelDesk.in_channel.channel": lambda _ours, _theirs: THEIR_CHANNEL,
    "DealChannelDesk.note_fate.channel": lambda _ours, _theirs: THEIR_CHANNEL,
    "is_gone": lambda _ours, _theirs: True,
    "greets": lambda _ours, _theirs: True,
    "kinds": lambda _ours, _theirs: TASK_KINDS,
    "most": lambda _ours, _theirs: 4,
    "besides": lambda _ours, _theirs: (),
    "DealDesk.find.number": lambda _ours, theirs: theirs.rows["deals"]["number"],
    "DealDesk.lose.reason": lambda _ours, _theirs: "price",
    "joins_id": lambda _ours, theirs: theirs.id_of("deals"),
    "stage_id": lambda _ours, _theirs: "analysis",
    "variant_id": lambda _ours, _theirs: "light",
    "is_own": lambda _ours, _theirs: False,
    "shown": lambda _ours, _theirs: None,
    "is_shared": lambda _ours, _theirs: True,
    "card": lambda ours, theirs: their_card(theirs),
}
"""What a stranger passes for an argument of this name, or of this name in one use case alone.

Arguments called `<noun>_id` need no line: they get an id of their table.
"""

BY_TYPE: dict[Any, Passed] = {
    Permission: lambda _ours, _theirs: SET_ROLES,
    NewLead: a_lead_at_their_account,
    NewTouch: lambda _ours, _theirs: NewTouch(kind=TouchKind.CALL, key_points="hello"),
    NewContact: lambda _ours, _theirs: NewContact(name="Jo"),
    DealPlan: lambda _ours, _theirs: DealPlan(title="x"),
    Needs: lambda _ours, _theirs: Needs(needs="x"),
    NewDocument: lambda _ours, _theirs: NewDocument(
        kind=DocumentKind.SOLUTION, title="x", slack_file="F1", permalink=None, sha256="0", size=1
    ),
    Profile: lambda _ours, theirs: Profile(slack_id=theirs.desks.seller.slack_id, name="Somebody"),
    AccountEdit: lambda _ours, theirs: AccountEdit(name="x", owner=theirs.desks.seller.slack_id),
    AbsenceEntry: lambda ours, theirs: AbsenceEntry(
        first_on=ours.clock.now().date(), last_on=ours.clock.now().date(), deputy=theirs.desks.seller.slack_id
    ),
    NewImport: lambda _ours, _theirs: NewImport(
        kind=Records.ACCOUNTS, file="x.csv", reading=Reading(), slack_file="F1"
    ),
    Table: lambda _ours, _theirs: Table(
        kind=Records.ACCOUNTS,
        header=("name",),
        columns=Columns(fields={0: "name"}, left_out=()),
        rows=(Row(number=2, cells=("Ours Ltd",), texts={"name": "Ours Ltd"}),),
    ),
    Origin: lambda _ours, _theirs: Origin(channel="C1", ts="1.1", author="U1"),
    OriginFate: lambda _ours, _theirs: OriginFate.DELETED,
    (Profile | None): lambda _ours, theirs: Profile(slack_id=theirs.desks.seller.slack_id, name="Somebody"),
    OutboxRow: their_message,
    PreparedMessage: their_prepared_message,
    Workspace: lambda ours, theirs: Workspace(
        workspace_id=ours.workspace_id, name="x", bot_token="x", bot_user_id="x", installed_at=ours.clock.now()
    ),
}
"""What a stranger passes for an argument of this type; of what only one noun has, that noun's file in `tests/nouns` says it."""


def passed(
    use_case: str, ours: FirmDesks, theirs: Neighbours, instead: Mapping[str, Passed] = MappingProxyType({})
) -> dict[str, Any]:
    """The arguments of a use case as the stranger gives them; `instead` goes before BY_TYPE and BY_NAME, and has names like the latter."""
    _desk, method = USE_CASES[use_case]
    hints = get_type_hints(method)
    names = [name for name in inspect.signature(method).parameters if name not in {"self", "work", "actor"}]
    return {
        name: (_among(instead, use_case, name) or _passed_for(use_case, name, hints.get(name)))(ours, theirs)
        for name in names
    }


def _among(known: Mapping[str, Passed], use_case: str, name: str) -> Passed | None:
    return known.get(f"{use_case}.{name}") or known.get(name)


def _passed_for(use_case: str, name: str, type_: Any) -> Passed:
    of_nouns = gathered("PASSED")
    found = (BY_TYPE | of_nouns).get(type_) or _among(BY_NAME | of_nouns, use_case, name)
    if found:
        return found
    table = f"{name.removesuffix('_id')}s"
    if name.endswith("_id") and table in metadata.tables:
        return lambda _ours, theirs: theirs.id_of(table)
    pytest.fail(
        f"{use_case} takes {name!r} ({type_}): say in PASSED of its noun's file in tests/nouns what somebody would pass "
        "who knows everything of the other workspace"
    )


def takes_a_record(use_case: str) -> bool:
    """Whether it is asked about one record of a workspace, so that another workspace's is not found."""
    parameters = inspect.signature(USE_CASES[use_case][1]).parameters
    ids = [name for name in parameters if name.endswith("_id") and name not in {"workspace_id", "slack_id", "group_id"}]
    return "actor" in parameters and bool(ids or "number" in parameters or use_case == "LeadDesk.capture")


def takes_an_actor(use_case: str) -> bool:
    """Whether a person calls it, in whose name it is done."""
    return "actor" in inspect.signature(USE_CASES[use_case][1]).parameters


def made(desk: type[Desk], ours: FirmDesks) -> Any:
    """The desk on our firm's store."""
    return desk(ours.store, WHOLE)


async def tried(
    use_case: str,
    ours: FirmDesks,
    theirs: Neighbours,
    stranger: Actor,
    instead: Mapping[str, Passed] = MappingProxyType({}),
) -> Any:
    """What the stranger gets for it: a result, or a refusal."""
    desk, method = USE_CASES[use_case]
    actor = {"actor": stranger} if "actor" in inspect.signature(method).parameters else {}
    arguments = passed(use_case, ours, theirs, instead)
    try:
        return await getattr(made(desk, ours), method.__name__)(*actor.values(), **arguments)
    except Refusal as refusal:
        return refusal
