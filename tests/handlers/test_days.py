"""What is said as a form with a day ends."""

from datetime import date
from typing import Any

import pytest

from domain.core.people import Actor
from handlers.days import close_form


@pytest.mark.parametrize(
    ("day", "comes"),
    [
        (None, None),
        (date(2026, 3, 6), None),
        (date(2026, 3, 7), "9 Mar"),  # a Saturday
        (date(2026, 5, 4), "5 May"),  # a bank holiday
    ],
)
async def test_a_day_off_says_when_the_reminder_comes(day: date | None, comes: str | None) -> None:
    answers: list[dict[str, Any]] = []

    async def ack(**answer: Any) -> None:
        answers.append(answer)

    await close_form(ack, day, Actor(workspace_id="T1", member_id=1, slack_id="U1", name="Sam"))  # type: ignore[arg-type]
    [answer] = answers
    assert answer["response_action"] == ("update" if comes else "clear")
    assert comes is None or f"the reminder comes on {comes}" in str(answer)
