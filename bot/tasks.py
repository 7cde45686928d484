"""Tasks, carried out: claimed, handed to the function of their kind, and noted, tried again later or given up as that went.

A function may be called again for the same task, by another process, too: when one died over it, or the outcome is not known. So it looks
up what an earlier call has left outside before it does a thing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_errors import PASSING, error_of, retry_after
from domain.core.clock import Clock
from domain.core.gathering import Registry
from domain.core.language import speak
from domain.core.refusals import RecordsAway, Refusal
from domain.core.tasks import LONGEST_WAIT, MOST_TRIES
from domain.core.workspaces import Workspace
from usecases.core.tasks import ClaimedTask, TakenOver
from usecases.desks import Desks

MOST_AT_ONCE = 4
"""Tasks under way at the same time in one process."""
FEW_AT_ONCE = 2
"""The same while people are being served."""
TOKEN_IS_GONE = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Slack's words while the app is not installed: it may be again."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What tasks are carried out with. `client_of` gives the Web API client of a workspace; it must not retry by itself."""

    desks: Desks
    client_of: Callable[[Workspace], AsyncWebClient]
    session: aiohttp.ClientSession
    clock: Clock


CarryOut = Callable[[Outside, ClaimedTask], Awaitable[None]]
"""Carries out a task of one kind; what it raises decides whether the task is tried again."""
carries_out = Registry[CarryOut]("bot")
"""What carries out the tasks of each kind, each in the file of its noun."""


class TryLater(Exception):
    """It cannot be done now; tried again after a wait that grows, of `least` seconds at least."""

    def __init__(self, why: str, least: float = 0) -> None:
        super().__init__(why)
        self.why, self.least = why, least


class TaskWork:
    """Carries out what is due: a few tasks at once, each in a task of asyncio's. `carry_out` has the function of each kind.

    `is_quiet` says that nobody is being served; while somebody is, fewer are begun at once.
    """

    def __init__(
        self,
        outside: Outside,
        carry_out: Mapping[str, CarryOut],
        nudge: Callable[[], None] = lambda: None,
        is_quiet: Callable[[], bool] = lambda: True,
    ) -> None:
        self.outside, self.carry_out, self.nudge, self.is_quiet = outside, carry_out, nudge, is_quiet
        self.desk = outside.desks.tasks
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> int:
        """Begin what is due, as far as hands are free. Returns 0: each asks for another run when it ends."""
        free = self._free_hands()
        if free > 0:
            for claimed in await self.desk.claim(self.carry_out.keys(), free, self._under_way.keys()):
                self._under_way[claimed.task.id] = asyncio.create_task(self._take(claimed))
        return 0

    def _free_hands(self) -> int:
        return (MOST_AT_ONCE if self.is_quiet() else FEW_AT_ONCE) - len(self._under_way)

    async def next_at(self) -> datetime | None:
        """When there is something to do next; None while all hands are full, since the first to be free looks again."""
        if self._free_hands() <= 0:
            return None
        return await self.desk.next_at(self.carry_out.keys(), self._under_way.keys())

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _take(self, claimed: ClaimedTask) -> None:
        task = claimed.task
        bound = {"workspace": task.workspace_id, "task": task.id, "kind": task.kind, "about": task.subject_id}
        with structlog.contextvars.bound_contextvars(**bound):
            try:
                if task.tries > MOST_TRIES:  # the last of them ended with the process, or it would have been given up
                    await self.desk.give_up(claimed, "died")
                else:
                    await self._see_to(claimed)
            except RecordsAway as away:
                log.error("the records cannot be reached", error=str(away), once=RecordsAway.once)
            except Exception:
                log.exception("what became of a task could not be noted")  # its lease runs out by itself
        del self._under_way[task.id]
        self.nudge()

    async def _see_to(self, claimed: ClaimedTask) -> None:
        try:
            with speak(claimed.actor.locale if claimed.actor else "en-US"):
                await self.carry_out[claimed.task.kind](self.outside, claimed)
        except TryLater as later:
            await self.desk.later(claimed, later.why, later.least)
        except TakenOver:
            log.warning("a task was taken over")
        except Refusal as refused:
            log.info("there is nothing to be done any more", why=refused.sentence)
            await self.desk.let_be(claimed, refused.sentence)
        except SlackApiError as refused_by_slack:
            await self._refused(claimed, refused_by_slack)
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            await self.desk.later(claimed, type(broken).__name__)
        except RecordsAway:
            raise
        except Exception:
            log.exception("a bug in a task")
            await self.desk.later(claimed, "bug")
        else:
            await self.desk.done(claimed)

    async def _refused(self, claimed: ClaimedTask, refused: SlackApiError) -> None:
        error = error_of(refused)
        if not may_pass(refused):
            log.warning("a task is given up", error=error)
            await self.desk.give_up(claimed, error)
        elif error in TOKEN_IS_GONE:
            await self.desk.later(claimed, error, LONGEST_WAIT.total_seconds())
        else:
            is_asked_to_wait = refused.response.status_code == 429
            await self.desk.later(claimed, error, retry_after(refused) if is_asked_to_wait else 0)


def may_pass(refused: SlackApiError) -> bool:
    """Whether what Slack refuses may go well another time."""
    status = refused.response.status_code
    return error_of(refused) in PASSING | TOKEN_IS_GONE or status == 429 or status >= 500
