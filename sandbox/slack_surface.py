"""Slack's own HTTP surface: Web API, sockets, uploads and downloads, response_urls, OAuth."""

from __future__ import annotations

import asyncio
import html
import json
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.installs import Grant
from sandbox.model import Json
from sandbox.responses import respond
from sandbox.web_api import perform
from sandbox.web_api.call import Call, read_arguments, read_client, read_token
from sandbox.world import SlackError, find_channel, is_external

if TYPE_CHECKING:
    from sandbox.server import Sandbox

LOG_LENGTH = 5_000


class SlackSurface:
    """Everything the app can reach; `calls` remembers what it did last, `count` is how many calls there have been."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        self.calls: deque[Json] = deque(maxlen=LOG_LENGTH)
        self.count = 0

    def calls_after(self, number: int) -> list[Json]:
        """The calls that came after the one of this number, the oldest first."""
        return list(takewhile(lambda call: call["n"] > number, reversed(self.calls)))[::-1]

    def add_routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self.api)
        app.router.add_get("/link/", self._sandbox.sockets.serve)
        app.router.add_post("/upload/{ticket}", self.upload)
        app.router.add_get("/files/{file}/{name:.*}", self.download)
        app.router.add_post("/response/{team}/{key}", self.response)
        app.router.add_get("/oauth/v2/authorize", self.authorize)

    async def api(self, request: web.Request) -> web.StreamResponse:
        method, faults = request.match_info["method"], self._sandbox.faults
        await asyncio.sleep(faults.latency(method))
        if faults.strikes("lost_call_rate", method) and request.transport is not None:
            request.transport.abort()  # never carried out, and the app cannot tell this from a lost answer
            return web.Response()
        if faults.strikes("error_rate", method):
            return self._answer(method, {}, {"ok": False, "error": "internal_error"}, status=500)
        try:
            args = await read_arguments(request)
            call = self._call(request, args)
        except SlackError as refusal:
            return self._answer(method, {}, {"ok": False, "error": refusal.error})
        if seconds := self._too_fast(method, call):
            return self._answer(method, args, {"ok": False, "error": "ratelimited"}, status=429, retry_after=seconds)
        if word := faults.refusals.get(method):
            return self._answer(method, args, {"ok": False, "error": word})
        answer = perform(method, call)
        self._sandbox.touch()
        self._note(method, args, answer)
        if faults.strikes("lost_response_rate", method) and request.transport is not None:
            request.transport.abort()  # carried out, and nobody hears of it
        headers = {"X-OAuth-Scopes": ",".join(self._scopes(call)), "Cache-Control": "private, no-store"}
        return web.json_response(answer, headers=headers)

    def _call(self, request: web.Request, args: Json) -> Call:
        return Call(
            world=self._world,
            blobs=self._sandbox.blobs,
            oauth=self._sandbox.oauth,
            args=args,
            token=read_token(request, args),
            client=read_client(request),
            new_socket_url=self._sandbox.sockets.new_url,
        )

    def _too_fast(self, method: str, call: Call) -> int:
        faults = self._sandbox.faults
        if faults.strikes("rate_429", method):
            return 1
        if not faults.rate_limits:
            return 0
        return self._sandbox.rates.wait(method, call.token or "", self._channel_id(call), faults.tier_factor)

    def _channel_id(self, call: Call) -> str:
        """The channel's id however it was named, so that a name and an id share one limit."""
        reference, team = str(call.args.get("channel", "")), self._world.team_with_token(call.token or "")
        try:
            return find_channel(team, reference).id if team else reference
        except SlackError:
            return reference

    def _scopes(self, call: Call) -> list[str]:
        team = self._world.team_with_token(call.token or "")
        return team.installation.scopes if team and team.installation else []

    def _answer(
        self, method: str, args: Json, answer: Json, *, status: int = 200, retry_after: int = 0
    ) -> web.Response:
        self._note(method, args, answer)
        headers = {"Retry-After": str(retry_after)} if retry_after else {}
        return web.json_response(answer, status=status, headers=headers)

    def _note(self, method: str, args: Json, answer: Json) -> None:
        self.count += 1
        note = {"n": self.count, "method": method, "args": args, "response": answer, "at": self._world.clock.now()}
        self.calls.append(note)

    async def upload(self, request: web.Request) -> web.Response:
        """The second step of an upload: raw bytes, or a form with one file in it, as the JavaScript SDK sends it."""
        place = self._sandbox.blobs.redeem(request.match_info["ticket"])
        if place is None:
            raise web.HTTPNotFound(text="unknown upload")
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0].file.read() if parts else b""
        else:
            content = await request.read()
        team, file = place
        self._sandbox.blobs.put(team, file, content)
        self._world.teams[team].files[file].size = len(content)
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """url_private: asks for the bearer token of the workspace; without one Slack shows its sign-in page."""
        team_id, _, file_id = request.match_info["file"].partition("-")
        token = read_token(request, dict(request.query)) or ""
        team = self._world.team_with_token(token)
        if team is None or team.id != team_id or team.installation is None or team.installation.revoked:
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        content = self._sandbox.blobs.get(team_id, file_id)
        file = team.files.get(file_id)
        if content is None or file is None or "files:read" not in team.installation.scopes:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=file.mimetype)

    async def response(self, request: web.Request) -> web.Response:
        text = await request.text()
        key = f"{request.match_info['team']}/{request.match_info['key']}"
        try:
            answer: Any = json.loads(text)
            respond(self._world, key, answer if isinstance(answer, dict) else {})
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackError as refusal:
            status = 404 if refusal.error in ("used_url", "expired_url", "invalid_response_url") else 200
            self._note("response_url", answer, {"ok": False, "error": refusal.error, **refusal.extra})
            return web.json_response({"ok": False, "error": refusal.error, **refusal.extra}, status=status)
        self._sandbox.touch()
        self._note("response_url", answer, {"ok": True})
        return web.json_response({"ok": True})

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """The consent page. With `as` in the query that person allows at once, which spares tests a click."""
        asked = request.query
        if asked.get("client_id") != self._world.credentials.client_id:
            return web.Response(text="Invalid client_id parameter", status=400)
        redirect = asked.get("redirect_uri") or next(iter(self._world.manifest.redirect_urls), "")
        known = self._world.manifest.redirect_urls
        if not redirect or (known and not any(redirect.startswith(url) for url in known)):
            return web.Response(text="redirect_uri did not match any configured URIs", status=400)
        if "as" not in asked:
            return web.Response(text=self._consent(dict(asked)), content_type="text/html")
        team = self._world.team_of(asked["as"])
        scopes = tuple(scope for scope in asked.get("scope", "").split(",") if scope) or self._world.manifest.scopes
        grant = Grant(team=team.id, user=asked["as"], scopes=scopes, redirect_uri=asked.get("redirect_uri", ""))
        answer = {"code": self._sandbox.oauth.grant(grant), "state": asked.get("state", "")}
        raise web.HTTPFound(f"{redirect}{'&' if '?' in redirect else '?'}{urlencode(answer)}")

    def _consent(self, asked: dict[str, str]) -> str:
        links = [
            f'<li><a href="?{html.escape(urlencode({**asked, "as": user.id}))}">'
            f"Allow as {html.escape(user.real_name)} in {html.escape(team.name)}</a></li>"
            for team in self._world.teams.values()
            for user in team.users.values()
            if not (user.is_bot or user.deleted or user.is_restricted or is_external(team, user))
        ]
        name, scopes = html.escape(self._world.manifest.name), html.escape(asked.get("scope", ""))
        return f"<!DOCTYPE html><title>{name}</title><h1>{name} asks for: {scopes}</h1><ul>{''.join(links)}</ul>"
