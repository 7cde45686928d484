"""The shapes in which the control API shows the workspace to the page and the driver, seen with one person's eyes."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from sandbox.clock import zone_named
from sandbox.dispatch import Dispatch
from sandbox.faults import Faults
from sandbox.manifest import Shortcut
from sandbox.model import Channel, Json, Message, Team, User
from sandbox.shapes import im_peer, message_object, user_group_object, view_object
from sandbox.world import World, bot_of, is_external, may_see


def state_picture(world: World, dispatch: Dispatch, faults: Faults, team: Team, me: User) -> Json:
    now = world.clock.now()
    home = team.homes.get(me.id)
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain},
        "me": me.id,
        "users": [user_picture(team, user, now) for user in team.users.values()],
        "channels": [channel_picture(team, c, me) for c in team.channels.values() if may_see(team, c, me)],
        "app": app_picture(world, dispatch, team),
        **entry_pictures(world, team, me),
        "user_groups": [user_group_object(team, group) for group in team.user_groups.values() if not group.disabled],
        "clock": world.clock.face(),
        "faults": faults.shown(),
        "stack": stack_picture(world, team, me),
        "home": view_object(world, team, home) if home else None,
    }


def user_picture(team: Team, user: User, now: float) -> Json:
    names = user.real_name.split()
    kept = ("id", "name", "real_name", "display_name", "title", "tz", "locale", "is_bot", "is_admin", "deleted")
    guest = ("is_restricted", "is_ultra_restricted")
    return {key: getattr(user, key) for key in (*kept, *guest)} | {
        "is_external": is_external(team, user),
        "tz_label": datetime.fromtimestamp(now, zone_named(user.tz)).tzname(),
        "avatar": {
            "color": f"#{user.color}",
            "initials": "".join(name[0] for name in names[:2]).upper(),
            "emoji": user.emoji,
        },
    }


def channel_picture(team: Team, channel: Channel, me: User) -> Json:
    last_read = channel.last_read.get(me.id, "")
    seen = [message for message in channel.messages.values() if message.ts > last_read and message.user != me.id]
    unread = [m for m in seen if not m.thread_ts and m.subtype is None] if me.id in channel.members else []
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_member": me.id in channel.members,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "members": channel.members,
        "user": im_peer(channel, me.id) if channel.kind == "im" else None,
        "unread": len(unread),
        "mentions": sum(mentions(team, message, me) for message in unread) if channel.kind != "im" else len(unread),
        "last_read": last_read,
        "latest_ts": max(channel.messages, default=None),
        "pins": [pin["ts"] for pin in channel.pins],
        "bookmarks": channel.bookmarks,
    }


def mentions(team: Team, message: Message, user: User) -> bool:
    groups = [group.id for group in team.user_groups.values() if user.id in group.users]
    calls = [f"<@{user.id}", "<!here", "<!channel", "<!everyone", *(f"<!subteam^{group}" for group in groups)]
    return any(call in message.text for call in calls)


def message_picture(world: World, team: Team, channel: Channel, message: Message) -> Json:
    shape = message_object(world, team, channel, message, metadata=True)
    for file in shape.get("files", ()):
        file["url_page"] = f"/_control/file/{file['id']}/{file['name']}"  # for a browser, which has no token
    return shape | ({"ephemeral": True} if message.ephemeral_to else {})


def app_picture(world: World, dispatch: Dispatch, team: Team) -> Json:
    manifest = world.manifest
    return {
        "app_id": world.credentials.app_id,
        "name": manifest.name,
        "description": manifest.description,
        "bot_user_id": bot_of(team).id,
        "icon": None,
        "color": manifest.color,
        "home_tab": manifest.home_tab,
        "messages_tab": manifest.messages_tab,
        "connected": dispatch.transport.connected,
        "mode": dispatch.transport.mode,
    }


def entry_pictures(world: World, team: Team, me: User) -> Json:
    """The commands and shortcuts of the app, which only the workspace's own people have."""
    commands, shortcuts = world.manifest.commands, world.manifest.shortcuts
    if is_external(team, me):
        commands, shortcuts = (), ()
    return {
        "commands": [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint} for c in commands
        ],
        "shortcuts": {kind: list(shortcut_pictures(shortcuts, kind)) for kind in ("global", "message")},
    }


def shortcut_pictures(shortcuts: Iterable[Shortcut], kind: str) -> Iterator[Json]:
    for shortcut in shortcuts:
        if shortcut.type == kind:
            yield {key: value for key, value in asdict(shortcut).items() if key != "type"}


def stack_picture(world: World, team: Team, user: User) -> list[Json]:
    return [view_object(world, team, view) for view in team.stacks.get(user.id, ())]
