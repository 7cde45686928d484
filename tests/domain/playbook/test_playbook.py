"""What a playbook says of a record: its route, where it may go, what is missing, who is asked, and when time is over."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.core.people import Role
from domain.core.refusals import RuleBroken
from domain.core.time_limits import TimeLimit, Unit, read_limit
from domain.core.working_time import WorkingHours
from domain.playbook.approval_rules import ApprovalSubject, Votes
from domain.playbook.conditions import Case, Conditions
from domain.playbook.evidence import GUARDS_WON, Evidence, RecordKind
from domain.playbook.gates import GateClosed, OnRoute, check_stands
from domain.playbook.playbook import Playbook
from domain.playbook.stages import Rhythm, variant_for
from tests.domain.playbooks import PLAYBOOK


def case(amount: int | None = None, client_type: str | None = None, **percent: int) -> Case:
    """A case with whole figures."""
    figures = {name: Decimal(figure) for name, figure in percent.items()}
    return Case(amount=None if amount is None else Decimal(amount), client_type=client_type, **figures)


@pytest.mark.parametrize(
    ("size", "variant"),
    [
        (case(), "standard"),
        (case(5_000), "standard"),
        (case(5_000, "new"), "light"),
        (case(20_000, "new"), "standard"),
        (case(5_000, "public"), "standard"),
        (case(250_000, "public"), "major"),
        (case(250_000), "major"),
    ],
)
def test_the_first_variant_that_is_known_to_fit_is_taken(size: Case, variant: str) -> None:
    assert variant_for(size, PLAYBOOK.sales.variants).id == variant


def test_the_light_route_leaves_out_what_its_variant_says() -> None:
    light = {stage.id: stage for stage in PLAYBOOK.route("light")}
    assert "analysis" not in light
    assert light["first_talk"].next == ("proposal",)
    assert str(light["proposal"].limit) == "4 working days"
    assert [step.id for step in light["proposal"].steps] == ["write_proposal"]
    assert Evidence.LESSONS_TAGGED not in light["closing"].gate


def test_a_step_never_has_longer_than_its_stage() -> None:
    for variant in PLAYBOOK.sales.variants:
        for stage in PLAYBOOK.route(variant.id):
            steps = [step for step in stage.steps if step.counts_from_start]
            assert all(step.limit.minutes <= stage.limit.minutes for step in steps), stage.id


def test_a_major_route_asks_for_more() -> None:
    gates = {stage.id: stage.gate for stage in PLAYBOOK.route("major")}
    assert gates["handover"] == (Evidence.HANDOVER_ACCEPTED, Evidence.TEAM_NAMED)


def test_a_variant_that_is_no_longer_listed_is_the_last_one() -> None:
    assert PLAYBOOK.variant("gone").id == "standard"
    assert PLAYBOOK.route("gone") == PLAYBOOK.stages


def test_what_is_missing_is_named_in_the_gates_order() -> None:
    contract = PLAYBOOK.stage("contract")
    assert contract
    assert contract.missing(set()) == (Evidence.TERMS_UNDERSTOOD, Evidence.CONTRACT_SIGNED)
    assert contract.missing({Evidence.TERMS_UNDERSTOOD}) == (Evidence.CONTRACT_SIGNED,)
    assert contract.missing(set(Evidence)) == ()


def standing(stage_id: str, variant: str = "standard") -> OnRoute:
    """A record that stands in a stage of the default playbook."""
    return OnRoute("D-1", stage_id, PLAYBOOK.variant(variant), PLAYBOOK.stages)


def test_what_the_gates_behind_a_record_ask_for_must_be_there() -> None:
    asked = standing("analysis").asked
    assert asked == (*standing("lead").stage.gate, *standing("first_talk").stage.gate)
    check_stands(standing("analysis"), asked)
    with pytest.raises(GateClosed) as refused:
        check_stands(standing("analysis"), asked[1:])
    assert (refused.value.stage.id, refused.value.missing) == ("lead", asked[:1])


def test_a_record_is_refused_on_a_route_that_does_not_pass_its_stage() -> None:
    assert standing("analysis", "light").stage is None
    with pytest.raises(RuleBroken):
        check_stands(standing("analysis", "light"), set(Evidence))


def test_to_be_won_a_deal_needs_its_approved_quote_and_signed_contract_whatever_the_playbook_says() -> None:
    bare = tuple(stage.model_copy(update={"gate": ()}) for stage in PLAYBOOK.stages)
    won = OnRoute("D-1", "won", PLAYBOOK.variant("standard"), bare)
    assert won.asked == GUARDS_WON
    check_stands(won, GUARDS_WON)
    for guard in GUARDS_WON:
        with pytest.raises(GateClosed) as refused:
            check_stands(won, {guard})
        assert refused.value.missing == tuple(one for one in GUARDS_WON if one is not guard)


def test_every_gate_asks_only_for_what_its_record_can_have() -> None:
    assert PLAYBOOK.kind_in("lead") is RecordKind.LEAD
    assert PLAYBOOK.kind_in("quote") is RecordKind.DEAL
    assert PLAYBOOK.kind_in("work") is RecordKind.PROJECT
    assert PLAYBOOK.kind_in("relationship") is RecordKind.ACCOUNT
    assert all(evidence.title for evidence in Evidence)
    assert {evidence for stage in PLAYBOOK.stages for evidence in stage.gate} == set(Evidence)


ASKED = [
    (case(5_000, discount=0, margin=40), [("quote_always",)]),
    (case(20_000, discount=0, margin=40), [("quote_always",), ("quote_management",)]),
    (case(20_000, discount=15, margin=40), [("quote_always",), ("quote_management", "quote_discount")]),
    (case(5_000, discount=10, margin=19), [("quote_always",), ("quote_thin",)]),
    (case(250_000, discount=0, margin=20), [("quote_always",), ("quote_management",), ("quote_major",)]),
    (case(5_000, discount=0), [("quote_always",), ("quote_thin",)]),
]


@pytest.mark.parametrize(("quote", "because"), ASKED)
def test_every_rule_that_applies_asks_and_the_same_question_comes_once(
    quote: Case, because: list[tuple[str, ...]]
) -> None:
    asked = PLAYBOOK.asked(ApprovalSubject.QUOTE, quote)
    assert [tuple(rule.id for rule in step.because) for step in asked] == because
    assert [step.step.order for step in asked] == sorted(step.step.order for step in asked)


def test_the_reason_is_said_in_words() -> None:
    rule = next(rule for rule in PLAYBOOK.approvals if rule.id == "quote_discount")
    assert rule.when.words("EUR", {}) == ["the discount is above 10 %"]
    large = Conditions(amount_from=Decimal(50_000), amount_below=Decimal("60000.50"), client_types=("public", "gone"))
    assert large.words("EUR", {"public": "Public body"}) == [
        "the amount is 50,000 EUR or more",
        "the amount is below 60,000.50 EUR",
        "the client is: Public body or gone",
    ]


def test_a_proposal_is_judged_by_several_departments_at_once() -> None:
    asked = PLAYBOOK.asked(ApprovalSubject.PROPOSAL, case(60_000, "new"))
    assert {role for step in asked for role in step.step.roles} == {Role.DELIVERY, Role.FINANCE, Role.LEGAL}
    assert {step.step.order for step in asked} == {1}


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        (Conditions(), Conditions(discount_above=Decimal(10)), True),
        (Conditions(discount_above=Decimal(10)), Conditions(), False),
        (Conditions(discount_above=Decimal(10)), Conditions(discount_above=Decimal(15)), True),
        (Conditions(margin_below=Decimal(20)), Conditions(margin_below=Decimal(25)), False),
        (Conditions(amount_from=Decimal(5)), Conditions(amount_from=Decimal(5), amount_below=Decimal(9)), True),
        (Conditions(amount_below=Decimal(9)), Conditions(amount_from=Decimal(5)), False),
        (Conditions(client_types=("new", "public")), Conditions(client_types=("new",)), True),
        (Conditions(client_types=("new",)), Conditions(), False),
    ],
)
def test_conditions_cover_others(wide: Conditions, narrow: Conditions, covers: bool) -> None:
    assert wide.cover(narrow) is covers


def test_an_amount_without_a_rate_counts_as_beyond_every_limit() -> None:
    money = PLAYBOOK.sales.money
    assert money.in_own(Decimal(100), "EUR") == 100
    assert money.in_own(Decimal(100), "USD") == 90
    assert variant_for(Case(amount=money.in_own(Decimal(1), "XYZ")), PLAYBOOK.sales.variants).id == "major"


HOURS = WorkingHours(zone="UTC")
FRIDAY_NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "over"),
    [
        ("1 working day", datetime(2026, 11, 30, 17, 30, tzinfo=UTC)),
        ("2 working days", datetime(2026, 12, 1, 17, 30, tzinfo=UTC)),
        ("4 working hours", datetime(2026, 11, 27, 16, tzinfo=UTC)),
        ("6 working hours", datetime(2026, 11, 30, 9, 30, tzinfo=UTC)),
        ("2 hours", datetime(2026, 11, 27, 14, tzinfo=UTC)),
        ("90 minutes", datetime(2026, 11, 27, 13, 30, tzinfo=UTC)),
    ],
)
def test_a_limit_is_over(written: str, over: datetime) -> None:
    assert HOURS.is_working_day(date(2026, 11, 30))
    limit = read_limit(written)
    assert str(limit) == written
    assert limit.is_over_at(FRIDAY_NOON, HOURS) == over


def test_limits_and_rhythms_have_their_words() -> None:
    assert TimeLimit(1, Unit.WORKING_DAY).words == "1 working day"
    assert TimeLimit(1, Unit.WORKING_DAY).rhythm == "every working day"
    assert TimeLimit(3, Unit.WORKING_HOUR).rhythm == "every 3 working hours"
    assert all(TimeLimit(2, unit).words.startswith("2 ") for unit in Unit)
    assert all(rhythm.title.startswith("every ") for rhythm in Rhythm)
    assert all(votes.title for votes in Votes)


def test_a_playbook_is_read_again_from_its_content() -> None:
    again = Playbook.of(PLAYBOOK.content)
    assert again == PLAYBOOK
    assert again.digest == PLAYBOOK.digest
