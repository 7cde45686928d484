"""The Home tab, `/rain`, and help."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from handlers.commands import HELP_WORDS, nearest
from handlers.forms import words_after
from handlers.surface import Body, Surface
from usecases.core.home import HomeDesk
from usecases.core.people import PeopleDesk
from views import ids
from views.core.help import help_modal, help_on, unknown_words
from views.core.home import doing, home_tab, waiting


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("app_home_opened")(show_opened_home)
    app.command(ids.RAIN)(take_rain_command)
    app.action(ids.PRESS_HELP)(open_help)


async def show_opened_home(
    event: dict[str, Any],
    surface: Surface,
    actor: Actor | None,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Publish the Home tab to who opened it."""
    if actor and event.get("tab") == "home":
        await show_home(surface, actor, home, people, playbook)


async def show_home(
    surface: Surface, actor: Actor, home: HomeDesk, people: PeopleDesk, playbook: SalesPlaybook
) -> None:
    """Publish somebody's Home tab as it is now."""
    page, settings = await home.front_page(actor), await people.settings(actor)
    await surface.publish_home(home_tab(page, settings.hours, playbook))


async def take_rain_command(ack: AsyncAck, body: Body, actor: Actor, home: HomeDesk, playbook: SalesPlaybook) -> None:
    """`/rain`: what waits for me, or help; a word that is a command of its own never comes here."""
    words = words_after(body)
    if not words:
        page = await home.front_page(actor)
        await ack(text=_("What waits for you"), blocks=[*waiting(page, playbook), *doing(page)])
    elif words.split()[0].casefold() in HELP_WORDS:
        await ack(text=_("Help"), blocks=help_on(words.split()[-1], actor.roles))
    else:
        await ack(text=unknown_words(words, nearest(words.split()[0])))


async def open_help(ack: AsyncAck, surface: Surface, actor: Actor) -> None:
    """Show the help card."""
    await ack()
    await surface.open(help_modal(actor.roles))
