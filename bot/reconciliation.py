"""People, listed anew once each night in every workspace, so that whatever no event told, or told while nobody listened, is learned.

Nothing is noted of a listing under way: one that was broken off is begun again, and two processes may list the same workspace.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.clock import Clock
from domain.core.people import Profile
from domain.core.refusals import RecordsAway
from domain.core.workspaces import Workspace
from handlers.core.people import profile_of
from usecases.core.people import PeopleDesk

PAGE = 200
"""People asked for, and written, at a time: Slack advises no more."""
UNKNOWN_TO_SLACK = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
"""Slack's words for somebody it does not tell of any more."""
GROUP_IS_GONE = frozenset({"no_such_subteam", "subteam_not_found"})
"""Slack's words for a user group that was disabled or deleted: nobody is in it."""

log = structlog.get_logger()


class Reconciliation:
    """Lists the people of each workspace whose night it is. `client_of` must wait out rate limits by itself."""

    def __init__(self, people: PeopleDesk, client_of: Callable[[Workspace], AsyncWebClient], clock: Clock) -> None:
        self.people, self.client_of, self.clock = people, client_of, clock
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> int:
        """Begin the listings that are due; each may take minutes, as Slack allows some twenty pages in one."""
        for listing in await self.people.last_listings():
            if listing.is_due(self.clock.now()) and listing.workspace_id not in self._under_way:
                self._under_way[listing.workspace_id] = asyncio.create_task(self._take(listing.workspace_id))
        return 0

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Break off what is under way; what was learned is kept."""
        for task in self._under_way.values():
            task.cancel()
        await self.finish()

    async def _take(self, workspace_id: str) -> None:
        try:
            await self.reconcile(await self.people.workspace(workspace_id))
        except SlackApiError as refused:
            log.warning("people cannot be listed", workspace=workspace_id, error=refused.response.get("error"))
        except RecordsAway as away:
            log.error("the records cannot be reached", error=str(away), once=RecordsAway.once)
        except Exception:
            log.exception("people cannot be listed", workspace=workspace_id)
        finally:
            del self._under_way[workspace_id]

    async def reconcile(self, workspace: Workspace) -> None:
        """Learn everybody of a workspace anew, who is gone from it, and who is in the user groups that have a role.

        Raises SlackApiError.
        """
        began_at, client, here = self.clock.now(), self.client_of(workspace), workspace.workspace_id
        bot = Profile(slack_id=workspace.bot_user_id, name="Rainmaker", is_bot=True)
        learned = 0
        async for page in _pages(client):
            profiles = [profile_of(user, here) for user in page]
            bot = next((profile for profile in profiles if profile.slack_id == bot.slack_id), bot)
            learned += await self.people.learn_listed(here, [p for p in profiles if p.slack_id != bot.slack_id])
        asked = {bot.slack_id}
        while silent := {member.slack_id for member in await self.people.unheard_of(here, began_at)} - asked:
            await self._ask_after(client, here, sorted(silent))
            asked |= silent
        for group in await self.people.granted_groups(here):
            await self.people.follow_group(here, group, await _members_of(client, group))
        await self.people.learn_listed(here, [bot])  # as the last: it tells when a listing was last finished
        log.info("people listed", workspace=here, learned=learned)

    async def _ask_after(self, client: AsyncWebClient, workspace_id: str, slack_ids: list[str]) -> None:
        """Ask for whoever the listing left out, as it does with people of other firms, one by one."""
        found, gone = [], []
        for slack_id in slack_ids:
            try:
                answer = await client.users_info(user=slack_id, include_locale=True)
                found.append(profile_of(answer["user"], workspace_id))
            except SlackApiError as refused:
                if refused.response.get("error") not in UNKNOWN_TO_SLACK:
                    raise
                gone.append(slack_id)
        await self.people.learn_listed(workspace_id, found)
        await self.people.lose(workspace_id, gone)


async def _pages(client: AsyncWebClient) -> AsyncIterator[list[dict[str, Any]]]:
    cursor = None
    while True:
        page = await client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
        yield page.get("members") or []
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


async def _members_of(client: AsyncWebClient, group: str) -> list[str]:
    try:
        return list((await client.usergroups_users_list(usergroup=group)).get("users") or [])
    except SlackApiError as refused:
        if refused.response.get("error") not in GROUP_IS_GONE:
            raise
        return []
