"""The pipeline, as the shared tests need them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.sales.deals import PipelineLine
from domain.sales.pages import Pipeline
from tests.firm import PLAYBOOK
from tests.views.facts import AT, Drawings, Sample
from views import kit
from views.sales import pipeline


def pipeline_of(given: Sample) -> Pipeline:
    """Sums in several currencies, of stages there are and of one that is gone."""
    if not given.listed.leads:
        return Pipeline(is_own=True, running=(), taken_over=())
    stages = [stage.id for stage in PLAYBOOK.stages] + ["gone"]
    lines = tuple(
        PipelineLine(stage=stage, currency=code, count=10**6, amount=Decimal("999999999999.99") if code else None)
        for stage in stages
        for code in ("EUR", "USD", None)
    )
    over = tuple(replace(lines[0], stage=f"{given.lead.account.name[:100]} {n}") for n in range(20))
    taken_over = (*over, replace(lines[0], stage=None))
    return Pipeline(is_own=False, running=lines, taken_over=taken_over, expected=lines, quarter_ends=AT.date())


DRAWINGS: Drawings = {
    "pipeline.pipeline_blocks": lambda s: ("message", pipeline.pipeline_blocks(pipeline_of(s), PLAYBOOK)),
    "pipeline.pipeline_modal": lambda s: ("modal", pipeline.pipeline_modal(pipeline_of(s), PLAYBOOK)),
    "pipeline.forecast": lambda s: ("message", [*pipeline.forecast(pipeline_of(s), PLAYBOOK), kit.divider()]),
    "pipeline.pipeline_blocks taken over": lambda s: (
        "message",
        pipeline.pipeline_blocks(replace(pipeline_of(s), running=()), PLAYBOOK),
    ),
}

PASSED: dict[Any, Any] = {"stage": lambda _ours, _theirs: "analysis"}
