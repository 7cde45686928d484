"""The nouns of the workspace: plain records, which become JSON and come back from it unchanged."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(kw_only=True)
class User:
    id: str
    team_id: str  # the home workspace: another one for people from Slack Connect
    name: str
    real_name: str
    display_name: str = ""
    title: str = ""
    email: str = ""
    tz: str = "Europe/London"
    locale: str = "en-US"
    color: str = "4a6fa5"
    emoji: str | None = None
    is_admin: bool = False
    is_bot: bool = False
    bot_id: str | None = None
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    updated: float = 0


@dataclass(kw_only=True)
class Message:
    ts: str
    text: str = ""
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    icons: Json | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    edited: Json | None = None
    reactions: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    client_msg_id: str | None = None
    details: Json = field(default_factory=dict)  # what a subtype adds: {"inviter": U}, {"topic": …}
    ephemeral_to: str | None = None


@dataclass(kw_only=True)
class Channel:
    id: str
    name: str
    kind: str  # public | private | im | mpim
    creator: str
    created: float
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    is_general: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)  # parent ts → ts of the replies
    last_read: dict[str, str] = field(default_factory=dict)
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    last_micros: int = 0


@dataclass(kw_only=True)
class View:
    id: str
    type: Literal["modal", "home"]
    user: str
    content: Json  # what the app sent, with the ids Slack fills in
    hash: str
    state: Json = field(default_factory=dict)
    root_view_id: str
    previous_view_id: str | None = None


@dataclass(kw_only=True)
class File:
    id: str
    name: str
    title: str
    user: str
    size: int
    mimetype: str
    created: float
    shared: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class UserGroup:
    id: str
    handle: str
    name: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    created: float = 0
    updated: float = 0
    disabled: bool = False


@dataclass(kw_only=True)
class Scheduled:
    id: str
    channel: str
    post_at: int
    created: float
    content: Json


@dataclass(kw_only=True)
class Installation:
    """The app in one workspace: its bot and what the token may do."""

    bot_token: str
    bot_user: str
    bot_id: str
    installer: str
    scopes: list[str]
    revoked: bool = False
    uninstalled: bool = False


@dataclass(kw_only=True)
class Team:
    id: str
    name: str
    domain: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    user_groups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)  # open modals of each user, bottom first
    homes: dict[str, View] = field(default_factory=dict)
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    installation: Installation | None = None


@dataclass(kw_only=True)
class Trigger:
    """The right to open one modal within three seconds."""

    team: str
    user: str
    expires: float
    view_id: str | None = None  # set when it came from inside a modal, which views.push asks for
    used: bool = False


@dataclass(kw_only=True)
class ResponseUrl:
    """The right to answer in one place, five times within half an hour; `message_ts` is the original it may replace or delete."""

    team: str
    channel: str
    user: str
    expires: float
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


@dataclass(kw_only=True)
class Credentials:
    """The app's own secrets, the same for all workspaces."""

    app_id: str
    client_id: str
    client_secret: str
    signing_secret: str
    verification_token: str
    app_token: str
