"""Control calls for what people do with messages and channels."""

from typing import Any

from aiohttp import web

from sandbox import composer, messages, rooms
from sandbox.control.routes import Asked, post
from sandbox.model import Channel, Json, Message
from sandbox.pictures import channel_picture, message_picture
from sandbox.shapes import file_object
from sandbox.web_api.files import new_file
from sandbox.world import SlackError, find_user


def own_channel(asked: Asked) -> Channel:
    """The channel, if the acting person may write there."""
    channel = asked.channel
    if asked.user.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def own_message(asked: Asked, refusal: str) -> tuple[Channel, Message]:
    channel = own_channel(asked)
    message = messages.find(channel, asked.text("ts"))
    if message.user != asked.user.id:
        raise SlackError(refusal)
    return channel, message


@post("say")
def say(asked: Asked) -> Json:
    channel = own_channel(asked)
    text, files = composer.composed(asked.team, asked.text("text", "")), list(asked.body.get("files") or ())
    if not text and not files:
        raise SlackError("no_text")
    if unknown := [file for file in files if file not in asked.team.files]:
        raise SlackError("file_not_found", detail=unknown)
    thread = asked.body.get("thread_ts")
    message = messages.say(asked.world, asked.team, channel, asked.user.id, text, thread_ts=thread, files=files)
    return {"ts": message.ts, "message": message_picture(asked.world, asked.team, channel, message)}


@post("edit")
def edit(asked: Asked) -> Json:
    channel, message = own_message(asked, "cant_update_message")
    text = composer.composed(asked.team, asked.text("text"))
    messages.change(asked.world, asked.team, channel, message, asked.user.id, text=text)
    return {}


@post("delete")
def delete(asked: Asked) -> Json:
    if asked.text("ts") in asked.channel.ephemerals:
        messages.remove_ephemeral(asked.world, asked.team, asked.channel, asked.text("ts"))
        return {}
    channel, message = own_message(asked, "cant_delete_message")
    messages.delete(asked.world, asked.team, channel, message)
    return {}


def upload(asked: Asked, part: Any) -> Json:
    """Take a file; with a channel it is posted there at once, else it waits for say."""
    if not isinstance(part, web.FileField):
        raise SlackError("missing_field", detail="file")
    content = part.file.read()
    file = new_file(asked.world, asked.team, asked.user.id, part.filename, len(content))
    asked.sandbox.blobs.put(asked.team.id, file.id, content)
    if asked.body.get("channel"):
        text, thread = composer.composed(asked.team, asked.text("text", "")), asked.body.get("thread_ts") or None
        channel = own_channel(asked)
        messages.say(asked.world, asked.team, channel, asked.user.id, text, thread_ts=thread, files=[file.id])
    return {"file": file_object(asked.world, asked.team, file)}


@post("react")
def react(asked: Asked) -> Json:
    channel = own_channel(asked)
    change = messages.take_back if asked.body.get("remove") else messages.react
    message = messages.find(channel, asked.text("ts"))
    change(asked.world, asked.team, channel, message, asked.user.id, asked.text("name").strip(":"))
    return {}


@post("pin")
def pin(asked: Asked) -> Json:
    channel = own_channel(asked)
    message = messages.find(channel, asked.text("ts"))
    if asked.body.get("remove"):
        messages.unpin(asked.world, asked.team, channel, message.ts, asked.user.id)
    else:
        messages.pin(asked.world, asked.team, channel, message, asked.user.id)
    return {}


@post("read")
def read(asked: Asked) -> Json:
    rooms.mark_read(asked.world, asked.team, asked.channel, asked.user.id, asked.text("ts"))
    return {}


@post("join")
def join(asked: Asked) -> Json:
    rooms.join(asked.world, asked.team, asked.channel, asked.user.id)
    return {"channel": asked.channel.id}


@post("leave")
def leave(asked: Asked) -> Json:
    rooms.leave(asked.world, asked.team, own_channel(asked), asked.user.id)
    return {}


@post("invite")
def invite(asked: Asked) -> Json:
    """Bring people, or the app, into a channel; `users` are ids."""
    channel = own_channel(asked)
    for user in asked.body["users"]:
        rooms.join(asked.world, asked.team, channel, find_user(asked.team, user).id, inviter=asked.user.id)
    return {}


@post("topic")
def topic(asked: Asked) -> Json:
    rooms.set_topic(asked.world, asked.team, own_channel(asked), asked.text("topic"), asked.user.id)
    return {}


@post("open_dm")
def open_dm(asked: Asked) -> Json:
    users = [find_user(asked.team, user) for user in asked.body["users"]]
    channel = rooms.open_dm(asked.world, asked.team, [asked.user, *users])
    return {"channel": channel_picture(asked.team, channel, asked.user)}
