"""Edits in forms that were opened a while ago."""

from dataclasses import dataclass

import pytest

from domain.core.edits import rebased, rebased_values
from domain.core.refusals import FormRefused


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something with two fields."""

    title: str = ""
    place: str | None = None


LONG = "a very long title"


@pytest.mark.parametrize(
    ("entered", "shown", "now", "kept"),
    [
        (Note(title="A"), None, Note(title="B", place="x"), Note(title="A")),
        (Note(title="A", place="x"), Note(title="A"), Note(title="B"), Note(title="B", place="x")),
        (Note(title="C"), Note(title="A"), Note(title="C", place="y"), Note(title="C", place="y")),
        (Note(), Note(title="A", place="x"), Note(title="A", place="x"), Note()),
        (Note(title="A\nB"), Note(title="A\nB"), Note(title="A\r\nB "), Note(title="A\r\nB ")),
        (Note(title="a very…"), Note(title="a very…"), Note(title=LONG), Note(title=LONG)),
        (Note(title="short"), Note(title="a very…"), Note(title=LONG), Note(title="short")),
    ],
    ids=["no form", "another field", "the same twice", "emptied", "line ends", "cut and left", "cut and changed"],
)
def test_only_what_differs_from_what_was_shown_is_written(
    entered: Note, shown: Note | None, now: Note, kept: Note
) -> None:
    assert rebased(entered, shown, now) == kept


def test_a_clash_is_shown_at_its_field_with_both_values() -> None:
    with pytest.raises(FormRefused) as refused:
        rebased(Note(title="mine"), Note(title="old"), Note(title="theirs"), asked_as={"title": "name"})
    assert refused.value.errors.keys() == {"name"}
    assert "“theirs”" in refused.value.errors["name"]
    assert "“mine”" in refused.value.errors["name"]


def test_what_was_emptied_meanwhile_clashes_in_words() -> None:
    with pytest.raises(FormRefused) as refused:
        rebased_values({"a": "mine"}, {"a": "old"}, {"a": None})
    assert "“nothing”" in refused.value.errors["a"]
