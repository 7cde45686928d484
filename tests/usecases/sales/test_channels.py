"""Channels of deals: the wish is written with the change itself, and each step is asked for and noted on its own."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.core.people import Role, RoleGrant
from domain.playbook.channel_rules import ChannelRule
from domain.sales.channels import (
    KEEP_CHANNEL,
    ChannelState,
    ChannelStep,
    DealChannel,
    DealChannelEnds,
    DealChannelGoesOn,
    DealChannelOpened,
    DealChannelRefused,
    DealChannelStaysArchived,
    StepKind,
)
from domain.sales.deals import Deal, DealPlan, Money
from domain.sales.documents import DocumentKind
from domain.sales.leads import NewTouch, TouchKind
from tests.firm import FirmDesks
from tests.usecases.sales.test_deals import BRIEF, PLAN, a_deal, a_file, ready_lead
from usecases.core.tasks import LEASE, ClaimedTask

SMALL = replace(PLAN, value=Money(amount=Decimal("30000.00"), currency="EUR"))


async def at_proposal(firm: FirmDesks, plan: DealPlan = PLAN) -> Deal:
    """A deal that was moved to the stage from which deals of its size have a channel."""
    deal = await a_deal(firm, plan)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    await firm.deals.write_brief(firm.seller, deal.id, BRIEF)
    await firm.moved_on(deal.id)
    await firm.deals.attach(firm.seller, deal.id, a_file(DocumentKind.SOLUTION))
    return (await firm.moved_on(deal.id)).deal


async def channel_of(firm: FirmDesks, deal: Deal) -> DealChannel | None:
    """The channel that a deal has or is to have."""
    return await firm.store.read(firm.workspace_id, lambda work: work.deal_channels.of("deal", deal.id))


async def seen_to(firm: FirmDesks, channel: str = "C0DEAL") -> list[tuple[StepKind, str]]:
    """What the job does while Slack does whatever it is asked."""
    taken = []
    while claimed := await firm.tasks.claim([KEEP_CHANNEL], 1):
        while step := await firm.deal_channels.next_step(claimed[0]):
            taken.append((step.kind, step.value))
            await firm.deal_channels.done(claimed[0], step, step.channel or channel)
        await firm.tasks.done(claimed[0])
    return taken


async def opened(firm: FirmDesks, plan: DealPlan = PLAN) -> Deal:
    """A deal that has its channel, with the card pinned."""
    deal = await at_proposal(firm, plan)
    await seen_to(firm)
    await posted(firm)
    await seen_to(firm)
    return deal


async def posted(firm: FirmDesks) -> None:
    """Slack has got all messages."""
    rows = await firm.outbox.claim(100, firm.clock.now() + timedelta(seconds=60))
    while rows:
        for number, row in enumerate(rows):
            letter = await firm.outbox.open(row)
            await firm.outbox.sent(letter, row.destination.channel or "D1", f"{row.id}.{number}")
        rows = await firm.outbox.claim(100, firm.clock.now() + timedelta(seconds=60))


async def taken_up(firm: FirmDesks) -> tuple[ClaimedTask, ChannelStep]:
    """A channel somebody is at, and the step they are to take."""
    [claimed] = await firm.tasks.claim([KEEP_CHANNEL], 1)
    step = await firm.deal_channels.next_step(claimed)
    assert step
    return claimed, step


async def next_at(firm: FirmDesks) -> datetime | None:
    """When a channel waits to be seen to."""
    return await firm.tasks.next_at([KEEP_CHANNEL])


async def told(firm: FirmDesks, kind: type) -> list[object]:
    """The messages of a kind that wait to be delivered."""
    return [row.message for row in await firm.told() if isinstance(row.message, kind)]


async def test_a_deal_gets_a_channel_when_it_comes_to_the_stage(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    assert await channel_of(firm, deal) is None
    deal = await at_proposal(firm)
    known = await channel_of(firm, deal)
    assert known
    assert (known.name, known.state, known.channel) == ("deal-2-acme-ltd", ChannelState.OPEN, None)
    assert await seen_to(firm) == [
        (StepKind.CREATE, "deal-2-acme-ltd"),
        (StepKind.DESCRIBE, "D-2 · Acme Ltd: Review of costs. In here /rain-deal shows the deal."),
        (StepKind.TOPIC, "Proposal · Sam Seller · 90,000.00 EUR · no next step"),
        (StepKind.INVITE, firm.seller.slack_id),
    ]
    assert (await firm.deals.show(firm.seller, deal.id)).parts["channel"] == "C0DEAL"
    assert await seen_to(firm) == []
    await posted(firm)
    assert [kind for kind, _ts in await seen_to(firm)] == [StepKind.PIN]
    log = await firm.store.read(firm.workspace_id, lambda work: work.audit.about("deal_channel", known.id))
    assert [(event.event, (event.after or {})["channel"]) for event in log] == [("deal_channel.opened", "C0DEAL")]


async def test_a_larger_amount_makes_the_rule_hold(firm: FirmDesks) -> None:
    deal = await at_proposal(firm, SMALL)
    assert await channel_of(firm, deal) is None
    await firm.deals.plan(firm.seller, deal.id, PLAN)
    assert await channel_of(firm, deal)


async def test_a_rule_without_conditions_holds_from_the_beginning(firm: FirmDesks) -> None:
    firm.deals.sales = firm.deal_channels.sales = firm.playbook.sales.model_copy(
        update={"deal_channels": (ChannelRule(private=True),)}
    )
    deal = await a_deal(firm)
    known = await channel_of(firm, deal)
    assert known
    assert known.is_private


async def test_a_move_that_is_undone_before_the_channel_is_there_leaves_none(firm: FirmDesks) -> None:
    deal = await at_proposal(firm)
    page = await firm.deals.show(firm.seller, deal.id)
    assert page.operation
    await firm.operations.undo(firm.seller, page.operation.id)
    assert await seen_to(firm) == []
    await firm.moved_on(deal.id)
    assert (await seen_to(firm))[0][0] is StepKind.CREATE


async def test_a_channel_that_is_there_stays_when_the_move_is_undone(firm: FirmDesks) -> None:
    deal = await opened(firm)
    page = await firm.deals.show(firm.seller, deal.id)
    assert page.operation
    await firm.operations.undo(firm.seller, page.operation.id)
    assert await seen_to(firm) == [(StepKind.TOPIC, "Needs analysis · Sam Seller · 90,000.00 EUR · no next step")]
    await firm.moved_on(deal.id)
    assert [kind for kind, _value in await seen_to(firm)] == [StepKind.TOPIC]


async def test_the_topic_is_set_only_when_it_says_something_new(firm: FirmDesks) -> None:
    deal = await opened(firm)
    await firm.deals.log_touch(firm.seller, deal.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    assert await seen_to(firm) == []
    day = firm.clock.now().date() + timedelta(days=2)
    await firm.deals.plan(firm.seller, deal.id, replace(PLAN, next_step="Send <it>", next_on=day))
    said = f"Proposal · Sam Seller · 90,000.00 EUR · next: Send &lt;it&gt; ({day})"
    assert await seen_to(firm) == [(StepKind.TOPIC, said)]


async def test_everybody_with_the_role_is_asked_in_once_and_so_is_a_new_owner(firm: FirmDesks) -> None:
    grants = (await firm.people.settings(firm.admin)).grants
    group = RoleGrant(role=Role.DELIVERY, grantee="S0DELIVERY", is_group=True)
    people = [firm.consultant.slack_id, firm.guest.slack_id, firm.seller.slack_id]
    await firm.people.set_roles(firm.admin, (*grants, group), {"S0DELIVERY": people})
    deal = await at_proposal(firm)
    asked = [value for kind, value in await seen_to(firm) if kind is StepKind.INVITE]
    assert asked == [firm.seller.slack_id, firm.consultant.slack_id]
    await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id)
    assert await seen_to(firm) == [
        (StepKind.TOPIC, "Proposal · Sue Seller · 90,000.00 EUR · no next step"),
        (StepKind.INVITE, firm.other_seller.slack_id),
    ]


async def test_a_lost_deals_channel_hears_of_it_and_is_archived_when_that_stands(firm: FirmDesks) -> None:
    deal = await opened(firm)
    await firm.deals.lose(firm.seller, deal.id, "price")
    assert await seen_to(firm) == [(StepKind.TOPIC, "lost · Sam Seller · 90,000.00 EUR")]
    firm.clock.advance(minutes=9)
    assert await seen_to(firm) == []
    firm.clock.advance(minutes=1)
    assert await seen_to(firm) == []  # its last message has not been delivered
    assert await told(firm, DealChannelEnds) == [DealChannelEnds(deal_id=deal.id, archives=True)]
    firm.clock.advance(minutes=1)
    assert await next_at(firm)
    assert [kind for kind, _value in await seen_to(firm)] == [StepKind.ARCHIVE]
    assert await next_at(firm) is None
    known = await channel_of(firm, deal)
    assert known
    assert known.state is ChannelState.ARCHIVED


async def test_a_loss_that_is_undone_in_time_leaves_the_channel_open(firm: FirmDesks) -> None:
    deal = await opened(firm)
    step = await firm.deals.lose(firm.seller, deal.id, "price")
    await seen_to(firm)
    firm.clock.advance(minutes=5)
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert [kind for kind, _value in await seen_to(firm)] == [StepKind.TOPIC]
    assert await told(firm, DealChannelGoesOn) == [DealChannelGoesOn(deal_id=deal.id)]
    firm.clock.advance(minutes=30)
    assert await seen_to(firm) == []
    again = await firm.deals.lose(firm.seller, deal.id, "price")
    assert await told(firm, DealChannelEnds) == [DealChannelEnds(deal_id=again.deal.id, archives=True)]


async def test_what_slack_lets_no_bot_take_back_its_owner_is_asked_to(firm: FirmDesks) -> None:
    deal = await opened(firm)
    step = await firm.deals.lose(firm.seller, deal.id, "price")
    await posted(firm)
    firm.clock.advance(minutes=11)
    await seen_to(firm)
    assert step.operation
    await firm.operations.undo(firm.admin, step.operation.id)
    claimed, unarchive = await taken_up(firm)
    assert unarchive.kind is StepKind.UNARCHIVE
    await firm.deal_channels.refused(claimed, unarchive, "not_in_channel")
    await firm.tasks.done(claimed)
    assert await told(firm, DealChannelStaysArchived) == [DealChannelStaysArchived(deal_id=deal.id, channel="C0DEAL")]
    assert (await firm.deals.show(firm.seller, deal.id)).parts["channel"] is None
    await firm.deal_channels.note_fate(firm.workspace_id, "C0DEAL", is_gone=False)
    assert (await firm.deals.show(firm.seller, deal.id)).parts["channel"] == "C0DEAL"
    assert [kind for kind, _value in await seen_to(firm)] == [StepKind.TOPIC]


async def test_a_deal_that_is_taken_back_leaves_its_channel_to_be_archived(firm: FirmDesks) -> None:
    firm.deals.sales = firm.deal_channels.sales = firm.playbook.sales.model_copy(
        update={"deal_channels": (ChannelRule(),)}
    )
    step = await firm.deals.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)
    await seen_to(firm)
    await posted(firm)
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await channel_of(firm, step.deal) is None
    await seen_to(firm)
    firm.clock.advance(minutes=10)
    await firm.told()
    assert [kind for kind, _value in await seen_to(firm)] == [StepKind.ARCHIVE]
    another = await a_deal(firm)  # on SQLite it has the same id
    assert await channel_of(firm, another)


async def test_a_channel_closed_by_hand_is_left_alone(firm: FirmDesks) -> None:
    deal = await opened(firm)
    await firm.told()
    await firm.deal_channels.note_fate(firm.workspace_id, "C0DEAL", is_gone=True)
    await firm.deals.plan(firm.seller, deal.id, replace(PLAN, title="Another"))
    assert await seen_to(firm) == []
    assert (await firm.deals.show(firm.seller, deal.id)).parts["channel"] is None
    assert [row for row in await firm.told() if row.destination.channel == "C0DEAL"] == []


async def test_a_channel_out_of_reach_is_left_alone_from_the_next_error_on(firm: FirmDesks) -> None:
    deal = await opened(firm)
    await firm.deals.plan(firm.seller, deal.id, SMALL)
    claimed, step = await taken_up(firm)
    await firm.deal_channels.refused(claimed, step, "channel_not_found")
    known = await channel_of(firm, deal)
    assert known
    assert known.state is ChannelState.CLOSED
    assert await told(firm, DealChannelRefused) == []


async def test_a_refusal_is_told_to_an_admin_once_and_the_deal_goes_on(firm: FirmDesks) -> None:
    deal = await at_proposal(firm)
    refusals = []
    for title in ("One", "Two"):
        claimed, step = await taken_up(firm)
        await firm.deal_channels.refused(claimed, step, "restricted_action")
        await firm.tasks.done(claimed)
        refusals += await told(firm, DealChannelRefused)
        assert await seen_to(firm) == []
        await firm.deals.plan(firm.seller, deal.id, replace(PLAN, title=title))
    assert refusals == [DealChannelRefused(deal_id=deal.id, refused="create", why="restricted_action")]
    assert (await seen_to(firm))[0][0] is StepKind.CREATE  # the deal has changed: it may be allowed now
    assert len(await told(firm, DealChannelOpened)) == 1


async def test_what_slack_refuses_of_a_detail_does_not_hold_up_the_rest(firm: FirmDesks) -> None:
    await at_proposal(firm)
    claimed, create = await taken_up(firm)
    await firm.deal_channels.done(claimed, create, "C0DEAL")
    kinds = []
    while step := await firm.deal_channels.next_step(claimed):
        kinds.append(step.kind)
        word = {StepKind.INVITE: "user_is_restricted"}.get(step.kind, "missing_scope")
        await firm.deal_channels.refused(claimed, step, word)
    assert kinds == [StepKind.DESCRIBE, StepKind.TOPIC, StepKind.INVITE]
    refused = [one.refused for one in await told(firm, DealChannelRefused) if isinstance(one, DealChannelRefused)]
    assert refused == ["describe", "topic"]


@pytest.mark.both
async def test_of_two_processes_only_one_is_at_a_channel_and_a_dead_ones_is_taken_over(firm: FirmDesks) -> None:
    await at_proposal(firm)
    claimed, step = await taken_up(firm)
    assert await firm.tasks.claim([KEEP_CHANNEL], 1) == []
    firm.clock.advance(seconds=LEASE.total_seconds() + 1)
    again, same = await taken_up(firm)
    assert (same.value, same.is_repeated, step.is_repeated) == (step.value, True, False)
    await firm.deal_channels.done(claimed, step, "C0LATE")  # the first has come to itself
    assert await firm.deal_channels.next_step(claimed) is None
    await firm.deal_channels.done(again, same, "C0DEAL")
    assert await told(firm, DealChannelOpened) == [DealChannelOpened(deal_id=1)]


async def test_what_changes_while_somebody_is_at_it_is_seen_to_afterwards(firm: FirmDesks) -> None:
    deal = await opened(firm)
    await firm.deals.plan(firm.seller, deal.id, SMALL)
    claimed, step = await taken_up(firm)
    await firm.deals.plan(firm.seller, deal.id, PLAN)
    await firm.deal_channels.done(claimed, step, step.channel)
    assert [kind for kind, _value in await seen_to(firm)] == []  # it is still the first one's
    later = await firm.deal_channels.next_step(claimed)
    assert later
    assert later.value.startswith("Proposal · Sam Seller · 90,000.00 EUR")


async def test_a_try_that_made_nothing_is_forgotten_and_one_that_may_have_is_not(firm: FirmDesks) -> None:
    deal = await at_proposal(firm)
    claimed, step = await taken_up(firm)
    await firm.deal_channels.forget_try(claimed, step)
    await firm.tasks.later(claimed, "ratelimited", 30.0)
    assert await next_at(firm) == firm.clock.now() + timedelta(seconds=30)
    known = await channel_of(firm, deal)
    assert known
    assert known.tried_at is None
    firm.clock.advance(seconds=30)
    claimed, step = await taken_up(firm)
    await firm.tasks.later(claimed, "TimeoutError")
    assert await next_at(firm) == firm.clock.now() + timedelta(seconds=2)  # the second try in a row
    firm.clock.advance(seconds=2)
    _errand, step = await taken_up(firm)
    assert step.is_repeated


async def test_where_the_app_is_not_installed_any_more_nothing_is_tried(firm: FirmDesks) -> None:
    await at_proposal(firm)
    await firm.store.write(firm.workspace_id, lambda work: work.workspaces.mark_uninstalled())
    assert await firm.tasks.claim([KEEP_CHANNEL], 1) == []
    assert await next_at(firm) is None


async def test_a_deals_channel_shows_the_deal(firm: FirmDesks) -> None:
    deal = await opened(firm)
    page = await firm.deal_channels.in_channel(firm.consultant, "C0DEAL")
    assert page
    assert page.deal.id == deal.id
    assert await firm.deal_channels.in_channel(firm.consultant, "C0SALES") is None
