"""Leads and deals that need attention, in Slack: warned of, told to management, listed, and given to somebody."""

from typing import Any

from tests.bot.test_deals import a_deal
from tests.running import ANNA, BEN, CARLA, FARAH, LEADS, Running, buttons_of, words_of

Json = dict[str, Any]
HOT = {f"screening_{name}": value for name, value in {"need": "clear", "budget": "set", "timing": "quarter"}.items()}


async def captured(running: Running, company: str = "Acme Ltd") -> None:
    """A lead of Ben's that nobody has claimed; its first answer is due on Wednesday at 9:30 in London, 10:30 with Anna in Berlin."""
    await running.as_(BEN).slash("/rain-lead", f"{company}, referral, wants a cost review")
    await running.as_(BEN).wait_for(company, channel=LEADS)


async def test_a_hot_web_lead_goes_to_the_next_in_turn_who_is_told_why(running: Running) -> None:
    farah, ben = running.as_(FARAH), running.as_(BEN)
    await farah.slash("/rain-lead")
    await farah.click(await farah.wait_for_modal("Capture"), "More")
    await farah.submit(await farah.wait_for_modal("Screening"), {"company": "Hot AS", "channel": "web"} | HOT)
    told = await ben.wait_for("is yours: it was your turn")
    assert "Hot leads from the website are handed out in turn" in words_of(told)
    assert buttons_of(told) == ["Log a touch", "Open lead"]
    card = await ben.wait_for(lambda m: "Hot AS" in words_of(m) and f"<@{BEN}>" in words_of(m), channel=LEADS)
    assert "Claim" not in buttons_of(card)
    assert "It is handed out in turn" in words_of(await farah.messages("#general"))


async def test_whoever_holds_a_lead_is_warned_in_time_and_claims_it_there(running: Running) -> None:
    await captured(running)
    ben = running.as_(BEN)
    await ben.move_clock(to="16:00")
    warning = await ben.wait_for("must have a first answer by")
    assert "because you captured L-1" in words_of(warning)
    assert buttons_of(warning) == ["Open lead", "Claim"]
    await running.as_(CARLA).click(await running.as_(CARLA).wait_for("Acme Ltd", channel=LEADS), "Claim")
    over = await ben.wait_for("owns the lead now")
    assert over["ts"] == warning["ts"]
    assert buttons_of(over) == []


async def test_management_is_told_in_the_morning_and_gives_the_lead_to_somebody(running: Running) -> None:
    await captured(running)
    anna, carla = running.as_(ANNA), running.as_(CARLA)
    await anna.move_clock(to="tomorrow 10:45")
    digest = await anna.wait_for("1 lead needs attention")
    assert "No owner since" in words_of(digest)
    assert not [m for m in await carla.messages(LEADS) if "needs attention" in words_of(m)]
    await anna.click(digest, "Assign…")
    modal = await anna.wait_for_modal("Who takes it?")
    await anna.submit(modal, {"owner": CARLA, "note": "They know you from the fair"})
    given = await carla.wait_for(f"<@{ANNA}> gave you *L-1")
    assert "They know you from the fair" in words_of(given)
    await anna.wait_for(f"L-1 is <@{CARLA}>'s now.")


async def test_the_list_is_there_on_demand_and_shrinks_as_it_is_worked_off(running: Running) -> None:
    await captured(running)
    await captured(running, "Zenith")
    anna = running.as_(ANNA)
    assert "Nothing needs attention" in words_of(await anna.slash("/rain", "exceptions"))
    await anna.move_clock(to="tomorrow 10:45")
    listed = await anna.slash("/rain", "exceptions")
    assert "2 without an owner" in words_of(listed)
    await anna.open_home()
    await anna.click(await anna.wait_for_home("*2 leads need attention*"), "Look")
    below = await anna.wait_for_modal("2 without an owner")
    await anna.click(below, "Assign…")
    assigning = await anna.wait_for_modal("Who takes it?")
    await anna.submit(assigning, {"owner": BEN})
    assert "1 without an owner" in words_of(await anna.wait_for_modal("1 without an owner"))


async def test_others_are_told_whose_list_it_is(running: Running) -> None:
    answer = await running.as_(BEN).slash("/rain", "exceptions")
    assert "Only management may see what needs attention. Ask Anna Keller." in words_of(answer)


async def test_a_deal_that_stands_still_is_handed_over_from_the_list(running: Running) -> None:
    await a_deal(running)
    anna, carla = running.as_(ANNA), running.as_(CARLA)
    await anna.move_clock(to="2026-03-20 10:45")
    digest = await anna.wait_for("1 deal needs attention")
    assert "instead of 10 working days" in words_of(digest)
    assert "No next step" in words_of(digest)
    assert buttons_of(digest) == ["Hand over…", "Open"]
    await anna.open_home()
    await anna.click(await anna.wait_for_home("*1 deal needs attention*"), "Look")
    await anna.click(await anna.wait_for_modal("1 without a next step"), "Open")
    await anna.wait_for_modal("D-1 · Acme Ltd")
    await anna.click(digest, "Hand over…")
    await anna.submit(await anna.wait_for_modal("To whom?"), {"owner": CARLA, "note": "Ben has too much"})
    assert "Ben has too much" in words_of(await carla.wait_for("has handed *D-1* over"))
    listed = await anna.slash("/rain", "exceptions")
    assert f"<@{CARLA}> has it in *First talk*" in words_of(listed)


async def test_the_list_below_says_who_has_a_deal_that_was_handed_over(running: Running) -> None:
    await a_deal(running)
    anna = running.as_(ANNA)
    await anna.open_home()
    await anna.click(await anna.wait_for_home("*1 deal needs attention*"), "Look")
    await anna.click(await anna.wait_for_modal(f"owned by <@{BEN}>"), "Hand over…")
    await anna.submit(await anna.wait_for_modal("To whom?"), {"owner": CARLA})
    await anna.close(await anna.wait_for_modal("Handed D-1 over"))
    await anna.wait_for_modal(f"owned by <@{CARLA}>")
