"""What a playbook may not say although each of its parts is well formed: dead ends, ways round a gate, rules that never apply."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from domain.playbook.evidence import GUARDS_WON, Evidence, RecordKind
from domain.playbook.files import Place, Problem, Strict, did_you_mean
from domain.playbook.playbook import Playbook
from domain.playbook.stage_graph import ahead_of, cycle_in, way_between
from domain.playbook.stages import Outcome, Stage, Variant

Found = tuple[str, Problem]
"""The file (`sales`, `delivery`, `care`) and what is wrong in it."""

REVIEWED = {Evidence.PROPOSAL_REVIEWED: "proposal", Evidence.QUOTE_APPROVED: "quote"}
"""Evidence that comes from an approval, and the subject whose rules ask for it."""


def problems(playbook: Playbook) -> Iterator[Found]:
    """Everything that is wrong. Routes are only followed once every stage that is named exists."""
    broken = [*_doubles(playbook), *_unknown(playbook), *_endings(playbook)]
    yield from broken
    yield from _evidence(playbook)
    yield from _limits(playbook)
    yield from _variants(playbook)
    yield from _approvals(playbook)
    yield from _channels(playbook)
    yield from _severities(playbook)
    if not broken:
        yield from _roads(playbook)


def stages_with_places(playbook: Playbook) -> Iterator[tuple[str, Place, Stage]]:
    """Each stage with its file and its place there."""
    for part in ("sales", "delivery", "care"):
        for number, stage in enumerate(getattr(playbook, part).stages):
            yield part, ("stages", number), stage


def _wrong(part: str, place: Place, sentence: str) -> Found:
    return part, Problem(place=place, sentence=sentence)


def _unlisted(word: str, known: Iterable[str], what: str) -> str:
    return f"there is no {what} {word!r}; " + (did_you_mean(word, known) or "it must be one the playbook lists")


# Ids


def _doubles(playbook: Playbook) -> Iterator[Found]:
    places: dict[tuple[str, str], list[tuple[str, Place]]] = {}
    for part, place, kind, name in _names(playbook):
        places.setdefault((kind, name), []).append((part, place))
    for (kind, name), found in places.items():
        for part, place in found[1:]:
            yield _wrong(part, place, f"there is another {kind} {name!r}; ids must differ")


def _names(playbook: Playbook) -> Iterator[tuple[str, Place, str, str]]:
    """File, place, kind and id of everything that is known by its id."""
    for part, place, stage in stages_with_places(playbook):
        yield part, (*place, "id"), "stage", stage.id
        for number, step in enumerate(stage.steps):
            yield part, (*place, "steps", number, "id"), "step", step.id
    for number, routine in enumerate(playbook.care.routines):
        yield "care", ("routines", number, "id"), "routine", routine.id
        for nested, step in enumerate(routine.steps):
            yield "care", ("routines", number, "steps", nested, "id"), "step", step.id
    for part, key, kind in LISTS:
        for number, item in enumerate(getattr(getattr(playbook, part), key)):
            name = "tier" if key == "cadences" else "id"
            yield part, (key, number, name), kind, getattr(item, name)
    for number, question in enumerate(playbook.delivery.standups.questions):
        yield "delivery", ("standups", "questions", number, "id"), "standup question", question.id


LISTS = [
    ("sales", "variants", "variant"),
    ("sales", "approvals", "approval rule"),
    ("delivery", "approvals", "approval rule"),
    ("care", "severities", "severity"),
    ("care", "cadences", "cadence for tier"),
    ("care", "surveys", "survey"),
]


CONDITIONAL = [("sales", "variants"), ("sales", "approvals"), ("sales", "deal_channels"), ("delivery", "approvals")]
"""Lists whose elements hold under conditions."""


def _unknown(playbook: Playbook) -> Iterator[Found]:
    known = [stage.id for stage in playbook.stages]
    for part, place, stage_id in _mentioned(playbook):
        if stage_id not in known:
            yield _wrong(part, place, _unlisted(stage_id, known, "stage"))
    types = playbook.sales.client_types
    for part, key in CONDITIONAL:
        for number, item in enumerate(getattr(getattr(playbook, part), key)):
            for client_type in item.when.client_types:
                if client_type not in types:
                    yield _wrong(part, (key, number, "when"), _unlisted(client_type, types, "client type"))
    steps = [step.id for step in playbook.steps()]
    for number, variant in enumerate(playbook.sales.variants):
        for step_id in variant.skips_steps:
            if step_id not in steps:
                yield _wrong("sales", ("variants", number, "skips_steps"), _unlisted(step_id, steps, "step"))


def _mentioned(playbook: Playbook) -> Iterator[tuple[str, Place, str]]:
    """Every mention of a stage: file, place, id."""
    for part, place, stage in stages_with_places(playbook):
        for key, ids in (
            ("next", stage.next),
            ("back", stage.back),
            ("begins", [stage.begins] if stage.begins else []),
        ):
            yield from ((part, (*place, key), stage_id) for stage_id in ids)
    for number, variant in enumerate(playbook.sales.variants):
        for key in ("skips_stages", "limits", "adds"):
            yield from (("sales", ("variants", number, key), stage_id) for stage_id in getattr(variant, key))
    for number, rule in enumerate(playbook.sales.deal_channels):
        if rule.from_stage is not None:
            yield "sales", ("deal_channels", number, "from_stage"), rule.from_stage
    for part, file in playbook:
        for section, rules in file:
            named = rules.stages_named() if isinstance(rules, Strict) else {}
            yield from ((part, (section, key), stage_id) for key, ids in named.items() for stage_id in ids)


# Stages


def _endings(playbook: Playbook) -> Iterator[Found]:
    outcomes = Counter(stage.outcome for stage in playbook.sales.stages)
    for outcome in (Outcome.WON, Outcome.LOST):
        if outcomes[outcome] != 1:
            yield _wrong(
                "sales", ("stages",), f'exactly one stage must have outcome = "{outcome}", not {outcomes[outcome]}'
            )
    for part, place, stage in stages_with_places(playbook):
        if part != "sales" and stage.outcome in {Outcome.WON, Outcome.LOST}:
            yield _wrong(part, (*place, "outcome"), f"only a stage in sales.toml can be {stage.outcome}")
        yield from _way_out(part, place, stage)


def _way_out(part: str, place: Place, stage: Stage) -> Iterator[Found]:
    ends = stage.outcome in {Outcome.LOST, Outcome.DONE}
    if not stage.next and not ends:
        yield _wrong(part, place, 'nothing comes next; name the stages after it in `next`, or set outcome = "done"')
    if ends and (stage.next or stage.gate):
        yield _wrong(part, place, f"the stage is {stage.outcome}, so it can have neither `next` nor `gate`")
    if len(stage.next) + len(stage.back) > 1 and not stage.decision:
        yield _wrong(part, place, "the route forks here; say in `decision` which question decides")


def _evidence(playbook: Playbook) -> Iterator[Found]:
    for part, place, stage in stages_with_places(playbook):
        for evidence in stage.gate:
            yield from _of_the_record(playbook, part, (*place, "gate"), stage.id, evidence)
    for number, variant in enumerate(playbook.sales.variants):
        for stage_id, added in variant.adds.items():
            for evidence in added if playbook.stage(stage_id) else ():
                yield from _of_the_record(playbook, "sales", ("variants", number, "adds"), stage_id, evidence)


def _of_the_record(playbook: Playbook, part: str, place: Place, stage_id: str, evidence: Evidence) -> Iterator[Found]:
    """A gate can only ask for what the record that stands there can have."""
    standing = playbook.kind_in(stage_id)
    possible = {RecordKind.LEAD, RecordKind.DEAL} if standing is RecordKind.LEAD else {standing}
    if evidence.kind not in possible:
        yield _wrong(
            part, place, f"{evidence} is evidence of a {evidence.kind}, and stage {stage_id!r} holds a {standing}"
        )


def _limits(playbook: Playbook) -> Iterator[Found]:
    for part, place, stage in stages_with_places(playbook):
        for number, step in enumerate(stage.steps):
            if step.counts_from_start and step.limit.minutes > stage.limit.minutes:
                sentence = f"{step.limit} is longer than the whole stage, which has {stage.limit}"
                yield _wrong(part, (*place, "steps", number, "limit"), sentence)


# Routes


def _roads(playbook: Playbook) -> Iterator[Found]:
    everything = {stage.id: stage for stage in playbook.stages}
    if circle := cycle_in(everything):
        yield _at(playbook, circle[0], "next", f"the route runs in a circle: {_arrows(circle)}; use `back` to return")
        return
    for part, place, stage in stages_with_places(playbook):
        for stage_id in stage.back:
            if stage.id not in ahead_of(stage_id, everything):
                yield _wrong(
                    part,
                    (*place, "back"),
                    f"{stage_id!r} does not come before {stage.id!r}, so nothing can go back to it",
                )
    for number, variant in enumerate(playbook.sales.variants):
        yield from _road_of(playbook, number, variant)


def _road_of(playbook: Playbook, number: int, variant: Variant) -> Iterator[Found]:
    """What is wrong with the route of one variant."""
    stages = {stage.id: stage for stage in playbook.route(variant.id)}
    first, won = playbook.stages[0], next(stage for stage in playbook.stages if stage.outcome is Outcome.WON)
    if gone := [
        stage_id for stage_id in variant.skips_stages if stage_id == first.id or everything_needs(playbook, stage_id)
    ]:
        yield _wrong(
            "sales",
            ("variants", number, "skips_stages"),
            f"{gone[0]!r} cannot be left out: it is where the route begins or ends",
        )
        return
    reached = {first.id} | ahead_of(first.id, stages)
    for stage in stages.values():
        if stage.id not in reached and stage.outcome is not Outcome.LOST:
            yield _at(
                playbook, stage.id, "id", f"no route leads here{_on(variant)}; name it in the `next` of another stage"
            )
    for evidence in GUARDS_WON:
        if way := way_between(first.id, won.id, stages, without=evidence):
            sentence = f"{_arrows(way)}{_on(variant)} comes to {won.id!r} without {evidence}"
            yield _wrong("sales", ("variants", number), f"{sentence}; nothing can be won without it")


def everything_needs(playbook: Playbook, stage_id: str) -> bool:
    """Whether a stage means an outcome, which no variant can do without."""
    stage = playbook.stage(stage_id)
    return stage is not None and stage.outcome is not None


def _at(playbook: Playbook, stage_id: str, key: str, sentence: str) -> Found:
    part, place = next((part, place) for part, place, stage in stages_with_places(playbook) if stage.id == stage_id)
    return _wrong(part, (*place, key), sentence)


def _arrows(way: Sequence[str]) -> str:
    return " → ".join(way)


def _on(variant: Variant) -> str:
    return f" (variant {variant.id})"


# Rules


def _variants(playbook: Playbook) -> Iterator[Found]:
    variants = playbook.sales.variants
    if not variants[-1].when.is_always:
        yield _wrong(
            "sales",
            ("variants", len(variants) - 1, "when"),
            "the last variant must be without conditions: it takes what no other does",
        )
    for number, variant in enumerate(variants):
        earlier = next((other for other in variants[:number] if other.when.cover(variant.when)), None)
        if earlier:
            yield _wrong(
                "sales",
                ("variants", number),
                f"it is never chosen: {earlier.id!r} stands before it and takes all it would",
            )
        yield from _leftovers(playbook, number, variant)


def _leftovers(playbook: Playbook, number: int, variant: Variant) -> Iterator[Found]:
    """Changes of a variant that change nothing."""
    asked = {evidence for stage in playbook.stages for evidence in stage.gate}
    for evidence in variant.skips_evidence:
        if evidence not in asked:
            yield _wrong("sales", ("variants", number, "skips_evidence"), f"no gate asks for {evidence}")
    for key in ("limits", "adds"):
        for stage_id in getattr(variant, key):
            if stage_id in variant.skips_stages:
                yield _wrong("sales", ("variants", number, key), f"{stage_id!r} is left out by this variant")


def _approvals(playbook: Playbook) -> Iterator[Found]:
    earlier: list[str] = []
    for part in ("sales", "delivery"):
        for number, rule in enumerate(getattr(playbook, part).approvals):
            before = [other for other in playbook.approvals if other.id in earlier]
            if covering := next((other for other in before if other.repeats(rule)), None):
                yield _wrong(
                    part,
                    ("approvals", number),
                    f"it adds nothing: {covering.id!r} applies wherever it does and asks the same",
                )
            earlier.append(rule.id)
    always = {rule.subject for rule in playbook.approvals if rule.when.is_always}
    for part, place, stage in stages_with_places(playbook):
        for evidence in stage.gate:
            if (subject := REVIEWED.get(evidence)) and subject not in always:
                sentence = (
                    f"{evidence} could not be reached by every {subject}: no approval rule applies to all of them"
                )
                yield _wrong(part, (*place, "gate"), sentence)


def _channels(playbook: Playbook) -> Iterator[Found]:
    rules, order = playbook.sales.deal_channels, [stage.id for stage in playbook.sales.stages]
    for number, rule in enumerate(rules):
        stage = playbook.stage(rule.from_stage) if rule.from_stage else None
        is_deals = stage is None or (playbook.kind_in(stage.id) is RecordKind.DEAL and stage.outcome is None)
        if not is_deals:
            sentence = f"no running deal stands in {rule.from_stage!r}; name a stage between the first and the end"
            yield _wrong("sales", ("deal_channels", number, "from_stage"), sentence)
        if any(earlier.covers(rule, order) for earlier in rules[:number]):
            yield _wrong("sales", ("deal_channels", number), "it is never used: a rule before it takes all it would")


def _severities(playbook: Playbook) -> Iterator[Found]:
    known = [severity.id for severity in playbook.care.severities]
    if playbook.care.survey_rules.low_opens not in known:
        sentence = _unlisted(playbook.care.survey_rules.low_opens, known, "severity")
        yield _wrong("care", ("survey_rules", "low_opens"), sentence)
