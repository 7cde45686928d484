"""What happens to channels and conversations: created, joined, left, renamed, archived, opened."""

import re
from typing import Any

from sandbox import messages
from sandbox.model import Channel, Team, User
from sandbox.world import SlackError, World, new_id

PREFIXES = {"public": "C", "private": "C", "im": "D", "mpim": "C"}


def create(world: World, team: Team, creator: str, name: str, *, private: bool = False) -> Channel:
    name = checked_name(team, name)
    channel = Channel(
        id=new_id("C"),
        name=name,
        kind="private" if private else "public",
        creator=creator,
        created=world.clock.now(),
        members=[creator],
    )
    team.channels[channel.id] = channel
    world.publish("channel", team, channel=channel, what="created", user=creator)
    return channel


def checked_name(team: Team, name: str) -> str:
    name = name.removeprefix("#")
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackError("invalid_name_punctuation")
    if name != name.lower() or not re.fullmatch(r"[\w-]+", name):
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in team.channels.values() if channel.kind in ("public", "private")):
        raise SlackError("name_taken")
    return name


def rename(world: World, team: Team, channel: Channel, name: str, user: str) -> None:
    old, channel.name = channel.name, checked_name(team, name)
    world.publish("channel", team, channel=channel, what="renamed", user=user)
    text = f'has renamed the channel from "{old}" to "{channel.name}"'
    messages.announce(world, team, channel, user, "channel_name", text, old_name=old, name=channel.name)


def join(world: World, team: Team, channel: Channel, user: str, inviter: str | None = None) -> None:
    if channel.is_archived:
        raise SlackError("is_archived")
    if user in channel.members:
        return
    channel.members.append(user)
    world.publish("channel", team, channel=channel, what="joined", user=user, inviter=inviter)
    subtype = "channel_join" if channel.kind == "public" else "group_join"
    details: dict[str, Any] = {"inviter": inviter} if inviter else {}
    messages.announce(world, team, channel, user, subtype, f"<@{user}> has joined the channel", **details)


def leave(world: World, team: Team, channel: Channel, user: str) -> None:
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if user not in channel.members:
        return
    messages.announce(world, team, channel, user, "channel_leave", f"<@{user}> has left the channel")
    channel.members.remove(user)
    world.publish("channel", team, channel=channel, what="left", user=user)


def archive(world: World, team: Team, channel: Channel, user: str, archived: bool) -> None:
    """Archive a channel, which apps leave by it, or take that back, which does not bring them in again."""
    if channel.is_archived == archived:
        raise SlackError("already_archived" if archived else "not_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    channel.is_archived = archived
    world.publish("channel", team, channel=channel, what="archived" if archived else "unarchived", user=user)
    if archived:
        channel.members = [member for member in channel.members if not team.users[member].is_bot]


def set_topic(world: World, team: Team, channel: Channel, topic: str, user: str) -> None:
    channel.topic = topic
    world.publish("channel", team, channel=channel, what="topic", user=user)
    messages.announce(world, team, channel, user, "channel_topic", f"set the channel topic: {topic}", topic=topic)


def set_purpose(world: World, team: Team, channel: Channel, purpose: str, user: str) -> None:
    channel.purpose = purpose
    world.publish("channel", team, channel=channel, what="purpose", user=user)
    text = f"set the channel description: {purpose}"
    messages.announce(world, team, channel, user, "channel_purpose", text, purpose=purpose)


def open_dm(world: World, team: Team, users: list[User]) -> Channel:
    """The conversation of exactly these people: found, or made."""
    members = list(dict.fromkeys(user.id for user in users))
    for channel in team.channels.values():
        if channel.kind in ("im", "mpim") and set(channel.members) == set(members):
            return channel
    if any(user.deleted for user in users):
        raise SlackError("user_disabled")
    if len(members) > 9:
        raise SlackError("too_many_users")
    kind = "im" if len(members) <= 2 else "mpim"
    name = "" if kind == "im" else "mpdm-" + "--".join(user.name for user in users) + "-1"
    channel = Channel(
        id=new_id(PREFIXES[kind]),
        name=name,
        kind=kind,
        creator=members[0],
        created=world.clock.now(),
        members=members,
    )
    team.channels[channel.id] = channel
    world.publish("channel", team, channel=channel, what="created", user=members[0])
    return channel


def mark_read(world: World, team: Team, channel: Channel, user: str, ts: str) -> None:
    channel.last_read[user] = ts
    world.publish("channel", team, channel=channel, what="read", user=user)
