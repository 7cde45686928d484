"""The one place where a refusal or a bug is shown to a person: under the field, in a modal, or privately in the channel.

A refusal is an answer: the request counts as dealt with. Anything else is a bug: it is logged with a ticket, and the person is told the
ticket. Only an event that met a bug is left unanswered, because Slack then sends it again.
"""

import json
import secrets
from typing import Any

import aiohttp
import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.language import _
from domain.core.refusals import FormRefused, RecordsAway, Refusal
from views.kit import escape, notice, say

Body = dict[str, Any]

TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
"""Slack's words for a modal that is opened more than three seconds after the press, or twice."""

log = structlog.get_logger()


async def show_error(error: Exception, body: Body, context: AsyncBoltContext, client: AsyncWebClient) -> BoltResponse:
    """Tell the person, and answer Slack."""
    if isinstance(error, Refusal):
        log.info("refused", why=error.sentence)
        return await _show(error.sentence, error, body, context, client)
    if isinstance(error, RecordsAway):
        log.error("the records cannot be reached", error=str(error), once=RecordsAway.once)
        if body.get("type") == "event_callback":
            return BoltResponse(status=500, body="")
        sentence = _("I can't reach my records just now. Nothing was lost; please try again in a moment.")
        return await _show(sentence, error, body, context, client)
    if isinstance(error, SlackApiError) and error.response.get("error") in TOO_LATE:
        log.warning("too late to open a modal", error=error.response.get("error"))
        return await _show(_("Slack did not wait for my answer. Please press once more."), error, body, context, client)
    ticket = secrets.token_hex(4).upper()
    log.error("a bug", ticket=ticket, exc_info=error)
    if body.get("type") == "event_callback":
        return BoltResponse(status=500, body="")
    sentence = _(
        "Something went wrong on my side. Please try again; if it happens again, give this ticket to your admin: {ticket}"
    )
    return await _show(sentence.format(ticket=ticket), error, body, context, client)


async def _show(
    sentence: str, error: Exception, body: Body, context: AsyncBoltContext, client: AsyncWebClient
) -> BoltResponse:
    kind = body.get("type")
    if "command" in body:
        return _answer({"response_type": "ephemeral", "text": escape(sentence)})
    if kind == "view_submission":
        return _answer(
            _under_fields(error, body)
            or {"response_action": "push", "view": notice(_("Not possible"), escape(sentence))}
        )
    try:
        if kind in {"block_actions", "shortcut", "message_action"}:
            await _show_beside(sentence, body, context, client)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as trouble:
        log.warning("a refusal could not be shown", error=str(trouble))
    return BoltResponse(status=200, body="")


def _under_fields(error: Exception, body: Body) -> Body | None:
    """The errors by block, for fields this modal really asks; Slack shows nothing at all for others."""
    asked = {
        block.get("block_id") for block in (body.get("view") or {}).get("blocks") or [] if block.get("type") == "input"
    }
    errors = error.errors if isinstance(error, FormRefused) else {}
    if isinstance(error, Refusal) and error.field:
        errors = {error.field: error.sentence, f"screening_{error.field}": error.sentence}
    shown = {field: sentence for field, sentence in errors.items() if field in asked}
    return {"response_action": "errors", "errors": shown} if shown else None


async def _show_beside(sentence: str, body: Body, context: AsyncBoltContext, client: AsyncWebClient) -> None:
    view = notice(_("Not possible"), escape(sentence))
    if (body.get("view") or {}).get("type") == "modal":
        await client.views_push(trigger_id=body.get("trigger_id"), view=view)
    elif context.respond and body.get("response_url"):
        await context.respond(
            text=say("{sentence}", sentence=sentence), replace_original=False, response_type="ephemeral"
        )
    else:
        await client.views_open(trigger_id=body.get("trigger_id"), view=view)


def _answer(body: Body) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": ["application/json;charset=utf-8"]})
