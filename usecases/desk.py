"""What all desks share: a use case is a method whose body runs in one transaction, once for each request of Slack's.

    class LeadDesk(Desk):
        @writes
        def claim(self, work: UnitOfWork, actor: Actor, lead_id: int) -> LeadStep: ...

is called as `await desk.claim(actor, lead_id)`. The body is a plain function: it cannot wait for the network while it holds a
transaction. Its result is kept under the request's key in the same transaction, so that the same request again gets the same
result and changes nothing. What of it is as by default is left out, as nearly everything of a new record is.
"""

from collections.abc import Awaitable, Callable
from functools import cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

from pydantic import TypeAdapter

from domain.core.audit import NewAuditEvent
from domain.core.language import _
from domain.core.people import Actor, Permission, Role, may
from domain.core.refusals import NotAllowed
from domain.playbook.playbook import Playbook
from storage.unit_of_work import Store, UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", bound="Desk")

MOST_PEOPLE_NAMED = 4
"""How many people a refusal names as those who can."""


Nudge = Callable[..., None]
"""Wakes the jobs of these names, which should act on what was just committed."""
DELIVER_OUTBOX, CARRY_OUT_TASKS = "deliver-outbox", "carry-out-tasks"
"""Jobs that commits wake, as the timetable calls them."""


def nobody(*jobs: str) -> None:
    """Wakes nobody: what was committed is seen to when its job looks by itself."""


class Desk:
    """Where the use cases of one noun are asked for, by the rules of one playbook."""

    def __init__(self, store: Store, playbook: Playbook, nudge: Nudge = nobody) -> None:
        self.store = store
        self.playbook = playbook
        self.sales = playbook.sales
        self.nudge = partial(nudge, DELIVER_OUTBOX, CARRY_OUT_TASKS)

    async def write(self, workspace_id: str, body: Callable[[UnitOfWork], R]) -> R:
        """Run `body`, the whole of a use case, in one transaction."""
        return await self.store.write(workspace_id, body)

    async def first_result(self, workspace_id: str, key: str) -> str | None:
        """The JSON result that the request with this key had before, or None."""
        return await self.store.read(workspace_id, lambda work: work.requests.result(key))


def writes(body: Callable[Concatenate[D, UnitOfWork, Actor, P], R]) -> Callable[Concatenate[D, Actor, P], Awaitable[R]]:
    """Make a use case of a method: one transaction, committed before it returns, and only once for each request key.

    The same request again runs the body again, but cannot commit: its key is taken, or it is refused because of what it did itself.
    Either way everything is undone, and it gets the first result.
    """

    @wraps(body)
    async def use_case(desk: D, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = f"{body.__qualname__} {actor.request_key}" if actor.request_key is not None else None

        def carry_out(work: UnitOfWork) -> R:
            result = body(desk, work, actor, *args, **kwargs)
            if key is not None:
                work.requests.put(key, result_type(body).dump_json(result, exclude_defaults=True).decode())
            return result

        try:
            result = await desk.write(actor.workspace_id, carry_out)
        except Exception:
            first = await desk.first_result(actor.workspace_id, key) if key is not None else None
            if first is None:
                raise
            result = result_type(body).validate_json(first)
        desk.nudge()
        return result

    return use_case


def reads(body: Callable[Concatenate[D, UnitOfWork, Actor, P], R]) -> Callable[Concatenate[D, Actor, P], Awaitable[R]]:
    """Make a question of a method: it changes nothing."""

    @wraps(body)
    async def question(desk: D, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await desk.store.read(actor.workspace_id, lambda work: body(desk, work, actor, *args, **kwargs))

    return question


def reads_slowly(
    body: Callable[Concatenate[D, UnitOfWork, Actor, P], R],
) -> Callable[Concatenate[D, Actor, P], Awaitable[R]]:
    """Make a question of a method that looks through many rows: it changes nothing, and holds nobody else up."""

    @wraps(body)
    async def question(desk: D, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await desk.store.read_slow(actor.workspace_id, lambda work: body(desk, work, actor, *args, **kwargs))

    return question


@cache
def result_type(body: Callable[..., Any]) -> TypeAdapter[Any]:
    """What stores and restores a use case's result, from the type it says it returns."""
    return TypeAdapter(get_type_hints(body)["return"])


def check_permission(work: UnitOfWork, actor: Actor, permission: Permission, in_charge: Role | None = None) -> None:
    """Refuse unless one of the actor's roles has the permission, or is in charge of the record's stage; the refusal names those who can.

    Raises NotAllowed.
    """
    if may(actor.roles, permission, in_charge):
        return
    roles = permission.roles | ({in_charge} if permission.in_stage and in_charge else set())
    able = work.members.with_roles(roles)
    names = [member.name for member in able[:MOST_PEOPLE_NAMED]]
    titles = [role.title for role in Role if role in roles]
    raise NotAllowed(_(permission.sentence), titles, names, is_guest=not actor.roles)


def record(
    work: UnitOfWork,
    actor: Actor | None,
    event: str,
    subject_id: int,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Append to the audit log; the event's noun is what `subject_id` is the id of."""
    noun = event.split(".")[0]
    work.audit.append(
        actor,
        NewAuditEvent(event=event, subject=noun, subject_id=subject_id, before=before, after=after, reason=reason),
    )
