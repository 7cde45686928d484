"""What a touch typed in one line means."""

import pytest

from domain.core.refusals import RuleBroken
from domain.sales.leads import TouchKind
from domain.sales.touches import touch_in


@pytest.mark.parametrize(
    ("line", "number", "kind", "key_points"),
    [
        ("D-7 call, agreed on the scope", 7, TouchKind.CALL, "agreed on the scope"),
        ("d7 Meeting: they want two depots, not three", 7, TouchKind.MEETING, "they want two depots, not three"),
        ("D-7: mail , sent the brochure", 7, TouchKind.MAIL, "sent the brochure"),
        ("D-7, e-mail, sent the brochure", 7, TouchKind.MAIL, "sent the brochure"),
        ("D-7 message,\nfirst line\nsecond line", 7, TouchKind.MESSAGE, "first line\nsecond line"),
        ("D-12 call them on Monday", 12, TouchKind.MESSAGE, "call them on Monday"),
        ("D-12 they agreed, in the end", 12, TouchKind.MESSAGE, "they agreed, in the end"),
        ("D-12 agreed", 12, TouchKind.MESSAGE, "agreed"),
        ("  D-12   <hello>  ", 12, TouchKind.MESSAGE, "<hello>"),
    ],
)
def test_one_line_is_deal_kind_and_words(line: str, number: int, kind: TouchKind, key_points: str) -> None:
    read = touch_in(line)
    assert (read.noun, read.number, read.touch.kind, read.touch.key_points) == ("deal", number, kind, key_points)


@pytest.mark.parametrize(
    ("line", "noun", "number", "kind"),
    [
        ("L-7 call, agreed", "lead", 7, TouchKind.CALL),
        ("l7 agreed", "lead", 7, TouchKind.MESSAGE),
        ("call, agreed", None, 0, TouchKind.CALL),
        ("agreed", None, 0, TouchKind.MESSAGE),
    ],
)
def test_a_line_may_name_a_lead_or_nothing(line: str, noun: str | None, number: int, kind: TouchKind) -> None:
    read = touch_in(line)
    assert (read.noun, read.number, read.touch.kind, read.touch.key_points) == (noun, number, kind, "agreed")


@pytest.mark.parametrize("line", ["D-7b agreed", "D-1234567890 x", "L-7b agreed"])
def test_what_is_nearly_a_code_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(RuleBroken, match="code of a deal or lead: /rain-touch D-7 call, agreed on the scope"):
        touch_in(line)


@pytest.mark.parametrize("line", ["D-7", "D-7 ,", "D-7 call,", "D-7 call: "])
def test_a_line_without_words_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(RuleBroken, match=r"What was said.*: /rain-touch D-7 call, agreed on the scope"):
        touch_in(line)
