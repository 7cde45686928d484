"""Prints the tests that are nearest to what changed since `main`, for `make test-changed`.

Of a changed test, itself. Of any other module, the tests that import it, and those in the same place below `tests/`. What is no Python
has tests by its folder. The tests of the wiring are always among them.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALWAYS = "tests/test_wiring.py"
OF_FOLDERS = {"templates": "tests/views", "playbook": "tests/domain/playbook", "docs": "tests/test_documents.py"}
"""Tests of files that no test imports, by their folder."""


def git(*words: str) -> list[str]:
    """The lines that git answers with."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def changed() -> list[Path]:
    """What is different from where this branch left `main`, committed or not."""
    (base,) = git("merge-base", "HEAD", "main")
    return [Path(name) for name in git("diff", "--name-only", base) + git("ls-files", "--others", "--exclude-standard")]


def nearest(path: Path) -> Iterator[str]:
    """The tests nearest to a file."""
    if path.name.startswith("test_") and path.suffix == ".py":
        yield str(path)
    elif path.suffix == ".py":
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        package, _dot, name = module.rpartition(".")
        named = rf"from {re.escape(module)} import|import {re.escape(module)}\b|from {re.escape(package)} import .*\b{name}\b"
        imports = re.compile(f"^({named})", re.MULTILINE)
        for test in (ROOT / "tests").rglob("test_*.py"):
            if imports.search(test.read_text(encoding="utf-8")):
                yield str(test.relative_to(ROOT))
        yield str(Path("tests", *path.parent.parts, f"test_{path.stem}.py"))
    elif path.parts[0] in OF_FOLDERS:
        yield OF_FOLDERS[path.parts[0]]


def main() -> None:
    """Print them in one line."""
    tests = {ALWAYS} | {test for path in changed() for test in nearest(path)}
    print(*sorted(test for test in tests if (ROOT / test).exists()))


if __name__ == "__main__":
    main()
