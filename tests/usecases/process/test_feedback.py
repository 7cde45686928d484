"""Feedback on steps of the process: who is told, who answers, and who hears the answer, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from domain.core.absences import NewAbsence
from domain.core.people import Actor, Role
from domain.core.refusals import AlreadyDone, NotAllowed, NotFound
from domain.playbook.sections import step_called
from domain.process.feedback import Fault, FeedbackAnswered, FeedbackGiven, FeedbackState, FeedbackTold, NewFeedback
from storage.unit_of_work import UnitOfWork
from tests.firm import WHOLE, FirmDesks, dangling_in
from tests.usecases.sales.test_deals import PLAN, ready_lead
from usecases.process.feedback import feedback_told

SLOW = NewFeedback(step="screen_lead", fault=Fault.SLOW, said="Five questions for every lead take too long.")
"""A step of sales, whom Sam and Sue are."""


async def told(firm: FirmDesks, kind: type) -> list[int | None]:
    """Who is told of feedback just now."""
    return [row.destination.member_id for row in await firm.told() if isinstance(row.message, kind)]


async def events(firm: FirmDesks, feedback_id: int) -> list[str]:
    """What the audit log says of it."""
    found = await firm.store.read(firm.workspace_id, lambda work: work.audit.about("feedback", feedback_id))
    return [event.event for event in found]


async def away(firm: FirmDesks, who: Actor, deputy: Actor | None) -> None:
    """Somebody is away today."""
    absence = NewAbsence(
        first_on=date(2026, 3, 3), last_on=date(2026, 3, 4), deputy_id=deputy.member_id if deputy else None
    )
    await firm.store.write(firm.workspace_id, lambda work: work.absences.add(who.member_id, absence))


async def test_those_who_answer_for_the_step_are_told(firm: FirmDesks) -> None:
    given = await firm.feedback.give(firm.consultant, SLOW)
    assert (given.code, given.section, given.step_title, given.role) == ("F-1", "lead", "Screen it", Role.SALES)
    assert sorted(await told(firm, FeedbackGiven)) == [firm.seller.member_id, firm.other_seller.member_id]
    assert await events(firm, given.id) == ["feedback.given"]


@pytest.mark.parametrize("step", ["approve_quote", "report_trouble"], ids=["nobody has the role", "everybody has it"])
async def test_where_nobody_in_particular_answers_for_it_admins_do(firm: FirmDesks, step: str) -> None:
    given = await firm.feedback.give(firm.seller, NewFeedback(step=step, fault=Fault.WRONG, said="x"))
    assert given.role is Role.ADMIN
    assert await told(firm, FeedbackGiven) == [firm.admin.member_id]


async def test_who_is_away_is_stood_in_for(firm: FirmDesks) -> None:
    await away(firm, firm.other_seller, deputy=firm.consultant)
    given = await firm.feedback.give(firm.admin, SLOW)
    assert sorted(await told(firm, FeedbackGiven)) == [firm.seller.member_id, firm.consultant.member_id]
    answered = await firm.feedback.answer(firm.consultant, given.id, "Three will do.")
    assert answered.answered_by == firm.consultant.person


async def test_feedback_waits_for_those_who_answer_where_all_of_them_are_away(firm: FirmDesks) -> None:
    for seller in (firm.seller, firm.other_seller):
        await away(firm, seller, deputy=None)
    await firm.feedback.give(firm.consultant, SLOW)
    assert sorted(await told(firm, FeedbackGiven)) == [firm.seller.member_id, firm.other_seller.member_id]


async def test_its_author_hears_the_answer(firm: FirmDesks) -> None:
    given = await firm.feedback.give(firm.consultant, SLOW)
    await firm.told()
    answered = await firm.feedback.answer(firm.seller, given.id, "We drop two of them.")
    assert (answered.state, answered.answer) == (FeedbackState.ANSWERED, "We drop two of them.")
    assert (answered.answered_by, answered.answered_at) == (firm.seller.person, firm.clock.now())
    assert await told(firm, FeedbackAnswered) == [firm.consultant.member_id]
    assert await events(firm, given.id) == ["feedback.given", "feedback.answered"]


async def test_who_answers_themselves_is_not_told(firm: FirmDesks) -> None:
    given = await firm.feedback.give(firm.seller, SLOW)
    await firm.feedback.answer(firm.seller, given.id, "I shall drop two of them.")
    assert await told(firm, FeedbackAnswered) == []


async def test_nobody_else_answers_and_is_told_who_can(firm: FirmDesks) -> None:
    given = await firm.feedback.give(firm.seller, SLOW)
    for refused in (
        firm.feedback.show_to_answer(firm.consultant, given.id),
        firm.feedback.answer(firm.consultant, given.id, "x"),
    ):
        with pytest.raises(NotAllowed) as caught:
            await refused
        assert caught.value.sentence == ("Only sales may answer feedback on this step. Ask Sam Seller or Sue Seller.")
    assert (await firm.feedback.show_to_answer(firm.admin, given.id)).is_open


async def test_a_second_answer_is_refused_with_who_was_quicker(firm: FirmDesks) -> None:
    given = await firm.feedback.give(firm.consultant, SLOW)
    await firm.feedback.answer(firm.seller, given.id, "First.")
    with pytest.raises(AlreadyDone, match=r"Sam Seller has answered F-1 already\."):
        await firm.feedback.answer(firm.other_seller, given.id, "Second.")
    with pytest.raises(AlreadyDone):
        await firm.feedback.show_to_answer(firm.other_seller, given.id)


async def test_the_same_request_again_gives_and_answers_once(firm: FirmDesks) -> None:
    giver, answerer = firm.consultant.within("modal", "view.1"), firm.seller.within("modal", "view.2")
    first, again = await firm.feedback.give(giver, SLOW), await firm.feedback.give(giver, SLOW)
    assert first == again
    answered = [await firm.feedback.answer(answerer, first.id, "We drop two.") for _press in range(2)]
    assert answered[0] == answered[1]
    assert (await firm.feedback.list_open(firm.admin)).total == 0
    assert await events(firm, first.id) == ["feedback.given", "feedback.answered"]


async def test_feedback_can_say_with_which_lead_it_came_up(firm: FirmDesks) -> None:
    lead = await firm.captured()
    new = NewFeedback(step="screen_lead", fault=Fault.WRONG, said="x", subject="lead", subject_id=lead.id)
    given = await firm.feedback.give(firm.consultant, new)
    assert (given.subject, given.subject_id) == ("lead", lead.id)
    for subject, subject_id in (("lead", lead.id + 1), ("deal", 1), ("lead", None)):
        unknown = NewFeedback(step="screen_lead", fault=Fault.WRONG, said="x", subject=subject, subject_id=subject_id)
        with pytest.raises(NotFound):
            await firm.feedback.give(firm.consultant, unknown)


async def test_feedback_is_told_without_its_record_when_that_is_gone(firm: FirmDesks) -> None:
    found = step_called(WHOLE, "screen_lead")
    assert found

    def body(work: UnitOfWork) -> FeedbackTold:
        gone = NewFeedback(step="screen_lead", fault=Fault.SLOW, said="x", subject="lead", subject_id=10**9)
        return feedback_told(work, work.feedback.add(firm.consultant, gone, *found, Role.SALES).id)

    told_of = await firm.store.write(firm.workspace_id, body)
    assert (told_of.feedback.code, told_of.record) == ("F-1", None)


async def test_a_step_that_is_not_in_the_playbook_takes_no_feedback(firm: FirmDesks) -> None:
    with pytest.raises(NotFound, match="this step of the process"):
        await firm.feedback.give(firm.consultant, NewFeedback(step="gone", fault=Fault.SLOW, said="x"))


async def test_guests_give_none(firm: FirmDesks) -> None:
    with pytest.raises(NotAllowed, match="Only colleagues may say what is wrong in the process"):
        await firm.feedback.give(firm.guest, SLOW)


async def test_management_sees_all_that_is_open_and_others_what_is_theirs_to_answer(firm: FirmDesks) -> None:
    for step in ("screen_lead", "accept_handover", "screen_lead"):
        await firm.feedback.give(firm.seller, NewFeedback(step=step, fault=Fault.SLOW, said="x"))
    with pytest.raises(NotAllowed, match="Only management or admin may see feedback on the process"):
        await firm.feedback.list_open(firm.consultant)
    manager = await firm.with_manager()
    everything = await firm.feedback.list_open(manager)
    assert [feedback.code for feedback in everything.feedback] == ["F-1", "F-3", "F-2"]  # those on one step together
    theirs = await firm.feedback.list_open(firm.other_seller)
    assert ([feedback.code for feedback in theirs.feedback], theirs.total) == (["F-1", "F-3"], 2)


async def test_feedback_stays_when_the_making_of_its_deal_is_undone(firm: FirmDesks) -> None:
    step = await firm.deals.qualify(firm.seller, (await ready_lead(firm)).id, PLAN)
    given = await firm.feedback.give(firm.consultant, replace(SLOW, subject="deal", subject_id=step.deal.id))
    assert step.operation
    assert (await firm.operations.undo(firm.seller, step.operation.id)).kept == 0
    assert await dangling_in(firm.store.database) == []
    now = await firm.store.read(firm.workspace_id, lambda work: work.feedback.get(given.id))
    assert (now.subject, now.subject_id, now.said) == (None, None, SLOW.said)
