"""Everything that comes in from Slack: parse, call one use case, show."""

from slack_bolt.async_app import AsyncApp

from handlers import admin, home, imports, leads, operations, others, people, reminders


def register(app: AsyncApp) -> None:
    """Every listener there is. What nobody else takes goes to `others`, which therefore comes last."""
    for noun in (leads, reminders, operations, imports, home, admin, people, others):
        noun.register(app)
