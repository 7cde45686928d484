"""Touches with deals from anywhere in Slack: the command, the shortcut on a message, and the menu that offers deals."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.people import Actor
from domain.sales.deals import Deal
from domain.sales.leads import NewTouch, Origin
from domain.sales.touches import touch_in
from handlers.days import close_form
from handlers.forms import About, record_id
from handlers.sales.leads import TouchForm, origin_in
from handlers.spoken import message_words, spoken
from handlers.surface import Body, Surface
from usecases.core.people import PeopleDesk
from usecases.sales.deals import DealDesk
from usecases.sales.pipeline import PipelineDesk
from views import ids
from views.sales.touches import deal_option, touch_some_deal_modal, touched_reply, touched_summary


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_TOUCH)(take_touch_command)
    app.shortcut({"callback_id": ids.TOUCH_MESSAGE, "type": "message_action"})(open_touch_of_message)
    app.view(ids.TOUCH_SOME_DEAL)(submit_touch_of_some_deal)
    app.options(ids.OFFER_DEALS)(offer_deals)


class TouchSomeDealForm(TouchForm, asked_by=(ids.TOUCH_SOME_DEAL,)):
    """The touch modal that asks which deal it is."""

    deal: str

    def touch(self, permalink: str | None = None) -> NewTouch:
        """The touch as entered; `permalink` is the address of the message it was made from."""
        return replace(super().touch(), permalink=permalink)


async def take_touch_command(
    ack: AsyncAck, body: Body, surface: Surface, actor: Actor, deals: DealDesk, people: PeopleDesk
) -> None:
    """`/rain-touch`: a modal without words, otherwise one line that logs a touch."""
    words = await spoken(str(body.get("text") or ""), people, actor)
    if not words:
        await ack()
        await surface.open(touch_some_deal_modal(about=About(captured_in=body.get("channel_id")).write()))
        return
    number, touch = touch_in(words)
    page = await deals.find(actor, number)
    step = await deals.log_touch(actor, page.deal.id, touch)
    await ack(text=touched_summary(step.deal), blocks=touched_reply(step.deal, touch.kind, touch.key_points))


async def open_touch_of_message(
    ack: AsyncAck, body: Body, surface: Surface, actor: Actor, pipeline: PipelineDesk, people: PeopleDesk
) -> None:
    """Open the modal with what a message says as key points."""
    await ack()
    origin, said = await origin_in(body, surface), await message_words(body["message"], people, actor)
    deal = await deal_of_message(body, actor, pipeline)
    await surface.open(touch_some_deal_modal(deal, said, about_message(origin)))


async def deal_of_message(body: Body, actor: Actor, pipeline: PipelineDesk) -> Deal | None:
    """The running deal whose card a message is, or in the thread of whose card it stands."""
    message = body["message"]
    return await pipeline.shown_in(actor, body["channel"]["id"], message["ts"], message.get("thread_ts"))


def about_message(origin: Origin) -> str:
    """What a modal about a message remembers."""
    return About(captured_in=origin.channel, origin=origin).write()


async def submit_touch_of_some_deal(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Keep the touch, with the link to the message it was made from."""
    form, about = TouchSomeDealForm.read(view), About.read(surface.about)
    touch = form.touch(about.origin.permalink if about.origin else None)
    step = await deals.log_touch(actor, record_id(form.deal), touch)
    await close_form(ack, form.day, actor)
    reply = touched_reply(step.deal, touch.kind, touch.key_points)
    await surface.whisper(about.captured_in, touched_summary(step.deal), reply)


async def offer_deals(ack: AsyncAck, body: Body, actor: Actor, pipeline: PipelineDesk) -> None:
    """The running deals that match what was typed into a menu so far."""
    found = await pipeline.choices(actor, str(body.get("value") or ""))
    await ack(options=[deal_option(deal) for deal in found])
