"""What a lead is once it has taken over another, and what news of a captured message comes to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.core.people import Person
from domain.sales.accounts import Account, Contact
from domain.sales.leads import Lead, Origin, OriginFate, fate_after, merged
from tests.firm import PLAYBOOK

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LATER, EARLIER = AT + timedelta(days=1), AT - timedelta(days=1)
ANN, BEN = (Person(id=n, slack_id=f"U{n}", name=name) for n, name in ((1, "Ann"), (2, "Ben")))
ACME = Account(id=1, number=1, name="Acme", created_at=AT)
TOM, JO = (Contact(id=n, account_id=1, name=name) for n, name in ((1, "Tom"), (2, "Jo")))
MESSAGE = Origin(channel="C1", ts="1.1", author="U1")


def lead(number: int, **more: Any) -> Lead:
    """A lead of which little is known."""
    facts = {"id": number, "number": number, "account": ACME, "source": "web", "captured_by": ANN, "captured_at": AT}
    return Lead(**(facts | more))


@pytest.mark.parametrize(
    ("ours", "theirs", "becomes"),
    [
        ({}, {"contact": TOM}, {"contact": TOM}),
        ({"contact": JO}, {"contact": TOM}, {"contact": JO}),
        ({"said": ""}, {"said": "hello"}, {"said": "hello"}),
        ({"said": "mine"}, {"said": "hello"}, {"said": "mine"}),
        ({}, {"owner": BEN}, {"owner": BEN}),
        ({"owner": ANN}, {"owner": BEN}, {"owner": ANN}),
        ({}, {"captured_at": EARLIER, "captured_by": BEN}, {"captured_at": EARLIER, "captured_by": BEN}),
        ({}, {"captured_at": LATER, "captured_by": BEN}, {"captured_at": AT, "captured_by": ANN}),
        ({"next_at": LATER}, {"next_at": AT}, {"next_at": AT}),
        ({"next_at": LATER}, {"next_at": None}, {"next_at": LATER}),
        (  # the other's date was the limit of an answer that was given
            {"next_at": LATER, "answer_by": EARLIER, "last_touch_at": AT},
            {"next_at": EARLIER, "answer_by": EARLIER},
            {"next_at": LATER},
        ),
        (  # likewise, the other way round
            {"next_at": EARLIER, "answer_by": EARLIER},
            {"next_at": LATER, "answer_by": EARLIER, "last_touch_at": AT},
            {"next_at": LATER},
        ),
        (  # a disqualified lead that was touched has no date to give
            {"next_at": EARLIER, "answer_by": EARLIER},
            {"next_at": None, "answer_by": EARLIER, "last_touch_at": AT},
            {"next_at": EARLIER},
        ),
        ({"answer_by": LATER}, {"answer_by": AT}, {"answer_by": AT}),
        ({"last_touch_at": AT}, {"last_touch_at": LATER}, {"last_touch_at": LATER}),
        (
            {},
            {"origin": MESSAGE, "origin_fate": OriginFate.EDITED},
            {"origin": MESSAGE, "origin_fate": OriginFate.EDITED},
        ),
        ({"origin": MESSAGE}, {"origin_fate": OriginFate.DELETED}, {"origin": MESSAGE, "origin_fate": None}),
        ({"source": "referral"}, {"source": "web"}, {"source": "referral"}),
    ],
)
def test_the_kept_lead_takes_what_it_lacks(
    ours: dict[str, Any], theirs: dict[str, Any], becomes: dict[str, Any]
) -> None:
    kept = merged(lead(1, **ours), lead(2, **theirs), PLAYBOOK)
    assert {name: getattr(kept, name) for name in becomes} == becomes
    assert (kept.id, kept.number) == (1, 1)


def test_answers_are_added_up_and_scored_anew() -> None:
    ours = lead(1, answers={"need": "clear"}, score=30, band="cold")
    theirs = lead(2, answers={"need": "none", "budget": "set", "timing": "quarter", "dropped": "long ago"})
    kept = merged(ours, theirs, PLAYBOOK)
    assert dict(kept.answers) == {**theirs.answers, "need": "clear"}
    assert (kept.score, kept.band) == (70, "hot")


def test_a_score_stays_where_no_answer_is_new() -> None:
    ours = lead(1, answers={"need": "clear"}, score=99, band="hot")
    assert merged(ours, lead(2, answers={"need": "none"}), PLAYBOOK).score == 99


@pytest.mark.parametrize(
    ("before", "news", "after"),
    [
        (None, OriginFate.EDITED, OriginFate.EDITED),
        (OriginFate.EDITED, OriginFate.EDITED, OriginFate.EDITED),
        (OriginFate.EDITED, OriginFate.DELETED, OriginFate.DELETED),
        (OriginFate.DELETED, OriginFate.EDITED, OriginFate.DELETED),
    ],
)
def test_a_deleted_message_stays_deleted_however_late_an_edit_is_heard_of(
    before: OriginFate | None, news: OriginFate, after: OriginFate
) -> None:
    assert fate_after(before, news) is after
