"""What happens to messages: posted, changed, deleted, reacted to, pinned."""

import uuid
from typing import Any

from sandbox.model import Channel, Message, Team
from sandbox.world import SlackError, World

DAY = 24 * 3600
SLACKBOT = "USLACKBOT"
TOMBSTONE = "tombstone"


def next_ts(world: World, channel: Channel) -> str:
    """A timestamp nobody in the channel has, a microsecond later when two fall together (as on a frozen clock)."""
    micros = int(world.clock.now() * 1_000_000)
    if micros <= channel.last_micros < micros + DAY * 1_000_000:
        micros = channel.last_micros + 1
    channel.last_micros = micros
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def post(world: World, team: Team, channel: Channel, **fields: Any) -> Message:
    """Post a message that has been checked; `broadcast` shows a reply in the channel, too."""
    if channel.is_archived:
        raise SlackError("is_archived")
    broadcast = fields.pop("broadcast", False)
    message = Message(ts=next_ts(world, channel), **fields)
    if message.thread_ts:
        _join_thread(channel, message, broadcast)
    channel.messages[message.ts] = message
    if message.user:
        channel.last_read[message.user] = max(message.ts, channel.last_read.get(message.user, ""))
    for file in message.files:
        _share(team, channel, file)
    world.publish("message", team, channel=channel, message=message)
    return message


def _join_thread(channel: Channel, message: Message, broadcast: bool) -> None:
    parent = channel.messages.get(message.thread_ts or "")
    if parent is None:
        raise SlackError("thread_not_found")
    message.thread_ts = parent.thread_ts or parent.ts
    message.subtype = "thread_broadcast" if broadcast else message.subtype
    channel.threads.setdefault(message.thread_ts, []).append(message.ts)


def _share(team: Team, channel: Channel, file_id: str) -> None:
    file = team.files[file_id]
    file.shared = True
    if channel.id not in file.channels:
        file.channels.append(channel.id)


def post_ephemeral(world: World, team: Team, channel: Channel, to: str, **fields: Any) -> Message:
    message = Message(ts=next_ts(world, channel), ephemeral_to=to, **fields)
    channel.ephemerals[message.ts] = message
    world.publish("ephemeral", team, channel=channel, message=message)
    return message


def remove_ephemeral(world: World, team: Team, channel: Channel, ts: str) -> None:
    message = channel.ephemerals.pop(ts, None)
    if message is not None:
        world.publish("ephemeral_deleted", team, channel=channel, message=message)


def say(world: World, team: Team, channel: Channel, user: str, text: str, **fields: Any) -> Message:
    """A person's own message."""
    return post(world, team, channel, user=user, text=text, client_msg_id=str(uuid.uuid4()), **fields)


def announce(world: World, team: Team, channel: Channel, user: str, subtype: str, text: str, **details: Any) -> Message:
    """The workspace's own line about something a person did: joined, renamed, set the topic."""
    return post(world, team, channel, user=user, subtype=subtype, text=text, details=details)


def find(channel: Channel, ts: str) -> Message:
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    return channel.messages[ts]


def change(world: World, team: Team, channel: Channel, message: Message, by: str, **fields: Any) -> None:
    previous = Message(**vars(message))
    for name, value in fields.items():
        setattr(message, name, value)
    message.edited = {"user": by, "ts": f"{int(world.clock.now())}.000000"}
    world.publish("message_changed", team, channel=channel, message=message, previous=previous)


def delete(world: World, team: Team, channel: Channel, message: Message) -> None:
    """Take a message away. One with replies leaves a tombstone, which goes with its last reply."""
    channel.pins = [pin for pin in channel.pins if pin["ts"] != message.ts]
    if channel.threads.get(message.ts):
        _bury(world, team, channel, message)
        return
    del channel.messages[message.ts]
    replies = channel.threads.get(message.thread_ts or "", [])
    if message.ts in replies:
        replies.remove(message.ts)
    world.publish("message_deleted", team, channel=channel, message=message)
    parent = channel.messages.get(message.thread_ts or "")
    if parent is not None and parent.subtype == TOMBSTONE and not replies:
        delete(world, team, channel, parent)


def _bury(world: World, team: Team, channel: Channel, message: Message) -> None:
    """Leave nothing of a message but its place at the head of its thread."""
    previous = Message(**vars(message))
    blank = Message(ts=message.ts, text="This message was deleted.", user=SLACKBOT, subtype=TOMBSTONE)
    blank.details = {"hidden": True}
    vars(message).update(vars(blank))
    world.publish("message_changed", team, channel=channel, message=message, previous=previous)


def react(world: World, team: Team, channel: Channel, message: Message, user: str, name: str) -> None:
    reaction = next((known for known in message.reactions if known["name"] == name), None)
    if reaction is None:
        reaction = {"name": name, "users": [], "count": 0}
        message.reactions.append(reaction)
    if user in reaction["users"]:
        raise SlackError("already_reacted")
    reaction["users"].append(user)
    reaction["count"] = len(reaction["users"])
    _tell_reaction(world, team, channel, message, user, name, "added")


def take_back(world: World, team: Team, channel: Channel, message: Message, user: str, name: str) -> None:
    reaction = next((known for known in message.reactions if known["name"] == name), None)
    if reaction is None or user not in reaction["users"]:
        raise SlackError("no_reaction")
    reaction["users"].remove(user)
    reaction["count"] = len(reaction["users"])
    message.reactions = [known for known in message.reactions if known["count"]]
    _tell_reaction(world, team, channel, message, user, name, "removed")


def _tell_reaction(
    world: World, team: Team, channel: Channel, message: Message, user: str, name: str, what: str
) -> None:
    world.publish("reaction", team, channel=channel, message=message, user=user, name=name, what=what)


def pin(world: World, team: Team, channel: Channel, message: Message, user: str) -> None:
    if any(known["ts"] == message.ts for known in channel.pins):
        raise SlackError("already_pinned")
    channel.pins.append({"ts": message.ts, "user": user, "created": int(world.clock.now())})
    world.publish("channel", team, channel=channel, what="pins", user=user)


def unpin(world: World, team: Team, channel: Channel, ts: str, user: str) -> None:
    if not any(known["ts"] == ts for known in channel.pins):
        raise SlackError("no_pin")
    channel.pins = [known for known in channel.pins if known["ts"] != ts]
    world.publish("channel", team, channel=channel, what="pins", user=user)
