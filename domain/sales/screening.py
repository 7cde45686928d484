"""Screening: from the answers to the playbook's criteria to a score, a band and the reasons for both."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.playbook.sales_rules import Criterion, SalesPlaybook


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What one criterion, by its title, added to the score: `points` of at most `possible`."""

    criterion: str
    answer: str
    points: int
    possible: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """`percent` (0 to 100) of what the criteria can give, the band it falls into, and the reasons, heaviest first."""

    percent: int
    band: str
    reasons: tuple[Reason, ...]


def score_answers(answers: Mapping[str, str], playbook: SalesPlaybook) -> Score | None:
    """The score of these answers (criterion id to answer id), or None when nothing has been answered.

    A criterion without an answer earns nothing: what nobody knows does not speak for a lead.

    Raises RuleBroken, with the criterion as field, for an answer the playbook does not have.
    """
    if not answers:
        return None
    reasons = [_reason(criterion, answers[criterion.id]) for criterion in playbook.screening if criterion.id in answers]
    possible = sum(criterion.weight for criterion in playbook.screening)
    percent = round(100 * sum(reason.points for reason in reasons) / possible)
    band = next(band for band in playbook.bands if percent >= band.lowest)
    return Score(percent=percent, band=band.id, reasons=tuple(sorted(reasons, key=lambda reason: -reason.points)))


def known_answers(answers: Mapping[str, str], playbook: SalesPlaybook) -> dict[str, str]:
    """The answers the playbook still has, in its order; an older one may have had others."""
    return {
        criterion.id: answers[criterion.id]
        for criterion in playbook.screening
        if criterion.id in answers and criterion.answer(answers[criterion.id])
    }


def is_complete(answers: Mapping[str, str], playbook: SalesPlaybook) -> bool:
    """Whether there is an answer to every question that the playbook requires one to."""
    known = known_answers(answers, playbook)
    return bool(known) and all(criterion.id in known for criterion in playbook.screening if criterion.required)


def _reason(criterion: Criterion, answer_id: str) -> Reason:
    answer = criterion.answer(answer_id)
    if answer is None:
        raise RuleBroken(_("That is not one of the answers."), field=criterion.id)
    return Reason(
        criterion=criterion.title,
        answer=answer.title,
        points=round(criterion.weight * answer.worth),
        possible=criterion.weight,
    )
