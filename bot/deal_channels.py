"""Makes channels of deals in Slack, keeps them current and archives them, one step after the other.

Every step can be taken twice. Only making a channel needs care: when the answer is lost, its name is taken the next time, and the channel
is found by it among our own.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.readers import is_read_outside
from bot.slack_errors import OUTCOME_UNKNOWN, error_of
from bot.tasks import Outside, carries_out, may_pass
from domain.sales.channels import KEEP_CHANNEL, ChannelStep, StepKind
from usecases.core.outbox import SHARED
from usecases.core.tasks import ClaimedTask
from usecases.sales.channels import DealChannelDesk

PAGE = 200
"""Channels asked for at a time."""
MOST_NAMES = 20
"""Names that are tried for one channel."""
FINE: Mapping[StepKind, frozenset[str]] = {
    StepKind.INVITE: frozenset({"already_in_channel", "cant_invite_self"}),
    StepKind.PIN: frozenset({"already_pinned"}),
    StepKind.ARCHIVE: frozenset({"already_archived"}),
    StepKind.UNARCHIVE: frozenset({"not_archived"}),
}
"""Slack's words for what is done already."""

log = structlog.get_logger()

CALLS: Mapping[StepKind, Callable[[AsyncWebClient, ChannelStep], Awaitable[Any]]] = {
    StepKind.DESCRIBE: lambda client, step: client.conversations_setPurpose(channel=step.channel, purpose=step.value),
    StepKind.TOPIC: lambda client, step: client.conversations_setTopic(channel=step.channel, topic=step.value),
    StepKind.INVITE: lambda client, step: client.conversations_invite(channel=step.channel, users=step.value),
    StepKind.PIN: lambda client, step: client.pins_add(channel=step.channel, timestamp=step.value),
    StepKind.ARCHIVE: lambda client, step: client.conversations_archive(channel=step.channel),
    StepKind.UNARCHIVE: lambda client, step: client.conversations_unarchive(channel=step.channel),
}
"""What each step but the first asks of Slack."""


class NameTaken(Exception):
    """There is a channel of this name, and it is not the one we look for."""


@carries_out(KEEP_CHANNEL)
async def keep_channel(outside: Outside, claimed: ClaimedTask) -> None:
    """Take one step after the other until the channel is what it should be.

    Raises SlackApiError where Slack may take a step another time, aiohttp.ClientError, OSError.
    """
    desk, client = outside.desks.deal_channels, outside.client_of(claimed.workspace)
    while step := await desk.next_step(claimed):
        if step.kind is not StepKind.CREATE and await _is_read_outside(outside, claimed, step):
            await desk.refused(claimed, step, SHARED)
            continue
        try:
            channel = await _carry_out(client, desk, claimed, step)
        except NameTaken:
            await desk.try_next_name(claimed)
        except SlackApiError as refused:
            await _refused(desk, claimed, step, refused)
            if step.kind is StepKind.CREATE:
                return
        else:
            await desk.done(claimed, step, channel)


async def _is_read_outside(outside: Outside, claimed: ClaimedTask, step: ChannelStep) -> bool:
    client, workspace_id = outside.client_of(claimed.workspace), claimed.workspace.workspace_id
    return await is_read_outside(outside.desks.outbox, client, workspace_id, step.channel)


async def _refused(desk: DealChannelDesk, claimed: ClaimedTask, step: ChannelStep, refused: SlackApiError) -> None:
    """Note what Slack refuses for good; raises `refused` where that may pass."""
    error = error_of(refused)
    if may_pass(refused):
        if error not in OUTCOME_UNKNOWN and refused.response.status_code < 500:
            await desk.forget_try(claimed, step)
        raise refused
    log.warning("a step of a deal's channel is refused", step=step.kind.value, error=error)
    await desk.refused(claimed, step, error)


async def _carry_out(client: AsyncWebClient, desk: DealChannelDesk, claimed: ClaimedTask, step: ChannelStep) -> str:
    """What Slack calls the channel.

    Raises SlackApiError, NameTaken.
    """
    if step.kind is StepKind.CREATE:
        return await _create(client, desk, claimed, step)
    try:
        await _call(client, step)
    except SlackApiError as refused:
        if error_of(refused) not in FINE.get(step.kind, ()):
            raise
    return step.channel


async def _call(client: AsyncWebClient, step: ChannelStep) -> None:
    try:
        await CALLS[step.kind](client, step)
    except SlackApiError as refused:
        if error_of(refused) != "not_in_channel" or step.kind is StepKind.UNARCHIVE:
            raise
        await client.conversations_join(channel=step.channel)
        await CALLS[step.kind](client, step)


async def _create(client: AsyncWebClient, desk: DealChannelDesk, claimed: ClaimedTask, step: ChannelStep) -> str:
    try:
        made = await client.conversations_create(name=step.value, is_private=step.is_private)
        return str(made["channel"]["id"])
    except SlackApiError as refused:
        if error_of(refused) != "name_taken":
            raise
        found = await _ours(client, desk, claimed, step)
        if found is None and step.take >= MOST_NAMES:
            raise
    if found is None:
        raise NameTaken
    return found


async def _ours(client: AsyncWebClient, desk: DealChannelDesk, claimed: ClaimedTask, step: ChannelStep) -> str | None:
    """The channel of this name, if it is one we have made for this deal without learning of it; or None."""
    cursor = None
    while True:
        page = await client.users_conversations(
            types="private_channel" if step.is_private else "public_channel",
            exclude_archived=True,
            limit=PAGE,
            cursor=cursor,
        )
        for channel in page.get("channels") or []:
            if channel.get("name") == step.value:
                return await _if_ours(desk, claimed, step, channel)
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


async def _if_ours(
    desk: DealChannelDesk, claimed: ClaimedTask, step: ChannelStep, channel: dict[str, Any]
) -> str | None:
    """Its id, if we made it, it says nothing else than ours would, and no other deal has it."""
    purpose = (channel.get("purpose") or {}).get("value") or ""
    is_ours = channel.get("creator") == claimed.workspace.bot_user_id and purpose in {"", step.purpose}
    found = str(channel["id"])
    return found if is_ours and await desk.is_free(claimed, found) else None
