"""Channels of deals in Slack: made once whatever goes wrong, kept current, archived in the end, and never in a deal's way."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.deal_channels import keep_channel
from bot.tasks import TaskWork
from domain.core.people import Role, RoleGrant
from domain.sales.channels import KEEP_CHANNEL
from domain.sales.deals import Deal, DealPlan, Money
from domain.sales.documents import DocumentKind, Needs, NewDocument
from domain.sales.leads import Lead, NewLead, NewTouch, TouchKind
from tests.running import ANNA, BEN, CARLA, DEEPA, FARAH, INES, PATIENCE, Running, words_of

Json = dict[str, Any]
CREATE, NAME = "conversations.create", "deal-1-acme-ltd"
PLAN = DealPlan(title="Review of costs", value=Money(amount=Decimal("90000.00"), currency="EUR"))
FAULTS = {"lost_response_rate": "Acme Ltd", "lost_call_rate": "Fjord", "error_rate": "Zenith", "rate_429": "Harbour"}
"""Whatever may go wrong with a call to Slack, and the company of the deal that it goes wrong with."""
SCREENED = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}


async def at_analysis(running: Running, company: str = "Acme Ltd") -> Deal:
    """A deal of Ben's with all it needs to go on to the proposal, from where deals of its size have a channel."""
    ben, rain = await running.actor(BEN), running.rain
    lead = await rain.desks.leads.capture(ben, NewLead(company=company, source="web", is_new_company=True))
    assert isinstance(lead, Lead)
    await rain.desks.leads.claim(ben, lead.id)
    await rain.desks.leads.rescreen(ben, lead.id, SCREENED)
    deal = (await rain.desks.deals.qualify(ben, lead.id, PLAN)).deal
    await rain.desks.deals.log_touch(ben, deal.id, NewTouch(kind=TouchKind.CALL, key_points="hello"))
    await rain.desks.deals.write_brief(ben, deal.id, Needs(needs="Less cost", pains="No overview", goals="10 % less"))
    await rain.desks.deals.move(ben, deal.id, "analysis")
    sketch = NewDocument(
        kind=DocumentKind.SOLUTION, title="Sketch", slack_file="F1", permalink=None, sha256="0", size=1
    )
    return (await rain.desks.deals.attach(ben, deal.id, sketch)).deal


async def at_proposal(running: Running, company: str = "Acme Ltd") -> Deal:
    """The same, moved on."""
    deal = await at_analysis(running, company)
    return (await running.rain.desks.deals.move(await running.actor(BEN), deal.id, "proposal")).deal


def nudge(running: Running) -> None:
    """Wake the jobs that matter here; all jobs again and again would take most of the processor."""
    for job in ("carry-out-tasks", "deliver-outbox"):
        running.rain.runner.nudge(job)


async def settled(running: Running) -> None:
    """Return once nothing waits to be done or told, however often it has to be tried."""
    async with asyncio.timeout(PATIENCE):
        while (await running.rain.desks.upkeep.backlog()).open_messages or await waits(running):
            nudge(running)
            await running.rain.delivery.finish()
            await asyncio.sleep(0.01)


async def outlived(running: Running) -> None:
    """The same while time passes, so that what is put off is tried again."""
    async with asyncio.timeout(PATIENCE):
        while (await running.rain.desks.upkeep.backlog()).open_messages or await waits(running):
            await running.time_passes()


async def waits(running: Running) -> datetime | None:
    """When a channel waits to be seen to."""
    return await running.rain.desks.tasks.next_at([KEEP_CHANNEL])


