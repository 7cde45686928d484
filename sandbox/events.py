"""The Events API: turns changes of the world into the events the app has subscribed to in its manifest."""

from collections.abc import Callable

from sandbox.dispatch import Dispatch
from sandbox.model import Channel, File, Json, Message
from sandbox.shapes import channel_object, file_object, message_object, user_group_object, user_object
from sandbox.world import Change, World, bot_of

CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
MESSAGE_SUBSCRIPTIONS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
FAREWELLS = ("tokens_revoked", "app_uninstalled")  # told even to an app without rights


class EventFeed:
    """Listens to the world; one small function for each kind of change."""

    def __init__(self, world: World, dispatch: Dispatch) -> None:
        self._world = world
        self._dispatch = dispatch
        self._tellers: dict[str, Callable[[Change], None]] = {
            "message": self._message,
            "message_changed": self._message_changed,
            "message_deleted": self._message_deleted,
            "reaction": self._reaction,
            "channel": self._channel,
            "user": self._user,
            "group": self._group,
            "tokens_revoked": self._tokens_revoked,
            "app_uninstalled": self._app_uninstalled,
        }

    def take(self, change: Change) -> None:
        if change.team.installation is not None and change.type in self._tellers:
            self._tellers[change.type](change)

    def tell(self, change: Change, subscription: str, event: Json, *, ext_shared: bool = False) -> None:
        """Send the event when the manifest asks for it and the app still has rights."""
        installed = change.team.installation
        if installed is None or subscription not in self._world.manifest.events:
            return
        if (installed.revoked or installed.uninstalled) and subscription not in FAREWELLS:
            return
        event.setdefault("event_ts", f"{self._world.clock.now():.6f}")
        self._dispatch.tell(change.team, event, ext_shared=ext_shared)

    def _sees(self, change: Change, channel: Channel) -> bool:
        return bot_of(change.team).id in channel.members

    def _shape(self, change: Change, message: Message) -> Json:
        channel: Channel = change.details["channel"]
        shape = message_object(self._world, change.team, channel, message)
        if message.files and not message.subtype and not message.bot_id:
            shape["subtype"] = "file_share"
        if message.files:
            shape["files"] = [self._file(change, change.team.files[file]) for file in message.files]
        return shape

    def _file(self, change: Change, file: File) -> Json:
        """Of a file that was shared over Slack Connect, anywhere, an event says only that `files.info` knows it."""
        if any(change.team.channels[channel].is_ext_shared for channel in file.channels):
            hidden: Json = {"mode": "file_access", "file_access": "check_file_info"}
            return hidden | {"id": file.id, "created": 0, "timestamp": 0, "user": ""}
        return file_object(self._world, change.team, file)

    def _message(self, change: Change) -> None:
        channel, message = change.details["channel"], change.details["message"]
        if not self._sees(change, channel):
            return
        shape = self._shape(change, message)
        where: Json = {"channel": channel.id, "event_ts": message.ts}
        typed = {**shape, **where, "channel_type": CHANNEL_TYPES[channel.kind]}
        self.tell(change, MESSAGE_SUBSCRIPTIONS[channel.kind], typed, ext_shared=channel.is_ext_shared)
        bot = bot_of(change.team).id
        if channel.kind != "im" and f"<@{bot}" in message.text and message.user != bot and not message.subtype:
            mention = {**shape, **where, "type": "app_mention"}
            mention.pop("subtype", None)
            self.tell(change, "app_mention", mention, ext_shared=channel.is_ext_shared)
        for file in message.files:
            self._file_shared(change, channel, message, file)

    def _file_shared(self, change: Change, channel: Channel, message: Message, file_id: str) -> None:
        file = file_object(self._world, change.team, change.team.files[file_id])
        event: Json = {
            "type": "file_shared",
            "file_id": file_id,
            "user_id": message.user,
            "file": {"id": file["id"]},
            "channel_id": channel.id,
        }
        self.tell(change, "file_shared", event)

    def _message_changed(self, change: Change) -> None:
        details: Json = {
            "subtype": "message_changed",
            "message": self._shape(change, change.details["message"]),
            "previous_message": self._shape(change, change.details["previous"]),
        }
        self._about_message(change, details)

    def _message_deleted(self, change: Change) -> None:
        message: Message = change.details["message"]
        previous = self._shape(change, message)
        self._about_message(
            change, {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": previous}
        )

    def _about_message(self, change: Change, details: Json) -> None:
        channel: Channel = change.details["channel"]
        if self._sees(change, channel):
            now = f"{self._world.clock.now():.6f}"
            event: Json = {"type": "message", "channel": channel.id, "hidden": True, "ts": now, "event_ts": now}
            event |= details | {"channel_type": CHANNEL_TYPES[channel.kind]}
            self.tell(change, MESSAGE_SUBSCRIPTIONS[channel.kind], event, ext_shared=channel.is_ext_shared)

    def _reaction(self, change: Change) -> None:
        channel, message = change.details["channel"], change.details["message"]
        if self._sees(change, channel):
            name = f"reaction_{change.details['what']}"
            event: Json = {
                "type": name,
                "user": change.details["user"],
                "reaction": change.details["name"],
                "item": {"type": "message", "channel": channel.id, "ts": message.ts},
                "item_user": message.user,
            }
            self.tell(change, name, event)

    def _channel(self, change: Change) -> None:
        channel: Channel = change.details["channel"]
        what, user = change.details["what"], change.details["user"]
        if channel.kind not in ("public", "private"):
            return
        if what in ("joined", "left"):
            self._membership(change, channel, "member_joined_channel" if what == "joined" else "member_left_channel")
            return
        name = CHANNEL_EVENTS.get((channel.kind, what))
        if name is None or (channel.kind == "private" and not self._sees(change, channel)):
            return
        shape = channel_object(change.team, channel, bot_of(change.team).id)
        brief = {key: shape[key] for key in ("id", "name", "name_normalized", "created", "creator", "is_channel")}
        whole = what in ("created", "renamed")
        self.tell(change, name, {"type": name, "channel": brief if whole else channel.id, "user": user})

    def _membership(self, change: Change, channel: Channel, name: str) -> None:
        user = change.details["user"]
        if self._sees(change, channel) or user == bot_of(change.team).id:
            event: Json = {
                "type": name,
                "user": user,
                "channel": channel.id,
                "channel_type": "C" if channel.kind == "public" else "G",
                "team": change.team.id,
            }
            if change.details.get("inviter"):
                event["inviter"] = change.details["inviter"]
            self.tell(change, name, event)

    def _user(self, change: Change) -> None:
        name = "team_join" if change.details["what"] == "joined" else "user_change"
        installed = change.team.installation
        email = installed is not None and "users:read.email" in installed.scopes
        now = self._world.clock.now()
        shape = user_object(change.team, change.details["user"], now, email=email, locale=True)
        self.tell(change, name, {"type": name, "user": shape, "cache_ts": int(now)})

    def _group(self, change: Change) -> None:
        group, before = change.details["group"], change.details["before"]
        name = "subteam_created" if change.details["created"] else "subteam_updated"
        self.tell(change, name, {"type": name, "subteam": user_group_object(change.team, group)})
        added = [user for user in group.users if user not in before]
        removed = [user for user in before if user not in group.users]
        if added or removed:
            event: Json = {
                "type": "subteam_members_changed",
                "subteam_id": group.id,
                "team_id": change.team.id,
                "date_previous_update": int(group.updated),
                "date_update": int(group.updated),
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
            }
            self.tell(change, "subteam_members_changed", event)

    def _tokens_revoked(self, change: Change) -> None:
        tokens: Json = {"oauth": [], "bot": change.details["users"]}
        self.tell(change, "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})

    def _app_uninstalled(self, change: Change) -> None:
        self.tell(change, "app_uninstalled", {"type": "app_uninstalled"})


CHANNEL_EVENTS = {
    ("public", "created"): "channel_created",
    ("public", "renamed"): "channel_rename",
    ("public", "archived"): "channel_archive",
    ("public", "unarchived"): "channel_unarchive",
    ("private", "renamed"): "group_rename",
    ("private", "archived"): "group_archive",
    ("private", "unarchived"): "group_unarchive",
}
