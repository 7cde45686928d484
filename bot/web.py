"""What is served over HTTP, all on one port: Slack's requests, installation, health and metrics."""

import time
from typing import TYPE_CHECKING, Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.door import LARGEST_BODY, Handler, is_slacks, refusal

if TYPE_CHECKING:
    from bot.app import Rainmaker

LONGEST_SSL_CHECK = 1_000
"""Bytes of the form that Slack sends, unsigned, to see whether the certificate is good."""
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What Bolt raises on bodies that are no JSON, no form, or JSON that is no object."""


def web_app(rain: "Rainmaker", *, takes_slack: bool) -> web.Application:
    """The application; without `takes_slack` (Socket Mode) it only has health and metrics."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready_of(rain))
    app.router.add_get("/metrics", _metrics_of(rain))
    if takes_slack:
        app.router.add_post("/slack/events", _slack_of(rain))
        if rain.oauth:
            app.router.add_get("/slack/install", _install_of(rain))
            app.router.add_get("/slack/oauth_redirect", _installed_of(rain))
    return app


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n")


def _ready_of(rain: "Rainmaker") -> Handler:
    async def ready(_request: web.Request) -> web.Response:
        """Whether requests can be served: the database answers, is at the newest migration, and the timetable is kept."""
        checks = await rain.readiness()
        return web.json_response(checks, status=200 if all(checks.values()) else 503)

    return ready


def _metrics_of(rain: "Rainmaker") -> Handler:
    async def metrics(_request: web.Request) -> web.Response:
        await rain.measure_backlog()
        return web.Response(body=generate_latest(rain.metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return metrics


def _slack_of(rain: "Rainmaker") -> Handler:
    secret = rain.settings.slack_signing_secret
    assert secret is not None

    async def slack(request: web.Request) -> web.Response:
        """Hand what Slack has signed to Bolt."""
        body = await request.read()
        if not is_slacks(request.headers, body, secret.get_secret_value(), time.time()):
            is_ssl_check = len(body) <= LONGEST_SSL_CHECK and b"ssl_check=1" in body.split(b"&")
            return web.Response() if is_ssl_check else _refused(rain, 401, "the signature is not Slack's")
        try:
            bolt_request = _bolt_request(request, body.decode())
        except UNREADABLE:
            return _refused(rain, 400, "the request cannot be read")
        if not _has_shape(bolt_request.body):
            return _refused(rain, 400, "the request is none of Slack's")
        return await to_aiohttp_response(await rain.app.async_dispatch(bolt_request))

    return slack


def _refused(rain: "Rainmaker", status: int, sentence: str) -> web.Response:
    rain.metrics.note_request("", status, 0)
    return refusal(status, sentence)


def _bolt_request(request: web.Request, body: str) -> AsyncBoltRequest:
    return AsyncBoltRequest(body=body, query=request.query_string, headers=request.headers)  # type: ignore[arg-type]


def _has_shape(body: dict[str, Any]) -> bool:
    """Whether the parts that Bolt and our listeners take for objects are such."""
    is_event = isinstance(body.get("event", {}), dict)
    return is_event and all(isinstance(body.get(part) or {}, dict) for part in ("user", "team", "channel", "view"))


def _install_of(rain: "Rainmaker") -> Handler:
    async def install(request: web.Request) -> web.Response:
        assert rain.oauth is not None
        return await to_aiohttp_response(await rain.oauth.handle_installation(_bolt_request(request, "")))

    return install


def _installed_of(rain: "Rainmaker") -> Handler:
    async def installed(request: web.Request) -> web.Response:
        assert rain.oauth is not None
        return await to_aiohttp_response(await rain.oauth.handle_callback(_bolt_request(request, "")))

    return installed
