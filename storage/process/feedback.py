"""Feedback on the steps of the process in this workspace."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func

from domain.core.language import _
from domain.core.people import Actor, Person, Role
from domain.core.refusals import NotFound
from domain.playbook.sections import Process, Section
from domain.playbook.stages import Step
from domain.process.feedback import Fault, Feedback, FeedbackState, NewFeedback
from storage.engine.scope import Scope, here, select_here, update_here
from storage.schema import members, process_feedback

answerers = members.alias("answerers")

_FEEDBACK = select_here(
    process_feedback,
    process_feedback,
    members.c.slack_id,
    members.c.name,
    answerers.c.slack_id.label("answerer_slack_id"),
    answerers.c.name.label("answerer_name"),
).select_from(
    process_feedback.join(members, and_(members.c.id == process_feedback.c.by, here(members))).outerjoin(
        answerers, and_(answerers.c.id == process_feedback.c.answered_by, here(answerers))
    )
)
_IS_OPEN = process_feedback.c.state == FeedbackState.OPEN.value


class FeedbackRepository:
    """Feedback in this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def add(
        self, actor: Actor, new: NewFeedback, process: Process, section: Section, step: Step, role: Role
    ) -> Feedback:
        """Keep what somebody says of a step."""
        feedback_id, _number = self.scope.add_numbered(
            process_feedback,
            "feedback",
            process=process.value,
            section=section.id,
            section_title=section.title,
            step=step.id,
            step_title=step.title,
            subject=new.subject,
            subject_id=new.subject_id,
            fault=new.fault.value,
            said=new.said,
            role=role.value,
            by=actor.member_id,
            at=self.now,
            state=FeedbackState.OPEN.value,
        )
        return self.get(feedback_id)

    def get(self, feedback_id: int) -> Feedback:
        """The feedback. Raises NotFound."""
        row = self.scope.row(_FEEDBACK.where(process_feedback.c.id == feedback_id))
        if row is None:
            raise NotFound(_("this feedback"))
        return _feedback(row)

    def answer(self, feedback_id: int, answer: str, by: int) -> None:
        """Keep the answer; nobody answers it any more."""
        whole = update_here(process_feedback).where(process_feedback.c.id == feedback_id)
        values = {"state": FeedbackState.ANSWERED.value, "answered_by": by, "answered_at": self.now}
        self.scope.change(whole.values(answer=answer, **values))

    def open_of(self, roles: Collection[Role] | None, most: int) -> list[Feedback]:
        """What waits for an answer of these roles, or of any, the oldest first."""
        wanted = _FEEDBACK.where(_IS_OPEN, *_for(roles)).order_by(process_feedback.c.id)
        return [_feedback(row) for row in self.scope.rows(wanted.limit(most))]

    def count_open_of(self, roles: Collection[Role] | None) -> int:
        """How many wait for an answer of these roles, or of any."""
        wanted = select_here(process_feedback, func.count()).where(_IS_OPEN, *_for(roles))
        return self.scope.scalar(wanted)  # type: ignore[no-any-return]


def _for(roles: Collection[Role] | None) -> list[Any]:
    return [] if roles is None else [process_feedback.c.role.in_([role.value for role in roles])]


def _feedback(row: Any) -> Feedback:
    return Feedback(
        id=row.id,
        number=row.number,
        process=Process(row.process),
        section=row.section,
        section_title=row.section_title,
        step=row.step,
        step_title=row.step_title,
        fault=Fault(row.fault),
        said=row.said,
        role=Role(row.role),
        by=Person(id=row.by, slack_id=row.slack_id, name=row.name),
        at=row.at,
        subject=row.subject,
        subject_id=row.subject_id,
        state=FeedbackState(row.state),
        answer=row.answer,
        answered_by=row.answered_by
        and Person(id=row.answered_by, slack_id=row.answerer_slack_id, name=row.answerer_name),
        answered_at=row.answered_at,
    )
