"""What people type after a slash, and which command and words are meant by it."""

import pytest

from handlers.commands import meant, nearest, reserved
from views import ids


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("/rain-lead", "help"), ("/rain", "help lead")),
        (("/rain", "lead ?"), ("/rain", "help lead")),
        (("/rain", "HELP"), ("/rain", "HELP")),
        (("/rain", "mine"), ("/rain", "")),
        (("/rain", "list"), ("/rain", "")),
        (("/rain-lead", "List"), ("/rain-lead", "team")),
        (("/rain-lead", "mine"), ("/rain-lead", "mine")),
        (("/rain-account", "mine"), ("/rain-account", "")),
        (("/rain-pipeline", "list"), ("/rain-pipeline", "")),
        (("/rain-touch", "mine"), ("/rain-touch", "")),
        (("/rain", "L-12"), ("/rain-lead", "L-12")),
        (("/rain", "d7"), ("/rain-deal", "d7")),
        (("/rain-lead", "A-3"), ("/rain-account", "A-3")),
        (("/rain-lead", "L-3"), ("/rain-lead", "L-3")),
        (("/rain-touch", "D-7"), ("/rain-touch", "D-7")),
        (("/rain-lead", "mine, referral, hello"), ("/rain-lead", "mine, referral, hello")),
        (("/other", "help"), ("/other", "help")),
    ],
)
def test_what_people_type_is_the_command_they_mean(typed: tuple[str, str], expected: tuple[str, str]) -> None:
    assert meant(*typed) == expected


def test_help_list_and_mine_mean_something_in_every_command() -> None:
    for command in ids.noun_commands():
        for word in ("help", "?"):
            assert meant(command.name, word) == (ids.RAIN, f"help {command.word}"), command.name
        for word in ("list", "mine"):
            assert word in command.means, (command.name, word)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("leads", "lead"),
        ("laed", "lead"),
        ("pipelin", "pipeline"),
        ("acount", "account"),
        ("hlep", "help"),
        ("dance", None),
        ("x", None),
    ],
)
def test_a_slip_in_a_word_is_near_a_command(word: str, expected: str | None) -> None:
    assert nearest(word) == expected


def test_words_of_commands_are_reserved() -> None:
    assert reserved() >= {"help", "?", "list", "mine", "team", "pipeline"}
