"""Bolt's app as Rainmaker runs it: measured, and quick to find the listener of a request among hundreds."""

import time
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener_matcher.async_builtins import AsyncBuiltinListenerMatcher
from slack_bolt.listener_matcher.async_listener_matcher import AsyncListenerMatcher
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.metrics import Metrics
from bot.middleware import legible
from domain.core.language import speak

QUIET_SECONDS = 1.0
"""How long after a request jobs still make way: people come in bursts, and one press leads to the next."""


class BodyMatcher(AsyncListenerMatcher):
    """Bolt's own matcher, handed the body of the request.

    Bolt asks one listener after the other and gathers some forty arguments for each, of which its matchers take the body alone.
    """

    def __init__(self, matcher: AsyncBuiltinListenerMatcher) -> None:
        assert list(matcher.arg_names) == ["body"]
        self._is_for = matcher.func

    async def async_matches(self, req: AsyncBoltRequest, resp: BoltResponse) -> bool:
        """Whether the listener is for this request."""
        return bool(await self._is_for(body=req.body))  # type: ignore[misc]


class MeasuredApp(AsyncApp):
    """Bolt's app, with every request's time taken and each begun in no particular language."""

    metrics: Metrics
    served_at = -QUIET_SECONDS
    """When the latest request came, on the machine's monotonic clock."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""
        began = time.perf_counter()
        self.served_at = time.monotonic()
        structlog.contextvars.clear_contextvars()
        req.body = legible(req.body)
        with speak("en-US"):
            answer = await super().async_dispatch(req)
        kind = str(req.body.get("type") or ("slash" if "command" in req.body else ""))
        self.metrics.note_request(kind, answer.status, time.perf_counter() - began)
        return answer

    def _register_listener(
        self, functions: Any, primary_matcher: AsyncListenerMatcher, *others: Any, **named: Any
    ) -> Any:
        assert isinstance(primary_matcher, AsyncBuiltinListenerMatcher)
        return super()._register_listener(functions, BodyMatcher(primary_matcher), *others, **named)
