"""Stages as a graph: what lies ahead of one, whether the route runs in a circle, and ways that meet no gate for an evidence."""

from collections.abc import Iterator, Mapping

from domain.playbook.evidence import Evidence
from domain.playbook.stages import Stage

Stages = Mapping[str, Stage]
"""Stages by id. A `next` that names none of them is passed over."""


def ahead_of(stage_id: str, stages: Stages) -> set[str]:
    """The ids of all stages that can be reached from this one by going forward."""
    reached: set[str] = set()
    waiting = list(_next(stage_id, stages))
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += _next(here, stages)
    return reached


def cycle_in(stages: Stages) -> tuple[str, ...]:
    """A way forward that comes back to where it began, or an empty tuple."""
    return next((way for stage_id in stages for way in _ways(stage_id, stages, stage_id) if len(way) > 1), ())


def way_between(start: str, end: str, stages: Stages, *, without: Evidence) -> tuple[str, ...]:
    """A way forward on which no gate asks for the evidence, or an empty tuple."""
    open_stages = {stage_id: stage for stage_id, stage in stages.items() if without not in stage.gate}
    if start not in open_stages:
        return ()
    return next(_ways(start, {**open_stages, end: stages[end]}, end), ())


def _ways(start: str, stages: Stages, end: str) -> Iterator[tuple[str, ...]]:
    """Ways forward from start to end, the shortest of each branch, meeting no stage twice."""
    seen: set[str] = set()
    waiting: list[tuple[str, ...]] = [(start,)]
    while waiting:
        way = waiting.pop(0)
        for following in _next(way[-1], stages):
            if following == end:
                yield (*way, following)
            elif following not in seen:
                seen.add(following)
                waiting.append((*way, following))


def _next(stage_id: str, stages: Stages) -> Iterator[str]:
    yield from (following for following in stages[stage_id].next if following in stages)
