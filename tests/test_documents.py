"""The documents speak of what is there: links lead somewhere, pictures are shown, and the glossary's names stand in the code."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
CODE = [folder for folder in ROOT.iterdir() if (folder / "__init__.py").exists() and folder.name != "tests"]


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """Where the relative links of a document lead: the file, and the heading in it or an empty text."""
    for target, heading in LINK.findall(document.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            yield (document.parent / target).resolve() if target else document, heading


def headings(document: Path) -> set[str]:
    """The names by which links call the headings of a document."""
    lines = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    broken = [
        (document.name, target.name, heading)
        for document in DOCUMENTS
        for target, heading in links(document)
        if not target.exists() or (heading and heading not in headings(target))
    ]
    assert broken == []


def test_every_picture_is_shown() -> None:
    shown = {target.name for document in DOCUMENTS for target, _heading in links(document)}
    assert {picture.name for picture in (ROOT / "docs" / "images").iterdir()} - shown == set()


def test_the_glossary_is_sorted() -> None:
    words = re.findall(r"^\| \*\*([^*]+)\*\*", GLOSSARY, re.MULTILINE)
    assert words == sorted(words)


def test_the_glossarys_names_stand_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for folder in CODE for path in folder.rglob("*.py"))
    cells = [line.split("|")[3] for line in GLOSSARY.splitlines() if line.startswith("| **")]
    names = {part for cell in cells for name in re.findall(r"`([\w.]+)`", cell) for part in name.split(".")}
    assert {name for name in names if not re.search(rf"\b{name}\b", code)} == set()
