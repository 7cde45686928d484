"""Delivery against a Slack that fails: nothing is lost, nothing is said twice, and what cannot be delivered is told to an admin once."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.app import build
from bot.bolt_app import QUIET_SECONDS
from bot.delivery import API_SECONDS, EVENT_TYPE, FEW_AT_ONCE
from bot.lookup import PAGE, Lookups, TooSoon
from domain.core.messages import CardChanged, Destination, Hint, OutboxRow
from domain.sales.leads import Lead, NewLead
from sandbox.world import bot_of
from storage.engine.database import open_database
from storage.schema import outbox
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import HELP, WHOLE
from tests.running import ANNA, BEN, FARAH, LEADS, OFFICE_MOVE, PATIENCE, SALES, Running, arrived, close, words_of
from usecases.core.outbox import LEASE_SECONDS, DeliveryDesk
from usecases.sales.leads import LeadDesk

Json = dict[str, Any]
POST = "chat.postMessage"


async def capture(running: Running, *companies: str) -> list[Lead]:
    """New leads of these companies, by Farah."""
    farah = await running.actor(FARAH)
    made = [
        await running.rain.desks.leads.capture(farah, NewLead(company=name, source="web", is_new_company=True))
        for name in companies
    ]
    return [lead for lead in made if isinstance(lead, Lead)]


async def cards(running: Running) -> list[str]:
    """What the cards in #leads are headed, oldest first."""
    return [m["text"] for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]


async def called(running: Running, method: str, count: int = 1) -> list[Json]:
    """The calls of a method, once there are so many."""
    async with asyncio.timeout(PATIENCE):
        while len(calls := await running.as_(BEN).calls(method)) < count:
            running.rain.runner.nudge("deliver-outbox")
            await running.rain.delivery.finish()
    return calls


async def recovered(running: Running) -> None:
    """Slack is well again, and so much time passes that everything has been tried again."""
    await running.as_(BEN).faults(error_rate=0, lost_response_rate=0, rate_429=0, latency_ms=0, method=None)
    await outlived(running)


async def outlived(running: Running) -> None:
    """Let the clock run until nothing waits in the outbox."""
    async with asyncio.timeout(PATIENCE):
        while (await running.rain.desks.upkeep.backlog()).open_messages:
            await running.time_passes()


async def test_a_message_carries_its_outbox_key(running: Running) -> None:
    [lead] = await capture(running, "Acme Ltd")
    await running.delivered()
    [post] = [call for call in await running.as_(BEN).calls(POST) if call["args"]["channel"] == LEADS]
    assert post["args"]["metadata"] == {
        "event_type": EVENT_TYPE,
        "event_payload": {"once": f"lead.captured:{lead.id}"},
    }


async def test_a_rate_limit_is_waited_out_and_was_certainly_no_post(running: Running) -> None:
    await running.as_(BEN).faults(rate_429=1, method=POST)
    posts = len(await running.as_(BEN).calls(POST))
    await capture(running, "Acme Ltd")
    refused = (await called(running, POST, posts + 1))[-1]
    assert refused["response"]["error"] == "ratelimited"
    await recovered(running)
    assert await cards(running) == ["New lead L-1: Acme Ltd"]
    assert await running.as_(BEN).calls("conversations.history") == []


async def test_retry_after_is_honoured(running: Running) -> None:
    await running.as_(BEN).move_clock(freeze=True)
    await running.as_(BEN).faults(rate_429=1, method=POST)
    posts = len(await running.as_(BEN).calls(POST))
    await capture(running, "Acme Ltd")
    await called(running, POST, posts + 1)
    await running.rain.delivery.finish()
    running.rain.runner.nudge_all()
    await running.rain.delivery.run()
    await running.rain.delivery.finish()
    assert len(await running.as_(BEN).calls(POST)) == posts + 1
    due_at = await running.rain.desks.outbox.next_at()
    assert due_at == running.rain.clock.now() + timedelta(seconds=1)


async def test_a_server_error_is_looked_into_before_the_message_is_sent_again(running: Running) -> None:
    await running.as_(BEN).faults(error_rate=1, method=POST)
    posts = len(await running.as_(BEN).calls(POST))
    await capture(running, "Acme Ltd")
    await called(running, POST, posts + 1)
    await recovered(running)
    assert await cards(running) == ["New lead L-1: Acme Ltd"]
    assert await running.as_(BEN).calls("conversations.history")


