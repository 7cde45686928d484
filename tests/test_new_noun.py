"""The worked example in docs/a-noun.md, followed in a copy of the tree: it holds, and what is left out is asked for in words."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "a-noun.md").read_text(encoding="utf-8")
NEW_FILE = re.compile(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHANGE = re.compile(r"^In `([^`\n]+)`:\n\n```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MIGRATION = re.compile(r'^```sh\nmake migration NAME="(.+)"\n```$', re.MULTILINE)
MOST_SHARED_PRODUCT_FILES, MOST_SHARED_TEST_FILES = 5, 0
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "var", "images")
HERE = Path(sys.executable).parent

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Change:
    """Lines of a file that is there already, without and with what the document adds."""

    path: str
    without: str
    added: str

    def take(self, root: Path) -> None:
        """Make it in the tree below `root`."""
        swap(root / self.path, self.without, self.added)


def swap(path: Path, one: str, other: str) -> None:
    """Put a text in place of another that stands in a file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(one) == 1, f"{path} should have this once:\n{one}"
    path.write_text(text.replace(one, other), encoding="utf-8")


def changes() -> Iterator[Change]:
    """Every change of a shared file that the document shows."""
    for path, hunks in CHANGE.findall(DOCUMENT):
        for hunk in hunks.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            without = "".join(line[1:] for line in lines if not line.startswith("+"))
            yield Change(path, without, "".join(line[1:] for line in lines if not line.startswith("-")))


NEW_FILES: dict[str, str] = dict(NEW_FILE.findall(DOCUMENT))
CHANGES = list(changes())


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment in a copy, whose folders go before those that are installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    name, *arguments = command
    return subprocess.run(
        [str(HERE / name), *arguments], cwd=root, env=environment, text=True, capture_output=True, check=False
    )


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which somebody has done all that the document says."""
    root = tmp_path_factory.mktemp("new_noun") / "rainmaker"
    shutil.copytree(ROOT, root, ignore=NOT_COPIED)
    for path, text in NEW_FILES.items():
        assert not (root / path).exists(), f"{path} is there already"
        (root / path).write_text(text, encoding="utf-8")
    for change in CHANGES:
        change.take(root)
    for name in MIGRATION.findall(DOCUMENT):
        written = run(root, "python", "-m", "storage.migrations.new", name)
        assert written.returncode == 0, written.stderr
    return root


def test_every_block_of_the_document_is_followed() -> None:
    shown = len(re.findall(r"^```\w+$", DOCUMENT, re.MULTILINE))
    assert len(NEW_FILES) + len(CHANGE.findall(DOCUMENT)) + len(MIGRATION.findall(DOCUMENT)) == shown


def test_a_noun_changes_few_files_that_are_not_its_own() -> None:
    shared = {change.path for change in CHANGES}
    of_tests = {path for path in shared if path.startswith("tests/")}
    assert len(shared - of_tests) <= MOST_SHARED_PRODUCT_FILES, sorted(shared - of_tests)
    assert len(of_tests) <= MOST_SHARED_TEST_FILES, sorted(of_tests)


def test_every_change_stands_beside_lines_that_are_there_once() -> None:
    lost = [one for one in CHANGES if (ROOT / one.path).read_text(encoding="utf-8").count(one.without) != 1]
    assert [f"show {one.path} in docs/a-noun.md as it is now: {one.without}" for one in lost] == []


@pytest.mark.slow
def test_the_copy_is_what_is_tried(followed: Path) -> None:
    names = "domain, storage, usecases, views, handlers, bot, tests"
    where = run(followed, "python", "-c", f"import {names}; print(*[one.__file__ for one in ({names})], sep='\\n')")
    assert {Path(line).parent.parent for line in where.stdout.splitlines()} == {followed}


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "pytest tests/test_wiring.py tests/usecases/sales/test_visits.py",
        "pytest tests/views/test_views.py -k visit",
        "pytest tests/fire/test_tenants.py -k VisitDesk",
        "pytest tests/storage/test_migrations.py -k schema",
        "ruff check .",
        "ruff format --check .",
        "lint-imports",
    ],
)
def test_who_follows_the_document_has_a_noun_that_works(followed: Path, command: str) -> None:
    done = run(followed, *command.split())
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def left_out(root: Path, path: str, text: str) -> Iterator[None]:
    """The copy without the change of a shared file that has this text, or without this text of a new file."""
    before = (root / path).read_text(encoding="utf-8")
    of_shared = [change for change in CHANGES if change.path == path and text in change.added]
    for change in of_shared:
        swap(root / path, change.added, change.without)
    if not of_shared:
        swap(root / path, text, "")
    yield
    (root / path).write_text(before, encoding="utf-8")


LEFT_OUT = (
    {
        ("storage/unit_of_work.py", "def visits"): "visit_id: make visits a property of UnitOfWork",
        ("usecases/desks.py", "self.visits"): "submit_visit asks for visits: name that desk in usecases/desks.py",
        ("usecases/sales/visits.py", "@done(VisitDue.kind)\n"): "visit.due: say what Done means, @done(VisitDue.kind)",
        ("usecases/sales/visits.py", "@evidence(Evidence.TERMS_UNDERSTOOD)\n"): "terms_understood: say how it is seen",
        ("views/sales/visits.py", "@because(VisitDue.kind)\n"): "visit.due: say why, @because(VisitDue.kind)",
        ("views/sales/visits.py", "@reminds(VisitDue)\n"): "visit.due: draw it, @reminds(VisitDue)",
        ("views/sales/visits.py", '@in_digest("visit")\n'): "visit.due: draw its line among others",
        ("views/ids.py", "usage="): "/rain-visit: list it in noun_commands() of views/ids.py",
        ("handlers/sales/visits.py", ", asked_by=(ids.PLAN_VISIT,)"): "VisitForm: add asked_by=(ids.…,)",
    },
    {
        ("handlers/__init__.py", "others"): "visit.plan: name one listener in register() of its noun",
        ("tests/nouns/visits.py", "PASSED: dict[Any, Passed] = "): "VisitDesk.plan takes 'new'",
        ("tests/nouns/visits.py", "DRAWINGS: Drawings = "): "visits.plan_visit_modal: draw it in DRAWINGS",
        ("tests/nouns/visits.py", "FACTS: Facts = "): "VisitPlanned: say in FACTS of its noun's file in tests/nouns",
    },
)
"""What is left out together, and the words that ask for it."""


@pytest.mark.slow
def test_what_is_left_out_is_asked_for_in_words(followed: Path) -> None:
    tests = "pytest -vvv tests/test_wiring.py tests/fire/test_tenants.py -k".split()
    for asked in LEFT_OUT:
        with ExitStack() as without:
            for path, text in asked:
                without.enter_context(left_out(followed, path, text))
            said = run(followed, *tests, "test_wiring or VisitDesk").stdout
        assert [words for words in asked.values() if words not in said] == []
