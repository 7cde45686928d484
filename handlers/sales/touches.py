"""Touches with deals and leads from anywhere in Slack: the command, the shortcut on a message, and the menus that offer them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.people import Actor
from domain.core.refusals import RuleBroken
from domain.sales.deals import Deal
from domain.sales.leads import Lead, NewTouch, Origin
from domain.sales.touches import TouchLine, no_code, touch_in
from handlers.days import close_form
from handlers.forms import About, record_id
from handlers.sales.leads import TouchForm, origin_in
from handlers.spoken import message_words, spoken
from handlers.surface import Body, Surface
from usecases.core.people import PeopleDesk
from usecases.sales.deals import DealDesk
from usecases.sales.leads import LeadDesk
from usecases.sales.pipeline import PipelineDesk
from usecases.sales.touches import TouchDesk
from views import ids
from views.sales.touches import deal_option, record_option, touch_modal_of_any, touched_reply, touched_summary


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_TOUCH)(take_touch_command)
    app.shortcut({"callback_id": ids.TOUCH_MESSAGE, "type": "message_action"})(open_touch_of_message)
    app.view(ids.TOUCH_SOME_DEAL)(submit_touch_of_some_deal)
    app.options(ids.OFFER_RECORDS)(offer_records)
    app.options(ids.OFFER_DEALS)(offer_deals)


class TouchSomeDealForm(TouchForm, asked_by=(ids.TOUCH_SOME_DEAL,)):
    """The touch modal that asks which deal or lead it is."""

    deal: str

    @property
    def chosen(self) -> tuple[str, int]:
        """Noun and id of the chosen record; a modal of an earlier version has a deal's id alone."""
        noun, colon, chosen_id = self.deal.rpartition(":")
        return (noun if colon else "deal"), record_id(chosen_id)

    def touch(self, permalink: str | None = None) -> NewTouch:
        """The touch as entered; `permalink` is the address of the message it was made from."""
        return replace(super().touch(), permalink=permalink)


async def take_touch_command(
    ack: AsyncAck,
    body: Body,
    surface: Surface,
    actor: Actor,
    deals: DealDesk,
    leads: LeadDesk,
    touches: TouchDesk,
    people: PeopleDesk,
) -> None:
    """`/rain-touch`: a modal without words, otherwise one line that logs a touch; in a deal's own channel the line needs no code."""
    words, channel = await spoken(str(body.get("text") or ""), people, actor), str(body.get("channel_id") or "")
    if not words:
        here = await touches.record_at(actor, channel)
        await ack()
        await surface.open(touch_modal_of_any(here, about=About(captured_in=channel or None).write()))
        return
    line = touch_in(words)
    record = await touched_by(line, channel, actor, deals, leads, touches)
    await ack(text=touched_summary(record), blocks=touched_reply(record, line.touch))


async def touched_by(
    line: TouchLine, channel: str, actor: Actor, deals: DealDesk, leads: LeadDesk, touches: TouchDesk
) -> Deal | Lead:
    """Log what a line says with the record it names, or with the deal whose channel it was typed in.

    Raises RuleBroken where it names none, and the channel is no deal's.
    """
    if line.noun == "lead":
        page = await leads.find(actor, line.number)
        return (await leads.log_touch(actor, page.lead.id, line.touch)).lead
    deal = (await deals.find(actor, line.number)).deal if line.noun else await touches.record_at(actor, channel)
    if deal is None:
        raise RuleBroken(no_code())
    return (await deals.log_touch(actor, deal.id, line.touch)).deal


async def open_touch_of_message(
    ack: AsyncAck, body: Body, surface: Surface, actor: Actor, touches: TouchDesk, people: PeopleDesk
) -> None:
    """Open the modal with what a message says as key points."""
    await ack()
    message = body["message"]
    origin, said = await origin_in(body, surface), await message_words(message, people, actor)
    record = await touches.record_at(actor, body["channel"]["id"], message["ts"], message.get("thread_ts"))
    await surface.open(touch_modal_of_any(record, said, about_message(origin)))


async def deal_of_message(body: Body, actor: Actor, pipeline: PipelineDesk) -> Deal | None:
    """The running deal whose card a message is, or in the thread of whose card it stands."""
    message = body["message"]
    return await pipeline.shown_in(actor, body["channel"]["id"], message["ts"], message.get("thread_ts"))


def about_message(origin: Origin) -> str:
    """What a modal about a message remembers."""
    return About(captured_in=origin.channel, origin=origin).write()


async def submit_touch_of_some_deal(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk, leads: LeadDesk
) -> None:
    """Keep the touch, with the link to the message it was made from."""
    form, about = TouchSomeDealForm.read(view), About.read(surface.about)
    touch = form.touch(about.origin.permalink if about.origin else None)
    noun, chosen_id = form.chosen
    record: Deal | Lead
    if noun == "lead":
        record = (await leads.log_touch(actor, chosen_id, touch)).lead
    else:
        record = (await deals.log_touch(actor, chosen_id, touch)).deal
    await close_form(ack, form.day, actor)
    await surface.whisper(about.captured_in, touched_summary(record), touched_reply(record, touch))


async def offer_records(ack: AsyncAck, body: Body, actor: Actor, touches: TouchDesk) -> None:
    """The deals and leads that match what was typed into a menu so far."""
    found = await touches.choices(actor, str(body.get("value") or ""))
    await ack(options=[record_option(record) for record in found])


async def offer_deals(ack: AsyncAck, body: Body, actor: Actor, pipeline: PipelineDesk) -> None:
    """The running deals that match what was typed into a menu so far."""
    found = await pipeline.choices(actor, str(body.get("value") or ""))
    await ack(options=[deal_option(deal) for deal in found])