async def test_a_lost_answer_is_looked_up_and_not_posted_twice(running: Running) -> None:
    await running.as_(BEN).faults(lost_response_rate=1, method=POST)
    posts = len(await running.as_(BEN).calls(POST))
    [lead] = await capture(running, "Acme Ltd")
    await called(running, POST, posts + 1)
    await recovered(running)
    assert await cards(running) == ["New lead L-1: Acme Ltd"]
    await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    await running.delivered()
    [card] = [m for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]
    assert f"<@{BEN}>" in words_of(card)


@pytest.mark.parametrize("had_sent", [False, True], ids=["before sending", "after sending"])
async def test_what_a_dead_process_had_claimed_is_taken_over_when_its_lease_ends(
    running: Running, had_sent: bool
) -> None:
    await running.as_(BEN).move_clock(freeze=True)
    clock, farah = running.rain.clock, await running.actor(FARAH)
    client = running.rain.client_of(await running.rain.desks.people.workspace(running.team_id))
    await running.stop()
    store = Store(open_database(running.database_url), clock)
    await LeadDesk(store, WHOLE).capture(farah, NewLead(company="Acme Ltd", source="web"))
    [row] = await DeliveryDesk(store, WHOLE).claim(10, clock.now() + timedelta(seconds=LEASE_SECONDS))
    await store.database.close()
    if had_sent:
        async with aiohttp.ClientSession() as client.session:
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"once": row.once}}
            await client.chat_postMessage(channel=LEADS, text="New lead L-1: Acme Ltd", metadata=metadata)

    await running.start()
    await running.rain.delivery.run()
    await running.rain.delivery.finish()
    assert len(await cards(running)) == had_sent
    await running.as_(BEN).move_clock(advance=LEASE_SECONDS + 1)
    await running.delivered()
    assert await cards(running) == ["New lead L-1: Acme Ltd"]


