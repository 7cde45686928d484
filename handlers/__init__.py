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
    """Every listener there is. What nobody else takes goes to `others`, which therefore comes last.

    Bolt asks one listener after the other whether a request is theirs, which takes it a good part of a short answer's time: those
    that are wanted most come first.
    """
    nouns = (
        leads,
        messages,
        reminders,
        home,
        accounts,
        lead_edits,
        deals,
        meetings,
        touches,
        promises,
        exceptions,
        operations,
        absences,
        imports,
        process,
        feedback,
        deal_channels,
        people,
        admin,
        others,
    )
    for noun in nouns:
        noun.register(app)
