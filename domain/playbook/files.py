"""Reading playbook files: every part is strict, and what is wrong is said in words, with the line and the key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Title = Annotated[str, Field(min_length=1, max_length=75)]  # Slack cuts an option's text at 75 characters
Sentence = Annotated[str, Field(min_length=1, max_length=400)]
Place = tuple[str | int, ...]
"""Where in a file: keys, and positions in lists."""

HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY = re.compile(r"^\s*([\w-]+(?:\.[\w-]+)*)\s*=")
ELEMENT = re.compile(r"^\s*\{")


class Strict(BaseModel):
    """Base of all parts of a playbook: a misspelt key is an error, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def stages_named(self) -> Mapping[str, Iterable[str]]:
        """The stages (ids) that it names besides the process itself, by the key that names them."""
        return {}


Part = TypeVar("Part", bound=BaseModel)


class PlaybookRefused(Exception):
    """A playbook that cannot be used; `problems` are sentences, each with the line and the key it is about."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path} cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.path, self.problems = path, problems


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that cannot be, at a place of a file."""

    place: Place
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A playbook file as it was read."""

    path: Path
    text: str
    document: Mapping[str, Any]

    def says(self, problem: Problem) -> str:
        """The problem as a person can find it: `line 12, stages.proposal.limit: …`."""
        line = line_of(self.text, problem.place)
        where = f"line {line}, " if line else ""
        return f"{where}{self._named(problem.place)}: {problem.sentence}"

    def _named(self, place: Place) -> str:
        """The place with ids instead of positions."""
        names, here = [], self.document
        for part in place:
            here = _inside(here, part)
            has_id = isinstance(part, int) and isinstance(here, Mapping) and "id" in here
            names.append(str(here["id"]) if has_id else str(part))
        return ".".join(names) or "the whole file"


def _inside(here: Any, part: str | int) -> Any:
    try:
        return here[part]
    except (KeyError, IndexError, TypeError):
        return None


def read_source(path: Path) -> Source:
    """The file's text and what it says.

    Raises PlaybookRefused when it is missing or no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return Source(path=path, text=text, document=tomllib.loads(text))
    except OSError as error:
        raise PlaybookRefused(path, [f"the file cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise PlaybookRefused(path, ["the file is not text in UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise PlaybookRefused(path, [f"this is not TOML: {error}"]) from error


def read_part(source: Source, model: type[Part]) -> Part:
    """What the file says, as `model`.

    Raises PlaybookRefused with every problem in words.
    """
    try:
        return model.model_validate(source.document)
    except ValidationError as error:
        problems = [Problem(place=found["loc"], sentence=_in_words(found, model)) for found in error.errors()]
        raise PlaybookRefused(source.path, [source.says(problem) for problem in problems]) from error


def _in_words(found: Any, model: type[BaseModel]) -> str:
    kind, place = found["type"], found["loc"]
    if kind == "extra_forbidden":
        near = did_you_mean(str(place[-1]), _keys(_model_at(model, place[:-1])))
        return f"there is no such key; {near or 'is it misspelt?'}"
    if kind == "missing":
        return "this key is missing"
    if kind == "enum":
        known = re.findall(r"'([^']+)'", found["ctx"]["expected"])
        near = did_you_mean(str(found["input"]), known)
        return f"{found['input']!r} is not known here; {near or 'it must be one of ' + ', '.join(known)}"
    return str(found["msg"]).removeprefix("Value error, ")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`do you mean proposal?`, or nothing where no known word is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"do you mean {near[0]}?" if near else ""


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a part, as the file spells them, each with its annotation."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    for part in place:
        model = _model_in(_keys(model).get(str(part))) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model an annotation such as `tuple[Stage, ...]` is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)


def line_of(text: str, place: Place) -> int | None:
    """The line (from 1) that comes nearest to the place, or None where the file does not mention it."""
    lines = _lines(text)
    return next((lines[place[:size]] for size in range(len(place), 0, -1) if place[:size] in lines), None)


def _lines(text: str) -> dict[Place, int]:
    """Where each table, each key and each element on a line of its own begins."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    key: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            table = key = _table(header[2].split("."), counts, is_list=header[1] == "[[")
        elif found := KEY.match(line):
            key = (*table, *found[1].split("."))
        elif ELEMENT.match(line):
            counts[key] = counts.get(key, -1) + 1
            lines.setdefault((*key, counts[key]), number)
            continue
        else:
            continue
        lines.setdefault(key, number)
    return lines


def _table(names: list[str], counts: dict[Place, int], *, is_list: bool) -> Place:
    """The place a header opens: within the latest element of each list it passes."""
    place: Place = ()
    for position, name in enumerate(names, start=1):
        place = (*place, name)
        if is_list and position == len(names):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
