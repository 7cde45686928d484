"""The log stays readable and small when the same trouble comes again and again."""

import json
import subprocess
import sys

import pytest

BEGINNING = """
import logging, time, structlog
from bot import logs

logs.configure("json", "info")
log = structlog.stdlib.get_logger("bot.test")
library = logging.getLogger("aiohttp.server")
"""


def written(script: str) -> list[dict[str, object]]:
    """The lines that a process of its own logs."""
    ran = subprocess.run([sys.executable, "-c", BEGINNING + script], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ran.stderr.splitlines()]


@pytest.mark.parametrize(
    "trouble",
    [
        "log.warning('refused', status=413)",
        "log.error('a bug', exc_info=ValueError(str(time.monotonic())))",
        "library.error('from %s', time.monotonic(), exc_info=ValueError(str(time.monotonic())))",
        "library.warning(f'at {time.monotonic()}')",
    ],
    ids=["ours", "our exception", "a library's", "a library's that puts its values in itself"],
)
def test_the_same_trouble_is_written_once_a_second_with_how_often_it_was_left_out(trouble: str) -> None:
    lines = written(f"for pause in (0, 0, 0, 1.1):\n    time.sleep(pause)\n    {trouble}")
    assert [line.get("left_out") for line in lines] == [None, 2]


def test_trouble_of_one_kind_is_written_once_a_second_whoever_has_it() -> None:
    lines = written("for who in range(50):\n    log.error('away', user=who, error=str(who), once='away')")
    assert len(lines) == 1
    assert "once" not in lines[0]


def test_other_trouble_is_written_at_once() -> None:
    lines = written(
        "log.warning('refused', status=413)\n"
        "log.warning('refused', status=415)\n"
        "log.warning('given up', status=413)\n"
        "log.error('a bug', exc_info=ValueError())\n"
        "log.error('a bug', exc_info=KeyError())\n"
        "library.error('a bug', exc_info=KeyError())\n"
        "library.error('another bug')\n"
    )
    assert len(lines) == 7


def test_every_ticket_that_a_person_was_shown_stands_in_the_log() -> None:
    lines = written("for number in range(50):\n    log.error('a bug', ticket=str(number), exc_info=ValueError())")
    assert {line["ticket"] for line in lines} == {str(number) for number in range(50)}


def test_what_is_no_trouble_is_written_however_often_it_comes() -> None:
    assert len(written("for _time in range(5):\n    log.info('running')")) == 5


def test_very_many_kinds_of_trouble_are_not_remembered_for_ever() -> None:
    lines = written(
        "for number in range(3_000):\n"
        "    log.warning('refused', number=number)\n"
        "log.info('remembered', kinds=len(logging.getLogger().handlers[0].filters[0]._kinds))"
    )
    assert lines[-1]["kinds"] == 1_000
