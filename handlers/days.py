"""Ending a form in which somebody has picked a day."""

from datetime import date

from slack_bolt.async_app import AsyncAck

from domain.core.language import _
from domain.core.people import Actor
from views.kit import day as day_words
from views.kit import notice, say


async def close_form(ack: AsyncAck, day: date | None, actor: Actor) -> None:
    """Close the form; where the day is a week-end or holiday of theirs, say on which day the reminder comes instead."""
    if day is None or actor.hours.is_working_day(day):
        await ack(response_action="clear")
        return
    comes = actor.hours.next_working_day(day)
    sentence = _("Saved. {day} is not a working day, so the reminder comes on {comes}.")
    words = say(sentence, day=day_words(day), comes=day_words(comes))
    await ack(response_action="update", view=notice(_("Saved"), words))
