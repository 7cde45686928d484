"""Tasks: how long a failed try waits, when it is given up, and which tasks are one."""

from datetime import timedelta

from domain.core.tasks import LONGEST_WAIT, MOST_TRIES, NewTask, TaskKind, wait_after

CHART = TaskKind("deal.chart")

WAITS = {
    (0, 0): 1,
    (1, 0): 1,
    (2, 0): 2,
    (3, 0): 4,
    (10, 0): 512,
    (11, 0): 600,
    (MOST_TRIES - 1, 0): 600,
    (1, 30): 30,
    (6, 30): 32,
    (11, 3600): 3600,
}
"""Seconds by tries, and by what is waited at least."""


def test_waits_grow_up_to_ten_minutes_and_are_as_long_as_slack_asks() -> None:
    found = {case: wait_after(*case) for case in WAITS}
    assert found == {case: timedelta(seconds=seconds) for case, seconds in WAITS.items()}


def test_it_is_given_up_after_more_than_a_day() -> None:
    waits = [wait_after(tries) for tries in range(1, MOST_TRIES)]
    assert sum((wait for wait in waits if wait), timedelta(0)) > timedelta(days=1)
    assert None not in waits
    assert wait_after(MOST_TRIES) is None
    assert max(wait for wait in waits if wait) == LONGEST_WAIT


def test_tasks_are_one_that_do_the_same_for_the_same_person_about_the_same_record() -> None:
    chart = NewTask(kind=CHART, subject="deal", subject_id=7, member_id=3)
    others = [
        NewTask(kind=TaskKind("deal.other"), subject="deal", subject_id=7, member_id=3),
        NewTask(kind=CHART, subject="deal", subject_id=8, member_id=3),
        NewTask(kind=CHART, subject="deal", subject_id=7, member_id=4),
        NewTask(kind=CHART, subject="deal", subject_id=7),
        NewTask(kind=CHART, subject="deal", subject_id=7, member_id=3, details={"stage": "quote"}),
    ]
    assert chart.once == NewTask(kind=CHART, subject="deal", subject_id=7, member_id=3).once
    assert len({one.once for one in [chart, *others]}) == len(others) + 1
