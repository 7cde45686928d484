"""Every regular expression of the product reads long input in a time that grows with its length, not with its square."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from time import process_time

from domain.core.countries import country_meant
from domain.core.refusals import Refusal
from domain.core.spelling import clean_name
from domain.files.sheets import guarded
from domain.sales.accounts import contact_in
from domain.sales.amounts import amount_in
from domain.sales.capture_lines import parse_one_line
from domain.sales.company_names import normal_name
from domain.sales.duplicates import Sought, keys_meant
from domain.sales.touches import touch_in
from handlers.forms import plain_words
from tests.firm import WHOLE

SALES = WHOLE.sales
ROOT = Path(__file__).parent.parent
FOLDERS = "domain usecases views handlers bot storage scheduling".split()
LONG = 20_000
"""Characters on which a quadratic expression spends a tenth of a second or more, and a linear one a millisecond."""
MOST_SECONDS = 0.05
MOST_KINDS = 10
ANCHORED = frozenset({"match", "fullmatch"})
"""What begins at the first character only; all else looks everywhere in a text."""
CATEGORIES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "!",
}


@dataclass(frozen=True)
class Use:
    """An expression, and the methods by which it is used."""

    pattern: re.Pattern[str]
    methods: frozenset[str]


@cache
def uses() -> dict[str, Use]:
    """The expressions that modules hold, and those written into a call of `re`; a value put into one counts as a comma."""
    found: dict[str, Use] = {}
    calls: dict[str, set[str]] = defaultdict(set)
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for call in (
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ):
            on, _dot, method = ast.unparse(call.func).rpartition(".")
            calls[on].add(method)
            written = _written(call.args[0]) if on == "re" and call.args else None
            if written is not None and method != "compile":
                where = f"{path.relative_to(ROOT)}:{call.lineno}"
                found[where] = Use(re.compile(written, re.DOTALL), frozenset({method}))
    for module in (
        module for folder in FOLDERS for module in pkgutil.walk_packages([str(ROOT / folder)], f"{folder}.")
    ):
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{module.name}.{name}"] = Use(value, frozenset(calls[name] or {"search"}))
    return found


def _written(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "," for part in node.values)
    return None


def samples(parsed: object) -> Iterator[str]:
    """A character of each kind that the expression tells apart."""
    for kind, value in parsed:  # type: ignore[attr-defined]
        if kind in {codes.LITERAL, codes.NOT_LITERAL}:
            yield chr(value)
        elif kind is codes.RANGE:
            yield chr(value[0])
        elif kind is codes.CATEGORY:
            yield CATEGORIES[value]
        elif kind in {codes.IN, codes.BRANCH}:
            for part in [value] if kind is codes.IN else value[1]:
                yield from samples(part)
        elif kind in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT, codes.SUBPATTERN, codes.ASSERT}:
            yield from samples(value[-1])
        elif kind is codes.ASSERT_NOT:
            yield from samples(value[1])


def examples(parsed: object) -> list[str]:
    """Short texts that match the expression, one for each of its alternatives."""
    made = [""]
    for kind, value in parsed:  # type: ignore[attr-defined]
        if kind is codes.BRANCH:
            parts = [text for alternative in value[1] for text in examples(alternative)]
        elif kind in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            parts = [text * max(value[0], 1) for text in examples(value[2])]
        elif kind is codes.SUBPATTERN:
            parts = examples(value[-1])
        elif kind is codes.IN and value[0][0] is codes.NEGATE:
            parts = ["a"]
        else:
            parts = [next(samples([(kind, value)]), "")]
        made = [begun + part for begun in made for part in parts][:MOST_KINDS]
    return made


def hostile(pattern: re.Pattern[str]) -> Iterator[str]:
    """Long texts that nearly match: what matches but for its end, over and over, and one or two kinds of characters."""
    parsed = parser.parse(pattern.pattern, pattern.flags & re.VERBOSE)
    for example in examples(parsed):
        yield example[:-1] * (LONG // max(len(example), 1))
    kinds = list(dict.fromkeys([*samples(parsed), "a", "1", " "]))
    for one, other in product(kinds[:MOST_KINDS], repeat=2):
        yield (one + other) * (LONG // 2)
        yield one * LONG + other


def is_slow(use: Use) -> bool:
    """Whether some text takes too long, the quicker of two times."""
    return any(min(_seconds(use, text) for _time in range(2)) > MOST_SECONDS for text in hostile(use.pattern))


def _seconds(use: Use, text: str) -> float:
    begun = process_time()
    if use.methods - ANCHORED:
        for _found in use.pattern.finditer(text):
            pass
    for method in use.methods & ANCHORED:
        getattr(use.pattern, method)(text)
    return process_time() - begun


def test_expressions_are_found_wherever_they_stand() -> None:
    found = " ".join(uses())
    for name in (
        "domain.sales.accounts.AN_ADDRESS",
        "handlers.forms.A_LINK",
        "bot.logs.SECRET",
        "views/playbook/manual.py",
    ):
        assert name in found, name


def test_a_quadratic_expression_is_told() -> None:
    for method, expected in (("search", True), ("match", False)):
        assert is_slow(Use(re.compile("a+b"), frozenset({method}))) is expected, method


READERS: dict[str, Callable[[str], object]] = {
    "contact": lambda text: contact_in(text, "GB"),
    "message": plain_words,
    "name": normal_name.__wrapped__,
    "clean name": clean_name,
    "duplicate": lambda text: Sought.of(text).alike(["acme", "x" * 200]),
    "search": lambda text: keys_meant(text, "GB"),
    "country": country_meant,
    "line": lambda text: parse_one_line(text, SALES),
    "touch": lambda text: touch_in(f"D-1 {text}"),
    "cell": guarded,
    "amount": lambda text: amount_in(text, None),
}
TYPED = "a|1|+1 |a@|@|a.|<@|<|>|*a|_|//1|株式会社|é|\u200b|ltd |, |;=|,1|-|a@b.".split("|")


def test_nothing_that_somebody_types_holds_the_loop() -> None:
    contact_in("+44 20 7946 0000", "GB")  # what is read of a country once
    slow = set()
    for (name, read), part in product(READERS.items(), TYPED):
        begun = process_time()
        with suppress(Refusal):
            read(part * (40_000 // len(part)))
        if process_time() - begun > MOST_SECONDS:
            slow.add((name, part))
    assert slow == set()


def test_no_expression_is_quadratic() -> None:
    assert [name for name, use in uses().items() if is_slow(use)] == []
