"""The Home tab, and `/rain`."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.clock import Clock
from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from handlers.files.imports import open_import
from handlers.process.sections import answer_process_words
from handlers.sales.accounts import answer_account_words
from handlers.sales.deals import answer_deal_words, answer_pipeline_words
from handlers.sales.leads import answer_lead_words
from handlers.sales.touches import answer_touch_words
from handlers.surface import Body, Screen
from usecases.core.home import HomeDesk
from usecases.core.people import PeopleDesk
from usecases.files.slack_imports import AskedImportDesk
from usecases.process.feedback import FeedbackDesk
from usecases.process.manual import ProcessDesk
from usecases.sales.accounts import AccountDesk
from usecases.sales.channels import DealChannelDesk
from usecases.sales.deals import DealDesk
from usecases.sales.exceptions import ExceptionDesk
from usecases.sales.leads import LeadDesk
from usecases.sales.pipeline import PipelineDesk
from views import ids
from views.core.absences import absence_modal
from views.core.home import doing, home_tab, waiting
from views.sales.exceptions import exceptions_list


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("app_home_opened")(show_opened_home)
    app.command(ids.RAIN)(take_rain_command)


async def show_opened_home(
    event: dict[str, Any],
    screen: Screen,
    actor: Actor | None,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Publish the Home tab to who opened it."""
    if actor and event.get("tab") == "home":
        await show_home(screen, actor, home, people, playbook)


async def show_home(screen: Screen, actor: Actor, home: HomeDesk, people: PeopleDesk, playbook: SalesPlaybook) -> None:
    """Publish somebody's Home tab as it is now."""
    page, settings = await home.front_page(actor), await people.settings(actor)
    await screen.publish_home(home_tab(page, settings.hours, playbook))


async def take_rain_command(
    ack: AsyncAck,
    body: Body,
    screen: Screen,
    actor: Actor,
    leads: LeadDesk,
    accounts: AccountDesk,
    deals: DealDesk,
    pipeline: PipelineDesk,
    home: HomeDesk,
    exceptions: ExceptionDesk,
    imports: AskedImportDesk,
    process: ProcessDesk,
    feedback: FeedbackDesk,
    deal_channels: DealChannelDesk,
    clock: Clock,
) -> None:
    """`/rain`: what waits for me; or a lead, an account, a deal, a touch, the process, an import, when I am away, what needs attention."""
    word, _space, rest = str(body.get("text") or "").strip().partition(" ")
    if not word:
        page = await home.front_page(actor)
        await ack(text=_("What waits for you"), blocks=[*waiting(page, leads.sales), *doing(page)])
    elif word.casefold() == "lead":
        await answer_lead_words(rest, ack, body, screen, actor, leads)
    elif word.casefold() == "import":
        await open_import(ack, screen, actor, imports, leads.sales)
    elif word.casefold() == "account":
        await answer_account_words(rest, ack, body, actor, accounts, leads.sales)
    elif word.casefold() == "deal":
        await answer_deal_words(rest, ack, body, actor, deals, pipeline, deal_channels)
    elif word.casefold() == "touch":
        await answer_touch_words(rest, ack, body, screen, actor, deals)
    elif word.casefold() == "pipeline":
        await answer_pipeline_words(rest, ack, actor, pipeline, leads.sales)
    elif word.casefold() == "process":
        await answer_process_words(rest, ack, screen, actor, process, feedback)
    elif word.casefold() == "away":
        await ack()
        await screen.open(absence_modal(actor.hours.local(clock.now()).date()))
    elif word.casefold() == "exceptions":
        found = await exceptions.show(actor)
        await ack(text=_("Needs attention"), blocks=exceptions_list(found, leads.sales))
    else:
        await ack(
            text=_(
                "I know `/rain`, `/rain lead …`, `/rain account …`, `/rain deal …`, `/rain touch …`, `/rain pipeline`, "
                "`/rain process …`, `/rain import`, `/rain away` and `/rain exceptions`."
            )
        )
