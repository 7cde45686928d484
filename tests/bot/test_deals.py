"""A deal in Slack, from lead to proposal: refused at each gate first, with what is missing and the button that makes it."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.client import Refused
from tests.domain.playbooks import copy_with
from tests.firm import SCREENED
from tests.running import ANNA, BEN, CARLA, FARAH, LEADS, SALES, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]
ASKED = {"title": "Review of costs", "amount": "90,000.00", "currency": "EUR"}
BRIEF = {"needs": "Lower costs", "pains": "No overview", "goals": "10 % less in a year"}


async def captured(running: Running) -> Json:
    """The card of a lead of Ben's."""
    await running.as_(BEN).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    return await running.as_(BEN).wait_for("Acme Ltd", channel=LEADS)


async def a_deal(running: Running) -> Json:
    """The card of a deal that Ben has made of a lead."""
    ben = running.as_(BEN)
    card = await captured(running)
    await ben.click(card, "Claim")
    card = await ben.wait_for(lambda m: "Acme Ltd" in words_of(m) and "Claim" not in buttons_of(m), channel=LEADS)
    await ben.click(card, "Screen")
    screening = {f"screening_{name}": value for name, value in SCREENED.items()}
    await ben.submit(await ben.wait_for_modal("Is there a need"), screening)
    card = await ben.wait_for(lambda m: "100 %" in words_of(m), channel=LEADS)
    await ben.click(card, "Make it a deal")
    await ben.submit(await ben.wait_for_modal("Make it a deal"), ASKED)
    return await card_with(running, "D-1 · Acme Ltd")


async def card_with(running: Running, *words: str) -> Json:
    """The deal's card once it says so."""
    return await running.as_(BEN).wait_for(
        lambda m: "D-1 · Acme Ltd" in words_of(m) and all(word in words_of(m) for word in words), channel=LEADS
    )


async def refused_at(running: Running, card: Json, button: str) -> Json:
    """The modal that says what is missing; it is closed again by who reads it."""
    ben = running.as_(BEN)
    await ben.click(card, button)
    gate = await ben.wait_for_modal("Not yet")
    await ben.close(gate, all=True)
    return gate


async def test_from_a_lead_to_a_proposal_every_gate_refuses_first(running: Running) -> None:
    ben = running.as_(BEN)
    lead = await captured(running)
    gate = await refused_at(running, lead, "Make it a deal")
    assert "Somebody has claimed the lead" in words_of(gate)
    assert "The screening questions are answered" in words_of(gate)
    assert buttons_of(gate) == ["Claim", "Screen"]

    await ben.click(lead, "Claim")
    await ben.click(lead, "Screen")
    screening = {f"screening_{name}": value for name, value in SCREENED.items()}
    await ben.submit(await ben.wait_for_modal("Is there a need"), screening)
    await ben.click(await ben.wait_for(lambda m: "100 %" in words_of(m), channel=LEADS), "Make it a deal")
    await ben.submit(await ben.wait_for_modal("Make it a deal"), ASKED)
    assert "€90,000.00" in words_of(await ben.wait_for_modal("D-1 · Acme Ltd"))
    card = await card_with(running, "First talk", "10 % likely")
    await ben.wait_for("Goes on as the deal *D-1*", channel=LEADS)

    gate = await refused_at(running, card, "On to Needs analysis")
    assert buttons_of(gate) == ["Log a touch", "Needs brief"]
    await ben.click(card, "Log a touch")
    await ben.submit(await ben.wait_for_modal("Key points"), {"kind": "call", "key_points": "They want 10 % less"})
    await ben.click(card, "Needs brief")
    await ben.submit(await ben.wait_for_modal("Pain points"), BRIEF | {"goals": None})
    card = await card_with(running, "unanswered: expected goals")
    assert buttons_of(await refused_at(running, card, "On to Needs analysis")) == ["Needs brief"]
    await ben.click(card, "Needs brief")
    await ben.submit(await ben.wait_for_modal("Pain points"), BRIEF)
    await ben.click(await card_with(running, "Needs brief 2, complete"), "On to Needs analysis")

    card = await card_with(running, "Needs analysis", "20 % likely")
    assert "A preliminary solution is attached" in words_of(await refused_at(running, card, "On to Proposal"))
    sketch = await ben.upload("", "sketch.txt", b"Two pages")
    await ben.click(card, "Attach a file")
    await ben.submit(await ben.wait_for_modal("What is it?"), {"kind": "solution", "file": [sketch]})
    await ben.click(await card_with(running, "1 document"), "On to Proposal")
    card = await card_with(running, "30 % likely")
    assert "objective, content, method" in words_of(await refused_at(running, card, "On to Internal review"))