async def until(running: Running, holds: Callable[[], Awaitable[bool]]) -> None:
    """Return once it holds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():
            nudge(running)
            await asyncio.sleep(0.01)


def rooms(running: Running, prefix: str = "deal-") -> list[Any]:
    """The channels of deals that there are in Slack."""
    channels = running.sandbox.world.home_team().channels.values()
    return [channel for channel in channels if channel.name.startswith(prefix)]


def pinned(room: Any) -> list[Json]:
    """The messages pinned in a channel."""
    return [room.messages[pin["ts"]] for pin in room.pins]


async def check_one_channel(running: Running, code: str = "D-1") -> Any:
    """The deal has exactly one channel, with one card in it, which is pinned."""
    [room] = rooms(running, f"deal-{code[2:]}-")
    cards = [m for m in room.messages.values() if f"The channel of {code}" in m.text]
    assert len(cards) == 1
    assert [m.ts for m in pinned(room)] == [cards[0].ts]
    return room


async def test_a_deal_gets_its_channel_with_its_people_its_topic_and_its_pinned_card(running: Running) -> None:
    grants = (await running.rain.desks.people.settings(await running.actor(ANNA))).grants
    delivery = (RoleGrant(role=Role.DELIVERY, grantee=DEEPA), RoleGrant(role=Role.DELIVERY, grantee=FARAH))
    await running.rain.desks.people.set_roles(await running.actor(ANNA), (*grants, *delivery), {})
    await at_proposal(running)
    await settled(running)
    room = await check_one_channel(running)
    bot = running.sandbox.start_line["bot_user_id"]
    assert (room.name, room.kind, room.topic) == (
        NAME,
        "public",
        "Proposal · Ben Hughes · 90,000.00 EUR · no next step",
    )
    assert room.purpose == "D-1 · Acme Ltd: Review of costs. In here /rain-deal shows the deal."
    assert set(room.members) == {bot, BEN, DEEPA, FARAH}
    [card] = pinned(room)
    assert "D-1 · Acme Ltd" in words_of(card.blocks)
    assert f"<#{room.id}>" in words_of(await running.as_(BEN).slash("/rain-deal", "D-1"))
    assert "D-1 · Acme Ltd" in words_of(await running.as_(BEN).slash("/rain-deal", channel=NAME))
    assert "D-1 · Acme Ltd" in words_of(await running.as_(FARAH).slash("/rain", "deal", channel=NAME))
    assert "No deals here" in words_of(await running.as_(CARLA).slash("/rain-deal"))


async def test_topic_and_card_follow_the_deal_and_a_new_owner_is_asked_in(running: Running) -> None:
    deal = await at_proposal(running)
    await settled(running)
    await running.rain.desks.deals.hand_over(await running.actor(BEN), deal.id, CARLA)
    await settled(running)
    room = await check_one_channel(running)
    assert room.topic == "Proposal · Carla Romano · 90,000.00 EUR · no next step"
    assert CARLA in room.members
    assert f"<@{CARLA}>" in words_of(pinned(room)[0].blocks)
    topics = len(await running.as_(BEN).calls("conversations.setTopic"))
    await running.rain.desks.deals.log_touch(
        await running.actor(CARLA), deal.id, NewTouch(kind=TouchKind.CALL, key_points="x")
    )
    await settled(running)
    assert len(await running.as_(BEN).calls("conversations.setTopic")) == topics


@pytest.mark.parametrize(
    "method",
    [
        CREATE,
        "conversations.setPurpose",
        "conversations.setTopic",
        "conversations.invite",
        "chat.postMessage",
        "pins.add",
    ],
)
async def test_whatever_goes_wrong_once_there_is_one_channel_with_one_pinned_card(
    running: Running, method: str, subtests: pytest.Subtests
) -> None:
    for fault, company in FAULTS.items():
        with subtests.test(fault):
            deal = await at_analysis(running, company)
            await settled(running)
            await running.as_(BEN).faults(**{fault: 1}, method=method)
            await running.rain.desks.deals.move(await running.actor(BEN), deal.id, "proposal")
            await until(running, lambda: is_troubled(running))
            await running.as_(BEN).faults(**{fault: 0}, method=None)
            await outlived(running)
            room = await check_one_channel(running, deal.code)
            assert room.topic.startswith("Proposal · Ben Hughes")
            assert BEN in room.members
    assert len(rooms(running)) == len(FAULTS)


async def is_called(running: Running, method: str) -> bool:
    """Whether a method was called."""
    return bool(await running.as_(BEN).calls(method))


async def is_in_reach(running: Running) -> bool:
    """Whether the deal knows of a channel it can show."""
    return (await running.rain.desks.deals.show(await running.actor(BEN), 1)).parts["channel"] is not None


async def is_shut(running: Running) -> bool:
    """Whether it knows that it has none to show."""
    return not await is_in_reach(running)


async def is_troubled(running: Running) -> bool:
    """Whether something was put off."""
    troubled = "SELECT 1 FROM tasks WHERE kind = 'deal_channel.keep' AND closed_at IS NULL AND trouble IS NOT NULL"
    tasks = await running.rain.database.read(lambda connection: connection.exec_driver_sql(troubled).all())
    backlog = await running.rain.desks.upkeep.backlog()
    at = await running.rain.desks.outbox.next_at() if backlog.open_messages else None
    return bool(tasks or (at and at > running.rain.clock.now()))


async def test_a_bot_that_dies_with_the_answer_under_way_makes_no_second_channel(running: Running) -> None:
    await at_analysis(running)
    await settled(running)
    ben = running.as_(BEN)
    await ben.faults(lost_response_rate=1, method=CREATE)
    await running.rain.desks.deals.move(await running.actor(BEN), 1, "proposal")
    await until(running, lambda: is_called(running, CREATE))
    await ben.faults(lost_response_rate=0, method=None)
    await running.restart()
    await outlived(running)
    await check_one_channel(running)


async def test_two_processes_make_one_channel(running: Running) -> None:
    await running.rain.runner.stop()
    await at_proposal(running)
    outside = running.rain.tasks.outside
    processes = [TaskWork(outside, {KEEP_CHANNEL: keep_channel}) for _process in range(4)]
    await asyncio.gather(*(one.run() for one in processes))
    await asyncio.gather(*(one.finish() for one in processes))
    assert len(await running.as_(BEN).calls(CREATE)) == 1
    assert len(rooms(running)) == 1


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_name_that_others_have_is_left_to_them(running: Running, is_archived: bool) -> None:
    ben = running.as_(BEN)
    taken = await ben.post("channel", name=NAME)
    if is_archived:
        await ben.post("archive", channel=NAME, archived=True)
    await at_proposal(running)
    await settled(running)
    assert taken["ok"]
    theirs, ours = rooms(running)
    assert (ours.name, theirs.purpose, len(ours.pins), theirs.pins) == (f"{NAME}-2", "", 1, [])


async def test_a_channel_of_ours_that_says_something_else_is_no_deals(running: Running) -> None:
    client = running.rain.client_of(await running.rain.desks.people.workspace(running.team_id))
    made = await client.conversations_create(name=NAME)
    await client.conversations_setPurpose(channel=made["channel"]["id"], purpose="The deal of last year")
    await at_proposal(running)
    await settled(running)
    assert [room.name for room in rooms(running)] == [NAME, f"{NAME}-2"]


@pytest.mark.parametrize("word", ["missing_scope", "restricted_action"])
async def test_what_slack_refuses_for_good_is_told_to_an_admin_once_with_the_remedy(
    running: Running, word: str
) -> None:
    anna = running.as_(ANNA)
    await anna.faults(refusals={CREATE: word})
    await at_proposal(running)
    await at_proposal(running, "Other Ltd")
    await settled(running)
    [told] = [m for m in await anna.dm() if "does not let me open channels" in words_of(m)]
    assert word in words_of(told)
    assert "Remedy" in words_of(told)
    assert rooms(running) == []
    ben = await running.actor(BEN)
    assert (await running.rain.desks.deals.show(ben, 1)).deal.progress
    await anna.faults(refusals={})
    await running.rain.desks.deals.log_touch(ben, 1, NewTouch(kind=TouchKind.CALL, key_points="again"))
    await settled(running)
    assert [room.name for room in rooms(running)] == [NAME]


async def test_a_lost_deal_says_so_in_its_channel_which_is_archived_ten_minutes_later(running: Running) -> None:
    deal = await at_proposal(running)
    await settled(running)
    await running.rain.desks.deals.lose(await running.actor(BEN), deal.id, "price", "We were too late")
    await running.delivered()
    room = await check_one_channel(running)
    last = await running.as_(BEN).wait_for("*D-1* is over", channel=room.name)
    assert "Too expensive" in words_of(last)
    assert "In 10 minutes I archive this channel" in words_of(last)
    await running.as_(BEN).move_clock(advance=540)
    assert not room.is_archived
    await outlived(running)
    assert room.is_archived
    assert room.topic == "lost · Ben Hughes · 90,000.00 EUR"
    assert not [m for m in await running.as_(ANNA).dm() if "could not be delivered" in words_of(m)]


async def test_what_is_undone_within_ten_minutes_is_never_archived(running: Running) -> None:
    deal = await at_proposal(running)
    await settled(running)
    ben = await running.actor(BEN)
    step = await running.rain.desks.deals.lose(ben, deal.id, "price")
    assert step.operation
    await running.rain.desks.operations.undo(ben, step.operation.id)
    await running.as_(BEN).wait_for("goes on after all", channel=NAME)
    await outlived(running)
    await running.as_(BEN).move_clock(advance=1200)
    await settled(running)
    room = await check_one_channel(running)
    assert not room.is_archived
    assert room.topic.startswith("Proposal · Ben Hughes")


async def test_when_an_admin_undoes_it_later_the_owner_is_asked_to_bring_the_channel_back(running: Running) -> None:
    deal = await at_proposal(running)
    await settled(running)
    step = await running.rain.desks.deals.lose(await running.actor(BEN), deal.id, "price")
    await outlived(running)
    [room] = rooms(running)
    assert room.is_archived
    assert step.operation
    await running.rain.desks.operations.undo(await running.actor(ANNA), step.operation.id)
    await running.as_(BEN).wait_for(f"its channel <#{room.id}> stays archived")
    await settled(running)
    await running.as_(BEN).post("archive", channel=NAME, archived=False)
    await until(running, lambda: is_in_reach(running))
    await settled(running)
    assert room.topic.startswith("Proposal · Ben Hughes")
    assert "On to Internal review" in words_of(pinned(room)[0].blocks)


async def test_a_channel_archived_by_hand_is_left_alone(running: Running) -> None:
    deal = await at_proposal(running)
    await settled(running)
    await running.as_(INES).post("archive", channel=NAME, archived=True)
    await until(running, lambda: is_shut(running))
    await running.rain.desks.deals.hand_over(await running.actor(BEN), deal.id, CARLA)
    await settled(running)
    assert len(rooms(running)) == 1
    assert not [m for m in await running.as_(ANNA).dm() if "could not be delivered" in words_of(m)]


async def test_guests_and_who_was_deactivated_hold_up_nobody(running: Running) -> None:
    grants = (await running.rain.desks.people.settings(await running.actor(ANNA))).grants
    delivery = tuple(RoleGrant(role=Role.DELIVERY, grantee=who) for who in (DEEPA, FARAH))
    await running.rain.desks.people.set_roles(await running.actor(ANNA), (*grants, *delivery), {})
    running.sandbox.world.home_team().users[DEEPA].deleted = True  # Slack has not told us yet
    await at_proposal(running)
    await settled(running)
    room = await check_one_channel(running)
    assert FARAH in room.members
    assert DEEPA not in room.members
    assert not [m for m in await running.as_(ANNA).dm() if "does not let me" in words_of(m)]
