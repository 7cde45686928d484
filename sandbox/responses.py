"""Answers outside the Web API: to a slash command's request and to response_urls, five times within half an hour."""

from typing import Any

from sandbox import messages
from sandbox.model import Channel, Json, Message, ResponseUrl, Team, User
from sandbox.web_api.chat import checked_content
from sandbox.world import SlackError, World, bot_of

MAX_USES = 5


def answer_command(world: World, team: Team, channel: Channel, user: User, answer: Json) -> Message:
    """Post the body of a command's ack: to the person alone unless it says in_channel."""
    return _post(world, team, channel, user.id, answer, in_channel=answer.get("response_type") == "in_channel")


def respond(world: World, key: str, answer: Json) -> None:
    """Carry out a POST to a response_url; raises SlackError with Slack's words where it cannot.

    The answer to a press or a choice takes the place of its message unless it says otherwise. Commands, shortcuts and modals have
    no message of ours that could be replaced: what answers them is new.
    """
    url = world.response_urls.get(key)
    if url is None:
        raise SlackError("invalid_response_url")
    if world.clock.now() > url.expires:
        raise SlackError("expired_url")
    if url.uses >= MAX_USES:
        raise SlackError("used_url")
    team = world.teams[url.team]
    channel = team.channels[url.channel]
    has_original = url.message_ts is not None
    if has_original and is_true(answer.get("delete_original")):
        checked_content(answer)  # before anything is gone
        _delete_original(world, team, channel, url)
        if has_content(answer):
            _post_beside(world, team, channel, url, answer)
    elif has_original and is_true(answer.get("replace_original", True)):
        _replace_original(world, team, channel, url, answer)
    else:
        _post_beside(world, team, channel, url, answer)
    url.uses += 1


def is_true(flag: Any) -> bool:
    """Slack's pages give these flags as words: "true", "false"."""
    return flag.lower() == "true" if isinstance(flag, str) else bool(flag)


def has_content(answer: Json) -> bool:
    return any(answer.get(key) for key in ("text", "blocks", "attachments"))


def _post_beside(world: World, team: Team, channel: Channel, url: ResponseUrl, answer: Json) -> None:
    in_channel = answer.get("response_type") == "in_channel"
    thread = answer.get("thread_ts") or (url.thread_ts if url.ephemeral else None)
    _post(world, team, channel, url.user, answer, in_channel=in_channel, thread_ts=thread)


def _post(
    world: World, team: Team, channel: Channel, user: str, answer: Json, *, in_channel: bool, thread_ts: Any = None
) -> Message:
    if not has_content(answer):
        raise SlackError("no_text")
    installation = team.installation
    fields = checked_content(answer) | {
        "user": bot_of(team).id,
        "bot_id": installation.bot_id if installation else None,
        "thread_ts": thread_ts,
    }
    if in_channel:
        return messages.post(world, team, channel, **fields, metadata=answer.get("metadata"))
    return messages.post_ephemeral(world, team, channel, user, **fields)


def _original(channel: Channel, url: ResponseUrl) -> Message:
    found = (channel.ephemerals if url.ephemeral else channel.messages).get(url.message_ts or "")
    if found is None:
        raise SlackError("message_not_found")
    return found


def _delete_original(world: World, team: Team, channel: Channel, url: ResponseUrl) -> None:
    message = _original(channel, url)
    if url.ephemeral:
        messages.remove_ephemeral(world, team, channel, message.ts)
    elif message.bot_id:
        messages.delete(world, team, channel, message)
    else:
        raise SlackError("cant_delete_message")


def _replace_original(world: World, team: Team, channel: Channel, url: ResponseUrl, answer: Json) -> None:
    message = _original(channel, url)
    fields = checked_content(answer)
    if not any(fields.values()):
        raise SlackError("no_text")
    if url.ephemeral:
        for name, value in fields.items():
            setattr(message, name, value)
        world.publish("ephemeral", team, channel=channel, message=message)
    elif message.bot_id:
        messages.change(world, team, channel, message, bot_of(team).id, **fields)
    else:
        raise SlackError("cant_update_message")