async def test_the_wrong_person_is_told_who_may(running: Running) -> None:
    card = await a_deal(running)
    farah = running.as_(FARAH)
    await farah.click(card, "On to Needs analysis")
    await farah.wait_for("may steer a deal", channel=LEADS)


async def test_what_would_shut_a_gate_behind_the_deal_is_said_under_its_field(running: Running) -> None:
    ben, card = running.as_(BEN), await a_deal(running)
    await ben.click(card, "Log a touch")
    await ben.submit(await ben.wait_for_modal("Key points"), {"kind": "call", "key_points": "Talked"})
    await ben.click(card, "Needs brief")
    await ben.submit(await ben.wait_for_modal("Basic needs"), BRIEF)
    await ben.click(card, "On to Needs analysis")
    card = await card_with(running, "Needs analysis")
    for button, question, entered, field in (
        ("Needs brief", "Basic needs", BRIEF | {"goals": ""}, "goals"),
        ("Plan", "Plan a deal", ASKED | {"amount": "900", "client_type": "new"}, "amount"),
    ):
        await ben.click(card, button)
        modal = await ben.wait_for_modal(question)
        with pytest.raises(Refused) as refused:
            await ben.submit(modal, entered)
        assert set(refused.value.detail["errors"]) == {field}
        await ben.close(modal)


async def test_of_two_who_end_a_deal_the_second_is_told_that_it_is_over(running: Running) -> None:
    card = await a_deal(running)
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await carla.choose(card, ids.PRESS_MORE_OF_DEAL, "Lost…")
    too_late = await carla.wait_for_modal("Why was it lost?")
    await ben.choose(card, ids.PRESS_MORE_OF_DEAL, "Lost…")
    await ben.submit(await ben.wait_for_modal("Why was it lost?"), {"reason": "price"})
    await ben.wait_for_modal("Noted D-1 as lost")
    assert buttons_of(await card_with(running, "Lost on", "Too expensive")) == []
    with pytest.raises(Refused, match="D-1 is over: lost"):
        await carla.submit(too_late, {"reason": "timing"})


async def test_deals_are_let_follow_another_playbook_one_by_one(running: Running, tmp_path: Path) -> None:
    await a_deal(running)
    other = copy_with(tmp_path, "sales", 'title = "Write it"', 'title = "Write the proposal"')
    running.overrides["rainmaker_playbook"] = str(other)
    await running.restart()
    anna, ben = running.as_(ANNA), running.as_(BEN)
    told = await anna.wait_for("1 deal keeps the one it began with")
    await anna.click(told, "Deals that keep theirs")
    listed = await anna.wait_for_modal("1 deal follows an older playbook")
    assert "D-1 · Acme Ltd" in words_of(listed)
    await ben.slash("/rain-deal", "D-1")
    await ben.choose(await card_with(running), ids.PRESS_MORE_OF_DEAL, "Open")
    page = await ben.wait_for_modal("follows an older playbook")
    await anna.click(listed, "Follow today's")
    await anna.wait_for_modal("Every deal on its way follows today's playbook.")
    await ben.click(page, "Follow today's")
    assert "D-1 follows today's playbook already." in words_of(await ben.wait_for_modal("Not possible"))


async def test_deals_and_the_pipeline_are_looked_up(running: Running) -> None:
    anna, ben = running.as_(ANNA), running.as_(BEN)
    assert "No deals here" in words_of(await ben.slash("/rain-deal"))
    await a_deal(running)
    for words in ("", "D-1", "acme", "review"):
        assert "D-1 · Acme Ltd" in words_of(await ben.slash("/rain-deal", words))
    table = await anna.slash("/rain-pipeline")
    assert "90.000,00" in str(table)  # as Anna, whose Slack is German, writes it
    assert "First talk" in str(table)
    assert "No deals are on their way" in words_of(await anna.slash("/rain-pipeline", "mine"))
    assert "D-1 · Acme Ltd" in words_of(await ben.slash("/rain", "deal D-1"))
    assert "First talk" in str(await anna.slash("/rain", "pipeline"))


async def test_a_stage_is_opened_from_the_pipeline_and_from_home(running: Running) -> None:
    await a_deal(running)
    ben = running.as_(BEN)
    await ben.slash("/rain-pipeline", channel="#sales")
    pipeline = (await ben.messages(SALES))[-1]
    assert "Weighted by stage" in words_of(pipeline)
    [row] = [block for block in pipeline["blocks"] if block["type"] == "actions"]
    [stage] = row["elements"][0]["options"]
    await ben.choose(pipeline, ids.PRESS_STAGE, stage["text"]["text"])
    await ben.wait_for_modal("D-1")
    await ben.open_home()
    await ben.click(await ben.wait_for_home("Pipeline"), "Pipeline")
    sums = await ben.wait_for_modal("1 deal")
    await ben.click(sums, "Open")
    await ben.wait_for_modal("D-1")
