"""Names as they are kept."""

from domain.core.spelling import clean_name

KEPT = {
    "*Acme* _Ltd_": "Acme Ltd",
    "`Acme` ~Ltd~": "Acme Ltd",
    "(*Acme*)": "(Acme)",
    "Ac`me": "Acme",
    "M*Modal": "M*Modal",
    "data_lab GmbH": "data_lab GmbH",
    "Acme\r\n Ltd\u2028x": "Acme Ltd x",
    "Ac\u200bme\u00ad \u202eLtd\u202c": "Acme Ltd",
    "\u2066x\u2069 \u200f\ufeff": "x",
    "a\x00b\x07": "ab",
    "\u200b\u2060\u3164": "",
    "*": "",
    "می\u200cخواهم": "می\u200cخواهم",
    "👩\u200d👩\u200d👧": "👩\u200d👩\u200d👧",
    "\u200dAcme\u200d": "Acme",
    "": "",
}


def test_a_name_is_kept_without_what_nobody_sees_and_without_marks_around_words() -> None:
    assert {name: clean_name(name) for name in KEPT} == KEPT
    assert clean_name(None) == ""
