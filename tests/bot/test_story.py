"""One story, as documentation: how a lead is captured, claimed, followed up and closed, from the first word to the next reminder."""

from typing import Any

import pytest

from sandbox.client import Refused, Workspace
from tests.running import ANNA, BEN, CARLA, DEEPA, FARAH, LEADS, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]


async def card_of(running: Running, company: str, saying: str = "") -> Json:
    """The live card of a company's lead in #leads, once it says something."""
    seen = running.as_(BEN)
    return await seen.wait_for(lambda m: company in words_of(m) and saying in words_of(m), channel=LEADS)


async def ephemeral(person: Workspace, channel: str) -> str:
    """The last thing the bot said privately to somebody in a channel."""
    found = [m for m in await person.messages(channel) if m.get("ephemeral")]
    return words_of(found[-1]) if found else ""


async def captured(running: Running, line: str = "Acme Ltd, referral, wants a cost review") -> Json:
    """A lead of Farah's, and its card."""
    await running.as_(FARAH).slash("/rain-lead", line)
    return await card_of(running, line.partition(",")[0])


async def test_one_line_captures_a_lead_and_its_card_appears_in_the_leads_channel(running: Running) -> None:
    answer = await running.as_(FARAH).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    assert answer is not None
    assert "Captured *L-1 · Acme Ltd*" in words_of(answer)
    assert not [m for m in await running.as_(BEN).messages("#general") if "Acme Ltd" in words_of(m)]
    card = await card_of(running, "Acme Ltd")
    assert "wants a cost review" in words_of(card)
    assert card["text"] == "New lead L-1: Acme Ltd"
    assert buttons_of(card) == ["Claim", "Log a touch", "Screen", "Next date", "Make it a deal", "Disqualify"]


async def test_signs_typed_after_a_command_are_kept_as_typed(running: Running) -> None:
    await running.as_(FARAH).slash("/rain-lead", "Smith & Sons <Kent>, web, 5 < 6 > 4")
    card = await card_of(running, "L-1")
    assert card["text"] == "New lead L-1: Smith &amp; Sons &lt;Kent&gt;"
    assert "5 &lt; 6 &gt; 4" in words_of(card)


