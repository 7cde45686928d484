"""The chart of the pipeline says what the table says."""

from decimal import Decimal
from typing import Any

from domain.sales.deals import PipelineLine
from domain.sales.pages import Pipeline
from tests.firm import PLAYBOOK
from views.sales.pipeline import pipeline_blocks


def line(stage: str, amount: str | None, currency: str | None = "EUR") -> PipelineLine:
    """Some deals at a stage."""
    return PipelineLine(stage=stage, currency=currency, count=3, amount=Decimal(amount) if amount else None)


def chart_of(*lines: PipelineLine) -> dict[str, Any] | None:
    """The chart that is drawn for running deals, if one is."""
    blocks = pipeline_blocks(Pipeline(is_own=False, running=lines, taken_over=()), PLAYBOOK)
    return next((block["chart"] for block in blocks if block["type"] == "data_visualization"), None)


def test_each_currency_has_a_bar_at_each_stage_in_the_order_of_the_route() -> None:
    chart = chart_of(line("proposal", "10.50"), line("first_talk", "100"), line("first_talk", "7", "USD"))
    assert chart
    assert chart["axis_config"]["categories"] == ["First talk", "Proposal"]
    assert {one["name"]: [(bar["label"], bar["value"]) for bar in one["data"]] for one in chart["series"]} == {
        "EUR": [("First talk", 100.0), ("Proposal", 10.5)],
        "USD": [("First talk", 7.0), ("Proposal", 0.0)],
    }


def test_nothing_is_drawn_of_one_stage_or_without_amounts() -> None:
    assert chart_of(line("first_talk", "100")) is None
    assert chart_of(line("first_talk", None, None), line("proposal", None, None)) is None


def test_long_names_are_told_apart_under_the_bars() -> None:
    chart = chart_of(line("a stage of another time", "1"), line("a stage of another place", "2"))
    assert chart
    assert chart["axis_config"]["categories"] == ["1 a stage of anoth…", "2 a stage of anoth…"]
