"""Feedback on the process in Slack: given from a page and from a card, answered, heard, and listed."""

from typing import Any

import pytest

from domain.core.people import Role, RoleGrant
from sandbox.client import Refused
from tests.bot.test_deals import a_deal
from tests.running import ANNA, BEN, CARLA, DEEPA, FARAH, LEADS, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]
SAID = "Five questions for <!channel> take *too* long."


async def page_of(running: Running, person: str, stage: str) -> Json:
    """The page of a stage, as somebody opens it."""
    await running.as_(person).slash("/rain-process", stage)
    return await running.as_(person).wait_for_modal("A step is wrong or slow")


async def given(running: Running, person: str = FARAH, step: str = "screen_lead", stage: str = "lead") -> Json:
    """Feedback given from the page of a stage; answers what the modal says then."""
    somebody = running.as_(person)
    await somebody.click(await page_of(running, person, stage), "A step is wrong or slow…")
    modal = await somebody.wait_for_modal("Which step?")
    await somebody.submit(modal, {"step": step, "fault": "slow", "said": SAID})
    return await somebody.wait_for_modal("Thank you")


async def test_it_goes_to_those_who_answer_for_the_step_and_its_author_hears_the_answer(running: Running) -> None:
    farah, ben, carla = running.as_(FARAH), running.as_(BEN), running.as_(CARLA)
    assert "*F-1* has gone to sales." in words_of(await given(running))
    card, other = await ben.wait_for("says that a step is slow"), await carla.wait_for("says that a step is slow")
    assert "&lt;!channel&gt;" in words_of(card)
    assert "You get this because sales answers for the step." in words_of(card)
    await ben.click(card, "Answer…")
    modal = await ben.wait_for_modal("Your answer")
    with pytest.raises(Refused) as refused:
        await ben.submit(modal, {"answer": " "})
    assert "answer" in refused.value.detail["errors"]
    await ben.submit(modal, {"answer": "We drop two of them."})
    heard = await farah.wait_for("has answered what you said of *Screen it* (F-1)")
    assert "We drop two of them." in words_of(heard)
    for person, message in ((ben, card), (carla, other)):
        done = await person.wait_for("answered <!date")
        assert (done["ts"], buttons_of(done)) == (message["ts"], [])


async def test_management_sees_what_waits_and_is_told_who_can_answer(running: Running) -> None:
    admin = await running.actor(ANNA)
    grants = (await running.rain.desks.people.settings(admin)).grants
    manager = RoleGrant(role=Role.MANAGEMENT, grantee=DEEPA)
    await running.rain.desks.people.set_roles(admin, (*grants, manager), {})
    for _time in range(2):
        await given(running)
    deepa = running.as_(DEEPA)
    await deepa.slash("/rain", "process feedback")
    listed = await deepa.wait_for("Feedback on the process", channel="#general")
    assert "2 wait for an answer" in words_of(listed)
    assert words_of(listed).count("*Lead: Screen it*") == 1
    await deepa.click(listed, "Answer…")
    refused = await deepa.wait_for("Only sales may answer", channel="#general")
    assert "Only sales may answer feedback on this step. Ask Ben Hughes or Carla Romano." in words_of(refused)


async def test_where_nobody_has_the_role_admins_are_asked(running: Running) -> None:
    assert "has gone to an admin" in words_of(await given(running, BEN, "accept_handover", "hand-over"))
    await running.as_(ANNA).wait_for("says that a step is slow: *Accept it, or ask*")


async def test_a_lead_brings_its_own_card_along(running: Running) -> None:
    carla = running.as_(CARLA)
    await running.as_(BEN).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    card = await carla.wait_for("Acme Ltd", channel=LEADS)
    await carla.choose(card, "lead.more", "A step is wrong or slow…")
    modal = await carla.wait_for_modal("Which step?")
    assert "Lead: Screen it" in words_of(modal)
    assert "First talk: Arrange it" in words_of(modal)
    await carla.submit(modal, {"step": "arrange_talk", "fault": "wrong", "said": "They want to call us."})
    told = await running.as_(BEN).wait_for("says that a step is wrong: *Arrange it*")
    assert "About L-1 · Acme Ltd" in words_of(told)
    await running.as_(BEN).click(told, "Open lead")
    await running.as_(BEN).wait_for_modal("Acme Ltd")


async def test_who_was_slower_is_told_that_it_is_answered(running: Running) -> None:
    await given(running)
    ben, carla = running.as_(BEN), running.as_(CARLA)
    for person in (ben, carla):
        await person.click(await person.wait_for("says that a step is slow"), "Answer…")
    first, second = await ben.wait_for_modal("Your answer"), await carla.wait_for_modal("Your answer")
    await ben.submit(first, {"answer": "We drop two of them."})
    await carla.submit(second, {"answer": "We keep them."})
    assert "Ben Hughes has answered F-1 already." in words_of(await carla.wait_for_modal("Not possible"))


async def test_guests_and_people_without_a_role_are_told_whose_list_it_is(running: Running) -> None:
    answer = await running.as_(FARAH).slash("/rain-process", "feedback")
    assert "Only management or admin may see feedback on the process. Ask Anna Keller." in words_of(answer)


async def test_a_deal_brings_the_steps_of_its_stage_along_when_one_of_them_is_slow(running: Running) -> None:
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await ben.choose(await a_deal(running), ids.PRESS_MORE_OF_DEAL, "A step is wrong or slow…")
    modal = await ben.wait_for_modal("Which step?")
    assert "First talk: Arrange it" in words_of(modal)
    assert "Lead: Screen it" not in words_of(modal)
    await ben.submit(modal, {"step": "arrange_talk", "fault": "slow", "said": "A week, only for a date."})
    told = await carla.wait_for("says that a step is slow: *Arrange it*")
    assert "About D-1 · Acme Ltd" in words_of(told)
    await carla.click(told, "Open deal")
    assert "Review of costs" in words_of(await carla.wait_for_modal("D-1"))
