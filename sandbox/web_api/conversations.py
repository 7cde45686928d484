"""conversations.*: channels and direct messages as the app sees and changes them."""

from collections.abc import Callable

from sandbox import rooms
from sandbox.model import Channel, Json, Message, User
from sandbox.shapes import channel_object, message_object
from sandbox.web_api.call import SCOPE_FAMILY, Call
from sandbox.web_api.registry import method
from sandbox.world import SlackError, find_channel, find_user

READ = tuple(f"{family}:read" for family in SCOPE_FAMILY.values())
KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def shown(call: Call, channel: Channel) -> Json:
    return channel_object(call.team, channel, call.bot.id)


def known_channels(call: Call, user: User, kinds: list[str]) -> list[Channel]:
    """The channels of these kinds that both the bot and `user` may know of."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise SlackError("invalid_types")
    for kind in kinds:
        call.need(f"{SCOPE_FAMILY[KINDS[kind]]}:read")
    wanted = {KINDS[kind] for kind in kinds}
    skip = call.flag("exclude_archived")
    return [
        channel
        for channel in call.team.channels.values()
        if channel.kind in wanted
        and (channel.kind == "public" or {call.bot.id, user.id} <= set(channel.members))
        and not (skip and channel.is_archived)
    ]


@method("conversations.list", scope=READ, tier=2)
def list_channels(call: Call) -> Json:
    kinds = call.names("types") or ["public_channel"]
    page, after = call.page(known_channels(call, call.bot, kinds))
    return {"channels": [shown(call, channel) for channel in page], "response_metadata": after}


@method("users.conversations", scope=READ, tier=3)
def users_conversations(call: Call) -> Json:
    user = call.user() if call.args.get("user") else call.bot
    kinds = call.names("types") or ["public_channel"]
    mine = [channel for channel in known_channels(call, user, kinds) if user.id in channel.members]
    page, after = call.page(mine)
    return {"channels": [shown(call, channel) for channel in page], "response_metadata": after}


@method("conversations.info", scope=READ, tier=3)
def info(call: Call) -> Json:
    channel = call.channel()
    call.need_family(channel, "read")
    shape = shown(call, channel)
    if not call.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


@method("conversations.members", scope=READ, tier=4)
def members(call: Call) -> Json:
    channel = call.channel()
    call.need_family(channel, "read")
    page, after = call.page(channel.members)
    return {"members": page, "response_metadata": after}


@method("conversations.create", tier=2)
def create(call: Call) -> Json:
    private = call.flag("is_private")
    call.need("groups:write" if private else "channels:manage")
    name = str(call.args.get("name") or "")
    channel = rooms.create(call.world, call.team, call.bot.id, name, private=private)
    return {"channel": shown(call, channel)}


@method("conversations.open", tier=3)
def open_conversation(call: Call) -> Json:
    if call.args.get("channel"):
        channel = call.joined_channel()
    else:
        users = [find_user(call.team, user) for user in call.names("users")]
        if not users:
            raise SlackError("users_list_not_supplied")
        call.need("im:write" if len(users) == 1 else "mpim:write")
        channel = rooms.open_dm(call.world, call.team, [call.bot, *users])
    full = call.flag("return_im")
    return {"channel": shown(call, channel) if full else {"id": channel.id}}


@method("conversations.close", tier=2)
def close(call: Call) -> Json:
    call.need_family(call.joined_channel(), "write")
    return {}


@method("conversations.invite", tier=3)
def invite(call: Call) -> Json:
    channel = call.joined_channel()
    call.need(*manage_scopes(channel, "invites"))
    refuse_direct_messages(channel)
    users = [invited(call, channel, user) for user in call.names("users")]
    for user in users:
        rooms.join(call.world, call.team, channel, user.id, inviter=call.bot.id)
    return {"channel": shown(call, channel)}


def invited(call: Call, channel: Channel, user_id: str) -> User:
    user = find_user(call.team, user_id)
    if user.id == call.bot.id:
        raise SlackError("cant_invite_self")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_ultra_restricted:
        raise SlackError("ura_max_channels")
    if user.id in channel.members:
        raise SlackError("already_in_channel")
    return user


def refuse_direct_messages(channel: Channel) -> None:
    """Who is in a conversation between people is settled for good."""
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")


def manage_scopes(channel: Channel, finer: str = "") -> tuple[str, ...]:
    """The scopes that allow changing a channel; `finer` names the newer scope for just this."""
    if channel.kind == "public":
        return ("channels:manage", f"channels:write.{finer}") if finer else ("channels:manage",)
    family = SCOPE_FAMILY[channel.kind]
    return (f"{family}:write", f"{family}:write.{finer}") if finer else (f"{family}:write",)


@method("conversations.kick", tier=3)
def kick(call: Call) -> Json:
    channel = call.joined_channel()
    call.need(*manage_scopes(channel))
    refuse_direct_messages(channel)
    user = call.user()
    if user.id == call.bot.id:
        raise SlackError("cant_kick_self")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    rooms.leave(call.world, call.team, channel, user.id)
    return {"errors": {}}


@method("conversations.join", scope="channels:join", tier=3)
def join(call: Call) -> Json:
    channel = find_channel(call.team, call.text("channel"))
    if channel.kind != "public":
        known = call.bot.id in channel.members
        raise SlackError("method_not_supported_for_channel_type" if known else "channel_not_found")
    known = call.bot.id in channel.members
    rooms.join(call.world, call.team, channel, call.bot.id)
    return {"channel": shown(call, channel)} | ({"warning": "already_in_channel"} if known else {})


@method("conversations.leave", tier=3)
def leave(call: Call) -> Json:
    channel = call.channel()
    call.need(*manage_scopes(channel))
    refuse_direct_messages(channel)
    if call.bot.id not in channel.members:
        return {"not_in_channel": True}
    rooms.leave(call.world, call.team, channel, call.bot.id)
    return {}


@method("conversations.archive", tier=2)
def archive(call: Call) -> Json:
    channel = call.channel()
    call.need(*manage_scopes(channel))
    refuse_direct_messages(channel)
    if channel.is_archived:
        raise SlackError("already_archived")
    rooms.archive(call.world, call.team, call.joined_channel(), call.bot.id, True)
    return {}


@method("conversations.unarchive", tier=2)
def unarchive(call: Call) -> Json:
    """Slack lets no bot do it: by being archived the channel has lost all bots, and only its members could."""
    channel = call.channel()
    call.need(*manage_scopes(channel))
    refuse_direct_messages(channel)
    raise SlackError("not_in_channel" if channel.is_archived else "not_archived")


@method("conversations.rename", tier=2)
def rename(call: Call) -> Json:
    channel = call.joined_channel()
    call.need(*manage_scopes(channel))
    refuse_direct_messages(channel)
    if channel.creator != call.bot.id:
        raise SlackError("not_authorized")
    rooms.rename(call.world, call.team, channel, str(call.args.get("name") or ""), call.bot.id)
    return {"channel": shown(call, channel)}


@method("conversations.setTopic", tier=2)
def set_topic(call: Call) -> Json:
    return describe(call, "topic", rooms.set_topic)


@method("conversations.setPurpose", tier=2)
def set_purpose(call: Call) -> Json:
    return describe(call, "purpose", rooms.set_purpose)


def describe(call: Call, what: str, set_text: Callable[..., None]) -> Json:
    channel = call.joined_channel()
    call.need(*manage_scopes(channel, "topic"))
    text = call.text(what, "")
    if len(text) > 250:
        raise SlackError("too_long")
    if channel.is_archived:
        raise SlackError("is_archived")
    set_text(call.world, call.team, channel, text, call.bot.id)
    return {"channel": shown(call, channel)}


@method("conversations.mark", tier=3)
def mark(call: Call) -> Json:
    channel = call.joined_channel()
    rooms.mark_read(call.world, call.team, channel, call.bot.id, call.text("ts"))
    return {}


@method("conversations.history", tier=3)
def history(call: Call) -> Json:
    """Pages go back from the newest message, or forward from `oldest` where that alone is given; each has its newest first."""
    channel = call.joined_channel()
    call.need_family(channel, "history")
    found = [
        message
        for message in channel.messages.values()
        if not message.thread_ts or message.subtype == "thread_broadcast"
    ]
    goes_forward = given_ts(call, "oldest") > 0 and not given_ts(call, "latest")
    in_turn = sorted(within(call, found), key=lambda message: message.ts, reverse=not goes_forward)
    page = read_page(call, channel, in_turn)
    page["messages"].sort(key=lambda shown: shown["ts"], reverse=True)
    return page | {"pin_count": len(channel.pins)}


@method("conversations.replies", tier=3)
def replies(call: Call) -> Json:
    channel = call.joined_channel()
    call.need_family(channel, "history")
    asked = channel.messages.get(call.text("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent = asked.thread_ts or asked.ts
    answers = within(call, [channel.messages[ts] for ts in channel.threads.get(parent, ())])
    return read_page(call, channel, [channel.messages[parent], *answers])


def within(call: Call, found: list[Message]) -> list[Message]:
    oldest, latest = given_ts(call, "oldest"), given_ts(call, "latest")
    inclusive = call.flag("inclusive")

    def fits(ts: float) -> bool:
        after = ts > oldest or (inclusive and ts == oldest)
        before = not latest or ts < latest or (inclusive and ts == latest)
        return after and before

    return [message for message in found if fits(float(message.ts))]


def given_ts(call: Call, name: str) -> float:
    """The timestamp given as an argument; 0 for none."""
    try:
        return float(call.text(name, "0"))
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def read_page(call: Call, channel: Channel, found: list[Message]) -> Json:
    page, after = call.page(found)
    metadata = call.flag("include_all_metadata")
    shapes = [message_object(call.world, call.team, channel, message, metadata=metadata) for message in page]
    more = bool(after["next_cursor"])
    return {"messages": shapes, "has_more": more} | ({"response_metadata": after} if more else {})
