"""What is written for a record, such as a deal: needs briefs in versions, and documents."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func

from domain.core.people import Person
from domain.sales.documents import QUESTIONS, Document, DocumentKind, Needs, NeedsBrief, NewDocument
from storage.engine.scope import Scope, about, here, select_here
from storage.schema import documents, members, needs_briefs

_BRIEFS = select_here(needs_briefs, needs_briefs, members.c.slack_id, members.c.name).join(
    members, and_(members.c.id == needs_briefs.c.by, here(members))
)
_DOCUMENTS = select_here(documents, documents, members.c.slack_id, members.c.name).join(
    members, and_(members.c.id == documents.c.by, here(members))
)


class PaperRepository:
    """Briefs and documents of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def write_brief(self, noun: str, record_id: int, needs: Needs, by: int) -> int:
        """Keep the next version of a record's needs brief; its number."""
        latest = select_here(needs_briefs, func.coalesce(func.max(needs_briefs.c.version), 0))
        version: int = 1 + self.scope.scalar(latest.where(about(needs_briefs, noun, record_id)))
        answers = {name: getattr(needs, name) for name in QUESTIONS}
        belongs = {"subject": noun, "subject_id": record_id}
        self.scope.add(needs_briefs, **belongs, version=version, at=self.now, by=by, **answers)
        return version

    def brief(self, noun: str, record_id: int) -> NeedsBrief | None:
        """The needs brief of a record as it reads now, or None."""
        newest_first = _BRIEFS.where(about(needs_briefs, noun, record_id)).order_by(needs_briefs.c.version.desc())
        row = self.scope.row(newest_first.limit(1))
        return _brief(row) if row else None

    def attach(self, noun: str, record_id: int, new: NewDocument, by: int) -> bool:
        """Keep a document with a record; False where the record has one with this content for this use."""
        return self.scope.add_new(
            documents,
            "workspace_id",
            "subject",
            "subject_id",
            "kind",
            "sha256",
            subject=noun,
            subject_id=record_id,
            kind=new.kind.value,
            title=new.title,
            slack_file=new.slack_file,
            permalink=new.permalink,
            sha256=new.sha256,
            size=new.size,
            at=self.now,
            by=by,
        )

    def documents(self, noun: str, record_id: int, most: int) -> list[Document]:
        """The documents of a record, the newest first."""
        newest_first = _DOCUMENTS.where(about(documents, noun, record_id)).order_by(documents.c.id.desc())
        return [_document(row) for row in self.scope.rows(newest_first.limit(most))]


def _brief(row: Any) -> NeedsBrief:
    return NeedsBrief(
        needs=row.needs, pains=row.pains, goals=row.goals, version=row.version, at=row.at, by=_writer(row)
    )


def _document(row: Any) -> Document:
    return Document(
        id=row.id,
        kind=DocumentKind(row.kind),
        title=row.title,
        slack_file=row.slack_file,
        permalink=row.permalink,
        sha256=row.sha256,
        size=row.size,
        at=row.at,
        by=_writer(row),
    )


def _writer(row: Any) -> Person:
    return Person(id=row.by, slack_id=row.slack_id, name=row.name)
