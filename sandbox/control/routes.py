"""The table of control calls: who asks, in which workspace, with what."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.model import Channel, Json, Team, User
from sandbox.world import SlackError, World, find_channel, find_user, may_see

if TYPE_CHECKING:
    from sandbox.server import Sandbox


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One control call; `body` is the query of a GET or the JSON of a POST."""

    sandbox: Sandbox
    body: Json

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def team(self) -> Team:
        """The acting person's workspace; the first one where nobody acts."""
        return self.world.team_of(self.body["as"]) if self.body.get("as") else self.world.home_team()

    @property
    def user(self) -> User:
        """Who acts: whoever installed the app, unless somebody is named; somebody deactivated cannot."""
        installed = self.team.installation
        user = find_user(self.team, self.text("as", installed.installer if installed else next(iter(self.team.users))))
        if user.deleted:
            raise SlackError("account_inactive")
        return user

    @property
    def channel(self) -> Channel:
        """The channel asked for, if the acting person can see it."""
        channel = find_channel(self.team, self.text("channel"))
        if not may_see(self.team, channel, self.user):
            raise SlackError("channel_not_found")
        return channel

    def text(self, name: str, default: str | None = None) -> str:
        value = self.body.get(name, default)
        if value is None:
            raise SlackError("missing_field", detail=name)
        return str(value)


Answer = Callable[[Asked], Awaitable[Json] | Json]
GETS: dict[str, Answer] = {}
POSTS: dict[str, Answer] = {}


def get(path: str) -> Callable[[Answer], Answer]:
    return _registering(GETS, path)


def post(path: str) -> Callable[[Answer], Answer]:
    return _registering(POSTS, path)


def _registering(table: dict[str, Answer], path: str) -> Callable[[Answer], Answer]:
    def register(answer: Answer) -> Answer:
        table[path] = answer
        return answer

    return register


async def answered(answer: Answer, sandbox: Sandbox, body: Any) -> web.Response:
    """Run one call; refusals and unreadable requests are answered with ok: false."""
    try:
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        result = answer(Asked(sandbox=sandbox, body=body))
        shape = result if isinstance(result, dict) else await result
    except SlackError as refusal:
        shape = {"ok": False, "error": refusal.error, **refusal.extra}
    except (KeyError, ValueError, TypeError) as problem:
        shape = {"ok": False, "error": "invalid_request", "detail": f"{type(problem).__name__}: {problem}"}
        return web.json_response(shape, status=400)
    sandbox.touch()
    return web.json_response({"ok": True, **shape}, headers={"Cache-Control": "no-store"})


async def read_json(request: web.Request) -> Any:
    text = await request.text()
    return json.loads(text) if text else {}
