"""The operating manual: Markdown pages made from a playbook, so that they say what the bot does."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.core.language import _, plural
from domain.core.people import Role
from domain.playbook.approval_rules import ApprovalRule, ApprovalSubject
from domain.playbook.care import OWNER
from domain.playbook.channel_rules import ChannelRule
from domain.playbook.playbook import Playbook
from domain.playbook.stages import Stage, Step, Variant
from views.playbook.flow_chart import flow_chart

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "manual"
PAGES = ["README.md", "sales.md", "delivery.md", "care.md", "process.md", "approvals.md", "contact.md", "roles.md"]
"""The pages in reading order; each is made by the template of its name."""


def manual(playbook: Playbook) -> dict[str, str]:
    """All pages: file names and Markdown."""
    return {page: _render(page, playbook) for page in PAGES}


def stage_page(playbook: Playbook, stage_id: str) -> str:
    """The page of one stage, as Markdown: purpose, who, what, by when, with what, gate, what comes next, variants.

    Raises KeyError for a stage the playbook does not have.
    """
    stage = playbook.stage(stage_id)
    if stage is None:
        raise KeyError(stage_id)
    return _render("stage.md", playbook, stage=stage)


def _render(page: str, playbook: Playbook, **facts: object) -> str:
    template = _environment().get_template(f"{page}.j2")
    text = template.render(playbook=playbook, **facts)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, plural, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "cell": cell,
        "who": who,
        "by_when": by_when,
        "linked": linked,
        "otherwise": otherwise,
        "begin": begin,
    }
    environment.globals |= {
        "applies": applies,
        "duties": duties,
        "variant_lines": variant_lines,
        "channel_lines": channel_lines,
        "flow_chart": flow_chart,
        "roles": Role,
        "subjects": ApprovalSubject,
        "owner": OWNER,
    }
    return environment


def cell(text: str) -> str:
    """Text that stays in its cell of a table."""
    return _(text).replace("|", "\\|").replace("\n", " ")


def begin(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def who(part: Stage | Step) -> str:
    """The role, and the person where one is named: `Sales: the deal's owner`."""
    role = begin(part.role.title)
    return _("{role}: {person}").format(role=role, person=_(part.who)) if part.who else role


def by_when(step: Step) -> str:
    """The step's time limit in words: from when it counts, and how often it comes again."""
    if step.every:
        return _("{rhythm}, within {limit}").format(rhythm=step.every.title, limit=step.limit.words)
    if step.after:
        return _("{limit} after {event}").format(limit=step.limit.words, event=_(step.after))
    return step.limit.words


def linked(stage_id: str, playbook: Playbook) -> str:
    """The stage's title, leading to its section."""
    stage = playbook.stage(stage_id)
    return f"[{_(stage.title)}]({_page(stage_id, playbook)}#{_anchor(_(stage.title))})" if stage else stage_id


def _page(stage_id: str, playbook: Playbook) -> str:
    parts = {
        "sales.md": playbook.sales.stages,
        "delivery.md": playbook.delivery.stages,
        "care.md": playbook.care.stages,
    }
    return next(page for page, stages in parts.items() if any(stage.id == stage_id for stage in stages))


def _anchor(title: str) -> str:
    """The anchor GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def applies(rule: ApprovalRule | Variant, playbook: Playbook) -> str:
    """When a rule applies, in words."""
    said = rule.when.words(playbook.sales.money.currency, playbook.sales.client_types)
    return begin(_(" and ").join(said)) if said else _("Always")


def otherwise(stage: Stage, playbook: Playbook) -> list[str]:
    """What the variants do otherwise in a stage, one line for each that does."""
    lines = ((variant, changes_in(stage, variant, playbook)) for variant in playbook.sales.variants)
    return [f"**{_(variant.title)}**: {'; '.join(changes)}." for variant, changes in lines if changes]


def changes_in(stage: Stage, variant: Variant, playbook: Playbook) -> list[str]:
    """What a variant does otherwise in a stage, in a few words each."""
    there = next((found for found in playbook.route(variant.id) if found.id == stage.id), None)
    if there is None:
        return [_("this stage is left out")]
    changes = []
    if there.limit != stage.limit:
        changes.append(_("{limit} instead of {usual}").format(limit=there.limit.words, usual=stage.limit.words))
    if skipped := [_(step.title) for step in stage.steps if step.id not in [kept.id for kept in there.steps]]:
        changes.append(_("without “{steps}”").format(steps=", ".join(skipped)))
    if spared := [evidence.title for evidence in stage.gate if evidence not in there.gate]:
        changes.append(_("not needed: “{evidence}”").format(evidence=", ".join(spared)))
    if added := [evidence.title for evidence in there.gate if evidence not in stage.gate]:
        changes.append(_("also needed: “{evidence}”").format(evidence=", ".join(added)))
    return changes


def variant_lines(variant: Variant, playbook: Playbook) -> list[str]:
    """What a variant does otherwise, one line for each stage it touches."""
    changed = ((stage, changes_in(stage, variant, playbook)) for stage in playbook.stages)
    return [f"{linked(stage.id, playbook)}: {'; '.join(changes)}" for stage, changes in changed if changes]


def channel_lines(playbook: Playbook) -> list[str]:
    """Which deals have a channel of their own, what it is called, and who is in it; one line for each rule."""
    return [_channel_line(rule, playbook) for rule in playbook.sales.deal_channels]


def _channel_line(rule: ChannelRule, playbook: Playbook) -> str:
    conditions = rule.when.words(playbook.sales.money.currency, playbook.sales.client_types)
    stage = [_("from the stage {stage} on").format(stage=linked(rule.from_stage, playbook))] if rule.from_stage else []
    said = [*stage, *([_("if {conditions}").format(conditions=_(" and ").join(conditions))] if conditions else [])]
    people = ", ".join([_("the deal's owner"), *(_("all of {role}").format(role=role.title) for role in rule.invite)])
    kind = _("a private channel") if rule.is_private else _("a channel")
    sentence = _("{when}: {kind} called `{name}`, with {people}.")
    if rule.archives:
        sentence = _("{when}: {kind} called `{name}`, with {people}. It is archived when the deal ends.")
    when = begin(", ".join(said)) or _("Always")
    return sentence.format(when=when, kind=kind, name=rule.name, people=people)


def duties(role: Role, playbook: Playbook) -> Iterator[tuple[str, list[Step]]]:
    """What a role has to do: each stage (with its link) or routine, and the steps there."""
    for stage in playbook.stages:
        if mine := [step for step in stage.steps if step.role is role]:
            yield linked(stage.id, playbook), mine
    for routine in playbook.care.routines:
        if mine := [step for step in routine.steps if step.role is role]:
            yield f"[{_(routine.title)}](process.md#{_anchor(_(routine.title))})", mine
