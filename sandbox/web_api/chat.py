"""chat.*: messages the app posts, changes, deletes, schedules."""

from typing import Any

from sandbox import messages, rooms
from sandbox.blocks import check, taken_blocks
from sandbox.model import Channel, Json, Message, Scheduled
from sandbox.shapes import message_object
from sandbox.web_api.call import Call
from sandbox.web_api.registry import method
from sandbox.world import SlackError, find_channel, find_user, may_see, new_id

MAX_TEXT = 40_000
MAX_UPDATE = 4_000
MAX_AHEAD = 120 * 24 * 3600
MAX_IN_WINDOW = 30
WINDOW = 5 * 60


@method("chat.postMessage", scope="chat:write", tier=0)
def post_message(call: Call) -> Json:
    channel = target(call)
    message = messages.post(
        call.world, call.team, channel, **author(call), **content(call), broadcast=call.flag("reply_broadcast")
    )
    shape = message_object(call.world, call.team, channel, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shape}


@method("chat.postEphemeral", scope="chat:write", tier=4)
def post_ephemeral(call: Call) -> Json:
    channel = target(call)
    user = call.user()
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    fields = content(call)
    fields.pop("metadata")
    message = messages.post_ephemeral(call.world, call.team, channel, user.id, **author(call), **fields)
    return {"message_ts": message.ts}


@method("chat.meMessage", scope="chat:write", tier=3)
def me_message(call: Call) -> Json:
    channel = target(call)
    text = call.text("text")
    message = messages.post(call.world, call.team, channel, **author(call), text=text, subtype="me_message")
    return {"channel": channel.id, "ts": message.ts}


