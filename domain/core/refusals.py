"""What a person may be told when something cannot be done; everything else that is raised is a bug."""

from collections.abc import Sequence
from typing import ClassVar

from domain.core.language import _, listed


class Refusal(Exception):
    """Base of all refusals. `str(refusal)` is the sentence the person reads; it is plain text, not Slack markup."""

    field: str | None = None

    def __init__(self, sentence: str, on_terminal: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.on_terminal = on_terminal or sentence
        """The sentence that names the command line's options, where there are some that help."""


class RuleBroken(Refusal):
    """A rule of the business forbids it; with `field`, the sentence is shown under that field of the form."""

    def __init__(self, sentence: str, field: str | None = None, on_terminal: str = "") -> None:
        super().__init__(sentence, on_terminal)
        self.field = field


class FormRefused(Refusal):
    """Several fields of one form are wrong at once; `errors` maps field to sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class NotAllowed(Refusal):
    """The actor's roles do not permit it. Says which roles may, and names the people who have them."""

    def __init__(self, deed: str, roles: Sequence[str], people: Sequence[str] = ()) -> None:
        self.deed, self.roles, self.people = deed, list(roles), list(people)
        sentence = _("Only {roles} may {deed}.").format(roles=listed(self.roles), deed=deed)
        if self.people:
            sentence += " " + _("Ask {people}.").format(people=listed(self.people))
        super().__init__(sentence)


class NotFound(Refusal):
    """There is no such record in the actor's workspace. Never says whether another workspace has one.

    `hint` is a sentence on how to find what is meant.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(" ".join([_("I cannot find {what} in this workspace.").format(what=what), hint]).rstrip())


class NotYet(Refusal):
    """It will be possible once something that is missing is there."""


class AlreadyDone(Refusal):
    """Somebody, perhaps the same person, has done it before."""


class RecordsAway(Exception):
    """The records cannot be reached just now, and nothing of what was asked was kept. No refusal: it may be asked again."""

    once: ClassVar[str] = "the records are away"
    """Under which the log says so once a second, wherever that is noticed."""
