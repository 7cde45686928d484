"""A deal that stands still, in Slack: its owner is told what its gate misses, and takes it on from there."""

from tests.bot.test_deals import ASKED, BRIEF, a_deal
from tests.running import BEN, Running, buttons_of, words_of
from views import ids

OVER = "is over the time limit of its stage"


async def test_an_owner_is_told_that_a_stage_takes_too_long_and_moves_the_deal_on_from_there(running: Running) -> None:
    await a_deal(running)
    ben = running.as_(BEN)
    await ben.move_clock(to="2026-03-18 09:05")
    told = await ben.wait_for(OVER)
    assert "the process gives it 10 working days" in words_of(told)
    assert ":white_large_square: A call or meeting is logged" in words_of(told)
    assert "because you own D-1 and its stage has a time limit" in words_of(told)
    assert buttons_of(told) == ["On to Needs analysis", "Log a touch", "Open deal"]
    await ben.click(told, "Log a touch")
    await ben.submit(await ben.wait_for_modal("Key points"), {"kind": "call", "key_points": "They want 10 % less"})
    told = await ben.wait_for(lambda m: OVER in words_of(m) and ":white_check_mark: A call" in words_of(m))
    await ben.click(told, "On to Needs analysis")
    await ben.click(await ben.wait_for_modal("Not yet"), "Needs brief")
    await ben.submit(await ben.wait_for_modal("Pain points"), BRIEF)
    told = await ben.wait_for(lambda m: OVER in words_of(m) and ":white_check_mark: The needs brief" in words_of(m))
    await ben.click(told, "On to Needs analysis")
    gone_on = await ben.wait_for(f"It has gone on: <@{BEN}>")
    assert gone_on["ts"] == told["ts"]
    assert buttons_of(gone_on) == []


async def test_it_is_put_off(running: Running) -> None:
    await a_deal(running)
    ben = running.as_(BEN)
    await ben.move_clock(to="2026-03-18 09:05")
    told = await ben.wait_for(OVER)
    await ben.choose(told, ids.PRESS_SNOOZE, "Tomorrow")
    await ben.wait_for(":zzz: Comes back")


async def test_an_owner_is_told_that_the_signature_is_late_and_says_a_new_day(running: Running) -> None:
    card = await a_deal(running)
    ben = running.as_(BEN)
    await ben.click(card, "Plan")
    await ben.submit(await ben.wait_for_modal("Plan a deal"), ASKED | {"expected_on": "2026-03-06"})
    await ben.move_clock(to="2026-03-09 09:05")
    told = await ben.wait_for("was to be signed by")
    assert "In *First talk*, €90,000.00, 10 % likely" in words_of(told)
    assert buttons_of(told) == ["Open deal", "Say a new day", "Log a touch"]
    await ben.click(told, "Say a new day")
    await ben.submit(await ben.wait_for_modal("Plan a deal"), ASKED | {"expected_on": "2026-04-02"})
    planned = await ben.wait_for(f"New date from <@{BEN}>")
    assert planned["ts"] == told["ts"]
