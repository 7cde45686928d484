"""Where the person of a request is, and how something is shown to them there."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.language import _
from domain.core.people import Permission
from domain.core.refusals import RuleBroken
from domain.sales.documents import DocumentKind, NewDocument
from handlers.slack_hosts import downloaded
from views import ids
from views.kit import Block, Mrkdwn, View, notice, section
from views.rights import denied

Body = dict[str, Any]
Check = Callable[[Permission], Awaitable[None]]

MOST_BYTES = 20 * 2**20
"""Of a file that is kept with a deal."""
FETCH_SECONDS = 2.0
"""How long fetching it may take: Slack waits three seconds for the answer to a modal."""

PAGES = frozenset({ids.SHOW_LEAD, ids.SHOW_ACCOUNT, ids.SHOW_DEAL, ids.SHOW_SECTION})
"""Modals that show one record; going from one to another takes no new place in Slack's stack of three."""

log = structlog.get_logger()


class Surface:
    """What the person of one request is looking at; listeners ask for it as `surface`. `check` refuses who lacks a permission."""

    def __init__(self, body: Body, client: AsyncWebClient, user_id: str, check: Check | None = None) -> None:
        self._body, self._client, self._user_id, self._check = body, client, user_id, check
        self._view: Body = body.get("view") or {}

    @property
    def is_home(self) -> bool:
        """Whether they are in the Home tab."""
        return self._view.get("type") == "home"

    def is_modal(self, callback_id: str) -> bool:
        """Whether they are in this modal."""
        return self._view.get("type") == "modal" and self._view.get("callback_id") == callback_id

    @property
    def channel(self) -> str | None:
        """The channel they are in, or None in a modal or the Home tab."""
        return (self._body.get("channel") or {}).get("id")

    @property
    def about(self) -> str:
        """The id of the record the modal they are in was opened for."""
        return str(self._view.get("private_metadata") or "")

    @property
    def is_on_top_of_another(self) -> bool:
        """Whether the modal they are in was opened on top of another."""
        return bool(self._view.get("previous_view_id"))

    async def open(self, view: View) -> None:
        """Open a modal, on top of the one they are in if they are in one; the page of a record takes another's place.

        Raises NotAllowed for a form that they may not submit, before anything is typed into it.
        """
        permission = denied(view["callback_id"])
        if permission and self._check:
            await self._check(permission)
        if view["callback_id"] in PAGES and self._view.get("callback_id") in PAGES:
            await self.redraw(view)
        elif self._view.get("type") == "modal":
            await self._client.views_push(trigger_id=self._body["trigger_id"], view=view)
        else:
            await self._client.views_open(trigger_id=self._body["trigger_id"], view=view)

    async def redraw(self, view: View) -> None:
        """Show the modal they are in anew."""
        await self._client.views_update(view_id=self._view["id"], view=view)

    async def redraw_below(self, view: View) -> None:
        """Show the modal below the one they are in anew, if there is one."""
        below = self._view.get("previous_view_id")
        if below:
            await self._client.views_update(view_id=below, view=view)

    async def say(self, sentence: Mrkdwn, blocks: list[Block] | None = None) -> None:
        """Say something to them alone, where they are: on top of a modal, below a message, or over the Home tab."""
        if self._body.get("response_url"):
            respond = AsyncRespond(response_url=self._body["response_url"], proxy=None, ssl=None)
            await respond(text=sentence, blocks=blocks, replace_original=False, response_type="ephemeral")
        else:
            await self.open(notice(_("Done"), sentence))

    async def replace(self, sentence: Mrkdwn) -> None:
        """Say something in place of what they are looking at: their private answer, or a modal."""
        if self._view.get("type") == "modal":
            await self.redraw(notice(_("Done"), sentence))
        elif self._body.get("response_url"):
            respond = AsyncRespond(response_url=self._body["response_url"], proxy=None, ssl=None)
            await respond(text=sentence, blocks=[section(sentence)], replace_original=True)
        else:
            await self.open(notice(_("Done"), sentence))

    async def publish_home(self, view: View) -> None:
        """Show their Home tab anew."""
        await self._client.views_publish(user_id=self._user_id, view=view)

    async def document(self, file_id: str, kind: DocumentKind) -> NewDocument:
        """A file in Slack, with the hash of what it holds.

        Raises RuleBroken (field `file`) for one that is too large, that Slack does not give us in time, or that is kept elsewhere.
        """
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                found = (await self._client.files_info(file=file_id))["file"]
                sha256, size = await self._digest(found)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as trouble:
            log.info("a file cannot be fetched", error=str(trouble))
            raise RuleBroken(
                _("Slack does not give me the file just now. Please try again."), field="file"
            ) from trouble
        title = str(found.get("title") or found.get("name") or file_id)
        link = found.get("permalink")
        return NewDocument(kind=kind, title=title, slack_file=file_id, permalink=link, sha256=sha256, size=size)

    async def _digest(self, file: Body) -> tuple[str, int]:
        """Hash and size of what a file holds."""
        assert self._client.session is not None
        digest, size = hashlib.sha256(), 0
        async with downloaded(self._client, self._client.session, file) as response:
            response.raise_for_status()
            async for piece in response.content.iter_chunked(1 << 16):
                digest.update(piece)
                size += len(piece)
                if size > MOST_BYTES:
                    raise RuleBroken(_("Please attach a file of at most 20 MB."), field="file")
        return digest.hexdigest(), size

    async def link_to(self, channel: str, ts: str) -> str | None:
        """The address of a message; None where Slack does not tell it, as of a channel that Rainmaker is not in."""
        try:
            link = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except SlackApiError as refused:
            log.info("no link to a message", channel=channel, error=refused.response.get("error"))
            return None
        return str(link["permalink"])

    async def whisper(self, channel: str | None, text: str, blocks: list[Block], thread_ts: str | None = None) -> bool:
        """Say something only they see in a channel, or in a thread there; whether Slack took it.

        It may be lost: what matters has its card. Rainmaker is not in every channel people capture from.
        """
        if not channel:
            return False
        try:
            await self._client.chat_postEphemeral(
                channel=channel, user=self._user_id, text=text, blocks=blocks, thread_ts=thread_ts
            )
        except SlackApiError as refused:
            log.info("whisper refused", channel=channel, error=refused.response.get("error"))
            return False
        return True
