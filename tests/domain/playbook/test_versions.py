"""A record keeps the playbook it began with, and what a newer one says otherwise is said in words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.playbook.versions import PlaybookVersion, differences, on_older
from tests.domain.playbooks import DEFAULT, PLAYBOOK, changed

DIFFERENT = [
    (
        "sales",
        'limit = "15 working days"\nprobability = 50',
        'limit = "12 working days"\nprobability = 50',
        ["Client confirmation, limit: 15 working days → 12 working days"],
    ),
    (
        "sales",
        'materials = ["Invitation", "Client record"]',
        'materials = ["Invitation"]',
        ["First talk, Arrange it, materials: Invitation, Client record → Invitation"],
    ),
    (
        "sales",
        'gate = ["quote_approved"]',
        'gate = ["quote_approved", "terms_understood"]',
        ["Quote, gate: quote_approved → quote_approved, terms_understood"],
    ),
    ("sales", "timing      =", "too_late =", ["lost reasons: timing is gone", "lost reasons: too late is new"]),
    ("sales", 'currency = "EUR"', 'currency = "USD"', ["money, currency: EUR → USD"]),
    (
        "sales",
        "when = { discount_above = 10 }",
        "when = { discount_above = 5 }",
        ["Discounts, when, discount above: 10 → 5"],
    ),
    ("delivery", 'at = "09:30"', 'at = "10:00"', ["standups, at: 09:30 → 10:00"]),
    (
        "delivery",
        "finds_blockers = true",
        "finds_blockers = false",
        ["standups, blocked, finds blockers: True → False"],
    ),
    (
        "care",
        'tier = "occasional"',
        'tier = "rare"',
        ["cadences: Occasional account is gone", "cadences: Occasional account is new"],
    ),
    (
        "care",
        '[[surveys]]\nid = "milestone"\ntitle = "Milestone survey"\nsent = "milestone_accepted"\nasks = ["csat", "comment"]\n\n',
        "",
        ["surveys: Milestone survey is gone"],
    ),
    ("care", "{ at = 25, tells", "{ at = 30, tells", ["Critical, 1, at: 25 → 30"]),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), DIFFERENT, ids=[case[3][0][:50] for case in DIFFERENT])
def test_what_differs_is_said_in_words(tmp_path: Path, file: str, old: str, new: str, said: list[str]) -> None:
    newer = changed(tmp_path, file, old, new)
    assert differences(PLAYBOOK, newer) == said
    assert newer.digest != PLAYBOOK.digest


def test_another_order_is_said(tmp_path: Path) -> None:
    text = (DEFAULT / "care.toml").read_text(encoding="utf-8")
    first, second = (
        text[text.index(f'[[surveys]]\nid = "{name}"') :].split("\n\n")[0] for name in ("milestone", "closing")
    )
    newer = changed(tmp_path, "care", f"{first}\n\n{second}", f"{second}\n\n{first}")
    assert differences(PLAYBOOK, newer) == ["surveys: the order has changed"]


def test_comments_and_layout_make_no_new_version(tmp_path: Path) -> None:
    same = changed(tmp_path, "care", "reminders = 2", "# A comment.\nreminders   =   2")
    assert same.digest == PLAYBOOK.digest


def test_a_change_says_how_many_run_on_an_older_version(tmp_path: Path) -> None:
    newer = changed(tmp_path, "care", "reminders = 2", "reminders = 3")
    counts = {PLAYBOOK.digest: 7, newer.digest: 4}
    assert (on_older(counts, PLAYBOOK.digest), on_older(counts, newer.digest), on_older({}, newer.digest)) == (4, 7, 0)


def test_a_kept_version_says_what_it_said() -> None:
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    kept = PlaybookVersion(digest=PLAYBOOK.digest, content=PLAYBOOK.content, loaded_at=moment, current_since=moment)
    assert kept.playbook == PLAYBOOK