async def test_a_rate_limit_met_while_looking_a_message_up_does_not_make_it_be_said_again(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.faults(lost_response_rate=1, method=POST)
    posts = len(await ben.calls(POST))
    await capture(running, "Acme Ltd")
    await called(running, POST, posts + 1)
    await ben.faults(lost_response_rate=0, rate_429=1, method="conversations.history")
    await ben.move_clock(advance=70)
    await called(running, "conversations.history")
    await recovered(running)
    assert await cards(running) == ["New lead L-1: Acme Ltd"]


async def test_the_order_within_a_channel_is_kept_through_trouble(running: Running) -> None:
    await running.as_(BEN).faults(error_rate=1, method=POST)
    posts = len(await running.as_(BEN).calls(POST))
    await capture(running, "One", "Two", "Three", "Four")
    await called(running, POST, posts + 1)
    await recovered(running)
    assert await cards(running) == [
        "New lead L-1: One",
        "New lead L-2: Two",
        "New lead L-3: Three",
        "New lead L-4: Four",
    ]


async def test_what_can_never_be_delivered_is_given_up_and_told_to_an_admin_once(running: Running) -> None:
    await running.rain.desks.people.set_workspace(await running.actor(ANNA), OFFICE_MOVE, "GB")
    await capture(running, "One", "Two", "Three")
    await running.delivered()
    told = [m for m in await running.as_(ANNA).dm() if "could not be delivered" in words_of(m)]
    assert len(told) == 1
    assert "is_archived" in words_of(told[0])
    assert OFFICE_MOVE in words_of(told[0])


async def test_a_message_to_somebody_who_left_is_given_up_and_told(running: Running) -> None:
    ben = await running.actor(BEN)
    team = running.sandbox.world.home_team()
    team.users[BEN].deleted = True  # Slack has not told us yet
    await running.rain.desks.finding.answer(ben.within("test", "Ev1"), HELP)
    await running.delivered()
    assert "user_disabled" in words_of(await running.as_(ANNA).wait_for("could not be delivered"))


async def test_a_card_deleted_in_slack_is_forgotten_and_not_tried_again(running: Running) -> None:
    [lead] = await capture(running, "Acme Ltd")
    await running.delivered()
    team = running.sandbox.world.home_team()
    team.channels[LEADS].messages.clear()
    await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    await running.delivered()
    await running.rain.desks.leads.rescreen(await running.actor(BEN), lead.id, {"need": "clear"})
    await running.delivered()
    assert [c["response"]["error"] for c in await running.as_(BEN).calls("chat.update")] == ["message_not_found"]


async def test_a_burst_of_changes_is_one_update_of_each_card(running: Running) -> None:
    [lead] = await capture(running, "Acme Ltd")
    await running.delivered()
    await running.as_(BEN).faults(latency_ms=300, method="chat.update")
    ben = await running.actor(BEN)
    await running.rain.desks.leads.claim(ben, lead.id)
    for answer in ["vague", "none", "clear"] * 5:
        await running.rain.desks.leads.rescreen(ben, lead.id, {"need": answer})
    await running.delivered()
    assert len(await running.as_(BEN).calls("chat.update")) <= 3
    [card] = [m for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]
    assert "30 %" in words_of(card)


async def test_a_change_while_the_card_is_being_posted_is_drawn_afterwards(running: Running) -> None:
    await running.as_(BEN).faults(latency_ms=300, method=POST)
    [lead] = await capture(running, "Acme Ltd")
    await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    await running.delivered()
    [card] = [m for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]
    assert f"<@{BEN}>" in words_of(card)


async def test_a_slack_that_fails_in_every_way_hears_everything_exactly_once(running: Running) -> None:
    await running.as_(BEN).faults(seed=7, error_rate=0.2, lost_response_rate=0.3, rate_429=0.2)
    leads = await capture(running, *(f"Company {n}" for n in range(10)))
    await outlived(running)
    for lead in leads:
        await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    await outlived(running)
    assert Counter(await cards(running)) == Counter(f"New lead L-{n + 1}: Company {n}" for n in range(10))
    posted = [m for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]
    assert all(f"<@{BEN}>" in words_of(card) for card in posted)


async def test_while_people_are_served_few_messages_are_begun_at_once(running: Running) -> None:
    await running.as_(BEN).faults(latency_ms=300, method=POST)
    delivery, farah = running.rain.delivery, await running.actor(FARAH)

    def put_many(work: UnitOfWork) -> None:
        for n in range(FEW_AT_ONCE * 3):
            work.outbox.put(Hint(), Destination(channel=f"C0{n}"), once=f"hint:{n}")

    await running.rain.runner.stop()
    await Store(running.rain.database, running.rain.clock).write(farah.workspace_id, put_many)
    running.rain.app.served_at = time.monotonic()
    await delivery.run()
    assert len(delivery._under_way) == FEW_AT_ONCE
    running.rain.app.served_at -= QUIET_SECONDS
    await delivery.run()
    assert len(delivery._under_way) == FEW_AT_ONCE * 3
    await delivery.finish()


@pytest.fixture
async def running_on_postgres(session: aiohttp.ClientSession, postgres_database: Any) -> AsyncIterator[Running]:
    """The bot over HTTP on PostgreSQL."""
    running = await arrived(session, postgres_database.url)
    yield running
    await close(running)


@pytest.mark.postgres
async def test_two_processes_deliver_side_by_side_and_nothing_twice(running_on_postgres: Running) -> None:
    running = running_on_postgres
    other = build(running.rain.settings, clock=running.rain.clock)
    other.delivery.pace = 0
    await other.start()
    both = (running.rain, other)
    farah = await running.actor(FARAH)
    leads = [NewLead(company=f"Company {n}", source="web", is_new_company=True) for n in range(20)]
    await asyncio.gather(*(rain.desks.leads.capture(farah, new) for rain, new in zip(cycle(both), leads, strict=False)))
    await running.delivered()
    await other.stop()
    assert len(await cards(running)) == 20
    assert len(set(await cards(running))) == 20


@pytest.mark.postgres
async def test_a_process_that_comes_late_does_not_post_what_another_has_posted(running_on_postgres: Running) -> None:
    running = running_on_postgres
    await running.as_(BEN).move_clock(freeze=True)
    other = build(running.rain.settings, clock=running.rain.clock)
    other.delivery.pace = 0
    await other.start()
    for rain in (running.rain, other):
        await rain.runner.stop()
    late = running.rain.delivery
    await capture(running, "Acme Ltd")
    await late.run()
    await late.finish()
    late.pace, late.lease = 2, API_SECONDS + 1  # the channel's next message waits for longer than it is ours
    await capture(running, "Brill Ltd")
    await late.run()
    await running.as_(BEN).move_clock(advance=LEASE_SECONDS)
    await other.delivery.run()
    await other.delivery.finish()
    both = ["New lead L-1: Acme Ltd", "New lead L-2: Brill Ltd"]
    assert await cards(running) == both
    await late.finish()
    assert await cards(running) == both
    await other.stop()


async def test_a_row_that_was_delivered_says_where_it_stands_in_slack(running: Running) -> None:
    await capture(running, "Acme Ltd")
    await running.delivered()
    rows = await running.rain.database.read(lambda c: c.execute(outbox.select()).all())
    [row] = [row for row in rows if row.kind != CardChanged.__name__ and row.channel == LEADS]
    posted = [m["ts"] for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]
    assert (row.sent_channel, row.sent_ts, row.trouble, row.lease_until) == (LEADS, posted[0], None, None)


async def uncertain(running: Running, **faults: float) -> Lead:
    """A lead captured in a public channel that the bot is not in, whose card failed in this way."""
    ben, team = running.as_(BEN), running.sandbox.world.home_team()
    team.channels[SALES].members.remove(bot_of(team).id)
    await ben.faults(method=POST, **faults)
    posts = len(await ben.calls(POST))
    store = running.rain.desks.people.store
    await store.write(running.team_id, lambda work: work.workspaces.set_leads_channel(SALES))
    running.rain.desks.people._known = {}
    [lead] = await capture(running, "Acme Ltd")
    await called(running, POST, posts + 1)
    await recovered(running)
    return lead


@pytest.mark.parametrize("fault", ["error_rate", "lost_response_rate"])
async def test_a_card_is_looked_up_also_in_a_channel_the_bot_is_not_in(running: Running, fault: str) -> None:
    lead = await uncertain(running, **{fault: 1})
    [card] = [m for m in await running.as_(BEN).messages(SALES) if "L-1" in m["text"]]
    await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    await running.delivered()
    redrawn = [m for m in await running.as_(BEN).messages(SALES) if m["ts"] == card["ts"]]
    assert f"<@{BEN}>" in words_of(redrawn)


async def test_a_look_up_asks_for_what_slack_allows_in_one_minute_and_ends(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.faults(lost_response_rate=1, method=POST)
    posts = len(await ben.calls(POST))
    await capture(running, "Acme Ltd")
    await called(running, POST, posts + 1)
    for number in range(PAGE + 1):
        await ben.say(LEADS, f"Something else {number}")
    await recovered(running)
    assert [text for text in await cards(running) if "L-1" in text] == ["New lead L-1: Acme Ltd"]
    asked = [call["args"] for call in await ben.calls("conversations.history")]
    assert len(asked) == 2
    assert {str(one["limit"]) for one in asked} == {str(PAGE)}
    assert all(float(one["latest"]) - float(one["oldest"]) <= 300 for one in asked)


async def test_look_ups_of_a_workspace_wait_together_for_as_long_as_slack_says(running: Running) -> None:
    clock, client = (
        running.rain.clock,
        running.rain.client_of(await running.rain.desks.people.workspace(running.team_id)),
    )
    await running.as_(BEN).move_clock(freeze=True)
    lookups = Lookups(clock)
    row = OutboxRow(
        id=1,
        workspace_id=running.team_id,
        once="x",
        destination=Destination(channel=LEADS),
        message=Hint(),
        attempts=1,
        created_at=clock.now(),
        first_tried_at=clock.now(),
    )
    await running.as_(BEN).faults(rate_429=1, method="conversations.history")
    with pytest.raises(SlackApiError):
        await lookups.find(client, LEADS, row)
    with pytest.raises(TooSoon):
        await lookups.find(client, SALES, replace(row, id=2))
    assert len(await running.as_(BEN).calls("conversations.history")) == 1
