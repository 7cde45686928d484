"""What the sandbox knows of an app: its Slack manifest, read once at the start."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Command:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    callback_id: str
    name: str
    description: str
    type: str  # "global" or "message"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    name: str
    description: str
    bot_name: str
    color: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    home_tab: bool
    messages_tab: bool
    redirect_urls: tuple[str, ...]

    def command(self, name: str) -> Command | None:
        return next((known for known in self.commands if known.command == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        return next((known for known in self.shortcuts if (known.callback_id, known.type) == (callback_id, kind)), None)


def read_manifest(raw: Json) -> Manifest:
    """Read Slack's manifest format; what is missing takes Slack's defaults."""
    about = raw.get("display_information", {})
    features = raw.get("features", {})
    oauth = raw.get("oauth_config", {})
    home = features.get("app_home", {})
    return Manifest(
        name=about["name"],
        description=about.get("description", ""),
        bot_name=features.get("bot_user", {}).get("display_name", about["name"]),
        color=about.get("background_color", "#4a154b"),
        scopes=tuple(oauth.get("scopes", {}).get("bot", ())),
        events=frozenset(raw.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ())),
        commands=tuple(_command(command) for command in features.get("slash_commands", ())),
        shortcuts=tuple(_shortcut(shortcut) for shortcut in features.get("shortcuts", ())),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", True),
        redirect_urls=tuple(oauth.get("redirect_urls", ())),
    )


def _command(raw: Json) -> Command:
    return Command(
        command=raw["command"],
        description=raw.get("description", ""),
        usage_hint=raw.get("usage_hint", ""),
        should_escape=raw.get("should_escape", False),
    )


def _shortcut(raw: Json) -> Shortcut:
    return Shortcut(
        callback_id=raw["callback_id"],
        name=raw["name"],
        description=raw.get("description", ""),
        type=raw.get("type", "global"),
    )
