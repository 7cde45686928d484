"""`rainmaker playbook check` and `manual`, as they are typed."""

import os
import subprocess
import sys
from pathlib import Path

from tests.domain.playbooks import DEFAULT, copy_with


def rainmaker(*words: str, folder: Path = DEFAULT.parent, **settings: str) -> tuple[int, str]:
    """The exit code of `rainmaker playbook …`, typed in a folder, and what it said."""
    command = [sys.executable, "-m", "bot", "playbook", *words]
    environment = {**os.environ, **settings}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_playbook_in_order_is_told_so() -> None:
    code, said = rainmaker("check", "playbook", "playbook/care.toml")
    assert code == 0
    assert "playbook: 15 stages, 54 steps, 12 approval rules; version " in said
    assert "playbook/care.toml: The file by itself. Nothing wrong." in said


def test_every_playbook_is_checked_even_after_one_is_refused(tmp_path: Path) -> None:
    broken = copy_with(tmp_path, "care", "reminders = 2", "remainders = 2")
    code, said = rainmaker("check", str(broken), "playbook")
    assert code == 2
    assert "survey_rules.remainders: there is no such key; do you mean reminders?" in said
    assert "playbook: 15 stages" in said
    assert "Traceback" not in said


def test_the_manual_of_a_firms_own_playbook_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    own = copy_with(tmp_path, "sales", 'title = "First talk"', 'title = "Coffee"')
    code, said = rainmaker("manual", "--out", str(tmp_path / "manual"), RAINMAKER_PLAYBOOK=str(own))
    assert (code, said) == (0, f"{tmp_path}/manual: 8 pages.\n")
    assert "## Coffee" in (tmp_path / "manual" / "sales.md").read_text(encoding="utf-8")


def test_the_manual_goes_into_the_documents_of_the_folder_one_is_in(tmp_path: Path) -> None:
    assert rainmaker("manual", folder=tmp_path) == (0, "docs/manual: 8 pages.\n")
    assert len(list((tmp_path / "docs" / "manual").iterdir())) == 8


def test_no_manual_is_made_from_a_broken_playbook(tmp_path: Path) -> None:
    broken = copy_with(tmp_path, "care", "reminders = 2", "remainders = 2")
    code, said = rainmaker("manual", "--out", str(tmp_path / "manual"), RAINMAKER_PLAYBOOK=str(broken))
    assert code == 2
    assert "do you mean reminders?" in said
    assert not (tmp_path / "manual").exists()
