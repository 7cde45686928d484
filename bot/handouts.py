"""Files brought to somebody's messages, each once: the charts that were asked for, and whatever else a task makes.

Slack has no key under which a second upload would be the first one again. So the id it gives to a file is noted before the file is shared;
a try that finds such a note looks for that file among the latest messages first.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import API_SECONDS
from bot.lookup import CLOCK_DRIFT, PAGE
from bot.slack_errors import OUTCOME_UNKNOWN, error_of
from bot.tasks import Outside, TryLater, carries_out
from domain.core.language import _
from domain.core.people import Actor
from usecases.core.tasks import ClaimedTask
from usecases.process.manual import PROCESS_CHART
from usecases.sales.pipeline import DEAL_CHART
from views.playbook.process_chart import process_chart, stage_chart

SHOWS_AFTER = 15
"""Seconds until a file that was shared stands among the messages, at the most: Slack shares files after it has answered."""
_DRAWING = threading.Lock()
"""One picture at a time: each takes a processor and much memory."""


@dataclass(frozen=True, kw_only=True)
class Handout:
    """A file to be handed out; `title` is what it is, in the reader's language, and `comment` what is said above it."""

    name: str
    title: str
    content: bytes
    comment: str | None = None


async def hand_out(outside: Outside, claimed: ClaimedTask, file: Handout, reader: Actor) -> None:
    """Bring a file to somebody's messages, unless an earlier try of the task did.

    Raises SlackApiError, aiohttp.ClientError, TryLater while it is not known whether it arrived, TakenOver.
    """
    client = outside.client_of(claimed.workspace)
    channel = str((await client.conversations_open(users=reader.slack_id))["channel"]["id"])
    if await _has_arrived(client, channel, claimed.task.noted):
        return
    opened = await client.files_getUploadURLExternal(filename=file.name, length=len(file.content), alt_txt=file.title)
    patience = aiohttp.ClientTimeout(total=API_SECONDS)
    async with outside.session.post(opened["upload_url"], data=file.content, timeout=patience) as answer:
        answer.raise_for_status()
    await outside.desks.tasks.note(claimed, file=opened["file_id"], at=outside.clock.now().isoformat())
    await _share(client, channel, str(opened["file_id"]), file)


async def _share(client: AsyncWebClient, channel: str, file_id: str, file: Handout) -> None:
    shared: list[dict[str, str | None]] = [{"id": file_id, "title": file.title}]
    try:
        await client.files_completeUploadExternal(files=shared, channel_id=channel, initial_comment=file.comment)
    except SlackApiError as refused:
        if error_of(refused) in OUTCOME_UNKNOWN or refused.response.status_code >= 500:
            raise TryLater(error_of(refused), SHOWS_AFTER) from refused
        raise
    except (aiohttp.ClientError, TimeoutError, OSError) as broken:
        raise TryLater(type(broken).__name__, SHOWS_AFTER) from broken


async def _has_arrived(client: AsyncWebClient, channel: str, noted: Mapping[str, str]) -> bool:
    """Whether the file that an earlier try may have shared stands in the channel."""
    if "file" not in noted:
        return False
    oldest, cursor = f"{(datetime.fromisoformat(noted['at']) - CLOCK_DRIFT).timestamp():.6f}", None
    while True:
        page = await client.conversations_history(channel=channel, oldest=oldest, cursor=cursor, limit=PAGE)
        shared = [file["id"] for message in page.get("messages") or [] for file in message.get("files") or []]
        if noted["file"] in shared:
            return True
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return False


async def _draw(draw: Callable[[], bytes]) -> bytes:
    def alone() -> bytes:
        with _DRAWING:
            return draw()

    return await asyncio.to_thread(alone)


@carries_out(PROCESS_CHART)
async def _process_chart(outside: Outside, claimed: ClaimedTask) -> None:
    """The chart of all stages, with the one lit from whose page it was asked for."""
    assert claimed.actor is not None
    playbook, lit = outside.desks.process.playbook, claimed.task.details["stage"]
    stage = playbook.stage(lit) if lit else None
    title = _("How we work: {stage}").format(stage=_(stage.title)) if stage else _("How we work")
    content = await _draw(lambda: stage_chart(playbook, lit))
    await hand_out(outside, claimed, Handout(name="process.png", title=title, content=content), claimed.actor)


@carries_out(DEAL_CHART)
async def _deal_chart(outside: Outside, claimed: ClaimedTask) -> None:
    """The route of a deal, with the place lit where it stands."""
    assert claimed.actor is not None
    playbook = outside.desks.process.playbook
    position = await outside.desks.deals.position(claimed.actor, claimed.task.subject_id)
    title = _("Where {code} stands").format(code=position.code)
    content = await _draw(lambda: process_chart(playbook, position))
    await hand_out(outside, claimed, Handout(name=f"{position.code}.png", title=title, content=content), claimed.actor)
