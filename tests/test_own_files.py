"""A noun stands in its own files: what else names it is what `docs/a-noun.md` lists, and that is little."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("bot", "domain", "handlers", "scheduling", "storage", "usecases", "views")
HISTORY = {
    ROOT / "storage" / "migrations",
    ROOT / "tests" / "storage" / "test_migrations_of_references.py",
    ROOT / "tests" / "bot" / "test_released.py",
}
"""Steps of the past and what a release left, which nobody changes to add a noun."""
ASIDE = {ROOT / "tests" / "sandbox", Path(__file__)}
"""Speaks of Slack's blocks, and of this."""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
OTHER_SENSE = {"MEETING", "meeting"}
"""A kind of touch, as in `TouchKind.MEETING`, names no noun."""
ROW = re.compile(r"^\| \*\*(\w+)\*\* \| (.*) \| (.*) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(\.\./([^)]+)\)")
LISTED = {
    noun: (LINK.findall(product), LINK.findall(tests))
    for noun, product, tests in ROW.findall((ROOT / "docs" / "a-noun.md").read_text(encoding="utf-8"))
}
"""The nouns of the table in `docs/a-noun.md`, each with the shared files of product and tests that name it."""
MOST_PRODUCT, MOST_TESTS = 6, 2


@cache
def names_in(path: Path) -> frozenset[str]:
    """Every name in a file's code, and every word that is no sentence; docstrings and names of tests are sentences."""
    return frozenset(_names(ast.parse(path.read_text(encoding="utf-8"))))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "module", "asname"):
            said = getattr(node, field, None)
            if isinstance(said, str) and not said.startswith("test_"):
                yield said
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.search(r"\s", node.value):
            yield node.value


def is_of(noun: str, name: str) -> bool:
    """Whether a name, such as `PRESS_NEW_PROMISE`, has the noun for one of its words."""
    words = {word.casefold() for word in WORD.findall(name)}
    return name not in OTHER_SENSE and bool(words & {noun, noun.removesuffix("s")})


def sharing(noun: str, *folders: str) -> dict[str, list[str]]:
    """The files that are not the noun's own and name it, with the names."""
    found = {}
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        if is_of(noun, path.stem) or {path, *path.parents} & (HISTORY | ASIDE):
            continue
        if names := sorted(name for name in names_in(path) if is_of(noun, name)):
            found[path.relative_to(ROOT).as_posix()] = names
    return found


def test_what_is_no_name_is_no_naming() -> None:
    assert is_of("promises", "PRESS_NEW_PROMISE")
    assert is_of("promises", "PromiseDesk")
    assert is_of("promises", "deal.promises")
    assert not is_of("promises", "promised_at")
    assert not is_of("meetings", "MEETING")


@pytest.mark.parametrize("noun", LISTED)
def test_a_noun_is_named_by_few_files_that_are_not_its_own(noun: str) -> None:
    product, tests = LISTED[noun]
    assert len(product) <= MOST_PRODUCT
    assert len(tests) <= MOST_TESTS
    found = sharing(noun, *PRODUCT) | sharing(noun, "tests")
    assert [
        f"{path} names {noun} ({', '.join(names)}): declare it in a file of {noun}, as CONTRIBUTING.md says under "
        "“Something on another noun's card or page”, or for tests in tests/nouns"
        for path, names in found.items()
        if path not in {*product, *tests}
    ] == []
    assert [
        f"{path} no longer names {noun}: take it out of docs/a-noun.md" for path in {*product, *tests} - found.keys()
    ] == []


def test_the_three_nouns_that_were_counted_are_listed() -> None:
    assert set(LISTED) >= {"promises", "meetings", "feedback"}
