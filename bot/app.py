"""Builds the bot: the one place where all arrows are tied. Everything outside (database, clock, session) is an argument."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.bolt_app import QUIET_SECONDS, MeasuredApp
from bot.clock import FollowedClock
from bot.delivery import API_SECONDS, Delivery
from bot.door import Door, raise_file_limit
from bot.errors import show_error
from bot.gc_tuning import settle
from bot.installation import install_own_token, oauth_flow
from bot.metrics import Metrics
from bot.middleware import Authorize, Introduction
from bot.reconciliation import Reconciliation
from bot.settings import Settings
from bot.shared_clock import SharedClock, watching_slack
from bot.starting import APP_TOKEN, BOT_TOKEN, calling_slack, opening_database, opening_port
from bot.tasks import Outside, TaskWork, carries_out
from bot.token_keys import tokens_of
from bot.web import web_app
from domain.core.clock import Clock
from domain.core.refusals import RecordsAway
from domain.core.workspaces import Workspace
from domain.playbook.loading import load_playbook
from domain.playbook.playbook import Playbook
from scheduling.runner import Runner
from scheduling.timetable import timetable
from storage.engine.database import Database, open_database
from storage.migrations import current, newest, upgrade
from storage.unit_of_work import Store
from usecases.desk import CARRY_OUT_TASKS, DELIVER_OUTBOX
from usecases.desks import Desks

PEOPLE_WAIT = 2.0
"""Seconds in which a write must have begun: Slack waits three for the answer, and people are to read why there is none."""
PATIENCE = 10
"""How often in a row a nightly listing waits as long as Slack asks before it gives up until the next look."""

log = structlog.get_logger()


@dataclass
class Rainmaker:
    """A built bot, not yet started."""

    settings: Settings
    database: Database
    clock: Clock
    session: aiohttp.ClientSession
    playbook: Playbook
    """The process in force: sales, delivery and care."""
    greets: bool = True
    """Whether the first admin is greeted with what is to be set up."""
    metrics: Metrics = field(default_factory=Metrics)
    oauth: AsyncOAuthFlow | None = None

    def __post_init__(self) -> None:
        self.tokens_at_rest = tokens_of(self.settings)
        self.desks = Desks(Store(self.database, self.clock, self.tokens_at_rest), self.playbook, self._nudge)
        self.client = self._client(retries=1)
        self.delivery = Delivery(
            self.desks.outbox,
            self.client_of,
            self.playbook.sales,
            self.clock,
            self.metrics,
            self._nudge_delivery,
            self._is_quiet,
        )
        self.reconciliation = Reconciliation(self.desks.people, self.patient_client_of, self.clock)
        outside = Outside(desks=self.desks, client_of=self.client_of, session=self.session, clock=self.clock)
        self.tasks = TaskWork(outside, carries_out.all, self._nudge_tasks, self._is_quiet)
        jobs = timetable(
            self.desks,
            deliver=self.delivery.run,
            next_delivery_at=self.delivery.next_at,
            reconcile=self.reconciliation.run,
            carry_out_tasks=self.tasks.run,
            next_task_at=self.tasks.next_at,
            check_clock=self.check_clock,
        )
        self.runner = Runner(jobs, self.clock, self._count_run, self._is_quiet, self._is_clock_right)
        self.oauth = oauth_flow(self.settings, self.client, self.desks.people, self.desks.process)
        self.app = self._bolt_app()
        self._following: list[asyncio.Task[None]] = []

    def _bolt_app(self) -> MeasuredApp:
        secret = self.settings.slack_signing_secret
        app = MeasuredApp(
            name="rainmaker",  # else Bolt reads the source of everything under way to find a name
            client=self.client,
            signing_secret=secret.get_secret_value() if secret else None,
            authorize=Authorize(self.desks.people),  # type: ignore[arg-type]  # Bolt takes an AsyncAuthorize, too
            process_before_response=True,
        )
        app.metrics = self.metrics
        others = {"desks": self.desks, "playbook": self.playbook.sales, "clock": self.clock}
        app.use(Introduction(self.desks.people, vars(self.desks) | others))
        app.error(show_error)
        handlers.register(app)
        return app

    def _client(self, *, retries: int, token: str | None = None) -> AsyncWebClient:
        """A Web API client on the one shared session, which waits so often in a row as long as Slack asks.

        With `retries`, a call whose connection broke is made again, too. Deliveries have none: a second post would be said twice.
        """
        again: list[AsyncRetryHandler] = (
            [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(max_retry_count=retries)]
            if retries
            else []
        )
        return AsyncWebClient(
            token=token,
            base_url=str(self.settings.slack_api_url),
            session=self.session,
            timeout=API_SECONDS,
            retry_handlers=again,
        )

    def client_of(self, workspace: Workspace) -> AsyncWebClient:
        """The Web API client that acts for the bot in a workspace."""
        return self._client(retries=0, token=workspace.bot_token)

    def patient_client_of(self, workspace: Workspace) -> AsyncWebClient:
        """The same for what only reads and has time: it waits as long as Slack asks."""
        return self._client(retries=PATIENCE, token=workspace.bot_token)

    def _nudge(self, *jobs: str) -> None:
        for job in jobs:
            self.runner.nudge(job)

    def _nudge_delivery(self) -> None:
        self._nudge(DELIVER_OUTBOX)

    def _nudge_tasks(self) -> None:
        self._nudge(CARRY_OUT_TASKS)

    def _is_quiet(self) -> bool:
        return time.monotonic() - self.app.served_at > QUIET_SECONDS

    async def check_clock(self) -> int:
        """Compare this machine's clock with the database's, and say where it is wrong; nothing waits where one was set back. Returns 0.

        A wrong clock is compared with Slack's here, too: nothing else that waits for it asks Slack.
        """
        if isinstance(self.clock, SharedClock):
            theirs = await self.desks.upkeep.database_now()
            if theirs:
                self.clock.note_database(theirs)
            if not self.clock.is_right:
                with contextlib.suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
                    await self.client.api_test()
            self.clock.tell()
        if self._is_clock_right():
            await self.desks.upkeep.catch_up()
        return 0

    def _is_clock_right(self) -> bool:
        return not isinstance(self.clock, SharedClock) or self.clock.is_right

    def _count_run(self, job: str, went_well: bool) -> None:
        self.metrics.jobs.labels(job=job, outcome="ok" if went_well else "failed").inc()

    async def prepare(self) -> None:
        """Bring the database up to date, and keep the installation of an own token and the playbook that was loaded.

        Raises StartRefused where the database or Slack cannot be reached, or Slack does not accept the token.
        """
        with opening_database(self.settings.rainmaker_database_url):
            await current(self.database)
        await upgrade(self.database)
        await self.check_clock()
        if isinstance(self.clock, FollowedClock):
            await self.clock.ask(self.session)
        if self.settings.slack_bot_token:
            own = self._client(retries=1, token=self.settings.slack_bot_token.get_secret_value())
            with calling_slack(str(self.settings.slack_api_url), "SLACK_BOT_TOKEN", BOT_TOKEN):
                await install_own_token(self.settings, own, self.desks.people, greets=self.greets)
        await self._seal_tokens()
        for listing in await self.desks.people.last_listings():
            await self.desks.process.keep(listing.workspace_id)

    async def _seal_tokens(self) -> None:
        """Encrypt tokens that were stored before there was a key."""
        if not self.tokens_at_rest.are_sealed:
            log.warning("bot tokens are stored in plain text: set RAINMAKER_TOKEN_KEYS")
            return
        for workspace_id in await self.desks.upkeep.workspace_ids():
            await self.desks.upkeep.seal_token(workspace_id)

    async def start(self) -> None:
        """Keep the timetable from now on."""
        self.runner.start()
        if isinstance(self.clock, FollowedClock):
            self.clock.on_move = self.runner.nudge_all
            self._following.append(asyncio.create_task(self.clock.follow(self.session)))

    async def stop(self) -> None:
        """Finish what is under way, then let go of everything."""
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await self.runner.stop()
        await self.reconciliation.stop()
        await self.delivery.finish()
        await self.tasks.finish()
        await self.session.close()
        await self.database.close()

    async def readiness(self) -> dict[str, bool]:
        """What must hold before requests are sent here."""
        try:
            revision = await current(self.database)
        except Exception as error:
            log.error("the database does not answer", error=str(error).splitlines()[0], once=RecordsAway.once)
            found = {"database": False, "migrations": False}
        else:
            found = {"database": True, "migrations": revision == newest()}
        return found | {"scheduler": self.runner.is_running, "clock": self._is_clock_right()}

    async def measure_backlog(self) -> None:
        """Bring the gauges up to date."""
        backlog, now = await self.desks.upkeep.backlog(), self.clock.now()
        self.metrics.outbox_depth.set(backlog.open_messages)
        self.metrics.reminders_late.set(backlog.late_reminders)
        self.metrics.tasks_late.set(backlog.late_tasks)
        self.metrics.timers_late.set(backlog.late_timers)
        for gauge, since in (
            (self.metrics.outbox_age, backlog.oldest_message_at),
            (self.metrics.reminders_lateness, backlog.oldest_reminder_at),
        ):
            gauge.set((now - since).total_seconds() if since else 0)


def build(
    settings: Settings,
    *,
    database: Database | None = None,
    clock: Clock | None = None,
    session: aiohttp.ClientSession | None = None,
    playbook: Playbook | None = None,
    greets: bool = True,
) -> Rainmaker:
    """The bot as the settings say, with other outside things where they are given. Must be called inside the event loop.

    Raises PlaybookRefused, and StartRefused where the folder of the database cannot be made.
    """
    playbook = playbook or load_playbook(settings.rainmaker_playbook)
    if database is None:
        with opening_database(settings.rainmaker_database_url):
            database = open_database(settings.rainmaker_database_url, PEOPLE_WAIT)
    if clock is None:
        clock = FollowedClock(str(settings.rainmaker_clock_url)) if settings.rainmaker_clock_url else SharedClock()
    if session is None:
        watches = [watching_slack(clock, settings.slack_api_url.host or "")] if isinstance(clock, SharedClock) else []
        session = aiohttp.ClientSession(trace_configs=watches)
    return Rainmaker(
        settings=settings,
        database=database,
        clock=clock,
        session=session,
        playbook=playbook,
        greets=greets,
    )


async def serve(
    rain: Rainmaker,
    *,
    http: bool,
    stopped: asyncio.Event,
    when_running: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Run until `stopped`: Slack over HTTP, or over Socket Mode with health and metrics on the port.

    Raises StartRefused.
    """
    raise_file_limit()
    host, port = rain.settings.rainmaker_host, rain.settings.rainmaker_port
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(rain.stop)
        await rain.prepare()
        await rain.start()
        door = Door(web_app(rain, takes_slack=http))
        stack.push_async_callback(door.close)
        with opening_port(host, port):
            await door.open(host=host, port=port)
        settle()
        if not http:
            stack.push_async_callback(await _connect(rain))
        log.info("running", mode="http" if http else "socket", port=port)
        if when_running:
            await when_running()
        await stopped.wait()


async def _connect(rain: Rainmaker) -> Any:
    token = rain.settings.slack_app_token
    assert token is not None
    socket = AsyncSocketModeHandler(rain.app, token.get_secret_value(), web_client=rain.client)
    with calling_slack(str(rain.settings.slack_api_url), "SLACK_APP_TOKEN", APP_TOKEN):  # the SDK would ask for ever
        opened = await rain.client.apps_connections_open(app_token=token.get_secret_value())
    socket.client.wss_uri = opened["url"]
    await socket.connect_async()  # type: ignore[no-untyped-call]
    return socket.close_async
