"""reactions.*, pins.* and bookmarks.*: what is attached to messages and channels."""

from sandbox import messages
from sandbox.model import Channel, Json, Message
from sandbox.shapes import message_object
from sandbox.web_api.call import Call
from sandbox.web_api.registry import method
from sandbox.world import SlackError, new_id


def marked(call: Call) -> tuple[Channel, Message]:
    channel = call.joined_channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel, messages.find(channel, call.text("timestamp"))


@method("reactions.add", scope="reactions:write", tier=3)
def add_reaction(call: Call) -> Json:
    channel, message = marked(call)
    name = call.text("name").strip(":")
    if not name.replace("_", "").replace("-", "").replace("+", "").replace(":", "").isalnum():
        raise SlackError("invalid_name")
    messages.react(call.world, call.team, channel, message, call.bot.id, name)
    return {}


@method("reactions.remove", scope="reactions:write", tier=2)
def remove_reaction(call: Call) -> Json:
    channel, message = marked(call)
    messages.take_back(call.world, call.team, channel, message, call.bot.id, call.text("name").strip(":"))
    return {}


@method("reactions.get", scope="reactions:read", tier=3)
def get_reactions(call: Call) -> Json:
    channel, message = marked(call)
    shape = message_object(call.world, call.team, channel, message)
    return {"type": "message", "channel": channel.id, "message": shape}


@method("pins.add", scope="pins:write", tier=2)
def add_pin(call: Call) -> Json:
    channel, message = marked(call)
    messages.pin(call.world, call.team, channel, message, call.bot.id)
    return {}


@method("pins.remove", scope="pins:write", tier=2)
def remove_pin(call: Call) -> Json:
    channel, message = marked(call)
    messages.unpin(call.world, call.team, channel, message.ts, call.bot.id)
    return {}


@method("pins.list", scope="pins:read", tier=2)
def list_pins(call: Call) -> Json:
    channel = call.joined_channel()
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "created": pin["created"],
            "created_by": pin["user"],
            "message": message_object(call.world, call.team, channel, channel.messages[pin["ts"]]),
        }
        for pin in channel.pins
    ]
    return {"items": items}


@method("bookmarks.add", scope="bookmarks:write", tier=2)
def add_bookmark(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    if call.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    bookmark: Json = {
        "id": new_id("Bk"),
        "channel_id": channel.id,
        "title": call.text("title"),
        "link": call.text("link"),
        "emoji": call.text("emoji", ""),
        "type": "link",
        "date_created": int(call.world.clock.now()),
    }
    channel.bookmarks.append(bookmark)
    call.world.publish("channel", call.team, channel=channel, what="bookmarks", user=call.bot.id)
    return {"bookmark": bookmark}


def bookmark_of(call: Call, channel: Channel) -> Json:
    for bookmark in channel.bookmarks:
        if bookmark["id"] == call.text("bookmark_id"):
            return bookmark
    raise SlackError("not_found")


@method("bookmarks.edit", scope="bookmarks:write", tier=2)
def edit_bookmark(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    bookmark = bookmark_of(call, channel)
    bookmark.update({key: call.text(key) for key in ("title", "link", "emoji") if call.args.get(key)})
    call.world.publish("channel", call.team, channel=channel, what="bookmarks", user=call.bot.id)
    return {"bookmark": bookmark}


@method("bookmarks.remove", scope="bookmarks:write", tier=2)
def remove_bookmark(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    channel.bookmarks.remove(bookmark_of(call, channel))
    call.world.publish("channel", call.team, channel=channel, what="bookmarks", user=call.bot.id)
    return {}


@method("bookmarks.list", scope="bookmarks:read", tier=3)
def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": call.joined_channel("channel_id").bookmarks}
