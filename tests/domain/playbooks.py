"""Playbooks for tests: the default one, copied to a folder with one thing said otherwise."""

import shutil
from pathlib import Path

from domain.playbook.loading import load_playbook
from domain.playbook.playbook import Playbook

DEFAULT = Path(__file__).parent.parent.parent / "playbook"
PLAYBOOK = load_playbook(DEFAULT)


def copy_with(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the default playbook in which `old`, at its first place in the file, is `new`."""
    there = folder / "playbook"
    shutil.copytree(DEFAULT, there, dirs_exist_ok=True)
    path = there / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file}.toml does not say {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return there


def changed(folder: Path, file: str, old: str, new: str) -> Playbook:
    """The default playbook with one thing said otherwise."""
    return load_playbook(copy_with(folder, file, old, new))
