"""Nothing internal where people of another firm read: what is meant for a shared channel goes to whoever it concerns, who is told why."""

import json
from typing import Any

from domain.sales.deals import DealPlan
from domain.sales.leads import Lead, NewLead
from sandbox.firm import stable_id
from tests.firm import SCREENED
from tests.running import BEN, CARLA, FARAH, FIRM, LEADS, Running, words_of

SHARED = stable_id("C0", FIRM, "northwind-rail")


async def said_in(running: Running, channel: str) -> list[dict[str, Any]]:
    """What everybody in a channel reads of the bot."""
    messages = await running.as_(CARLA).messages(channel)
    return [one for one in messages if not one.get("ephemeral") and one.get("bot_id")]


async def told_directly(running: Running, user: str) -> str:
    """What the bot has said to somebody alone."""
    actor = await running.actor(user)
    members = running.rain.desks.people.store
    member = await members.read(running.team_id, lambda work: work.members.get(actor.member_id))
    return words_of(await running.as_(user).messages(member.dm_channel or ""))


async def a_lead(running: Running, by: str, **more: Any) -> Lead:
    """A lead that somebody captures."""
    new = NewLead(company="Acme Ltd", source="web", is_new_company=True, **more)
    lead = await running.rain.desks.leads.capture(await running.actor(by), new)
    assert isinstance(lead, Lead)
    return lead


async def share(running: Running, channel: str, *, is_shared: bool = True) -> None:
    """Share a channel with another firm, of which Slack tells the bot."""
    running.sandbox.world.home_team().channels[channel].is_ext_shared = is_shared
    event = {"type": "channel_shared" if is_shared else "channel_unshared", "channel": channel, "event_ts": "1.1"}
    body = {"type": "event_callback", "team_id": running.team_id, "event_id": f"Ev{is_shared}", "event": event}
    await running.post(json.dumps(body).encode(), "application/json")


async def test_what_is_captured_in_a_shared_channel_is_shown_to_the_captor_who_is_told_why(running: Running) -> None:
    desks, carla = running.rain.desks, await running.actor(CARLA)
    admin = running.rain.desks.people
    await admin.store.write(running.team_id, lambda work: work.workspaces.set_leads_channel(None))
    admin._known = {}
    carla = await running.actor(CARLA)
    lead = await a_lead(running, CARLA, captured_in=SHARED)
    await desks.leads.claim(carla, lead.id)
    await desks.leads.rescreen(carla, lead.id, {"need": "clear"})
    await desks.accounts.share(carla, lead.account.id, SHARED)
    await running.delivered()
    told = await told_directly(running, CARLA)
    assert await said_in(running, SHARED) == []
    assert "New lead L-1: Acme Ltd" in told
    assert "Account A-1: Acme Ltd" in told
    assert f"People of another firm read <#{SHARED}>" in told


async def test_a_deal_is_shown_to_its_owner_where_the_channel_for_leads_is_shared(running: Running) -> None:
    desks, ben = running.rain.desks, await running.actor(BEN)
    running.sandbox.world.home_team().channels[LEADS].is_ext_shared = True
    lead = await a_lead(running, FARAH)
    await desks.leads.claim(ben, lead.id)
    await desks.leads.rescreen(ben, lead.id, SCREENED)
    await desks.deals.qualify(ben, lead.id, DealPlan(title="Review"))
    await running.delivered()
    assert await said_in(running, LEADS) == []
    assert "D-1" in await told_directly(running, BEN)
    assert "New lead L-1: Acme Ltd" in await told_directly(running, FARAH)


async def test_cards_are_taken_away_from_a_channel_that_is_shared_later(running: Running) -> None:
    await a_lead(running, FARAH)
    await running.delivered()
    assert len(await said_in(running, LEADS)) == 1
    await share(running, LEADS)
    await running.delivered()
    assert await said_in(running, LEADS) == []
    await share(running, LEADS, is_shared=False)
    await running.rain.desks.leads.claim(await running.actor(BEN), 1)
    await running.delivered()
    assert await said_in(running, LEADS) == []
