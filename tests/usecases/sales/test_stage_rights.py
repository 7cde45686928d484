"""What the role in charge of a deal's stage may do there, though the deal is steered by sales."""

from dataclasses import replace
from datetime import date

import pytest

from domain.core.people import Actor, Role
from domain.core.refusals import FormRefused, NotAllowed, RuleBroken
from domain.sales.deals import DealPlan
from domain.sales.leads import NewTouch, TouchKind
from tests.firm import PLAYBOOK, WHOLE, FirmDesks
from tests.usecases.sales.test_deals import BRIEF, PLAN, a_deal, a_file, in_analysis
from usecases.sales.deals import DealDesk

STUDY = DealPlan(title="", next_step="Study the contracts", next_on=date(2026, 3, 20))


def with_role(person: Actor, role: Role) -> Actor:
    """Somebody who has one more role."""
    return replace(person, roles=person.roles | {role})


async def test_whose_role_is_in_charge_of_the_stage_says_what_comes_next_and_nobody_else_of_theirs(
    firm: FirmDesks,
) -> None:
    delivery, legal = with_role(firm.consultant, Role.DELIVERY), with_role(firm.consultant, Role.LEGAL)
    talking = await a_deal(firm)
    with pytest.raises(NotAllowed, match="Only sales or management may say what comes next"):
        await firm.deals.plan_step(delivery, talking.id, STUDY)
    studied = await in_analysis(firm)
    for somebody in (firm.consultant, legal):
        with pytest.raises(NotAllowed, match="Only sales, delivery or management may say what comes next"):
            await firm.deals.plan_step(somebody, studied.id, STUDY)
    step = await firm.deals.plan_step(delivery, studied.id, STUDY)
    assert step.deal.progress
    assert (step.deal.progress.next_step, step.deal.value) == ("Study the contracts", studied.value)
    with pytest.raises(NotAllowed, match="steer a deal"):
        await firm.deals.plan(delivery, studied.id, DealPlan(title="x"))


async def test_whose_role_is_in_charge_makes_the_evidence_of_their_stage(firm: FirmDesks) -> None:
    """Whoever the playbook puts in charge: here legal, of the needs analysis."""
    legal = with_role(firm.consultant, Role.LEGAL)
    talking, studied = await a_deal(firm), await in_analysis(firm)
    touch = NewTouch(kind=TouchKind.CALL, key_points="hello")
    stages = tuple(
        stage.model_copy(update={"role": Role.LEGAL}) if stage.id == "analysis" else stage for stage in PLAYBOOK.stages
    )
    led = WHOLE.model_copy(update={"sales": PLAYBOOK.model_copy(update={"stages": stages})})
    for deal, desk in ((talking, DealDesk(firm.store, led)), (studied, firm.deals)):
        with pytest.raises(NotAllowed):
            await desk.log_touch(legal, deal.id, touch)
    desk = DealDesk(firm.store, led)
    assert (await desk.log_touch(legal, studied.id, touch)).deal.id == studied.id
    await desk.attach(legal, studied.id, a_file())
    await desk.write_brief(legal, studied.id, replace(BRIEF, needs="Much lower costs"))


async def test_a_next_step_is_checked_like_any_other(firm: FirmDesks) -> None:
    deal = await a_deal(firm, PLAN)
    with pytest.raises(FormRefused) as refused:
        await firm.deals.plan_step(firm.seller, deal.id, replace(STUDY, next_on=None))
    assert set(refused.value.errors) == {"next_on"}
    with pytest.raises(RuleBroken):
        await firm.deals.plan_step(firm.seller, deal.id, replace(STUDY, next_on=date(2026, 3, 1)))
