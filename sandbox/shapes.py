"""The JSON shapes in which Slack shows its objects to apps and to the page."""

from datetime import UTC, datetime
from typing import Any

from sandbox.clock import zone_named
from sandbox.model import Channel, File, Json, Message, Team, User, UserGroup, View
from sandbox.world import World, is_external


def user_object(team: Team, user: User, now: float, *, email: bool = False, locale: bool = False) -> Json:
    zone = datetime.fromtimestamp(now, UTC).astimezone(zone_named(user.tz))
    offset = zone.utcoffset()
    shape: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "color": user.color,
        "profile": profile_object(team, user, email=email),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(user.updated),
    }
    if not user.deleted:
        shape |= {
            "tz": user.tz,
            "tz_label": zone.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": user.is_admin,
            "is_owner": user.is_admin,
            "is_primary_owner": False,
            "is_restricted": user.is_restricted,
            "is_ultra_restricted": user.is_ultra_restricted,
        }
    if is_external(team, user):
        shape["is_stranger"] = not any(user.id in channel.members for channel in team.channels.values())
    elif locale:
        shape["locale"] = user.locale
    return shape


def profile_object(team: Team, user: User, *, email: bool) -> Json:
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "phone": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "team": user.team_id,
    }
    if user.is_bot:
        profile["bot_id"] = user.bot_id
    elif email and user.email and not is_external(team, user):
        profile["email"] = user.email
    return profile


def channel_object(team: Team, channel: Channel, viewer: str) -> Json:
    shape: Json = {
        "id": channel.id,
        "created": int(channel.created),
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_private": channel.kind != "public",
        "is_general": channel.is_general,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": team.id,
    }
    if channel.kind == "im":
        return shape | {"user": im_peer(channel, viewer), "is_user_deleted": _peer_deleted(team, channel, viewer)}
    return shape | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_member": viewer in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": 0},
    }


def im_peer(channel: Channel, viewer: str) -> str:
    return next((member for member in channel.members if member != viewer), viewer)


def _peer_deleted(team: Team, channel: Channel, viewer: str) -> bool:
    peer = team.users.get(im_peer(channel, viewer))
    return peer is not None and peer.deleted


def message_object(world: World, team: Team, channel: Channel, message: Message, *, metadata: bool = False) -> Json:
    shape: Json = {"type": "message", "ts": message.ts, "text": message.text, **_teams(team, channel, message)}
    optional: Json = {
        "user": message.user,
        "subtype": message.subtype,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "username": message.username,
        "icons": message.icons,
        "client_msg_id": message.client_msg_id,
        "reactions": message.reactions,
        "files": [file_object(world, team, team.files[file]) for file in message.files],
        "metadata": message.metadata if metadata else None,
    }
    shape |= {key: value for key, value in optional.items() if value} | message.details
    if message.bot_id:
        shape |= _bot_fields(world, team, message)
    if any(pin["ts"] == message.ts for pin in channel.pins):
        shape["pinned_to"] = [channel.id]
    return shape | thread_fields(channel, message)


def _teams(team: Team, channel: Channel, message: Message) -> Json:
    """Whose workspace a message comes from; in channels of several workspaces said three times."""
    author = team.users.get(message.user or "")
    home = author.team_id if author else team.id
    return {"team": home} | ({"user_team": home, "source_team": home} if channel.is_ext_shared else {})


def _bot_fields(world: World, team: Team, message: Message) -> Json:
    profile: Json = {
        "id": message.bot_id,
        "app_id": world.credentials.app_id,
        "name": world.manifest.bot_name,
        "deleted": False,
        "team_id": team.id,
        "icons": {},
        "updated": 0,
    }
    return {"bot_id": message.bot_id, "app_id": world.credentials.app_id, "bot_profile": profile}


def thread_fields(channel: Channel, message: Message) -> Json:
    if message.thread_ts and message.thread_ts != message.ts:
        parent = channel.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts} | ({"parent_user_id": parent.user} if parent and parent.user else {})
    replies = channel.threads.get(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(channel.messages[ts].user or channel.messages[ts].bot_id for ts in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1],
        "subscribed": False,
    }


def file_object(world: World, team: Team, file: File) -> Json:
    extension = file.name.rpartition(".")[2].lower()
    private = f"{world.base_url}/files/{team.id}-{file.id}"
    return {
        "id": file.id,
        "created": int(file.created),
        "timestamp": int(file.created),
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": file.user,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": any(team.channels[c].kind == "public" for c in file.channels),
        "url_private": f"{private}/{file.name}",
        "url_private_download": f"{private}/download/{file.name}",
        "permalink": f"{world.base_url}/#/files/{file.id}",
        "channels": [c for c in file.channels if team.channels[c].kind == "public"],
        "groups": [c for c in file.channels if team.channels[c].kind in ("private", "mpim")],
        "ims": [c for c in file.channels if team.channels[c].kind == "im"],
        "file_access": "visible",
    }


def user_group_object(team: Team, group: UserGroup, *, users: bool = True) -> Json:
    shape: Json = {
        "id": group.id,
        "team_id": team.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": group.description,
        "date_create": int(group.created),
        "date_update": int(group.updated),
        "date_delete": int(group.updated) if group.disabled else 0,
        "user_count": len(group.users),
        "prefs": {"channels": [], "groups": []},
    }
    return shape | ({"users": group.users} if users else {})


def view_object(world: World, team: Team, view: View) -> Json:
    content: dict[str, Any] = view.content
    installation = team.installation
    return {
        "id": view.id,
        "team_id": team.id,
        "type": view.type,
        "title": content.get("title"),
        "submit": content.get("submit"),
        "close": content.get("close"),
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": content.get("external_id", ""),
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "submit_disabled": content.get("submit_disabled", False),
        "state": {"values": view.state},
        "hash": view.hash,
        "root_view_id": view.root_view_id,
        "previous_view_id": view.previous_view_id,
        "app_id": world.credentials.app_id,
        "app_installed_team_id": team.id,
        "bot_id": installation.bot_id if installation else None,
    }
