"""The workspace as a server: ties state, transports, Slack's surface, control API and page together on one port."""

import asyncio
import contextlib
from pathlib import Path

from aiohttp import web

from sandbox import messages
from sandbox.clock import Clock
from sandbox.control import add_control_routes
from sandbox.desk import Desk
from sandbox.dispatch import Dispatch
from sandbox.events import EventFeed
from sandbox.faults import Faults, RateLimits
from sandbox.firm import found_team, read_firm
from sandbox.http_mode import HttpMode
from sandbox.installs import OAuth
from sandbox.manifest import read_manifest
from sandbox.model import Json, Scheduled, Team
from sandbox.slack_surface import SlackSurface
from sandbox.socket import SocketMode
from sandbox.storage import Blobs, Keeper
from sandbox.stream import Stream
from sandbox.world import SlackError, World, bot_of

PAGE = Path(__file__).parent / "page"


class Sandbox:
    """A running workspace. `start_line` tells an app (and a person) how to reach it."""

    def __init__(
        self,
        manifest: Json,
        *,
        events_url: str | None,
        data: Path | None,
        clock: Clock,
        firm: Json,
        guide: Json | None,
    ) -> None:
        self.world = World(read_manifest(manifest), clock)
        self.blobs = Blobs(data.with_suffix(data.suffix + ".files") if data else None)
        self.keeper = Keeper(self.world, data) if data else None
        self.oauth = OAuth()
        self.faults = Faults()
        self.rates = RateLimits()
        self.events_url = events_url
        self.guide = guide
        self.sockets = SocketMode(self.world)
        self._firm = firm
        self._tasks: list[asyncio.Task[None]] = []
        self._due = asyncio.Event()

    async def start(self, port: int = 0) -> None:
        """Bind 127.0.0.1; port 0 takes a free one."""
        self.http = HttpMode(self.world, self.events_url) if self.events_url else None
        self.dispatch = Dispatch(self.world, self.http or self.sockets)
        self.desk = Desk(self.world, self.dispatch)
        self.stream = Stream(self.world, self.dispatch, self.faults)
        self.surface = SlackSurface(self)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await self._bind(port)
        self._fill()
        self.world.listen(EventFeed(self.world, self.dispatch).take)
        self.world.listen(self.stream.take)
        self.world.listen(lambda _change: self.touch())
        self._tasks = [asyncio.create_task(self._post_scheduled())]
        if self.keeper:
            self._tasks.append(asyncio.create_task(self.keeper.run()))
        if self.http:
            self._tasks.append(asyncio.create_task(self.http.verify()))

    async def stop(self) -> None:
        self.stream.stop()
        await self.dispatch.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.stop()
        if self.http:
            await self.http.stop()
        await self._runner.cleanup()

    @property
    def start_line(self) -> dict[str, str]:
        base, keys, team = self.world.base_url, self.world.credentials, self.world.home_team()
        installed = team.installation
        return {
            "api_url": f"{base}/api/",
            "bot_token": installed.bot_token if installed else "",
            "app_token": keys.app_token,
            "signing_secret": keys.signing_secret,
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "page": f"{base}/",
            "control": f"{base}/_control/",
            "team_id": team.id,
            "bot_user_id": bot_of(team).id,
            "installer": installed.installer if installed else "",
        }

    def touch(self) -> None:
        """Something has changed: it is to be kept, and a scheduled message may be due earlier than thought."""
        if self.keeper:
            self.keeper.touch()
        self._due.set()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.surface.add_routes(app)
        add_control_routes(app, self)
        app.router.add_get("/", self._index)
        if PAGE.is_dir():
            app.router.add_static("/static/", PAGE)
        return app

    async def _index(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})

    async def _bind(self, port: int) -> None:
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        address = self._runner.addresses[0]
        self.world.base_url = f"http://127.0.0.1:{address[1]}"

    def _fill(self) -> None:
        if self.keeper is None or not self.keeper.load():
            found_team(self.world, self._firm)
            self.touch()
        elif (installed := self.world.home_team().installation) is not None:
            installed.scopes = list(self.world.manifest.scopes)  # the manifest may have changed since

    async def _post_scheduled(self) -> None:
        """Post each scheduled message when the workspace's clock comes to it."""
        while True:
            self._due.clear()
            teams = self.world.teams.values()
            waiting = [(one.post_at, team, one) for team in teams for one in team.scheduled.values()]
            if not waiting:
                await self._due.wait()
                continue
            post_at, team, one = min(waiting, key=lambda item: item[0])
            if post_at <= self.world.clock.now():
                self._post_one(team, one)
            else:
                await self._until_due(post_at)

    async def _until_due(self, post_at: float) -> None:
        """Wait for the moment, or for something that may bring an earlier one."""
        waits = [asyncio.ensure_future(self.world.clock.until(post_at)), asyncio.ensure_future(self._due.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _post_one(self, team: Team, one: Scheduled) -> None:
        del team.scheduled[one.id]
        installed = team.installation
        if installed is None or installed.uninstalled:
            return
        fields = one.content | {"user": installed.bot_user, "bot_id": installed.bot_id}
        with contextlib.suppress(SlackError):  # the channel was archived meanwhile: Slack drops the message, too
            messages.post(self.world, team, team.channels[one.channel], **fields)


def create(
    manifest: Json,
    *,
    events_url: str | None = None,
    data: Path | str | None = None,
    clock: Clock | None = None,
    firm: Json | None = None,
    guide: Json | None = None,
) -> Sandbox:
    """Make a workspace for the app of this manifest; `start` it in a running event loop."""
    path = Path(data) if data else None
    return Sandbox(
        manifest, events_url=events_url, data=path, clock=clock or Clock(), firm=firm or read_firm(), guide=guide
    )
