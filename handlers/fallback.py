"""What no other listener takes: buttons that only open a link, modals that only show, and things this version no longer knows.

Slack tries an unanswered request again and shows the person an error; so everything is answered, and a person is told.
"""

import re

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.refusals import NotFound
from handlers.surface import Body
from views import ids

EVERYTHING = re.compile("")

log = structlog.get_logger()


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(re.compile(rf"^{ids.LINK_ONLY}"))(pass_link)
    app.view_closed(EVERYTHING)(pass_closed)
    app.action(EVERYTHING)(refuse_unknown)
    app.view_submission(EVERYTHING)(refuse_unknown)
    app.shortcut(EVERYTHING)(refuse_unknown)
    app.command(EVERYTHING)(refuse_unknown)
    app.options(EVERYTHING)(offer_nothing)
    app.event(EVERYTHING)(pass_event)


async def pass_link(ack: AsyncAck) -> None:
    """A button that opened a link; Slack reports it all the same."""
    await ack()


async def pass_closed(ack: AsyncAck) -> None:
    """A modal that somebody closed."""
    await ack()


async def refuse_unknown(body: Body) -> None:
    """Something of an older or newer version of Rainmaker.

    Raises NotFound, which tells the person.
    """
    log.warning(
        "unknown interaction", kind=body.get("type"), actions=[a.get("action_id") for a in body.get("actions") or []]
    )
    raise NotFound(_("what this button or command was for"))


async def offer_nothing(ack: AsyncAck) -> None:
    """A menu that asks for choices we do not know of."""
    await ack(options=[])


async def pass_event(body: Body) -> None:
    """An event nobody listens to; answered, so that Slack does not send it again."""
    log.info("event passed", kind=(body.get("event") or {}).get("type"))
