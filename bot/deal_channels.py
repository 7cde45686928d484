"""The job that makes channels of deals in Slack, keeps them current and archives them, one step after the other.

Every step can be taken twice. Only making a channel needs care: when the answer is lost, its name is taken the next time, and the channel
is found by it among our own.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import OUTCOME_UNKNOWN, PASSING, error_of, retry_after
from domain.core.language import speak
from domain.core.workspaces import Workspace
from domain.sales.channels import ChannelStep, StepKind
from usecases.sales.channels import LONGEST_WAIT, ChannelErrand, DealChannelDesk

PAGE = 200
"""Channels asked for at a time."""
MOST_NAMES = 20
"""Names that are tried for one channel."""
TOKEN_IS_GONE = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Slack's words while the app is not installed: it may be again."""
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


class ChannelWork:
    """Sees to one channel at a time. `client_of` gives the Web API client of a workspace; it must not retry by itself."""

    def __init__(self, desk: DealChannelDesk, client_of: Callable[[Workspace], AsyncWebClient]) -> None:
        self.desk, self.client_of = desk, client_of

    async def run(self) -> int:
        """See to the channel that has waited longest. Returns whether there was one."""
        errand = await self.desk.claim()
        if errand is None:
            return 0
        with (
            structlog.contextvars.bound_contextvars(
                workspace=errand.workspace.workspace_id, deal_channel=errand.channel_id
            ),
            speak("en-US"),
        ):
            await self._see_to(errand)
        return 1

    async def _see_to(self, errand: ChannelErrand) -> None:
        client = self.client_of(errand.workspace)
        while step := await self.desk.next_step(errand):
            if not await self._take(client, errand, step):
                return

    async def _take(self, client: AsyncWebClient, errand: ChannelErrand, step: ChannelStep) -> bool:
        """Take a step; whether to go on with the next."""
        try:
            channel = await self._carry_out(client, errand, step)
        except NameTaken:
            await self.desk.try_next_name(errand)
            return True
        except SlackApiError as refused:
            return await self._refused(errand, step, refused)
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            await self.desk.later(errand, step, type(broken).__name__, is_outcome_unknown=True)
            return False
        except Exception:
            log.exception("a bug in a deal's channel")
            await self.desk.later(errand, step, "bug", LONGEST_WAIT, is_outcome_unknown=True)
            return False
        await self.desk.done(errand, step, channel)
        return True

    async def _carry_out(self, client: AsyncWebClient, errand: ChannelErrand, step: ChannelStep) -> str:
        """What Slack calls the channel.

        Raises SlackApiError, NameTaken.
        """
        if step.kind is StepKind.CREATE:
            return await self._create(client, errand, step)
        try:
            await self._call(client, step)
        except SlackApiError as refused:
            if error_of(refused) not in FINE.get(step.kind, ()):
                raise
        return step.channel

    async def _call(self, client: AsyncWebClient, step: ChannelStep) -> None:
        try:
            await CALLS[step.kind](client, step)
        except SlackApiError as refused:
            if error_of(refused) != "not_in_channel" or step.kind is StepKind.UNARCHIVE:
                raise
            await client.conversations_join(channel=step.channel)
            await CALLS[step.kind](client, step)

    async def _create(self, client: AsyncWebClient, errand: ChannelErrand, step: ChannelStep) -> str:
        try:
            made = await client.conversations_create(name=step.value, is_private=step.is_private)
            return str(made["channel"]["id"])
        except SlackApiError as refused:
            if error_of(refused) != "name_taken":
                raise
            found = await self._ours(client, errand, step)
            if found is None and step.take >= MOST_NAMES:
                raise
        if found is None:
            raise NameTaken
        return found

    async def _ours(self, client: AsyncWebClient, errand: ChannelErrand, step: ChannelStep) -> str | None:
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
                    return await self._if_ours(errand, step, channel)
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def _if_ours(self, errand: ChannelErrand, step: ChannelStep, channel: dict[str, Any]) -> str | None:
        """Its id, if we made it, it says nothing else than ours would, and no other deal has it."""
        purpose = (channel.get("purpose") or {}).get("value") or ""
        is_ours = channel.get("creator") == errand.workspace.bot_user_id and purpose in {"", step.purpose}
        found = str(channel["id"])
        return found if is_ours and await self.desk.is_free(errand, found) else None

    async def _refused(self, errand: ChannelErrand, step: ChannelStep, refused: SlackApiError) -> bool:
        """Put off what may go well another time, and note the rest; whether to go on with the next step."""
        error, status = error_of(refused), refused.response.status_code
        if status == 429 or error in {"ratelimited", "rate_limited"}:
            await self.desk.later(errand, step, error, retry_after(refused), is_outcome_unknown=False)
            return False
        if error in PASSING or status >= 500:
            unknown = error in OUTCOME_UNKNOWN or status >= 500
            await self.desk.later(errand, step, error, is_outcome_unknown=unknown)
            return False
        if error in TOKEN_IS_GONE:
            await self.desk.later(errand, step, error, LONGEST_WAIT, is_outcome_unknown=False)
            return False
        log.warning("a step of a deal's channel is refused", step=step.kind.value, error=error)
        await self.desk.refused(errand, step, error)
        return step.kind is not StepKind.CREATE
