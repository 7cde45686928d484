"""Before a listener runs: which workspace, who, in which language, and under which key this request is known.

Listeners ask for what they need by name: `actor`, `workspace_id`, `surface`, and the desks and tools that `bot/app.py` ties in.
"""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import URL

from domain.core.language import _, switch_to
from domain.core.refusals import NotFound
from handlers.commands import meant
from handlers.core.messages import is_said_to_us
from handlers.core.people import meet
from handlers.slack_hosts import is_hook
from handlers.surface import Surface
from usecases.core.people import PeopleDesk
from views.rights import switch_reader

KNOWN_SECONDS = 30
"""How long an installation is taken for granted; after a reinstallation the old token may be used for that long."""
DEEPEST = 64
"""Levels of a request; Slack's deepest, lists in quoted messages, have some twenty."""

log = structlog.get_logger()

Body = dict[str, Any]
Next = Callable[[], Awaitable[BoltResponse]]


class Authorize(AsyncAuthorize):
    """Which installation a request belongs to, from our own table; Bolt's own way asks Slack on every request."""

    def __init__(self, people: PeopleDesk) -> None:
        self.people = people
        self._known: dict[str, tuple[float, AuthorizeResult]] = {}

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """The bot's token and ids in this workspace; None where Rainmaker is not installed."""
        if team_id is None:
            return None
        known_until, result = self._known.get(team_id, (0.0, None))
        if result and time.monotonic() < known_until:
            return result
        try:
            workspace = await self.people.workspace(team_id)
        except NotFound:
            return None
        if not workspace.bot_token:
            return None
        result = AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=workspace.bot_token,
            bot_user_id=workspace.bot_user_id,
            bot_id=workspace.bot_id,
        )
        self._known[team_id] = (time.monotonic() + KNOWN_SECONDS, result)
        return result


class Introduction(AsyncMiddleware):
    """Puts the actor, and `tools` by name, into every listener's reach.

    A function would do, but Bolt would gather for it everything a listener may ask for.
    """

    def __init__(self, people: PeopleDesk, tools: Mapping[str, Any]) -> None:
        self.people, self.tools = people, tools

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next) -> BoltResponse:
        """Introduce the actor, then go on.

        Raises NotFound for a user nobody knows.
        """
        body, context = req.body, req.context
        spell_out(body)
        assert context.client is not None
        answer_to = body.get("response_url")
        if answer_to and not is_hook(URL(str(answer_to)), context.client):
            log.warning("answers are posted to Slack alone")
            body["response_url"] = context["response_url"] = None
        workspace_id, user_id = context.team_id or "", None if is_overheard(body) else context.user_id
        actor = await meet(self.people, context.client, workspace_id, user_id) if user_id else None
        source = source_of(body)
        if actor:
            switch_to(actor.locale)
            actor = actor.within(source, request_key(body))
        elif user_id and body.get("type") != "event_callback":
            raise NotFound(_("you"))
        structlog.contextvars.bind_contextvars(workspace=workspace_id, user=user_id, source=source)
        switch_reader(actor)
        check = partial(self.people.check_permission, actor) if actor else None
        surface = Surface(body, context.client, user_id or "", check)
        context.update(self.tools, actor=actor, workspace_id=workspace_id, surface=surface)
        return await next()


def spell_out(body: Body) -> None:
    """Put the command and words that are meant in place of those that were typed, before Bolt looks for who listens."""
    if "command" in body:
        body["command"], body["text"] = meant(str(body["command"]), str(body.get("text") or ""))


def is_overheard(body: Mapping[str, Any]) -> bool:
    """Whether this is a message said to others, of which there are very many: who wrote it is nobody's concern here."""
    event = body.get("event") or {}
    return event.get("type") == "message" and not is_said_to_us(event)


def legible(thing: Any, depth: int = DEEPEST) -> Any:
    """What Slack sent, without the characters no database keeps (nulls, and halves of characters) and without bottomless nesting."""
    if isinstance(thing, str):
        if thing.isascii() and "\0" not in thing:
            return thing
        return thing.replace("\0", "").encode("utf-8", "ignore").decode()
    if not depth:
        return None
    if isinstance(thing, dict):
        return {legible(name): legible(part, depth - 1) for name, part in thing.items()}
    return [legible(part, depth - 1) for part in thing] if isinstance(thing, list) else thing


def source_of(body: Mapping[str, Any]) -> str:
    """Where a request came from, in the words of the audit log."""
    if "command" in body:
        return f"slash {body['command']}"
    if body.get("type") == "event_callback":
        return f"event {(body.get('event') or {}).get('type')}"
    if body.get("type") == "block_actions":
        return f"button {(body.get('actions') or [{}])[0].get('action_id')}"
    if body.get("type") in {"view_submission", "view_closed"}:
        return f"modal {(body.get('view') or {}).get('callback_id')}"
    return f"{body.get('type')} {body.get('callback_id', '')}".strip()


def request_key(body: Mapping[str, Any]) -> str | None:
    """The key under which Slack would send the same request again, or None for what changes nothing.

    A modal's submission is known by its view and what was entered: pressing Submit twice is one submission, correcting a field and
    submitting again is another.
    """
    if body.get("type") == "event_callback":
        return body.get("event_id")
    if body.get("type") == "block_actions":
        action = (body.get("actions") or [{}])[0]
        return f"{_user(body)}:{action.get('action_id')}:{action.get('action_ts')}"[:120]
    if body.get("type") == "view_submission":
        view = body.get("view") or {}
        entered = json.dumps((view.get("state") or {}).get("values") or {}, sort_keys=True)
        return f"{view.get('id')}:{hashlib.sha256(entered.encode()).hexdigest()[:16]}"
    trigger = body.get("trigger_id")
    return str(trigger)[:120] if trigger else None


def _user(body: Mapping[str, Any]) -> str:
    return str((body.get("user") or {}).get("id", ""))
