"""Everything that comes in from Slack: parse, call one use case, show."""

from slack_bolt.async_app import AsyncApp

from handlers import (
    absences,
    accounts,
    admin,
    exceptions,
    home,
    imports,
    lead_edits,
    leads,
    messages,
    operations,
    others,
    people,
    reminders,
)


def register(app: AsyncApp) -> None:
    """Every listener there is. What nobody else takes goes to `others`, which therefore comes last."""
    nouns = (
        accounts,
        leads,
        lead_edits,
        exceptions,
        reminders,
        operations,
        imports,
        home,
        absences,
        admin,
        people,
        messages,
        others,
    )
    for noun in nouns:
        noun.register(app)
