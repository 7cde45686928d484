"""The process, as it is looked up in Slack: `/rain-process`, the pages of its stages, and the chart."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.gathering import Registry
from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.stages import Stage
from handlers.forms import words_after
from handlers.surface import Body, Surface
from usecases.desks import Desks
from usecases.process.manual import ProcessDesk
from views import ids
from views.kit import say
from views.process.sections import process_hits, process_list, section_page

CHART = "chart"
"""The word after the command that asks for the picture."""
Answer = Callable[[AsyncAck, Actor, Desks], Awaitable[None]]
process_words = Registry[Answer]("handlers")
"""What nouns answer to a word of theirs after the command."""


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_PROCESS)(take_process_command)
    app.action(ids.PRESS_SECTION)(open_section)
    app.action(ids.PRESS_CHART)(press_chart)


async def take_process_command(
    ack: AsyncAck,
    body: Body,
    surface: Surface,
    actor: Actor,
    process: ProcessDesk,
    desks: Desks,
) -> None:
    """`/rain-process`: all stages without words, the chart, a noun's word, the page of a stage by its name, otherwise a search."""
    words = words_after(body)
    if not words:
        await process.check(actor)
        await ack(text=_("How we work"), blocks=process_list(process.playbook))
    elif words.casefold() == CHART:
        await process.ask_chart(actor, "")
        await ack(text=_("The chart comes in your messages with me."))
    elif answer := process_words.get(words.casefold()):
        await answer(ack, actor, desks)
    else:
        await answer_search(words, ack, surface, actor, process)


async def answer_search(words: str, ack: AsyncAck, surface: Surface, actor: Actor, process: ProcessDesk) -> None:
    """Open the one page that is meant, or list what speaks of the words."""
    hits = await process.search(actor, words)
    named = [hit for hit in hits if hit.is_named]
    if len(named) == 1 or len(hits) == 1:
        await ack()
        await surface.open(section_page((named or hits)[0].section, process.playbook))
    else:
        await ack(text=_("The process"), blocks=process_hits(hits, process.playbook, words))


def chosen(action: dict[str, Any]) -> str:
    """The id that a button carries, or that was chosen in a menu."""
    return str((action.get("selected_option") or action).get("value") or "")


async def open_section(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, process: ProcessDesk
) -> None:
    """Open the page of a stage or routine."""
    section = await process.show(actor, chosen(action))
    await ack()
    await surface.open(section_page(section, process.playbook))


async def press_chart(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, process: ProcessDesk
) -> None:
    """Have the chart drawn, with the stage lit from whose page it was asked for."""
    await process.ask_chart(actor, chosen(action))
    await ack()
    section = await process.show(actor, chosen(action)) if chosen(action) else None
    sentence = say(_("The chart comes in your messages with me."))
    if isinstance(section, Stage) and surface.is_modal(ids.SHOW_SECTION):
        await surface.redraw(section_page(section, process.playbook, note=sentence))
    else:
        await surface.say(sentence)