async def test_the_command_alone_asks_in_a_modal_and_what_is_wrong_stands_under_the_field(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.slash("/rain-lead", channel="#sales")
    modal = await ben.wait_for_modal("Capture a lead")
    entered = {"company": "Fjord AS", "channel": "web", "phone": "12"}
    with pytest.raises(Refused) as refused:
        await ben.submit(modal, entered)
    assert set(refused.value.detail["errors"]) == {"phone"}
    await ben.click(modal, "More")
    modal = await ben.wait_for_modal("Screening")
    await ben.submit(modal, entered | {"phone": "+47 22 12 34 56", "screening_need": "clear", "screening_fit": "core"})
    assert await ben.modal() is None
    assert "Captured *L-1 · Fjord AS*" in await ephemeral(ben, "#sales")
    assert "40 %" in words_of(await card_of(running, "Fjord AS"))


async def test_a_message_becomes_a_lead_and_a_known_company_is_used_again(running: Running) -> None:
    await captured(running, "Betasoloin Ltd, web, first")
    ben = running.as_(BEN)
    message = await ben.say("#sales", "Met Betasolion again: call +44 20 7946 0123 or jo@betasolion.example")
    await ben.shortcut(ids.CAPTURE_LEAD_FROM_MESSAGE, message)
    modal = await ben.wait_for_modal("Met Betasolion again")
    assert "jo@betasolion.example" in words_of(modal)
    await ben.submit(modal, {"company": "Betasolion", "channel": "client"})
    doubt = await ben.wait_for_modal("We may know this company already")
    assert "Betasoloin Ltd" in words_of(doubt)
    await ben.submit(doubt, {"account": doubt["blocks"][1]["element"]["options"][1]["value"]})
    card = await card_of(running, "L-2 · Betasoloin Ltd")
    assert "Original message" in words_of(card)


async def test_a_one_line_lead_of_a_known_company_is_asked_about_first(running: Running) -> None:
    await captured(running)
    farah = running.as_(FARAH)
    assert await farah.slash("/rain-lead", "ACME, web, again") is None
    doubt = await farah.wait_for_modal("Same name")
    await farah.submit(doubt, {"account": "new"})
    assert "again" in words_of(await card_of(running, "L-2 · ACME"))


async def test_the_first_claim_wins_and_the_card_says_so_in_place(running: Running) -> None:
    card = await captured(running)
    await running.as_(BEN).click(card, "Claim")
    claimed = await card_of(running, "Acme Ltd", f"<@{BEN}>")
    assert claimed["ts"] == card["ts"]
    assert "Claim" not in buttons_of(claimed)


async def test_a_press_on_a_card_claimed_meanwhile_is_told_who_has_it(running: Running) -> None:
    card = await captured(running)
    await running.as_(BEN).click(card, "Claim")
    press = [d["payload"] for d in await running.as_(BEN).deliveries() if d["payload"].get("actions")][-1]
    action = press["actions"][0] | {"action_ts": "1772532000.000001"}
    world, team = running.sandbox.world, running.sandbox.world.home_team()
    url = world.new_response_url(team, team.channels[LEADS], team.users[CARLA], message_ts=card["ts"])
    late = press | {"user": press["user"] | {"id": CARLA}, "actions": [action], "response_url": url}
    assert (await running.interact(late)).status == 200
    assert "L-1 has been claimed by Ben Hughes." in await ephemeral(running.as_(CARLA), LEADS)


async def test_a_colleague_without_the_role_is_told_who_may_claim(running: Running) -> None:
    card = await captured(running)
    await running.as_(FARAH).post("join", channel=LEADS)
    await running.as_(FARAH).click(card, "Claim")
    assert "Only sales or management may claim a lead. Ask Anna Keller, Ben Hughes or Carla Romano." in await ephemeral(
        running.as_(FARAH), LEADS
    )


async def test_a_lead_is_screened_touched_planned_and_disqualified_from_its_card(running: Running) -> None:
    card, ben = await captured(running), running.as_(BEN)
    await ben.click(card, "Screen")
    answers = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
    await ben.submit(
        await ben.wait_for_modal("Screening"), {f"screening_{name}": value for name, value in answers.items()}
    )
    card = await card_of(running, "Acme Ltd", "hot, 100 %")

    await ben.click(card, "Log a touch")
    await ben.submit(
        await ben.wait_for_modal("Log a touch"), {"kind": "meeting", "key_points": "They want three offers"}
    )
    card = await card_of(running, "Acme Ltd", "Last touch")

    await ben.click(card, "Next date")
    planning = await ben.wait_for_modal("Next date")
    with pytest.raises(Refused, match="Pick a day after today"):
        await ben.submit(planning, {"day": "2026-03-03"})
    await ben.submit(planning, {"day": "2026-03-12"})
    card = await card_of(running, "Acme Ltd", "12 Mar 2026")

    await ben.click(card, "Disqualify")
    await ben.submit(
        await ben.wait_for_modal("Disqualify a lead"), {"reason": "no_budget", "remark": "not before autumn"}
    )
    closed = await card_of(running, "Acme Ltd", "Disqualified by")
    assert "No budget. not before autumn" in words_of(closed)
    assert buttons_of(closed) == []
    assert len([m for m in await ben.messages(LEADS) if "Acme Ltd" in words_of(m)]) == 1


async def test_lists_show_mine_and_everybodys_and_a_code_shows_its_card(running: Running) -> None:
    await running.as_(BEN).click(await captured(running), "Claim")
    await captured(running, "Zenith, web, hello")
    ben = running.as_(BEN)
    mine = words_of(await ben.slash("/rain-lead", "mine"))
    assert "Acme Ltd" in mine
    assert "Zenith" not in mine
    assert "2 open leads" in words_of(await ben.slash("/rain-lead", "team"))
    assert "L-2 · Zenith" in words_of(await ben.slash("/rain-lead", "l-2"))
    assert "I cannot find L-9 in this workspace." in words_of(await ben.slash("/rain", "lead L-9"))


async def test_the_home_tab_shows_what_waits_and_a_claim_there_redraws_it(running: Running) -> None:
    await captured(running)
    ben = running.as_(BEN)
    await ben.open_home()
    home = await ben.wait_for_home("Up for claiming")
    await ben.click(home, "Claim")
    after = await ben.wait_for_home(lambda view: "My leads (1)" in words_of(view))
    assert "Up for claiming" not in words_of(after)
    await ben.click(after, "My leads (1)")
    listed = await ben.wait_for_modal("Acme Ltd")
    await ben.click(listed, "Open")
    assert "wants a cost review" in words_of(await ben.wait_for_modal("L-1"))


async def test_bare_rain_says_what_waits(running: Running) -> None:
    await captured(running)
    assert "Up for claiming" in words_of(await running.as_(BEN).slash("/rain"))


async def test_a_word_after_rain_that_is_no_command_is_answered_with_those_there_are(running: Running) -> None:
    answer = words_of(await running.as_(BEN).slash("/rain", "dance now"))
    assert "I don't know this word" in answer
    assert [word for word in ids.words() if f"`/rain {word}`" not in answer] == []


async def test_a_reminder_comes_at_nine_is_put_off_comes_back_and_is_done(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.click(await captured(running), "Claim")
    await card_of(running, "Acme Ltd", f"<@{BEN}>")
    await ben.move_clock(to="tomorrow 09:00")
    told = await ben.wait_for("must have a first answer by")
    await ben.choose(told, ids.PRESS_SNOOZE, "In 1 hour")
    asleep = await ben.wait_for("Comes back")
    assert asleep["ts"] == told["ts"]

    await ben.move_clock(advance=3600)
    again = await ben.wait_for(lambda m: "should have had a first answer by" in words_of(m) and m["ts"] > told["ts"])
    assert "Done" not in buttons_of(again)
    await ben.click(again, "Log it")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "They said yes"})
    done = await ben.wait_for("Done by")
    assert "Next follow-up" in words_of(done)
    assert buttons_of(done) == []

    await ben.move_clock(to="tomorrow 09:00")
    await ben.wait_for(lambda m: "Acme Ltd" in words_of(m) and m["ts"] > again["ts"])
    reminders = [m for m in await ben.dm() if "Acme Ltd" in words_of(m)]
    assert len(reminders) == 3  # the warning of the first answer twice, and the follow-up


