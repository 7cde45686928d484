"""The process, as it is looked up in Slack: `/rain-process`, the pages of its stages, and the chart."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.stages import Stage
from handlers.forms import words_after
from handlers.process.feedback import answer_with_open_feedback
from handlers.surface import Body, Handouts, Surface
from usecases.process.feedback import FeedbackDesk
from usecases.process.manual import ProcessDesk
from views import ids
from views.kit import say
from views.playbook.process_chart import stage_chart
from views.process.sections import process_hits, process_list, section_page

CHART, FEEDBACK = "chart", "feedback"
"""The words after the command that ask for the picture, and for what waits for an answer."""


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
    feedback: FeedbackDesk,
    handouts: Handouts,
) -> None:
    """`/rain-process`: all stages without words, the chart, open feedback, the page of a stage by its name, otherwise a search."""
    words = words_after(body)
    if not words:
        await process.check(actor)
        await ack(text=_("How we work"), blocks=process_list(process.playbook))
    elif words.casefold() == CHART:
        await process.check(actor)
        await ack(text=_("The chart comes in your messages with me."))
        hand_over_chart(handouts, actor, process, None)
    elif words.casefold() == FEEDBACK:
        await answer_with_open_feedback(ack, actor, feedback)
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
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, process: ProcessDesk, handouts: Handouts
) -> None:
    """Have the chart drawn, with the stage lit from whose page it was asked for."""
    await process.check(actor)
    section = await process.show(actor, chosen(action)) if chosen(action) else None
    await ack()
    stage = section if isinstance(section, Stage) else None
    hand_over_chart(handouts, actor, process, stage)
    sentence = say(_("The chart comes in your messages with me."))
    if stage and surface.is_modal(ids.SHOW_SECTION):
        await surface.redraw(section_page(stage, process.playbook, note=sentence))
    else:
        await surface.say(sentence)


def hand_over_chart(handouts: Handouts, actor: Actor, process: ProcessDesk, stage: Stage | None) -> None:
    """Have the chart of all stages drawn for somebody."""
    whole, lit = process.playbook, stage.id if stage else None
    title = _("How we work: {stage}").format(stage=_(stage.title)) if stage else _("How we work")
    handouts.hand_over(actor, "process.png", title, lambda: stage_chart(whole, lit))
