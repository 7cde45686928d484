"""Feedback on the process: the modal that asks for it, its card for those who answer for the step, the answer, and what is open."""

from collections.abc import Sequence
from itertools import groupby

from domain.core.language import _, plural
from domain.core.people import Actor, Role
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.sections import Section
from domain.process.feedback import Fault, Feedback, FeedbackGiven, FeedbackList, FeedbackTold
from domain.sales.deal_route import route_of
from domain.sales.pages import DealPage, LeadPage
from views import ids, kit
from views.core.additions import Addition, MenuItem, menu_items, page_buttons
from views.core.records import open_button
from views.kit import Block, Mrkdwn, View, say
from views.shown import shows

MOST_SAID_IN_LIST = 240


def feedback_words() -> str:
    """What the button or choice says, on whatever card it stands."""
    return _("A step is wrong or slow…")


def feedback_button(section: Section) -> Block:
    """The button that asks what is the matter with a step of a section."""
    return kit.button(ids.PRESS_FEEDBACK, feedback_words(), section.id)


def lead_feedback_modal(page: LeadPage, _actor: Actor, playbook: SalesPlaybook) -> View:
    """Asks what is the matter with a step that leads go through: those of the first stage and of what comes next."""
    first = playbook.stages[0]
    following = [stage for stage in playbook.stages if stage.id in first.next]
    return feedback_modal([first, *following], f"lead:{page.lead.id}")


def deal_feedback_modal(page: DealPage, _actor: Actor, playbook: SalesPlaybook) -> View:
    """Asks what is the matter with a step of the stage in which a deal stands, or of what comes next, as `playbook` has them today."""
    deal = page.deal
    assert deal.progress is not None
    stages = route_of(deal, playbook)
    here = [stage for stage in stages if stage.id == deal.progress.stage]
    following = [stage for stage in stages if here and stage.id in here[0].next]
    return feedback_modal([*here, *following] or stages, f"deal:{deal.id}")


def feedback_modal(sections: Sequence[Section], about: str = "") -> View:
    """Asks which step of these sections is wrong or slow, and why; `about` is the record it came up with, as `lead:7`."""
    many = len(sections) > 1
    steps = {
        step.id: f"{_(section.title)}: {_(step.title)}" if many else _(step.title)
        for section in sections
        for step in section.steps
    }
    faults = [
        kit.option(Fault.WRONG.value, _("It is wrong"), _("It should go otherwise, or not at all")),
        kit.option(Fault.SLOW.value, _("It is slow"), _("It takes longer than it should")),
    ]
    said = kit.text_field(lines=True, placeholder=_("What happened, and what would be better?"))
    blocks = [
        kit.ask("step", _("Which step?"), kit.menu(steps)),
        kit.ask("fault", _("What is the matter with it?"), kit.radio(faults)),
        kit.ask("said", _("In your words"), said),
        kit.context(
            say(_("It goes to those who answer for the step. You hear their answer in your messages with me."))
        ),
    ]
    return kit.modal(ids.GIVE_FEEDBACK, _("Wrong or slow"), blocks, submit=_("Send"), about=about)


def feedback_kept(feedback: Feedback) -> View:
    """Says where it went."""
    sentence = say(
        _("*{code}* has gone to {role}. You hear their answer in your messages with me."),
        code=feedback.code,
        role=_answering(feedback.role),
    )
    return kit.notice(_("Thank you"), sentence)


def feedback_card(told: FeedbackTold, sentence: Mrkdwn) -> list[Block]:
    """Feedback for those who answer for the step, with the answer once there is one."""
    feedback = told.feedback
    blocks = [kit.section(sentence), kit.section(kit.quote(feedback.said))]
    blocks.append(kit.context(*_whence(told)))
    if feedback.is_open:
        answer = kit.button(ids.PRESS_ANSWER, _("Answer…"), feedback.id, style="primary")
        blocks.append(kit.actions(answer, open_button(told.record) if told.record else None))
    else:
        blocks += _answer(feedback)
    return blocks


def _whence(told: FeedbackTold) -> list[Mrkdwn]:
    """The stage, the record it came up with, and why the reader gets it."""
    feedback, record = told.feedback, told.record
    stage = say(_("Stage: {stage}"), stage=_(feedback.section_title))
    reason = say(_("You get this because {role} answers for the step."), role=_answering(feedback.role))
    if record is None or record.company is None:
        return [stage, reason]
    company = kit.cut(record.company, 80)
    return [stage, say(_("About {code} · {company}"), code=record.code, company=company), reason]


def _answering(role: Role) -> str:
    return _("an admin") if role is Role.ADMIN else role.title


def _answer(feedback: Feedback) -> list[Block]:
    if feedback.answered_by is None or feedback.answered_at is None:
        return []
    by = say(
        _(":white_check_mark: {person} answered {when}"),
        person=kit.person(feedback.answered_by),
        when=kit.when(feedback.answered_at),
    )
    return [kit.section(Mrkdwn(f"{by}\n{kit.quote(feedback.answer or '')}"))]


def answer_modal(feedback: Feedback) -> View:
    """Asks for the answer to feedback."""
    title = say(_("*{code} · {step}*"), code=feedback.code, step=_(feedback.step_title))
    said = say(_("{person} says it is {fault}:"), person=kit.person(feedback.by), fault=feedback.fault.title)
    blocks = [
        kit.section(Mrkdwn(f"{title}\n{said}\n{kit.quote(feedback.said)}")),
        kit.ask(
            "answer", _("Your answer"), kit.text_field(lines=True), hint=_("What becomes of it, or why it stays so.")
        ),
    ]
    return kit.modal(ids.ANSWER_FEEDBACK, _("Answer"), blocks, submit=_("Send"), about=feedback.id)


def feedback_list(found: FeedbackList) -> list[Block]:
    """What waits for an answer, that on the same step together."""
    if not found.feedback:
        return [kit.section(say(_("No feedback on the process waits for an answer.")))]
    lines: list[Block] = []
    for (section, step), of_step in groupby(found.feedback, key=lambda one: (one.section_title, one.step_title)):
        for number, one in enumerate(of_step):
            title = say("*{section}: {step}*\n", section=_(section), step=_(step)) if number == 0 else Mrkdwn("")
            lines.append(_listed(title, one))
    shown = kit.fitting(lines)
    rest = found.total - len(shown)
    words = plural("{count} waits for an answer", "{count} wait for an answer", found.total).format(count=found.total)
    more = say(_("{words}; here are the first {shown}"), words=words, shown=len(shown)) if rest else say("{w}", w=words)
    return [kit.header(_("Feedback on the process")), kit.context(more), *shown]


def _listed(title: Mrkdwn, one: Feedback) -> Block:
    told = say(
        _("{code}  ·  {fault}  ·  {person}, {day}"),
        code=one.code,
        fault=one.fault.title,
        person=kit.person(one.by),
        day=kit.on_day(one.at),
    )
    said = kit.quote(one.said, MOST_SAID_IN_LIST)
    return kit.section(Mrkdwn(f"{title}{told}\n{said}"), kit.button(ids.PRESS_ANSWER, _("Answer…"), one.id))


menu_items("lead.feedback")(MenuItem(10, feedback_words, lead_feedback_modal))
menu_items("deal.feedback")(MenuItem(10, feedback_words, deal_feedback_modal))
page_buttons("section.feedback")(Addition(10, feedback_button))
shows(FeedbackGiven)(lambda facts, _playbook, sentence: feedback_card(facts["feedback"], sentence))
