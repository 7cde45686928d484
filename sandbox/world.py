"""Everything there is: workspaces, credentials, clock; every change is published to whoever listens."""

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from sandbox.clock import Clock
from sandbox.manifest import Manifest
from sandbox.model import Channel, Credentials, Json, ResponseUrl, Team, Trigger, User, View

ALPHABET = string.ascii_uppercase + string.digits
TRIGGER_SECONDS = 3
RESPONSE_URL_SECONDS = 30 * 60


class SlackError(Exception):
    """A refusal in Slack's words: `error` and whatever else belongs into the answer."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


@dataclass(frozen=True)
class Change:
    """Something that happened in a workspace; the page shows it and the Events API tells the app."""

    type: str
    team: Team
    details: Json = field(default_factory=dict)


Listener = Callable[[Change], None]


def new_id(prefix: str) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))


def new_credentials() -> Credentials:
    app_id = new_id("A0")
    return Credentials(
        app_id=app_id,
        client_id=f"{secrets.randbelow(10**12):012d}.{secrets.randbelow(10**12):012d}",
        client_secret=secrets.token_hex(16),
        signing_secret=secrets.token_hex(16),
        verification_token=secrets.token_hex(12),
        app_token=f"xapp-1-{app_id}-{secrets.randbelow(10**12):012d}-{secrets.token_hex(24)}",
    )


class World:
    """All state of the sandbox. Only the modules of verbs (messages, rooms, people, modals, installs) change it."""

    def __init__(self, manifest: Manifest, clock: Clock) -> None:
        self.manifest = manifest
        self.clock = clock
        self.credentials = new_credentials()
        self.teams: dict[str, Team] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.base_url = ""
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def publish(self, type_: str, team: Team, **details: Any) -> None:
        change = Change(type_, team, details)
        for listener in self._listeners:
            listener(change)

    def team_of(self, user_id: str) -> Team:
        for team in self.teams.values():
            if user_id in team.users:
                return team
        raise SlackError("user_not_found")

    def home_team(self) -> Team:
        """The workspace the sandbox started with."""
        return next(iter(self.teams.values()))

    def team_with_token(self, token: str) -> Team | None:
        return next((t for t in self.teams.values() if t.installation and t.installation.bot_token == token), None)

    def new_trigger(self, team: Team, user_id: str, view_id: str | None = None) -> str:
        now = self.clock.now()
        forget_expired(self.triggers, now)
        key = f"{secrets.randbelow(10**13):013d}.{secrets.randbelow(10**13):013d}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(team=team.id, user=user_id, expires=now + TRIGGER_SECONDS, view_id=view_id)
        return key

    def new_response_url(self, team: Team, channel: Channel, user: User, **rest: Any) -> str:
        now = self.clock.now()
        forget_expired(self.response_urls, now)
        key = f"{team.id}/{secrets.token_urlsafe(18)}"
        self.response_urls[key] = ResponseUrl(
            team=team.id, channel=channel.id, user=user.id, expires=now + RESPONSE_URL_SECONDS, **rest
        )
        return f"{self.base_url}/response/{key}"


def forget_expired(known: dict[str, Any], now: float) -> None:
    """Drop what expired more than an hour ago. A dictionary keeps the order of time, so that only its first entries are looked at."""
    for key in list(takewhile(lambda key: known[key].expires <= now - 3600, known)):
        del known[key]


def find_user(team: Team, user_id: str) -> User:
    if user_id not in team.users:
        raise SlackError("user_not_found")
    return team.users[user_id]


def find_channel(team: Team, reference: str) -> Channel:
    """A channel by id, or by name with or without the #."""
    if reference in team.channels:
        return team.channels[reference]
    name = reference.removeprefix("#")
    for channel in team.channels.values():
        if channel.name == name and channel.kind in ("public", "private"):
            return channel
    raise SlackError("channel_not_found")


def is_external(team: Team, user: User) -> bool:
    """Whether `user` is known here through Slack Connect alone."""
    return user.team_id != team.id


def may_see(team: Team, channel: Channel, user: User) -> bool:
    """Whether `user` can read the channel: members can, and full members can look into public ones."""
    if user.id in channel.members:
        return True
    return channel.kind == "public" and not (user.is_restricted or is_external(team, user))


def all_views(team: Team) -> list[View]:
    return [*team.homes.values(), *(view for stack in team.stacks.values() for view in stack)]


def bot_of(team: Team) -> User:
    """The app's bot user in this workspace; raises account_inactive where the app is not installed."""
    if team.installation is None:
        raise SlackError("account_inactive")
    return team.users[team.installation.bot_user]
