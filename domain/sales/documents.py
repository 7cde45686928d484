"""What is written for a deal: needs briefs, in versions, and documents, each known again by its hash."""

from dataclasses import dataclass, fields
from datetime import datetime

from domain.core.language import N_, Titled, _
from domain.core.people import Person
from domain.core.refusals import FormRefused

LONGEST_ANSWER = 3000


class DocumentKind(Titled):
    """What a document is to a deal. Values are stored: never renamed, only added."""

    MATERIAL = "material", N_("material from the client")
    SOLUTION = "solution", N_("preliminary solution")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a client needs, where it hurts, and what they hope for; empty where nobody has asked yet."""

    needs: str = ""
    pains: str = ""
    goals: str = ""

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Names of the questions that nobody has answered."""
        return tuple(part.name for part in fields(Needs) if not getattr(self, part.name))


QUESTIONS = tuple(part.name for part in fields(Needs))


@dataclass(frozen=True, kw_only=True)
class NeedsBrief(Needs):
    """One version of a deal's needs brief; the highest counts."""

    version: int
    at: datetime
    by: Person


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A file in Slack that is to be kept with a deal; `sha256` is the hash of what it holds."""

    kind: DocumentKind
    title: str
    slack_file: str
    permalink: str | None
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Document(NewDocument):
    """A document of a deal."""

    id: int
    at: datetime
    by: Person


def checked_needs(needs: Needs) -> Needs:
    """The answers without spaces around them.

    Raises FormRefused for answers that are too long, and where there is none at all.
    """
    answers = {name: getattr(needs, name).strip() for name in QUESTIONS}
    too_long = _("Please keep this under {most} characters.").format(most=LONGEST_ANSWER)
    errors = {name: too_long for name, answer in answers.items() if len(answer) > LONGEST_ANSWER}
    if not any(answers.values()):
        errors = {QUESTIONS[0]: _("Answer at least one of the questions.")}
    if errors:
        raise FormRefused(errors)
    return Needs(**answers)
