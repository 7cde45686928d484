"""The pipeline as people see it: the one table a message takes, with the sums by currency, and a chart of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.core.language import _, plural
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deals import SEE_DEALS, Money, PipelineLine
from domain.sales.forecast import summed, weighted
from domain.sales.pages import Pipeline
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.sales.deals import money_words

needs(ids.PRESS_PIPELINE, ids.PRESS_STAGE)(SEE_DEALS)

MOST_ROWS = 100
"""Rows of a table in Slack."""
MOST_SERIES = 6
"""Currencies that a chart shows; the smaller sums are in the table."""
MOST_BARS = 20
OWN = "mine"
"""Stands behind a stage in what a button carries where one's own deals are meant."""
LONGEST_LABEL = 20
"""Characters under a bar of a chart in Slack."""


def pipeline_blocks(pipeline: Pipeline, playbook: SalesPlaybook) -> list[Block]:
    """The running deals by stage, with sums by currency, and what was taken over below them, in the one table that a message takes."""
    header = kit.header(_("My pipeline") if pipeline.is_own else _("Pipeline"))
    lines = (*pipeline.running, *pipeline.taken_over)
    if not lines:
        return [header, kit.section(say(_("No deals are on their way.")))]
    currencies = sorted({line.currency for line in lines if line.currency})
    titles = {stage.id: _(stage.title) for stage in playbook.stages}
    rows = [_row([_("Stage"), _("Deals"), *currencies])]
    rows += _rows_of(pipeline.running, titles, currencies, _("On their way"))
    rows += _rows_of(pipeline.taken_over, {}, currencies, _("Imported"))
    settings = [{"is_wrapped": True}, *({"align": "right"} for _column in [0, *currencies])]
    blocks = [header, {"type": "table", "column_settings": settings[:20], "rows": rows[:MOST_ROWS]}]
    if chart := _chart(pipeline.running or pipeline.taken_over, titles, currencies):
        blocks.append(chart)
    blocks += forecast(pipeline, playbook)
    if stages := _stages(pipeline, playbook):
        blocks.append(kit.actions(kit.menu(stages, placeholder=_("Open a stage"), action_id=ids.PRESS_STAGE)))
    if pipeline.taken_over:
        words = _("Imported: deals from other systems, as they were there. They did not go through our process.")
        blocks.append(kit.context(say(words)))
    return blocks


def pipeline_modal(pipeline: Pipeline, playbook: SalesPlaybook) -> View:
    """The same in a modal, which takes no table: a line for each stage, with the button that opens it."""
    stages = _stages(pipeline, playbook)
    lines = [
        kit.section(_stage_words(title, pipeline, value), kit.button(ids.PRESS_STAGE, _("Open"), value))
        for value, title in stages.items()
    ]
    nothing = [kit.section(say(_("No deals are on their way.")))]
    return kit.modal(ids.SHOW_PIPELINE, _("Pipeline"), [*(lines or nothing), *forecast(pipeline, playbook)])


def _stage_words(title: str, pipeline: Pipeline, value: str) -> Mrkdwn:
    lines = [line for line in pipeline.running if f"{line.stage}:" == value.removesuffix(OWN)]
    count = sum(line.count for line in lines)
    deals = plural("{count} deal", "{count} deals", count).format(count=count)
    return say("*{title}*\n{deals}  ·  {sums}", title=title, deals=deals, sums=_money(summed(lines)))


def _stages(pipeline: Pipeline, playbook: SalesPlaybook) -> dict[str, str]:
    """The stages at which deals run, by what their button or choice carries: the stage, and whether it is one's own deals."""
    titles = {stage.id: _(stage.title) for stage in playbook.stages}
    standing = {line.stage for line in pipeline.running if line.stage}
    order = [*(stage for stage in titles if stage in standing), *sorted(standing - titles.keys())]
    return {f"{stage}:{OWN if pipeline.is_own else ''}": titles.get(stage, stage) for stage in order}