async def test_a_reminder_can_be_put_off_to_a_picked_day_and_only_by_its_owner(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.click(await captured(running), "Claim")
    await ben.move_clock(to="tomorrow 09:00")
    told = await ben.wait_for("must have a first answer by")
    await ben.choose(told, ids.PRESS_SNOOZE, "Pick a day…")
    picking = await ben.wait_for_modal("Remind me on")
    await ben.submit(picking, {"day": "2026-03-10"})
    assert "10 Mar 2026" in words_of(await ben.wait_for("Comes back"))


async def test_an_admin_gives_roles_from_home_and_they_hold_at_once(running: Running) -> None:
    anna, deepa = running.as_(ANNA), running.as_(DEEPA)
    await anna.open_home()
    await anna.click(await anna.wait_for_home("Roles"), "Roles")
    modal = await anna.wait_for_modal("One person may have several roles")
    with pytest.raises(Refused, match="Somebody must stay admin"):
        await anna.submit(modal, {"admin": []})
    await anna.submit(modal, {"admin": [ANNA], "sales": [BEN, DEEPA]})
    card = await captured(running)
    await deepa.post("join", channel=LEADS)
    await deepa.click(card, "Claim")
    await card_of(running, "Acme Ltd", f"<@{DEEPA}>")


async def test_who_is_no_admin_sees_no_settings_of_the_workspace(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.open_home()
    home = await ben.wait_for_home("My hours")
    assert "Roles" not in buttons_of(home)


async def test_the_same_delivery_again_changes_nothing(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.click(await captured(running), "Claim")
    await ben.click(await card_of(running, "Acme Ltd", f"<@{BEN}>"), "Log a touch")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "hello"})
    await running.delivered()
    before = await everything(running)
    deliveries = await ben.deliveries()
    assert {d["kind"] for d in deliveries} >= {"slash_commands", "interactive"}
    for delivery in deliveries:
        await ben.redeliver(delivery["n"])
    await running.delivered()
    assert await everything(running) == before


async def everything(running: Running) -> Any:
    """What the leads, their pages and their channel look like."""
    actor = await running.actor(BEN)
    team = await running.rain.desks.leads.team(actor)
    pages = [await running.rain.desks.leads.show(actor, lead.id) for lead in team.leads]
    posted = [m["ts"] for m in await running.as_(BEN).messages(LEADS) if not m.get("ephemeral")]
    return pages, posted


async def test_after_a_restart_in_the_middle_old_buttons_still_work(running: Running) -> None:
    card = await captured(running)
    ben = running.as_(BEN)
    await ben.click(card, "Screen")
    screening = await ben.wait_for_modal("Screening")
    await running.restart()
    await ben.click(card, "Claim")
    await ben.submit(screening, {"screening_need": "clear"})
    claimed = await card_of(running, "Acme Ltd", f"<@{BEN}>")
    assert claimed["ts"] == card["ts"]
    assert "30 %" in words_of(await card_of(running, "Acme Ltd", "30 %"))


async def test_the_story_over_socket_mode(running_over_socket: Running) -> None:
    running, ben = running_over_socket, running_over_socket.as_(BEN)
    await ben.click(await captured(running), "Claim")
    await card_of(running, "Acme Ltd", f"<@{BEN}>")
    await ben.move_clock(to="tomorrow 09:00")
    told = await ben.wait_for("must have a first answer by")
    await ben.click(told, "Log it")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "They said yes"})
    await ben.wait_for("Done by")
    await running.restart()
    await ben.click(await card_of(running, "Acme Ltd", "Last touch"), "Disqualify")
    await ben.submit(await ben.wait_for_modal("Disqualify a lead"), {"reason": "spam"})
    await card_of(running, "Acme Ltd", "Not a real enquiry")


@pytest.mark.both
async def test_the_story_on_postgresql_too(running_on_either: Running) -> None:
    running, ben = running_on_either, running_on_either.as_(BEN)
    await ben.slash("/rain-lead", "Acme Ltd, referral, wants a cost review", channel="#sales")
    await ben.click(await card_of(running, "Acme Ltd"), "Claim")
    await card_of(running, "Acme Ltd", f"<@{BEN}>")
    await ben.move_clock(to="tomorrow 09:00")
    await ben.click(await ben.wait_for("must have a first answer by"), "Log it")
    await ben.submit(await ben.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "They said yes"})
    await ben.wait_for("Next follow-up")
