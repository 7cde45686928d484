"""The flow chart of a playbook in Mermaid, which GitHub and many wikis draw: stages, decisions, ways back, won and lost."""

from collections.abc import Iterator, Sequence

from domain.core.language import _
from domain.playbook.playbook import Playbook
from domain.playbook.stages import Outcome, Stage

COLOURS = [
    "classDef default fill:#ffffff,stroke:#6b7280,color:#111827",
    "classDef decision fill:#fef3c7,stroke:#b45309,color:#111827",
    "classDef won fill:#dcfce7,stroke:#15803d,color:#111827",
    "classDef lost fill:#fee2e2,stroke:#b91c1c,color:#111827",
    "classDef group fill:#f9fafb,stroke:#d1d5db,color:#374151",
    "class route,project,aftercare group",
]


def flow_chart(playbook: Playbook) -> str:
    """The chart's source, without the fence around it."""
    lost = next(stage for stage in playbook.sales.stages if stage.outcome is Outcome.LOST)
    won = next(stage for stage in playbook.sales.stages if stage.outcome is Outcome.WON)
    route = [stage for stage in playbook.sales.stages if stage not in (lost, won)]
    lines = [
        *_group("route", _("Until won or lost"), route),
        *(f"  {_box(stage)}" for stage in (won, lost)),
        *_group("project", _("Project"), playbook.delivery.stages),
        *_group("aftercare", _("After the project"), playbook.care.stages),
        *(f"  {line}" for stage in playbook.stages for line in _ways(stage)),
        *(f"  {line}" for line in _shortcuts(playbook)),
        f"  route -. {_quoted(_('no further'))} ...-> {lost.id}",
        *(f"  {line}" for line in COLOURS),
    ]
    return "\n".join(["flowchart TD", *lines])


def _group(name: str, title: str, stages: Sequence[Stage]) -> Iterator[str]:
    yield f"  subgraph {name} [{_quoted(title)}]"
    for stage in stages:
        yield f"    {_box(stage)}"
        if stage.decision:
            yield f"    {_fork(stage)}{{{_quoted(_(stage.decision))}}}:::decision"
    yield "  end"


def _box(stage: Stage) -> str:
    words = f"<b>{_(stage.title)}</b><br/>{stage.role.title} · {stage.limit.words}"
    kind = f":::{stage.outcome}" if stage.outcome in {Outcome.WON, Outcome.LOST} else ""
    return f"{stage.id}[{_quoted(words)}]{kind}"


def _fork(stage: Stage) -> str:
    return f"{stage.id}_asks"


def _ways(stage: Stage) -> Iterator[str]:
    """The arrows out of a stage: forward, back, and to where something new begins."""
    if stage.decision:
        yield f"{stage.id} --> {_fork(stage)}"
        yield from (f"{_fork(stage)} -- {_quoted(_('yes'))} --> {following}" for following in stage.next)
        yield from (f"{_fork(stage)} -. {_quoted(_('no: back'))} .-> {earlier}" for earlier in stage.back)
    else:
        yield from (f"{stage.id} --> {following}" for following in stage.next)
    if stage.begins:
        yield f"{stage.id} -. {_quoted(_('a new need'))} .-> {stage.begins}"


def _shortcuts(playbook: Playbook) -> Iterator[str]:
    """The arrows past what a variant leaves out."""
    usual = {stage.id: stage.next for stage in playbook.stages}
    for variant in playbook.sales.variants:
        for stage in playbook.route(variant.id):
            for following in stage.next:
                if following not in usual[stage.id]:
                    yield f"{stage.id} -. {_quoted(_(variant.title))} .-> {following}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
