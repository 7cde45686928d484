"""What people do with deals: each gate is refused first, with what is missing, and nothing moves without evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, FormRefused, NotAllowed, NotFound, NotYet, RuleBroken
from domain.playbook.evidence import Evidence
from domain.playbook.gates import GateClosed
from domain.playbook.playbook import Playbook
from domain.sales.deals import Deal, DealOutcome, DealPlan, Money, NewDeal
from domain.sales.documents import DocumentKind, Needs, NewDocument
from domain.sales.leads import Lead, NewTouch, TouchKind
from storage.schema import reminders
from storage.unit_of_work import UnitOfWork
from tests.firm import WHOLE, FirmDesks, dangling_in
from usecases.process.manual import ProcessDesk
from usecases.sales.deals import DealDesk

ANSWERS = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
PLAN = DealPlan(title="Review of costs", value=Money(amount=Decimal("90000.00"), currency="EUR"))
BRIEF = Needs(needs="Lower costs", pains="No overview", goals="10 % less in a year")


def a_file(kind: DocumentKind = DocumentKind.SOLUTION, sha256: str = "ab" * 32) -> NewDocument:
    """A file as Slack gave it."""
    return NewDocument(kind=kind, title="Sketch.pdf", slack_file="F0SKETCH", permalink=None, sha256=sha256, size=9)


async def ready_lead(firm: FirmDesks, company: str = "Acme Ltd") -> Lead:
    """A lead that somebody owns and has screened."""
    lead = await firm.captured(company)
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.rescreen(firm.seller, lead.id, ANSWERS)
    return lead


async def a_deal(firm: FirmDesks, plan: DealPlan = PLAN) -> Deal:
    """A deal that has just begun."""
    return (await firm.deals.qualify(firm.seller, (await ready_lead(firm)).id, plan)).deal


async def missing(firm: FirmDesks, deal: Deal, by: Actor | None = None) -> tuple[Evidence, ...]:
    """What the gate in front of a deal lacks; it must be shut."""
    with pytest.raises(GateClosed) as refused:
        await firm.moved_on(deal.id, by)
    return refused.value.missing


async def stage(firm: FirmDesks, deal: Deal) -> str:
    """Where a deal stands."""
    progress = (await firm.deals.show(firm.seller, deal.id)).deal.progress
    assert progress is not None
    return progress.stage


async def events(firm: FirmDesks, subject: str, subject_id: int) -> list[str]:
    """What was recorded of a record."""
    log = await firm.store.read(firm.workspace_id, lambda work: work.audit.about(subject, subject_id))
    return [event.event for event in log]


async def test_a_lead_becomes_a_deal_once_somebody_owns_it_and_has_screened_it(firm: FirmDesks) -> None:
    lead = await firm.captured()
    with pytest.raises(GateClosed) as refused:
        await firm.deals.qualify(firm.seller, lead.id, PLAN)
    assert refused.value.missing == (Evidence.LEAD_OWNED, Evidence.LEAD_SCREENED)
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.rescreen(firm.seller, lead.id, ANSWERS)
    step = await firm.deals.qualify(firm.seller, lead.id, PLAN)
    page = await firm.deals.show(firm.seller, step.deal.id)
    assert (page.deal.code, page.deal.title, page.deal.owner) == ("D-1", "Review of costs", firm.seller.person)
    assert page.deal.progress
    assert (page.deal.progress.stage, page.deal.progress.variant) == ("first_talk", "standard")
    assert [one.status.value for one in page.leads] == ["qualified"]
    with pytest.raises(AlreadyDone, match="goes on as the deal D-1"):
        await firm.leads.disqualify(firm.seller, lead.id, "spam")
    assert "lead.qualified" in await events(firm, "lead", lead.id)
    assert await events(firm, "deal", page.deal.id) == ["deal.opened"]


@pytest.mark.both
async def test_from_lead_to_proposal_each_gate_is_shut_until_its_evidence_is_there(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    assert await missing(firm, deal) == (Evidence.FIRST_TALK_LOGGED, Evidence.NEEDS_BRIEF_COMPLETE)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.MAIL, key_points="Sent our brochure"))
    await firm.deals.write_brief(firm.seller, deal.id, replace(BRIEF, goals=""))
    assert await missing(firm, deal) == (Evidence.FIRST_TALK_LOGGED, Evidence.NEEDS_BRIEF_COMPLETE)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="They want 10 % less"))
    assert await missing(firm, deal) == (Evidence.NEEDS_BRIEF_COMPLETE,)
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.moved_on(deal.id)
    assert await stage(firm, deal) == "analysis"
    assert await missing(firm, deal) == (Evidence.SOLUTION_ATTACHED,)
    await firm.deals.attach(firm.seller, deal.id, a_file(DocumentKind.MATERIAL))
    assert await missing(firm, deal) == (Evidence.SOLUTION_ATTACHED,)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    await firm.moved_on(deal.id)
    assert await stage(firm, deal) == "proposal"
    assert await missing(firm, deal) == (Evidence.PROPOSAL_COMPLETE,)
    assert await events(firm, "deal", deal.id) == [
        "deal.opened",
        "deal.touched",
        "deal.brief_written",
        "deal.touched",
        "deal.brief_written",
        "deal.moved",
        "deal.document_attached",
        "deal.document_attached",
        "deal.moved",
    ]


async def test_a_talk_with_the_lead_counts_for_its_deal(firm: FirmDesks) -> None:
    lead = await ready_lead(firm)
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.MEETING, key_points="Met at the fair"))
    deal = (await firm.deals.qualify(firm.seller, lead.id, PLAN)).deal
    assert await missing(firm, deal) == (Evidence.NEEDS_BRIEF_COMPLETE,)


async def test_several_leads_go_into_one_deal_of_their_account(firm: FirmDesks) -> None:
    first, elsewhere = await ready_lead(firm), await ready_lead(firm, "Zenith")
    second = await firm.captured("Acme Ltd", account_id=first.account.id)
    await firm.leads.claim(firm.seller, second.id)
    await firm.leads.rescreen(firm.seller, second.id, ANSWERS)
    deal = (await firm.deals.qualify(firm.seller, first.id, PLAN)).deal
    _lead, running = await firm.deals.offered(firm.seller, second.id)
    assert [one.code for one in running] == ["D-1"]
    await firm.deals.qualify(firm.seller, second.id, PLAN, deal.id)
    assert [one.code for one in (await firm.deals.show(firm.seller, deal.id)).leads] == [first.code, second.code]
    with pytest.raises(RuleBroken, match="another company"):
        await firm.deals.qualify(firm.seller, elsewhere.id, PLAN, deal.id)


async def test_a_deal_goes_only_where_its_route_leads_and_back_with_a_reason(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    with pytest.raises(RuleBroken, match="No way leads there"):
        await firm.deals.move(firm.seller, deal.id, "quote")
    with pytest.raises(AlreadyDone):
        await firm.deals.move(firm.seller, deal.id, "first_talk")
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.moved_on(deal.id)
    with pytest.raises(RuleBroken, match="Why does it go back"):
        await firm.deals.move(firm.seller, deal.id, "first_talk", " ")
    step = await firm.deals.move(firm.seller, deal.id, "first_talk", "The need was another one")
    assert await stage(firm, deal) == "first_talk"
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await stage(firm, deal) == "analysis"


async def test_pressing_twice_moves_a_deal_once_though_the_next_gate_is_open(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    await firm.deals.move(firm.seller, deal.id, "analysis")
    with pytest.raises(AlreadyDone, match="is there already"):
        await firm.deals.move(firm.seller, deal.id, "analysis")
    assert await stage(firm, deal) == "analysis"


async def test_size_and_client_say_which_route_until_somebody_chooses_another(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    small = replace(PLAN, value=Money(amount=Decimal("9000"), currency="EUR"), client_type="new")
    light = (await firm.deals.plan(firm.seller, deal.id, small)).deal
    assert light.progress
    assert light.progress.variant == "light"
    with pytest.raises(RuleBroken, match="Why this one"):
        await firm.deals.choose_variant(firm.seller, deal.id, "major", "")
    major = (await firm.deals.choose_variant(firm.seller, deal.id, "major", "A key account")).deal
    assert major.progress
    assert (major.progress.variant, major.progress.variant_reason) == ("major", "A key account")
    still = (await firm.deals.plan(firm.seller, deal.id, PLAN)).deal
    assert still.progress
    assert still.progress.variant == "major"


async def test_on_a_light_route_the_deal_goes_from_the_talk_to_the_proposal(firm: FirmDesks) -> None:
    small = replace(PLAN, value=Money(amount=Decimal("9000"), currency="EUR"), client_type="new")
    deal = await a_deal(firm, small)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.moved_on(deal.id)
    assert await stage(firm, deal) == "proposal"
    with pytest.raises(GateClosed):  # the larger route has a gate behind it that was never passed
        await firm.deals.plan(firm.seller, deal.id, PLAN)


async def in_analysis(firm: FirmDesks) -> Deal:
    """A deal that has passed its first gate, with a call and a complete brief."""
    deal = await a_deal(firm)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    return (await firm.moved_on(deal.id)).deal


async def test_what_a_gate_was_passed_with_stays_answered(firm: FirmDesks) -> None:
    deal = await in_analysis(firm)
    with pytest.raises(FormRefused) as refused:
        await firm.deals.write_brief(firm.seller, deal.id, replace(BRIEF, goals="", pains=""))
    assert set(refused.value.errors) == {"goals", "pains"}
    assert "D-1 has left “First talk” with this answered" in refused.value.errors["goals"]
    page = await firm.deals.show(firm.seller, deal.id)
    assert page.brief
    assert (page.brief.version, page.brief.goals) == (1, BRIEF.goals)
    await firm.deals.write_brief(firm.seller, deal.id, replace(BRIEF, goals="15 % less"))


async def test_nothing_is_undone_that_would_leave_a_deal_behind_a_shut_gate(firm: FirmDesks) -> None:
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    deal = await in_analysis(firm)
    back = await firm.deals.move(firm.seller, deal.id, "first_talk", "They have a new boss")
    assert back.operation
    await firm.deals.write_brief(firm.seller, deal.id, replace(BRIEF, goals=""))
    with pytest.raises(NotYet, match=r"cannot be undone now.*needs brief"):
        await firm.operations.undo(firm.seller, back.operation.id)
    assert await stage(firm, deal) == "first_talk"
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.operations.undo(firm.seller, back.operation.id)
    assert await stage(firm, deal) == "analysis"


async def test_a_route_is_not_taken_back_under_a_deal_that_has_gone_on(firm: FirmDesks) -> None:
    await ProcessDesk(firm.store, WHOLE).keep(firm.workspace_id)
    small = replace(PLAN, value=Money(amount=Decimal("9000"), currency="EUR"), client_type="new")
    deal = await a_deal(firm, small)
    chosen = await firm.deals.choose_variant(firm.seller, deal.id, "standard", "They want more")
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.moved_on(deal.id)
    assert chosen.operation
    with pytest.raises(NotYet, match="skips the stage"):
        await firm.operations.undo(firm.admin, chosen.operation.id)
    assert await stage(firm, deal) == "analysis"


async def test_an_amount_is_not_lowered_onto_a_route_without_the_deals_stage(firm: FirmDesks) -> None:
    deal = await in_analysis(firm)
    small = replace(PLAN, value=Money(amount=Decimal("9000"), currency="EUR"), client_type="new")
    with pytest.raises(RuleBroken, match="skip the stage") as refused:
        await firm.deals.plan(firm.seller, deal.id, small)
    assert refused.value.field == "amount"


async def test_a_lost_deal_has_a_reason_from_the_list_and_can_be_taken_back(firm: FirmDesks) -> None:
    deal = await a_deal(firm, replace(PLAN, next_step="Call them", next_on=date(2026, 3, 10)))
    with pytest.raises(RuleBroken, match="Pick one"):
        await firm.deals.lose(firm.seller, deal.id, "bad luck")
    step = await firm.deals.lose(firm.seller, deal.id, "price", "By far")
    assert step.deal.outcome is DealOutcome.LOST
    assert step.deal.progress
    assert step.deal.progress.next_at is None
    with pytest.raises(AlreadyDone, match="is over: lost"):
        await firm.moved_on(deal.id)
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    again = (await firm.deals.show(firm.seller, deal.id)).deal
    assert again.is_running
    assert again.progress
    assert again.progress.next_step == "Call them"


async def test_making_a_deal_is_undone_with_everything(firm: FirmDesks) -> None:
    lead = await ready_lead(firm)
    step = await firm.deals.qualify(firm.seller, lead.id, replace(PLAN, next_step="Call", next_on=date(2026, 3, 10)))
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert (await firm.leads.show(firm.seller, lead.id)).lead.is_open
    with pytest.raises(NotFound):
        await firm.deals.show(firm.seller, step.deal.id)


async def test_nothing_is_left_that_refers_to_a_deal_whose_making_is_undone(firm: FirmDesks) -> None:
    lead = await ready_lead(firm)
    step = await firm.deals.qualify(firm.seller, lead.id, replace(PLAN, next_step="Call", next_on=date(2026, 3, 10)))
    of_deal = select(reminders.c.id).where(reminders.c.kind.startswith("deal."))
    [reminder_id, *_others] = await firm.store.database.read(lambda c: c.execute(of_deal).scalars().all())

    def shown(work: UnitOfWork) -> None:
        work.cards.register("deal", step.deal.id, "C1", "1.1", "DealOpened")
        work.cards.register("reminder", reminder_id, "C1", "1.2", "DealStepDue")

    await firm.store.write(firm.workspace_id, shown)
    assert step.operation
    assert (await firm.operations.undo(firm.seller, step.operation.id)).kept == 0
    assert await dangling_in(firm.store.database) == []
    for ts in ("1.1", "1.2"):
        assert await firm.store.read(firm.workspace_id, lambda work, ts=ts: work.cards.at("C1", ts)) is None


async def test_the_next_step_is_reminded_of_and_done(firm: FirmDesks) -> None:
    deal = await a_deal(firm, replace(PLAN, next_step="Send the agenda", next_on=date(2026, 3, 4)))
    firm.clock.advance(days=1, hours=3)
    while await firm.upkeep.sweep_reminders():
        pass
    told = [row for row in await firm.told() if type(row.message).__name__ == "DealStepDue"]
    [reminder_id] = [getattr(row.message, "reminder_id") for row in told]  # noqa: B009
    await firm.reminders.done(firm.seller, reminder_id)
    page = await firm.deals.show(firm.seller, deal.id)
    assert page.deal.progress
    assert page.deal.progress.next_step is None
    assert (await events(firm, "deal", deal.id))[-1] == "deal.step_done"


async def test_a_step_planned_again_outlives_the_undoing_of_its_first_end(firm: FirmDesks) -> None:
    deal = await a_deal(firm, replace(PLAN, next_step="Call", next_on=date(2026, 3, 10)))
    without = await firm.deals.plan(firm.seller, deal.id, PLAN)
    await firm.deals.plan(firm.seller, deal.id, replace(PLAN, next_step="Write", next_on=date(2026, 3, 12)))
    assert without.operation
    await firm.operations.undo(firm.seller, without.operation.id)
    progress = (await firm.deals.show(firm.seller, deal.id)).deal.progress
    assert progress
    assert progress.next_step == "Write"
    firm.clock.advance(days=9)
    while await firm.upkeep.sweep_reminders():
        pass
    assert [type(row.message).__name__ for row in await firm.told()].count("DealStepDue") == 1


async def test_a_deal_is_handed_over_with_a_note(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    with pytest.raises(RuleBroken, match="Only sales or management"):
        await firm.deals.hand_over(firm.seller, deal.id, firm.consultant.slack_id)
    await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id, "You know them")
    assert [one.code for one in (await firm.pipeline.mine(firm.other_seller)).deals] == ["D-1"]
    assert "DealGiven" in [type(row.message).__name__ for row in await firm.told()]
    with pytest.raises(AlreadyDone):
        await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id)


async def test_who_may_not_is_told_who_can(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    for deed in (
        firm.moved_on(deal.id, firm.consultant),
        firm.deals.lose(firm.consultant, deal.id, "price"),
        firm.deals.write_brief(firm.consultant, deal.id, BRIEF),
        firm.deals.plan(firm.guest, deal.id, PLAN),
        firm.deals.show(firm.guest, deal.id),
    ):
        with pytest.raises(NotAllowed):
            await deed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 200}, "title"),
        ({"client_type": "martian"}, "client_type"),
        ({"value": Money(amount=Decimal(-1), currency="EUR")}, "amount"),
        ({"next_step": "Call"}, "next_on"),
        ({"next_on": date(2026, 4, 1)}, "next_step"),
    ],
)
async def test_a_wrong_plan_is_refused_at_its_field(firm: FirmDesks, change: dict[str, Any], field: str) -> None:
    lead = await ready_lead(firm)
    with pytest.raises(FormRefused) as refused:
        await firm.deals.qualify(firm.seller, lead.id, replace(PLAN, **change))
    assert list(refused.value.errors) == [field]


async def test_the_same_file_is_kept_once_for_each_use(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await firm.deals.attach(firm.seller, deal.id, a_file())
    with pytest.raises(AlreadyDone, match="has this file already"):
        await firm.deals.attach(firm.seller, deal.id, a_file())
    await firm.deals.attach(firm.seller, deal.id, a_file(DocumentKind.MATERIAL))
    assert len((await firm.deals.show(firm.seller, deal.id)).documents) == 2


async def test_what_was_taken_over_as_won_never_moves(firm: FirmDesks) -> None:
    new = NewDeal(title="GTX Pro", outcome=DealOutcome.WON, stage="Won", source="import old.csv")
    deal = await firm.store.write(firm.workspace_id, lambda work: work.deals.add(new))
    assert deal.progress is None
    for deed in (firm.deals.move(firm.seller, deal.id, "analysis"), firm.deals.lose(firm.seller, deal.id, "price")):
        with pytest.raises(AlreadyDone, match="taken over"):
            await deed


@pytest.mark.both
async def test_deals_are_found_by_code_company_and_title(firm: FirmDesks) -> None:
    await a_deal(firm)
    for words in ("D-1", "1", "acme", "review OF"):
        assert [deal.code for deal in (await firm.pipeline.search(firm.seller, words)).deals] == ["D-1"]
    assert (await firm.pipeline.search(firm.seller, "zenith")).deals == ()
    assert (await firm.deals.find(firm.seller, 1)).deal.code == "D-1"


@pytest.mark.both
async def test_the_pipeline_sums_by_stage_and_currency(firm: FirmDesks) -> None:
    await a_deal(firm)
    dollars = replace(PLAN, value=Money(amount=Decimal("10.50"), currency="USD"))
    await firm.deals.qualify(firm.seller, (await ready_lead(firm, "Zenith")).id, dollars)
    pipeline = await firm.pipeline.pipeline(firm.seller, is_own=False)
    assert {(line.stage, line.currency, line.count, line.amount) for line in pipeline.running} == {
        ("first_talk", "EUR", 1, Decimal("90000.00")),
        ("first_talk", "USD", 1, Decimal("10.50")),
    }
    assert (await firm.pipeline.pipeline(firm.other_seller, is_own=True)).running == ()


async def put_in_force(firm: FirmDesks, *, asked: tuple[Evidence, ...] | None = None, gone: str = "") -> DealDesk:
    """The deals under the default playbook, with another gate of the first talk, or without a stage where one is named."""
    stages = [
        stage.model_copy(update={"gate": asked}) if stage.id == "first_talk" and asked is not None else stage
        for stage in WHOLE.sales.stages
        if stage.id != gone
    ]
    sales = WHOLE.sales.model_copy(update={"stages": tuple(stages)})
    whole = Playbook(sales=sales, delivery=WHOLE.delivery, care=WHOLE.care)
    firm.clock.advance(minutes=1)
    await ProcessDesk(firm.store, whole).keep(firm.workspace_id)
    return DealDesk(firm.store, whole)


async def test_a_deal_is_judged_by_the_playbook_it_began_with(firm: FirmDesks) -> None:
    begun = await put_in_force(firm)
    deal = (await begun.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)).deal
    today = await put_in_force(firm, asked=())
    with pytest.raises(GateClosed):
        await today.move(firm.seller, deal.id, "analysis")
    newer = (await today.qualify(firm.seller, (await ready_lead(firm, "Zenith")).id, PLAN)).deal
    await today.move(firm.seller, newer.id, "analysis")
    changed = [row.message for row in await firm.told() if type(row.message).__name__ == "PlaybookChanged"]
    assert [getattr(message, "running") for message in changed] == [1]  # noqa: B009


async def test_a_deal_is_let_follow_todays_playbook_until_that_is_undone(firm: FirmDesks) -> None:
    begun = await put_in_force(firm)
    deal = (await begun.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)).deal
    assert not (await begun.show(firm.seller, deal.id)).is_outdated
    today = await put_in_force(firm, asked=())
    assert (await today.show(firm.seller, deal.id)).is_outdated
    outdated = await firm.pipeline.outdated(firm.admin)
    assert ([one.code for one in outdated.deals], outdated.total) == (["D-1"], 1)
    step = await today.follow_playbook(firm.seller, deal.id)
    assert not (await today.show(firm.seller, deal.id)).is_outdated
    assert (await firm.pipeline.outdated(firm.admin)).total == 0
    with pytest.raises(AlreadyDone, match="follows today's playbook already"):
        await today.follow_playbook(firm.seller, deal.id)
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    with pytest.raises(GateClosed):
        await today.move(firm.seller, deal.id, "analysis")
    await today.follow_playbook(firm.seller, deal.id)
    await today.move(firm.seller, deal.id, "analysis")


async def test_a_deal_cannot_follow_a_playbook_whose_gates_behind_it_are_shut(firm: FirmDesks) -> None:
    begun = await put_in_force(firm, asked=())
    deal = (await begun.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)).deal
    await begun.move(firm.seller, deal.id, "analysis")
    today = await put_in_force(firm, asked=(Evidence.NEEDS_BRIEF_COMPLETE,))
    with pytest.raises(GateClosed, match="needs brief"):
        await today.follow_playbook(firm.seller, deal.id)
    await today.write_brief(firm.seller, deal.id, BRIEF)
    await today.follow_playbook(firm.seller, deal.id)


async def test_a_deal_cannot_follow_a_playbook_without_its_stage(firm: FirmDesks) -> None:
    begun = await put_in_force(firm)
    deal = (await begun.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)).deal
    today = await put_in_force(firm, gone="first_talk")
    with pytest.raises(RuleBroken, match="skips the stage"):
        await today.follow_playbook(firm.seller, deal.id)


async def test_the_chart_knows_how_long_the_deal_stood_where(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    firm.clock.advance(days=3)  # from Tuesday to Friday
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="Talked"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.moved_on(deal.id)
    firm.clock.advance(days=3)  # over the week-end to Monday
    where = await firm.deals.position(firm.seller, deal.id)
    assert (where.code, where.stage_id, where.holder, where.days) == ("D-1", "analysis", firm.seller.name, 1)
    assert [(one.stage_id, one.days) for one in where.passed] == [("first_talk", 3)]


async def test_the_home_tab_lists_ones_own_deals(firm: FirmDesks) -> None:
    await a_deal(firm)
    page = (await firm.home.front_page(firm.seller)).parts["deals"]
    assert ([deal.code for deal in page.deals], page.count) == (["D-1"], 1)
    assert (await firm.home.front_page(firm.other_seller)).parts["deals"].deals == ()
