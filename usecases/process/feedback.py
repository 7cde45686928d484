"""Feedback on steps of the process: given by anybody, answered by those who answer for the step, heard by who gave it."""

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, Member, Role, may
from domain.core.records import NamedRecord
from domain.core.refusals import AlreadyDone, NotAllowed, NotFound
from domain.playbook.sections import step_called
from domain.process.feedback import (
    GIVE_FEEDBACK,
    SEE_FEEDBACK,
    Feedback,
    FeedbackAnswered,
    FeedbackGiven,
    FeedbackList,
    FeedbackTold,
    NewFeedback,
)
from storage.unit_of_work import UnitOfWork
from usecases.core.absences import who_act_for
from usecases.core.facts import fact
from usecases.desk import MOST_PEOPLE_NAMED, Desk, check_permission, reads, record, writes

MOST_LISTED = 20


class FeedbackDesk(Desk):
    """The use cases of feedback. `whole` is the playbook in force."""

    @writes
    def give(self, work: UnitOfWork, actor: Actor, new: NewFeedback) -> Feedback:
        """Keep what somebody says of a step, and tell those who answer for it.

        Raises NotAllowed, NotFound for a step or record there is not.
        """
        check_permission(work, actor, GIVE_FEEDBACK)
        found = step_called(self.playbook, new.step)
        if found is None:
            raise NotFound(_("this step of the process"))
        _record(work, new)
        role, owners = owners_of(work, found[2].role)
        feedback = work.feedback.add(actor, new, *found, role)
        said = {"step": new.step, "fault": new.fault.value, "said": new.said}
        record(work, actor, "feedback.given", feedback.id, after=said)
        ids = [owner.id for owner in owners]
        for member_id in who_act_for(work, ids) or ids:
            once = f"feedback.given:{feedback.id}:{member_id}"
            work.outbox.put(FeedbackGiven(feedback_id=feedback.id), Destination(member_id=member_id), once=once)
        return feedback

    @reads
    def show_to_answer(self, work: UnitOfWork, actor: Actor, feedback_id: int) -> Feedback:
        """Feedback that the actor may answer now.

        Raises NotFound, NotAllowed, AlreadyDone.
        """
        return _to_answer(work, actor, work.feedback.get(feedback_id))

    @writes
    def answer(self, work: UnitOfWork, actor: Actor, feedback_id: int, answer: str) -> Feedback:
        """Answer feedback, and let its author hear the answer.

        Raises NotFound, NotAllowed, AlreadyDone.
        """
        feedback = _to_answer(work, actor, work.feedback.get(feedback_id))
        work.feedback.answer(feedback.id, answer, actor.member_id)
        record(work, actor, "feedback.answered", feedback.id, after={"answer": answer})
        work.outbox.refresh_cards("feedback", feedback.id)
        if feedback.by.id != actor.member_id:
            told, once = Destination(member_id=feedback.by.id), f"feedback.answered:{feedback.id}"
            work.outbox.put(FeedbackAnswered(feedback_id=feedback.id), told, once=once)
        return work.feedback.get(feedback.id)

    @reads
    def list_open(self, work: UnitOfWork, actor: Actor) -> FeedbackList:
        """What waits for an answer: all of it for management and admins, for others what their own roles answer for.

        Raises NotAllowed for who has no role.
        """
        roles = None if may(actor.roles, SEE_FEEDBACK) else actor.roles - {Role.COLLEAGUE}
        if roles is not None and not roles:
            check_permission(work, actor, SEE_FEEDBACK)
        places = {step.id: place for place, step in enumerate(self.playbook.steps())}
        found = sorted(work.feedback.open_of(roles, MOST_LISTED), key=lambda one: places.get(one.step, len(places)))
        return FeedbackList(feedback=tuple(found), total=work.feedback.count_open_of(roles))


@fact("feedback_id")
def feedback_told(work: UnitOfWork, feedback_id: int) -> FeedbackTold:
    """Feedback as a message tells of it; it says the same when its record is gone, as after an import that was undone."""
    feedback = work.feedback.get(feedback_id)
    try:
        return FeedbackTold(feedback=feedback, record=_record(work, feedback))
    except NotFound:
        return FeedbackTold(feedback=feedback)


def owners_of(work: UnitOfWork, role: Role) -> tuple[Role, list[Member]]:
    """Who answers for a step of a role, and the role they have: admins where nobody has it, or everybody would."""
    found = [] if role is Role.COLLEAGUE else work.members.with_roles({role})
    return (role, found) if found else (Role.ADMIN, work.members.with_roles({Role.ADMIN}))


def _record(work: UnitOfWork, feedback: Feedback | NewFeedback) -> NamedRecord | None:
    """The record it came up with, if any. Raises NotFound for a record there is not."""
    return work.named(feedback.subject, feedback.subject_id or 0) if feedback.subject else None


def _to_answer(work: UnitOfWork, actor: Actor, feedback: Feedback) -> Feedback:
    _require_owner(work, actor, feedback)
    if not feedback.is_open:
        by = feedback.answered_by.name if feedback.answered_by else _("somebody")
        raise AlreadyDone(_("{person} has answered {code} already.").format(person=by, code=feedback.code))
    return feedback


def _require_owner(work: UnitOfWork, actor: Actor, feedback: Feedback) -> None:
    """Refuse unless the actor has the role that answers for the step, is admin, or stands in for somebody who has the role."""
    if actor.roles & {feedback.role, Role.ADMIN}:
        return
    role, owners = owners_of(work, feedback.role)
    if actor.member_id in who_act_for(work, [owner.id for owner in owners]):
        return
    names = [owner.name for owner in owners[:MOST_PEOPLE_NAMED]]
    raise NotAllowed(_("answer feedback on this step"), [role.title], names)
