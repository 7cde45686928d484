"""HTTP mode: signed POSTs to the app's request URL, in the three encodings Slack uses."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from sandbox.dispatch import Ack, Delivery, Retry
from sandbox.model import Json
from sandbox.world import World

FORM = "application/x-www-form-urlencoded"


class HttpMode:
    """The transport of an app that listens itself; `connected` once it has echoed the challenge."""

    mode = "http"

    def __init__(self, world: World, url: str) -> None:
        self._world = world
        self._url = url
        self._verified = False
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    @property
    def connected(self) -> bool:
        return self._verified

    async def verify(self) -> None:
        """Send the url_verification challenge until the app, which may start after us, echoes it."""
        challenge = secrets.token_urlsafe(32)
        payload: Json = {
            "token": self._world.credentials.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        body = json.dumps(payload).encode()
        while not self._verified:
            ack = await self._post(body, "application/json", {}, 3)
            self._verified = ack.ok and ack.payload in ({"challenge": challenge}, {"text": challenge})
            await asyncio.sleep(0 if self._verified else 0.2)
        for team in self._world.teams.values():
            self._world.publish("app", team)

    async def deliver(self, delivery: Delivery, retry: Retry, seconds: float) -> Ack:
        headers = {}
        if retry.attempt:
            headers = {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        body, content_type = encoded(delivery)
        return await self._post(body, content_type, headers, seconds)

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str], seconds: float) -> Ack:
        timestamp = str(int(time.time()))  # the wall's time: apps compare it with theirs, wherever our clock is
        headers = {
            **headers,
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._world.credentials.signing_secret, timestamp, body),
        }
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(self._url, data=body, headers=headers, timeout=timeout) as response:
                return _read(response, await response.text())
        except TimeoutError:
            return Ack(ok=False, reason="http_timeout")
        except aiohttp.ClientError:
            return Ack(ok=False, reason="connection_failed")

    async def stop(self) -> None:
        await self._session.close()


def encoded(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(delivery.payload)}).encode(), FORM
    return urlencode(delivery.payload).encode(), FORM


def signature(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _read(response: aiohttp.ClientResponse, text: str) -> Ack:
    if not 200 <= response.status < 300:
        may_retry = response.headers.get("X-Slack-No-Retry") != "1"
        return Ack(ok=False, reason="http_error", may_retry=may_retry)
    try:
        payload = json.loads(text) if text.strip() else None
    except ValueError:
        payload = {"text": text}
    return Ack(ok=True, payload=payload if isinstance(payload, dict) else None)
