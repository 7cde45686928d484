"""Slack's own hosts: only there the bot's token is shown as a file is fetched, and only there answers are posted.

`files.info` says where a file is. That may be elsewhere, as of a file that is kept in another service.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from domain.core.language import _
from domain.core.refusals import RuleBroken

SLACK = ("slack.com", "slack-gov.com")
"""Slack's own domains."""
MOST_REDIRECTS = 5


@asynccontextmanager
async def downloaded(
    client: AsyncWebClient, session: aiohttp.ClientSession, file: Mapping[str, Any]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Slack's answer to a request for a file's content; where it leads elsewhere, that is asked without the token.

    Raises RuleBroken (field `file`) for a file that is not kept in Slack, aiohttp.ClientError.
    """
    address = file.get("url_private_download")
    if not address or file.get("is_external") or not is_slacks(URL(str(address)), client):
        raise RuleBroken(
            _("This file is not kept in Slack. Download it, and upload the file itself here."), field="file"
        )
    url, headers = URL(str(address)), {"Authorization": f"Bearer {client.token}"}
    for _turn in range(MOST_REDIRECTS):
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            leads_to = response.headers.get("Location") if 300 <= response.status < 400 else None
            if leads_to is None:
                yield response
                return
        url, headers = url.join(URL(leads_to)), {}
    raise aiohttp.ClientError("too many redirects")


def is_slacks(url: URL, client: AsyncWebClient) -> bool:
    """Whether an address is Slack's own, over TLS, or that of the Slack-compatible workspace the client speaks to."""
    return url.origin() == URL(client.base_url).origin() or (url.scheme == "https" and _is_in(SLACK, url))


def is_hook(url: URL, client: AsyncWebClient) -> bool:
    """Whether answers to a request may be posted there: Slack's hooks, or the Slack-compatible workspace the client speaks to."""
    ours = URL(client.base_url)
    if _is_in(SLACK, ours):
        return url.scheme == "https" and url.host in {f"hooks.{domain}" for domain in SLACK}
    return url.origin() == ours.origin()


def _is_in(domains: Sequence[str], url: URL) -> bool:
    host = url.host or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