def forecast(pipeline: Pipeline, playbook: SalesPlaybook) -> list[Block]:
    """What the running deals may bring, and what is expected in this quarter."""
    if not summed(pipeline.running):
        return []
    probabilities = {stage.id: stage.probability or 0 for stage in playbook.stages}
    words = say(_("*Weighted by stage*  {sums}"), sums=_money(weighted(pipeline.running, probabilities)))
    if pipeline.quarter_ends is None:
        return [kit.section(words)]
    count = sum(line.count for line in pipeline.expected)
    expected = say(
        plural(
            "*Expected by {day}*  {sums} from {count} deal, weighted {weighted}",
            "*Expected by {day}*  {sums} from {count} deals, weighted {weighted}",
            count,
        ),
        day=kit.day(pipeline.quarter_ends),
        sums=_money(summed(pipeline.expected)),
        count=count,
        weighted=_money(weighted(pipeline.expected, probabilities)),
    )
    return [kit.section(Mrkdwn(f"{words}\n{expected}"))]


def _money(sums: Sequence[Money]) -> str:
    return ", ".join(money_words(money) for money in sums) or "–"


def _rows_of(
    lines: Sequence[PipelineLine], titles: Mapping[str, str], currencies: Sequence[str], together: str
) -> list[list[Block]]:
    """A row for each stage, in the order of `titles` and then as they come, and one that sums them."""
    if not lines:
        return []
    rows = [_counted(title, here, currencies) for title, here in _by_stage(lines, titles)]
    return [*rows, _counted(together, lines, currencies)]


def _by_stage(lines: Sequence[PipelineLine], titles: Mapping[str, str]) -> list[tuple[str, list[PipelineLine]]]:
    known: dict[str, list[PipelineLine]] = {}
    for line in lines:
        known.setdefault(line.stage or _("no stage"), []).append(line)
    order = [*(stage for stage in titles if stage in known), *(stage for stage in known if stage not in titles)]
    return [(titles.get(stage, stage), known[stage]) for stage in order]


def _chart(lines: Sequence[PipelineLine], titles: Mapping[str, str], currencies: Sequence[str]) -> Block | None:
    """A bar for each stage and currency; nothing where that would be a single stage, or no deal has an amount."""
    stages = _by_stage(lines, titles)[:MOST_BARS]
    sums = {code: [_sum(here, code) for _title, here in stages] for code in currencies}
    largest = sorted((code for code in currencies if any(sums[code])), key=lambda code: -sum(sums[code]))[:MOST_SERIES]
    if len(stages) < 2 or not largest:
        return None
    labels = _labels([title for title, _here in stages])
    series = [
        {
            "name": code,
            "data": [
                {"label": label, "value": float(amount)} for label, amount in zip(labels, sums[code], strict=True)
            ],
        }
        for code in largest
    ]
    bars = {"type": "bar", "series": series, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": _("Worth by stage"), "chart": bars}


def _labels(titles: Sequence[str]) -> list[str]:
    """What stands under each bar: no two are the same, though long titles are cut."""
    cut = [kit.cut(title, LONGEST_LABEL) for title in titles]
    if len(set(cut)) == len(cut):
        return cut
    return [f"{number} {kit.cut(title, LONGEST_LABEL - 3)}" for number, title in enumerate(titles, start=1)]


def _counted(title: str, lines: Sequence[PipelineLine], currencies: Sequence[str]) -> list[Block]:
    return _row([title, str(sum(line.count for line in lines)), *_sums(lines, currencies)])


def _sums(lines: Sequence[PipelineLine], currencies: Sequence[str]) -> list[str]:
    sums = {code: _sum(lines, code) for code in currencies}
    return [money_words(Money(amount=sums[code], currency=code)) if sums[code] else "–" for code in currencies]


def _sum(lines: Sequence[PipelineLine], currency: str) -> Decimal:
    return sum((line.amount or Decimal(0) for line in lines if line.currency == currency), Decimal(0))


def _row(cells: Sequence[str]) -> list[Block]:
    return [{"type": "raw_text", "text": cell or "–"} for cell in cells]
