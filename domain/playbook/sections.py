"""The sections of the process, which are its stages and routines: in which process each is, and how one finds it."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.core.language import N_, Titled, _
from domain.core.people import COLLEAGUES, Permission
from domain.playbook.approval_rules import ApprovalRule, ApprovalSubject
from domain.playbook.evidence import Evidence
from domain.playbook.playbook import Playbook
from domain.playbook.stages import Routine, Stage, Step

SEE_PROCESS = Permission(N_("see the process"), COLLEAGUES)

Section = Stage | Routine

APPROVED_BY = {
    Evidence.PROPOSAL_REVIEWED: ApprovalSubject.PROPOSAL,
    Evidence.QUOTE_APPROVED: ApprovalSubject.QUOTE,
    Evidence.CONTRACT_SIGNED: ApprovalSubject.CONTRACT,
    Evidence.CHANGES_DECIDED: ApprovalSubject.CHANGE_REQUEST,
}
"""What has to be approved before a gate finds its evidence."""


class Process(Titled):
    """The processes a playbook is about. Values are stored: never renamed."""

    SALES = "sales", N_("Sales")
    DELIVERY = "delivery", N_("Project")
    CARE = "care", N_("After the project")
    ITSELF = "itself", N_("The process itself")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A section in which the words of a search are found, and the steps of it in which they are."""

    section: Section
    steps: tuple[Step, ...]
    is_named: bool
    """Whether the section is called so, word for word."""


def sections_of(playbook: Playbook, process: Process) -> tuple[Section, ...]:
    """The sections of one process, in its order."""
    sections: dict[Process, tuple[Section, ...]] = {
        Process.SALES: playbook.sales.stages,
        Process.DELIVERY: playbook.delivery.stages,
        Process.CARE: playbook.care.stages,
        Process.ITSELF: playbook.care.routines,
    }
    return sections[process]


def all_sections(playbook: Playbook) -> tuple[tuple[Process, Section], ...]:
    """Every section with its process."""
    return tuple((process, section) for process in Process for section in sections_of(playbook, process))


def section_called(playbook: Playbook, section_id: str) -> tuple[Process, Section] | None:
    """The section with this id and its process, or None where the playbook has none."""
    return next((found for found in all_sections(playbook) if found[1].id == section_id), None)


def step_called(playbook: Playbook, step_id: str) -> tuple[Process, Section, Step] | None:
    """The step with this id, its section and process, or None where the playbook has none."""
    steps = ((process, section, step) for process, section in all_sections(playbook) for step in section.steps)
    return next((found for found in steps if found[2].id == step_id), None)


def approvals_in(playbook: Playbook, section: Section) -> tuple[ApprovalRule, ...]:
    """The approval rules that may apply before a record leaves the section."""
    subjects = [APPROVED_BY[evidence] for evidence in _gate(section) if evidence in APPROVED_BY]
    return tuple(rule for rule in playbook.approvals if rule.subject in subjects)


def _gate(section: Section) -> tuple[Evidence, ...]:
    return section.gate if isinstance(section, Stage) else ()


def search(playbook: Playbook, words: str) -> tuple[Hit, ...]:
    """The sections that are called so or have steps that speak of it, those first whose own title has all the words."""
    wanted = words.casefold().split()
    found = [_hit(section, words, wanted) for _process, section in all_sections(playbook)] if wanted else []
    hits = [hit for hit in found if hit]
    return tuple(sorted(hits, key=lambda hit: not (hit.is_named or _has(wanted, [_(hit.section.title)]))))


def _hit(section: Section, words: str, wanted: list[str]) -> Hit | None:
    title = _(section.title)
    steps = tuple(step for step in section.steps if _has(wanted, _texts(step)))
    is_named = words.casefold().strip() in {title.casefold(), section.id}
    is_found = is_named or steps or _has(wanted, [title, _(section.purpose)])
    return Hit(section=section, steps=steps, is_named=is_named) if is_found else None


def _texts(step: Step) -> list[str]:
    return [_(text) for text in (step.title, step.does, *step.materials)]


def _has(wanted: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each of the words is in one of the texts."""
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in wanted)
