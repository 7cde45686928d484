"""What is served over HTTP, all on one port: Slack's requests, installation, health and metrics."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

if TYPE_CHECKING:
    from bot.app import Rainmaker

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes; Slack's largest request is a modal of 250 kB."""

LONGEST_TIMESTAMP = 12
"""Digits; Slack's have ten."""
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What Bolt raises on bodies that are no JSON, no form, or JSON that is no object."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


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
    async def slack(request: web.Request) -> web.Response:
        """Hand a request of Slack's to Bolt; what cannot be read is refused before it gets there."""
        if not _could_be_signed(request):
            return web.json_response({"error": "this is no signature of Slack's"}, status=401)
        try:
            bolt_request = await to_bolt_request(request)
        except UNREADABLE:
            return web.json_response({"error": "the request cannot be read"}, status=400)
        if not _has_shape(bolt_request.body):
            return web.json_response({"error": "the request is none of Slack's"}, status=400)
        return await to_aiohttp_response(await rain.app.async_dispatch(bolt_request))

    return slack


def _could_be_signed(request: web.Request) -> bool:
    """Whether Bolt can check the signature at all: it takes a timestamp for a number, and a signature for ASCII."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "0")
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP
    return is_number and request.headers.get("X-Slack-Signature", "").isascii()


def _has_shape(body: dict[str, Any]) -> bool:
    """Whether the parts that Bolt and our listeners take for objects are such."""
    is_event = isinstance(body.get("event", {}), dict)
    return is_event and all(isinstance(body.get(part) or {}, dict) for part in ("user", "team", "channel", "view"))


def _install_of(rain: "Rainmaker") -> Handler:
    async def install(request: web.Request) -> web.Response:
        assert rain.oauth is not None
        return await to_aiohttp_response(await rain.oauth.handle_installation(await to_bolt_request(request)))

    return install


def _installed_of(rain: "Rainmaker") -> Handler:
    async def installed(request: web.Request) -> web.Response:
        assert rain.oauth is not None
        return await to_aiohttp_response(await rain.oauth.handle_callback(await to_bolt_request(request)))

    return installed
