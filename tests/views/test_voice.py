"""The sentences people read are said as a colleague would say them."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir

from domain.core.refusals import NotAllowed
from views import kit

ROOT = Path(__file__).parents[2]
MARKED = {"_": None, "N_": None, "plural": (1, 2), "gettext": None, "ngettext": (1, 2)}
STIFF = re.compile(
    r"\banew\b|\bthereby\b|nobody has said|\bnobody owns\b|no way leads|would become of|as soon as the deal|which road|taken over"
    r"|\bgates?\b|SHA-256|own keys?\b|their first answer is|nobody yet|not said yet|nothing was written",
    re.IGNORECASE,
)
"""Words of the house and wordings that voice asks to say plainly."""
YESTERDAY = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@cache
def sentences() -> frozenset[str]:
    """All sentences that are marked for translation, but those of the manual, which explains the house's words."""
    methods = [
        ("bot/**.py", "python"),
        *((f"{folder}/**.py", "python") for folder in ("domain", "handlers", "usecases", "views")),
    ]
    methods.append(("templates/messages/**.j2", "jinja2"))
    found = extract_from_dir(str(ROOT), methods, {"**.j2": {"trimmed": "true"}}, MARKED)
    return frozenset(one for _file, _line, said, *_rest in found for one in ([said] if isinstance(said, str) else said))


def test_no_sentence_is_stiff_or_speaks_in_words_of_the_house() -> None:
    assert len(sentences()) > 900
    assert [one for one in sorted(sentences()) if STIFF.search(one)] == []


def test_a_date_after_a_word_is_written_small_and_one_that_begins_is_not() -> None:
    when = kit.when(YESTERDAY)
    small = {
        "since {when}": True,
        "*overdue* since {when}": True,
        "by <@U1> {when}": True,
        "Ben, {when}": True,
        "{when}": False,
        "*Due*\n{when}": False,
        "Ben  ·  {when}": False,
    }
    wrong = [said for said, is_small in small.items() if ("^\u200b{" in kit.say(said, when=when)) is not is_small]
    assert wrong == []


def test_a_guest_is_told_that_guests_cannot_and_not_whom_to_ask() -> None:
    assert (
        str(NotAllowed("capture leads", ["colleagues"], ["Ada Admin"], is_guest=True)) == "Guests can't capture leads."
    )
    assert str(NotAllowed("claim a lead", ["sales"], ["Ben"])) == "Only sales may claim a lead. Ask Ben."
