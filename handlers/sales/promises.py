"""Promises, as they come in from Slack: noted from a message or on a deal's page, kept, and settled with the client."""

from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.people import Actor
from domain.sales.deals import WORK_ON_DEAL
from domain.sales.leads import Origin
from domain.sales.promises import NewPromise
from handlers.forms import About, Form, SlackId, record_id
from handlers.sales.leads import origin_in, show_done
from handlers.sales.touches import about_message, deal_of_message
from handlers.spoken import message_words
from handlers.surface import Body, Surface
from usecases.core.people import PeopleDesk
from usecases.sales.deals import DealDesk
from usecases.sales.pipeline import PipelineDesk
from usecases.sales.promises import PromiseDesk
from views import ids
from views.sales.deals import deal_page_view
from views.sales.promises import new_promise_modal, note_promise_modal, settle_promise_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.shortcut({"callback_id": ids.PROMISE_MESSAGE, "type": "message_action"})(open_promise_of_message)
    app.view(ids.NOTE_PROMISE)(submit_promise_of_message)
    app.action(ids.PRESS_NEW_PROMISE)(open_new_promise)
    app.view(ids.NEW_PROMISE)(submit_new_promise)
    app.action(ids.PRESS_PROMISE_KEPT)(press_kept)
    app.action(ids.PRESS_SETTLE)(open_settlement)
    app.view(ids.SETTLE_PROMISE)(submit_settlement)


class PromiseForm(Form, asked_by=(ids.NEW_PROMISE,)):
    """The modal that asks what was promised."""

    said: str = ""
    due_on: date | None = None
    keeper: SlackId | None = None

    def promise(self, origin: Origin | None = None) -> NewPromise:
        """The promise as entered; `origin` is the message it was made in."""
        return NewPromise(said=self.said, due_on=self.due_on, keeper=self.keeper, origin=origin)


class NotePromiseForm(PromiseForm, asked_by=(ids.NOTE_PROMISE,)):
    """The same, where it asks which deal it is, too."""

    deal: str


class SettleForm(Form, asked_by=(ids.SETTLE_PROMISE,)):
    """The modal that asks what was agreed in place of a promise."""

    how: str = ""


async def open_promise_of_message(
    ack: AsyncAck, body: Body, surface: Surface, actor: Actor, pipeline: PipelineDesk, people: PeopleDesk
) -> None:
    """Ask for which deal a message is a promise."""
    await ack()
    origin, said = await origin_in(body, surface), await message_words(body["message"], people, actor)
    deal = await deal_of_message(body, actor, pipeline)
    await surface.open(note_promise_modal(deal, said, about_message(origin)))


async def submit_promise_of_message(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, promises: PromiseDesk
) -> None:
    """Keep the message as a promise."""
    form, about = NotePromiseForm.read(view), About.read(surface.about)
    step = await promises.note(actor, record_id(form.deal), form.promise(about.origin))
    await show_done(ack, surface, about.captured_in, step.operation)


async def open_new_promise(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Ask for a promise that was not made in Slack."""
    page = await deals.show(actor, record_id(action.get("value")))
    await deals.check_right(actor, page.deal.id, WORK_ON_DEAL)
    await ack()
    await surface.open(new_promise_modal(page.deal))


async def submit_new_promise(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, promises: PromiseDesk, deals: DealDesk
) -> None:
    """Keep the promise with the deal whose page stands below."""
    step = await promises.note(actor, record_id(surface.about), PromiseForm.read(view).promise())
    await go_back(step.promise.of.id, ack, surface, actor, deals)


async def press_kept(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, promises: PromiseDesk, deals: DealDesk
) -> None:
    """Note that a promise was kept."""
    step = await promises.keep(actor, record_id(action.get("value")))
    await ack()
    if surface.is_modal(ids.SHOW_DEAL):
        page = await deals.show(actor, step.promise.of.id)
        await surface.redraw(deal_page_view(page, actor, deals.sales))


async def open_settlement(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, promises: PromiseDesk
) -> None:
    """Ask what was agreed with the client."""
    promise = await promises.to_settle(actor, record_id(action.get("value")))
    await ack()
    await surface.open(settle_promise_modal(promise))


async def submit_settlement(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, promises: PromiseDesk, deals: DealDesk
) -> None:
    """Keep what was agreed with the client."""
    step = await promises.settle(actor, record_id(surface.about), SettleForm.read(view).how)
    await go_back(step.promise.of.id, ack, surface, actor, deals)


async def go_back(deal_id: int, ack: AsyncAck, surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Close a form; the deal's page below it, where there is one, shows what was done."""
    await ack()
    if surface.is_on_top_of_another:
        page = await deals.show(actor, deal_id)
        await surface.redraw_below(deal_page_view(page, actor, deals.sales))