@method("chat.update", scope="chat:write", tier=3)
def update(call: Call) -> Json:
    channel = call.channel()
    message = own_message(call, channel, "cant_update_message")
    if len(call.text("text", "")) > MAX_UPDATE:
        raise SlackError("msg_too_long")
    fields = content(call, ask_text="attachments" not in call.args)
    fields.pop("thread_ts")
    if not fields["text"] and fields["blocks"] is None:
        fields.pop("text")
        fields["blocks"] = message.blocks
    if "metadata" not in call.args:
        fields.pop("metadata")
    if "attachments" not in call.args:
        fields["attachments"] = message.attachments
    messages.change(call.world, call.team, channel, message, call.bot.id, **fields)
    shape = message_object(call.world, call.team, channel, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


@method("chat.delete", scope="chat:write", tier=3)
def delete(call: Call) -> Json:
    channel = call.channel()
    message = own_message(call, channel, "cant_delete_message")
    messages.delete(call.world, call.team, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", tier=0)
def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = messages.find(channel, call.text("message_ts"))
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    link = f"{call.world.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}{thread}"
    return {"channel": channel.id, "permalink": link}


@method("chat.scheduleMessage", scope="chat:write", tier=3)
def schedule_message(call: Call) -> Json:
    channel = target(call)
    post_at = call.number("post_at", 0)
    now = call.world.clock.now()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + MAX_AHEAD:
        raise SlackError("time_too_far")
    waiting = [one for one in call.team.scheduled.values() if one.channel == channel.id]
    if sum(abs(one.post_at - post_at) < WINDOW for one in waiting) >= MAX_IN_WINDOW:
        raise SlackError("restricted_too_many")
    one = Scheduled(id=new_id("Q0"), channel=channel.id, post_at=post_at, created=now, content=content(call))
    call.team.scheduled[one.id] = one
    call.world.publish("scheduled", call.team)
    shape: Json = {"type": "delayed_message", "text": one.content["text"], "bot_id": call.installation.bot_id}
    return {"channel": channel.id, "scheduled_message_id": one.id, "post_at": str(post_at), "message": shape}


@method("chat.deleteScheduledMessage", scope="chat:write", tier=3)
def delete_scheduled(call: Call) -> Json:
    one = call.team.scheduled.get(call.text("scheduled_message_id"))
    if one is None or one.channel != call.channel().id or one.post_at - call.world.clock.now() < 60:
        raise SlackError("invalid_scheduled_message_id")
    del call.team.scheduled[one.id]
    return {}


@method("chat.scheduledMessages.list", tier=3)
def list_scheduled(call: Call) -> Json:
    wanted = call.text("channel", "")
    found = [one for one in call.team.scheduled.values() if not wanted or one.channel == wanted]
    shown, after = call.page(sorted(found, key=lambda one: one.post_at))
    shapes = [
        {
            "id": one.id,
            "channel_id": one.channel,
            "post_at": one.post_at,
            "date_created": int(one.created),
            "text": one.content["text"],
        }
        for one in shown
    ]
    return {"scheduled_messages": shapes, "response_metadata": after}


@method("chat.unfurl", scope="links:write", tier=3)
def unfurl(call: Call) -> Json:
    channel = call.channel()
    message = messages.find(channel, call.text("ts"))
    unfurls = call.args.get("unfurls")
    if not isinstance(unfurls, dict) or not all(isinstance(shown, dict) for shown in unfurls.values()):
        raise SlackError("cannot_parse_attachment")
    attachments = [*(message.attachments or []), *({"from_url": url, **shown} for url, shown in unfurls.items())]
    messages.change(call.world, call.team, channel, message, call.bot.id, attachments=attachments)
    return {}


def target(call: Call) -> Channel:
    """Where to post: a channel by id or name, or a person, whose conversation with the bot is opened."""
    reference = call.text("channel")
    if reference in call.team.users:
        person = find_user(call.team, reference)
        return rooms.open_dm(call.world, call.team, [call.bot, person])
    channel = find_channel(call.team, reference)
    if call.bot.id not in channel.members:
        public = "chat:write.public" in call.installation.scopes and may_see(call.team, channel, call.bot)
        if channel.kind != "public":
            raise SlackError("channel_not_found")
        if not public:
            raise SlackError("is_archived" if channel.is_archived else "not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def author(call: Call) -> Json:
    """Who a message is from; another name or picture needs its own scope."""
    fields: Json = {"user": call.bot.id, "bot_id": call.installation.bot_id}
    if custom := {key: call.args[key] for key in ("icon_emoji", "icon_url") if call.args.get(key)}:
        call.need("chat:write.customize")
        emoji, url = custom.get("icon_emoji"), custom.get("icon_url")
        fields["icons"] = {"emoji": emoji} if emoji else {"image_48": url}
    if username := call.text("username", ""):
        call.need("chat:write.customize")
        fields |= {"username": username, "subtype": "bot_message"}
    return fields


def content(call: Call, *, ask_text: bool = True) -> Json:
    """The checked content of a message; text beyond 40,000 characters is cut, not refused."""
    payload = {key: call.args[key] for key in ("text", "blocks", "attachments") if call.args.get(key)}
    if ask_text and not payload and not call.args.get("markdown_text"):
        raise SlackError("no_text")
    fields = checked_content(payload)
    if call.args.get("markdown_text"):
        fields["text"] = call.text("markdown_text")
    metadata = call.args.get("metadata")
    if metadata is not None and not valid_metadata(metadata):
        raise SlackError("invalid_metadata_format")
    return fields | {"metadata": metadata, "thread_ts": call.text("thread_ts", "") or None}


def checked_content(payload: Json) -> Json:
    """Text, blocks and attachments as Slack keeps them; used for answers to response_urls and commands, too."""
    blocks, attachments = payload.get("blocks"), payload.get("attachments")
    if blocks:
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        check("message", blocks)
    check_attachments(attachments or [])
    text = str(payload.get("text") or "")
    return {
        "text": text[:MAX_TEXT],
        "blocks": taken_blocks(blocks) if blocks else None,
        "attachments": [kept_attachment(n, one) for n, one in enumerate(attachments, 1)] if attachments else None,
    }


def check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    for attachment in attachments:
        if attachment.get("blocks"):
            check("message", attachment["blocks"])


def kept_attachment(number: int, attachment: Json) -> Json:
    kept = {"id": number, **attachment}
    return kept | ({"blocks": taken_blocks(attachment["blocks"])} if attachment.get("blocks") else {})


def valid_metadata(metadata: Any) -> bool:
    if not isinstance(metadata, dict):
        return False
    return isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)


def own_message(call: Call, channel: Channel, refusal: str) -> Message:
    message = messages.find(channel, call.text("ts"))
    if message.bot_id != call.installation.bot_id:
        raise SlackError(refusal)
    if channel.is_archived:
        raise SlackError("is_archived")
    return message
