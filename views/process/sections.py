"""The process as people see it in Slack: the list of its stages, the page of one, what a search finds, and what has changed."""

from collections.abc import Sequence

from domain.core.language import _
from domain.core.people import Role
from domain.playbook.approval_rules import ApprovalRule
from domain.playbook.playbook import Playbook
from domain.playbook.sections import Hit, Process, Section, approvals_in, section_called, sections_of
from domain.playbook.stages import Stage, Step
from domain.playbook.versions import PlaybookChanged, PlaybookVersion, differences
from views import ids, kit
from views.core.additions import added, page_buttons
from views.kit import Block, Mrkdwn, View, say
from views.playbook.manual import applies, begin, by_when, changes_in, who
from views.shown import shows

MOST_DIFFERENCES = 20
"""Differences between two playbooks that a message says."""
MOST_HITS = 12
MOST_STEPS_NAMED = 4
"""Steps that a search names of one section."""


def process_list(playbook: Playbook) -> list[Block]:
    """All stages and routines, with a menu for each process that opens one of them."""
    blocks = [kit.header(_("How we work"))]
    for process in Process:
        sections = sections_of(playbook, process)
        lines = [_line(number, section) for number, section in enumerate(sections, 1)]
        choices = {section.id: _(section.title) for section in sections}
        menu = kit.menu(choices, placeholder=_("Open…"), action_id=ids.PRESS_SECTION)
        title = say("*{title}*", title=process.title)
        blocks.append(kit.section(Mrkdwn("\n".join([title, *lines])), menu))
    search = say(_("`{command} a word` finds the stages and steps that speak of it."), command=ids.RAIN_PROCESS)
    return [*blocks, kit.actions(kit.button(ids.PRESS_CHART, _("Show the chart"))), kit.context(search)]


def _line(number: int, section: Section) -> Mrkdwn:
    told = say("{number}. {title}  ·  {role}", number=number, title=_(section.title), role=section.role.title)
    return say("{told}  ·  {limit}", told=told, limit=section.limit.words) if isinstance(section, Stage) else told


def process_hits(hits: Sequence[Hit], playbook: Playbook, words: str) -> list[Block]:
    """What a search finds, each with the button to its page."""
    if not hits:
        return [kit.section(say(_("Nothing in the process speaks of “{words}”."), words=kit.cut(words, 100)))]
    blocks = [_hit(hit, playbook) for hit in hits[:MOST_HITS]]
    rest = len(hits) - MOST_HITS
    return [*blocks, kit.context(say(_("and {rest} more"), rest=rest))] if rest > 0 else blocks


def _hit(hit: Hit, playbook: Playbook) -> Block:
    process, section = section_called(playbook, hit.section.id) or (Process.ITSELF, hit.section)
    lines = [say("*{title}*  ·  {process}", title=_(section.title), process=process.title)]
    if hit.steps:
        named = ", ".join(_(step.title) for step in hit.steps[:MOST_STEPS_NAMED])
        lines.append(say(_("Steps: {steps}"), steps=named))
    return kit.section(Mrkdwn("\n".join(lines)), kit.button(ids.PRESS_SECTION, _("Open"), section.id))


def section_page(section: Section, playbook: Playbook, note: Mrkdwn | None = None) -> View:
    """The page of a stage or routine: why, who, for how long, its steps, what is needed to leave it, and what comes next."""
    title, purpose = _(section.title), _(section.purpose)
    is_cut = len(title) > kit.MOST_TITLE  # then it stands whole in the page
    blocks = [kit.section(say("*{title}*\n{purpose}", title=title, purpose=purpose) if is_cut else purpose)]
    blocks += _facts(section, playbook) + _step_blocks(section.steps)
    if isinstance(section, Stage):
        blocks += _gate(section) + _approvals(approvals_in(playbook, section), playbook) + _variants(section, playbook)
    blocks += [kit.divider(), *_buttons(section, playbook)]
    if note:
        blocks.insert(0, kit.context(note))
    return kit.modal(ids.SHOW_SECTION, title, blocks, about=section.id)


