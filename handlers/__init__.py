"""Everything that comes in from Slack: parse, call one use case, show."""

from slack_bolt.async_app import AsyncApp

from handlers import fallback as others
from handlers.core import absences, admin, channels, home, messages, operations, people, reminders
from handlers.files import imports
from handlers.process import feedback
from handlers.process import sections as process
from handlers.sales import accounts, deals, exceptions, lead_edits, leads, meetings, promises, touches
from handlers.sales import channels as deal_channels


def register(app: AsyncApp) -> None:
    """Every listener there is.

    Bolt asks one after the other: what is wanted most, to capture a lead, comes first, and what nobody else takes goes to `others`.
    """
    nouns = (
        leads,
        absences,
        accounts,
        admin,
        channels,
        deal_channels,
        deals,
        exceptions,
        feedback,
        home,
        imports,
        lead_edits,
        meetings,
        messages,
        operations,
        people,
        process,
        promises,
        reminders,
        touches,
        others,
    )
    for noun in nouns:
        noun.register(app)
