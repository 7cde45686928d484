"""One call of a Web API method: its arguments in whichever way they came, its token, its rights, its answer."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.installs import OAuth
from sandbox.model import Channel, Installation, Json, Team, User
from sandbox.storage import Blobs
from sandbox.world import SlackError, World, find_channel, find_user

NESTED = frozenset(
    ("attachments", "blocks", "channels", "files", "message", "metadata", "prompts", "unfurls", "users", "view")
)
SCOPE_FAMILY = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


@dataclass(kw_only=True)
class Call:
    """What a method works with. `args` are merged and decoded; use `text`, `number`, `flag` to read them."""

    world: World
    blobs: Blobs
    oauth: OAuth
    args: Json
    token: str | None = None
    client: tuple[str, str] = ("", "")  # HTTP Basic, which oauth.v2.access uses
    new_socket_url: Callable[[], str]
    _team: Team | None = field(default=None, init=False)

    @property
    def team(self) -> Team:
        if self._team is None:
            raise SlackError("not_authed")
        return self._team

    @property
    def installation(self) -> Installation:
        if self.team.installation is None:
            raise SlackError("account_inactive")
        return self.team.installation

    @property
    def bot(self) -> User:
        return self.team.users[self.installation.bot_user]

    def authenticate(self) -> None:
        """Find the workspace of the bot token, or refuse as Slack does."""
        if not self.token:
            raise SlackError("not_authed")
        if self.token.startswith("xapp-"):
            raise SlackError("not_allowed_token_type")
        team = self.world.team_with_token(self.token)
        if team is None or team.installation is None:
            raise SlackError("invalid_auth")
        if team.installation.uninstalled:
            raise SlackError("account_inactive")
        if team.installation.revoked:
            raise SlackError("token_revoked")
        self._team = team

    def need(self, *scopes: str) -> None:
        """Refuse unless the token has one of these scopes."""
        if scopes and not set(scopes) & set(self.installation.scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(self.installation.scopes))

    def need_family(self, channel: Channel, right: str) -> None:
        """Refuse unless the token has the right for this kind of channel, as in groups:history."""
        self.need(f"{SCOPE_FAMILY[channel.kind]}:{right}")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.args.get(name)
        if value is None or value == "":
            if default is None:
                raise missing(name)
            return default
        if isinstance(value, (dict, list)):
            raise invalid(f"must be a string: {name}")
        return str(value)

    def number(self, name: str, default: int) -> int:
        try:
            return int(float(self.args.get(name, default)))
        except (TypeError, ValueError):
            raise invalid(f"must be an integer: {name}") from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def names(self, name: str) -> list[str]:
        """A list given as JSON or separated by commas."""
        value = self.args.get(name) or []
        return [str(item) for item in value] if isinstance(value, list) else str(value).split(",")

    def objects(self, name: str) -> list[Json]:
        """A list of objects, which has to be one."""
        value = self.args.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise invalid(f"must be an array of objects: {name}")
        return value

    def channel(self, name: str = "channel") -> Channel:
        """The channel named by the argument, if the bot may know of it."""
        channel = find_channel(self.team, self.text(name))
        if channel.kind != "public" and self.bot.id not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        channel = self.channel(name)
        if self.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def user(self, name: str = "user") -> User:
        return find_user(self.team, self.text(name))

    def page(self, items: list[Any], default: int = 100) -> tuple[list[Any], Json]:
        """One page of a list and Slack's response_metadata for the next one."""
        limit = self.number("limit", default) or default
        if not 1 <= limit <= 1000:
            raise SlackError("invalid_limit")
        start = read_cursor(self.text("cursor", ""))
        rest = start + limit < len(items)
        return items[start : start + limit], {"next_cursor": make_cursor(start + limit) if rest else ""}


def missing(name: str) -> SlackError:
    return invalid(f"missing required field: {name}")


def invalid(complaint: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {complaint}"]})


def make_cursor(start: int) -> str:
    return base64.b64encode(f"from:{start}".encode()).decode()


def read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("from:"))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None


async def read_arguments(request: web.Request) -> Json:
    """Merge query, form and JSON body; values that are JSON inside strings are decoded."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            given = json.loads(body) if body else {}
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        args |= given
    elif request.method == "POST":
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return {key: decoded(key, value) for key, value in args.items()}


def decoded(key: str, value: Any) -> Any:
    """Nested arguments come as JSON text from forms; a plain string (one channel id, "U1,U2") stays one."""
    if key not in NESTED or not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(f"invalid_{key}" if key in ("blocks", "attachments") else "invalid_arguments") from None


def read_token(request: web.Request, args: Json) -> str | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    token = args.pop("token", None)
    return token if isinstance(token, str) else None


def read_client(request: web.Request) -> tuple[str, str]:
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return "", ""
    client_id, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return client_id, secret