def _facts(section: Section, playbook: Playbook) -> list[Block]:
    if not isinstance(section, Stage):
        return [kit.fields([(_("Responsible"), begin(section.role.title))])]
    pairs = [(_("Responsible"), who(section)), (_("Normal time"), section.limit.words)]
    if section.probability is not None:
        pairs.append((_("Chance to win"), f"{section.probability} %"))
    for words, others in ((_("Next"), section.next), (_("Back, with a reason"), section.back)):
        if titles := [_(other.title) for other in map(playbook.stage, others) if other]:
            pairs.append((words, ", ".join(titles)))
    return [kit.fields(pairs)]


def _step_blocks(steps: Sequence[Step]) -> list[Block]:
    """Each step with who, by when and with what under it."""
    blocks = [kit.divider()]
    for number, step in enumerate(steps, 1):
        told = say("*{number}. {title}*\n{does}", number=number, title=_(step.title), does=_(step.does))
        materials = ", ".join(_(material) for material in step.materials)
        how = say(
            _("{who}  ·  {by_when}  ·  with {materials}"), who=who(step), by_when=by_when(step), materials=materials
        )
        blocks += [kit.section(told), kit.context(how)]
    return blocks


def _gate(stage: Stage) -> list[Block]:
    lines = [say("• {evidence}", evidence=evidence.title) for evidence in stage.gate]
    return [kit.divider(), kit.section(Mrkdwn("\n".join([say(_("*To leave this stage*")), *lines])))] if lines else []


def _approvals(rules: Sequence[ApprovalRule], playbook: Playbook) -> list[Block]:
    """The approval rules that may apply on the way, each with when it does, whom it asks, and how long they have."""
    lines = [_asks(rule, playbook) for rule in rules]
    return [kit.section(Mrkdwn("\n".join([say(_("*Approvals*")), *lines])))] if lines else []


def _asks(rule: ApprovalRule, playbook: Playbook) -> Mrkdwn:
    asked = [
        _("{roles} within {limit}").format(roles=" / ".join(_titles(step.roles)), limit=step.limit.words)
        for step in rule.steps
    ]
    return say(_("• _{when}_: {asked}"), when=applies(rule, playbook), asked=", ".join(asked))


def _titles(roles: Sequence[Role]) -> list[str]:
    return [role.title for role in roles]


def _variants(stage: Stage, playbook: Playbook) -> list[Block]:
    """What is otherwise in small and large work."""
    changes = ((variant, changes_in(stage, variant, playbook)) for variant in playbook.sales.variants)
    lines = [say("*{title}*: {changes}", title=_(v.title), changes="; ".join(found)) for v, found in changes if found]
    return [kit.context(Mrkdwn("\n".join(lines)))] if lines else []


def _buttons(section: Section, playbook: Playbook) -> list[Block]:
    """To the chart with this stage lit, to the other stages of the process, and to saying what is wrong with a step."""
    process, _section = section_called(playbook, section.id) or (Process.ITSELF, section)
    others = {other.id: _(other.title) for other in sections_of(playbook, process) if other.id != section.id}
    elsewhere = kit.menu(others, placeholder=_("Another one…"), action_id=ids.PRESS_SECTION) if others else None
    is_drawn = isinstance(section, Stage)
    chart = kit.button(ids.PRESS_CHART, _("Show the chart"), section.id) if is_drawn else None
    return [kit.actions(chart, *added(page_buttons, "section", section), elsewhere)]


def playbook_changed(
    old: PlaybookVersion, new: PlaybookVersion, sentence: Mrkdwn, *, has_outdated: bool = False
) -> list[Block]:
    """What the new playbook says otherwise, as a message, and the way to the deals that keep theirs, if there are any."""
    found = differences(old.playbook, new.playbook)
    lines = [say("• {line}", line=kit.cut(line, 250)) for line in found[:MOST_DIFFERENCES]]
    rest = len(found) - len(lines)
    if rest > 0:
        lines.append(say(_("and {rest} more"), rest=rest))
    versions = say(_("Version {new}, before {old}"), new=new.digest[:12], old=old.digest[:12])
    blocks = [kit.section(sentence), kit.section(Mrkdwn("\n".join(lines))), kit.context(versions)]
    if has_outdated:
        blocks.append(kit.actions(kit.button(ids.PRESS_OUTDATED, _("Deals that keep theirs"))))
    return blocks


shows(PlaybookChanged)(
    lambda facts, _playbook, sentence: playbook_changed(
        facts["old_version"], facts["new_version"], sentence, has_outdated=facts["running"] > 0
    )
)
