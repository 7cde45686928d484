"""Payloads made by hand, as Slack would send them or as nobody ever should, and what a person gets to see of the answers."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.running import LEADS, Running
from views import ids

Json = dict[str, Any]

COMMANDS = [command.name for command in ids.commands()]
SHORTCUTS = [(shortcut.callback_id, shortcut.kind) for shortcut in ids.shortcuts()]
BUTTONS = sorted(value for name, value in vars(ids).items() if name.startswith("PRESS_"))
MODALS = sorted(
    value
    for name, value in vars(ids).items()
    if name.isupper() and not name.startswith(("PRESS_", "RAIN", "LINK_")) and value not in dict(SHORTCUTS)
)
A_BUG = "Something went wrong"
ON_BOTH = "reminder"
"""The noun whose ids are tried on PostgreSQL in `make test`, too."""


def by_noun(argument: str, listened_to: Sequence[str]) -> pytest.MarkDecorator:
    """One case for each noun, which is given all ids of the noun."""
    nouns = groupby(sorted(listened_to), lambda id_: id_.partition(".")[0])
    cases = [
        pytest.param(list(of_noun), id=noun, marks=pytest.mark.both if noun == ON_BOTH else ())
        for noun, of_noun in nouns
    ]
    return pytest.mark.parametrize(argument, cases)


class Person:
    """Somebody whose requests are made by hand, and what the bot says to them in return."""

    def __init__(self, running: Running, user: str, team_id: str | None = None) -> None:
        self.running, self.user = running, user
        self.team_id = team_id or running.team_id
        self.home_team = running.sandbox.world.home_team()

    @property
    def _world(self) -> Any:
        return self.running.sandbox.world

    def frame(self, kind: str, **more: Any) -> Json:
        """What every interaction has."""
        trigger = self._world.new_trigger(self.home_team, self.user, more.pop("trigger_view", None))
        return {
            "type": kind,
            "team": {"id": self.team_id, "domain": "larkspur-vane"},
            "user": {"id": self.user, "username": "somebody", "team_id": self.team_id},
            "api_app_id": self._world.credentials.app_id,
            "token": self._world.credentials.verification_token,
            "trigger_id": trigger,
            "is_enterprise_install": False,
            "enterprise": None,
        } | more

    def pressed(self, action_id: str, value: Any, *, view: Json | None = None) -> Json:
        """A button pressed on a message in #leads, or in a view."""
        chosen: Json = {"value": value} if value is not None else {}
        kind = {ids.PRESS_SNOOZE: "static_select", ids.PRESS_MORE: "overflow"}.get(action_id, "button")
        if kind != "button":
            chosen = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value or ""}}
        self._count = getattr(self, "_count", 0) + 1
        action = {"type": kind, "action_id": action_id, "block_id": "b", "action_ts": f"{self._count}.{id(self)}"}
        if view is not None:
            return self.frame(
                "block_actions", actions=[action | chosen], view=view, container={"type": "view", "view_id": view["id"]}
            )
        url = self._world.new_response_url(self.home_team, self.home_team.channels[LEADS], self._any_user())
        where = {"type": "message", "message_ts": "1.000001", "channel_id": LEADS, "is_ephemeral": False}
        channel = {"id": LEADS, "name": "leads"}
        return self.frame(
            "block_actions", actions=[action | chosen], container=where, channel=channel, response_url=url, message={}
        )

    def _any_user(self) -> Any:
        return self.home_team.users.get(self.user) or next(iter(self.home_team.users.values()))

    def submitted(self, callback_id: str, values: Json, about: str = "") -> Json:
        """A modal submitted with plain values, each in a block of its name."""
        state = {name: {name: element_of(value)} for name, value in values.items()}
        blocks = [{"type": "input", "block_id": name} for name in values]
        view = {
            "id": f"V{len(json.dumps(values))}{callback_id}{about[:20]}",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": about,
            "blocks": blocks,
            "state": {"values": state},
        }
        return self.frame("view_submission", view=view)

    def commanded(self, command: str, text: str, **more: str) -> bytes:
        """A slash command, encoded."""
        fields = {
            "command": command,
            "text": text,
            "team_id": self.team_id,
            "user_id": self.user,
            "channel_id": LEADS,
            "trigger_id": self._world.new_trigger(self.home_team, self.user),
            "response_url": self._world.new_response_url(
                self.home_team, self.home_team.channels[LEADS], self._any_user()
            ),
        }
        return urlencode(fields | more, errors="surrogatepass").encode()

    async def interacts(self, payload: Json) -> str:
        """Send an interaction; everything the person is shown because of it, as one string."""
        return await self._answered(urlencode({"payload": json.dumps(payload)}).encode())

    async def commands(self, command: str, text: str) -> str:
        """Give a command; everything the person is shown because of it, as one string."""
        return await self._answered(self.commanded(command, text))

    async def _answered(self, body: bytes) -> str:
        surface = self.running.sandbox.surface
        before = surface.count
        answer = await self.running.post(body)
        assert answer.status == 200, (answer.status, await answer.text())
        shown = [
            call["args"]
            for call in surface.calls_after(before)
            if call["method"].startswith(("views.", "chat.", "response_url"))
        ]
        text = await answer.text()
        body = json.loads(text) if text.startswith("{") else text
        return json.dumps([body, shown], ensure_ascii=False)


def element_of(value: Any) -> Json:
    """A value in the shape of the element that gives such values."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {"type": "multi_users_select", "selected_users": value}
    return {"type": "plain_text_input", "value": value}


def marked_up(thing: Any) -> Iterator[str]:
    """Every text in a call's arguments or an answer that Slack reads as markup."""
    if isinstance(thing, dict):
        text = thing.get("text")
        if isinstance(text, str) and thing.get("type", "mrkdwn") == "mrkdwn":
            yield text
        for part in thing.values():
            yield from marked_up(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from marked_up(part)
