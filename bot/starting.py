"""What keeps Rainmaker from starting, said in a sentence: the database, the network, a token, the port."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from asyncpg import PostgresError
from slack_sdk.errors import SlackApiError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

BOT_TOKEN = "copy the Bot User OAuth Token from your app's OAuth & Permissions page"
APP_TOKEN = "make an app-level token with connections:write on your app's Basic Information page"
REFUSED_TOKENS = frozenset(
    {"account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "token_expired", "token_revoked"}
)
"""Slack's words for a token that it does not take, or no longer."""


class StartRefused(Exception):
    """Rainmaker cannot start; the sentence says what is wrong and what to do. Never shows a secret."""


@contextmanager
def opening_database(url: str) -> Iterator[None]:
    """Raises StartRefused where the database behind the url cannot be opened or read."""
    try:
        yield
    except (OSError, PostgresError, DBAPIError) as error:
        place = make_url(url)
        where = place.database if place.get_backend_name() == "sqlite" else f"{place.host or 'local'}/{place.database}"
        raise StartRefused(
            f"The database {where} cannot be opened ({_reason(error)}): check RAINMAKER_DATABASE_URL."
        ) from error


@contextmanager
def calling_slack(url: str, setting: str, remedy: str) -> Iterator[None]:
    """Raises StartRefused where Slack cannot be reached, or does not take the token of the setting; `remedy` gets a new one."""
    try:
        yield
    except SlackApiError as refused:
        why = refused.response.get("error")
        if why not in REFUSED_TOKENS:
            raise
        raise StartRefused(f"Slack does not accept {setting} ({why}): {remedy}.") from refused
    except (aiohttp.ClientConnectionError, TimeoutError) as error:
        raise StartRefused(
            f"Slack cannot be reached at {url} ({_reason(error)}): check the network and SLACK_API_URL."
        ) from error


@contextmanager
def opening_port(host: str, port: int) -> Iterator[None]:
    """Raises StartRefused where nobody can listen there."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = f"Port {port} is taken: stop what listens there, or set RAINMAKER_PORT to another one."
        else:
            sentence = f"{host}:{port} cannot be opened ({_reason(error)}): check RAINMAKER_HOST and RAINMAKER_PORT."
        raise StartRefused(sentence) from error


def _reason(error: BaseException) -> str:
    """What the machine says, without its class, numbers and addresses."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return _reason(error.os_error)
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return os.strerror(error.errno)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    origin = error.orig if isinstance(error, DBAPIError) else error
    return str(origin).rpartition("'>: ")[2] or "no answer in time"
