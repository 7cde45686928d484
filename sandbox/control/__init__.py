"""The control API: what the page and the test driver do and see, as JSON under /_control/."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.control import interacting, operating, reading, talking  # noqa: F401
from sandbox.control.routes import GETS, POSTS, answered, read_json
from sandbox.world import SlackError, find_user

if TYPE_CHECKING:
    from sandbox.server import Sandbox

__all__ = ["add_control_routes"]

KEEP_ALIVE = 15  # seconds between comments on a quiet stream


def add_control_routes(app: web.Application, sandbox: Sandbox) -> None:
    async def get(request: web.Request) -> web.Response:
        answer = GETS.get(request.match_info["what"])
        if answer is None:
            raise web.HTTPNotFound
        return await answered(answer, sandbox, dict(request.query))

    async def post(request: web.Request) -> web.Response:
        answer = POSTS.get(request.match_info["what"])
        if answer is None:
            raise web.HTTPNotFound
        try:
            body: Any = await read_json(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"}, status=400)
        return await answered(answer, sandbox, body)

    async def upload(request: web.Request) -> web.Response:
        form = await request.post()
        return await answered(lambda asked: talking.upload(asked, form.get("file")), sandbox, _texts(form))

    async def stream(request: web.Request) -> web.StreamResponse:
        return await _stream(request, sandbox)

    async def file(request: web.Request) -> web.Response:
        return _file(request, sandbox)

    app.router.add_get("/_control/stream", stream)
    app.router.add_get("/_control/file/{file}/{name:.*}", file)
    app.router.add_post("/_control/upload", upload)
    app.router.add_get("/_control/{what}", get)
    app.router.add_post("/_control/{what}", post)


def _texts(form: Any) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}


async def _stream(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    """Server-sent events until the watcher leaves or the workspace stops."""
    user_id = request.query.get("as", "")
    try:
        team = sandbox.world.team_of(user_id)
    except SlackError as refusal:
        raise web.HTTPNotFound(text=refusal.error) from None
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    watcher = sandbox.stream.watch(team, find_user(team, user_id))
    try:
        await response.prepare(request)
        await response.write(b": welcome\n\n")
        while True:
            try:
                seen = await asyncio.wait_for(watcher.queue.get(), KEEP_ALIVE)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if seen is None:
                break
            await response.write(f"data: {json.dumps(seen)}\n\n".encode())
    except ConnectionResetError:
        pass
    finally:
        sandbox.stream.leave(watcher)
    return response


def _file(request: web.Request, sandbox: Sandbox) -> web.Response:
    """A file for the page's own eyes, without a token."""
    file_id = request.match_info["file"]
    for team in sandbox.world.teams.values():
        content = sandbox.blobs.get(team.id, file_id)
        if file_id in team.files and content is not None:
            return web.Response(body=content, content_type=team.files[file_id].mimetype)
    raise web.HTTPNotFound
