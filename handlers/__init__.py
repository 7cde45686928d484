"""Everything that comes in from Slack: parse, call one use case, show."""

from slack_bolt.async_app import AsyncApp

from handlers import (
    absences,
    accounts,
    admin,
    deal_channels,
    deals,
    exceptions,
    feedback,
    home,
    imports,
    lead_edits,
    leads,
    meetings,
    messages,
    operations,
    others,
    people,
    process,
    promises,
    reminders,
    touches,
)


def register(app: AsyncApp) -> None:
    """Every listener there is. What nobody else takes goes to `others`, which therefore comes last."""
    nouns = (
        absences,
        accounts,
        admin,
        deal_channels,
        deals,
        exceptions,
        feedback,
        home,
        imports,
        lead_edits,
        leads,
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
