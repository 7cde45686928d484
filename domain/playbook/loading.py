"""From the files of a folder to a playbook, or to everything that is wrong with them."""

from pathlib import Path

from pydantic import BaseModel

from domain.playbook.care import CarePlaybook
from domain.playbook.checks import problems
from domain.playbook.delivery import DeliveryPlaybook
from domain.playbook.files import PlaybookRefused, Source, did_you_mean, read_part, read_source
from domain.playbook.playbook import Playbook
from domain.playbook.sales_rules import SalesPlaybook

PARTS: dict[str, type[BaseModel]] = {"sales": SalesPlaybook, "delivery": DeliveryPlaybook, "care": CarePlaybook}
"""The files of a playbook, without `.toml`, in the order of the process."""


def load_playbook(folder: Path) -> Playbook:
    """Read the files of a playbook and check that they go with each other.

    Raises PlaybookRefused with everything that is wrong, in words.
    """
    sources: dict[str, Source] = {}
    parts: dict[str, BaseModel] = {}
    found: list[str] = []
    for name, model in PARTS.items():
        try:
            sources[name] = read_source(folder / f"{name}.toml")
            parts[name] = read_part(sources[name], model)
        except PlaybookRefused as refused:
            found += [f"{name}.toml, {problem}" for problem in refused.problems]
    if not found:
        playbook = Playbook.model_validate(parts)
        found = [f"{part}.toml, {sources[part].says(problem)}" for part, problem in problems(playbook)]
    if found:
        raise PlaybookRefused(folder, found)
    return playbook


def load_part(path: Path) -> BaseModel:
    """Read one file by itself; whether it goes with the others is not looked at.

    Raises PlaybookRefused, in words.
    """
    model = PARTS.get(path.stem) if path.suffix == ".toml" else None
    if model is None:
        near = did_you_mean(path.name, [f"{name}.toml" for name in PARTS])
        names = "a playbook is a folder of sales.toml, delivery.toml and care.toml"
        raise PlaybookRefused(path, [f"{names}; {near}" if near else names])
    return read_part(read_source(path), model)
