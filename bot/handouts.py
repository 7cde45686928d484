"""Files that somebody asked for, such as a chart: made in a thread and uploaded to their messages, after they have been answered."""

import asyncio
from collections.abc import Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.people import Actor
from domain.core.workspaces import Workspace
from usecases.core.people import PeopleDesk

log = structlog.get_logger()


class Handouts:
    """Hands out files. One that this process dies over is lost, and whoever asked for it asks again."""

    def __init__(self, people: PeopleDesk, client_of: Callable[[Workspace], AsyncWebClient]) -> None:
        self.people, self.client_of = people, client_of
        self._under_way: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    def hand_over(self, actor: Actor, name: str, title: str, make: Callable[[], bytes]) -> None:
        """Begin to make a file for somebody; `name` is the file's, `title` what it is, in the language of the request."""
        task = asyncio.create_task(self._take(actor, name, title, make))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _take(self, actor: Actor, name: str, title: str, make: Callable[[], bytes]) -> None:
        try:
            async with self._one_at_a_time:
                content = await asyncio.to_thread(make)
            await self._upload(actor, name, title, content)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as trouble:
            log.warning("a file could not be handed over", file=name, error=str(trouble))
        except Exception:
            log.exception("a bug in a file", file=name)

    async def _upload(self, actor: Actor, name: str, title: str, content: bytes) -> None:
        client = self.client_of(await self.people.workspace(actor.workspace_id))
        opened = await client.conversations_open(users=actor.slack_id)
        channel = opened["channel"]["id"]
        await client.files_upload_v2(channel=channel, filename=name, title=title, alt_txt=title, content=content)
