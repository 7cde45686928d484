"""The manual and the flow chart say what the playbook says, and the pages under `docs/manual` are those of today's."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from domain.core.language import speak
from domain.playbook.stages import Outcome, Stage
from tests.domain.playbooks import PLAYBOOK, changed
from views.playbook.flow_chart import flow_chart
from views.playbook.manual import TEMPLATES, _environment, begin, manual, stage_page

KEPT = Path(__file__).parent.parent.parent.parent / "docs" / "manual"
PAGES = manual(PLAYBOOK)


def test_the_manual_in_the_documents_is_todays() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in KEPT.iterdir()}
    assert kept == PAGES, "the playbook or a template has changed: run `make manual`"


@pytest.mark.parametrize("stage", PLAYBOOK.stages, ids=lambda stage: stage.id)
def test_a_stage_has_who_what_by_when_with_what_and_its_gate(stage: Stage) -> None:
    page = stage_page(PLAYBOOK, stage.id)
    wanted = [stage.title, stage.purpose, stage.limit.words, *(evidence.title for evidence in stage.gate)]
    for step in stage.steps:
        wanted += [step.title, step.does, step.limit.words, step.who or begin(step.role.title), *step.materials]
    assert [words for words in wanted if words not in page] == []
    assert any(page.strip() in text for text in PAGES.values())


def test_a_stage_that_is_not_there_has_no_page() -> None:
    with pytest.raises(KeyError):
        stage_page(PLAYBOOK, "gone")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings."""
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        file, _hash, anchor = target.partition("#")
        assert file in PAGES
        assert not anchor or anchor in anchors(PAGES[file]), target


@pytest.mark.parametrize("page", PAGES)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(page: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", PAGES[page], re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(cells) == 1, table


def test_the_chart_shows_every_stage_every_decision_and_every_way() -> None:
    chart = flow_chart(PLAYBOOK)
    for stage in PLAYBOOK.stages:
        assert f'{stage.id}["<b>{stage.title}</b>' in chart
        assert all(f"--> {following}" in chart for following in stage.next)
        assert all(f'-. "no: back" .-> {earlier}' in chart for earlier in stage.back)
        assert not stage.decision or f'{{"{stage.decision}"}}' in chart
    lost = next(stage for stage in PLAYBOOK.stages if stage.outcome is Outcome.LOST)
    assert f'route -. "no further" ...-> {lost.id}' in chart
    assert 'first_talk -. "Light" .-> proposal' in chart
    assert 'relationship -. "a new need" .-> lead' in chart


def test_one_time_limit_changes_the_manual_and_the_chart_and_nothing_else(tmp_path: Path) -> None:
    old = 'limit = "10 working days"\nprobability = 10'
    other = manual(changed(tmp_path, "sales", old, old.replace("10 working days", "12 working days")))
    assert [page for page in PAGES if PAGES[page] != other[page]] == ["README.md", "sales.md"]
    lines = [
        (before, after)
        for page in PAGES
        for before, after in zip(PAGES[page].splitlines(), other[page].splitlines(), strict=True)
        if before != after
    ]
    assert [before.replace("10 working", "12 working") for before, _after in lines] == [
        after for _before, after in lines
    ]
    assert [after.strip().split()[0] for _before, after in lines] == ["|", 'first_talk["<b>First', "**Responsible**"]


def test_words_of_a_playbook_stay_in_their_cell(tmp_path: Path) -> None:
    page = stage_page(changed(tmp_path, "sales", 'title = "Arrange it"', 'title = "Arrange | agree"'), "first_talk")
    assert "**Arrange \\| agree.**" in page


def test_a_manual_is_written_in_the_language_that_is_spoken() -> None:
    with speak("xx-XX"):
        assert manual(PLAYBOOK) == PAGES


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_every_sentence_of_a_page_is_marked_for_translation(path: Path) -> None:
    parsed = _environment().parse(path.read_text(encoding="utf-8"))
    bare = [re.sub(r"\([a-z]+\.md\)|```mermaid", "", data.data) for data in parsed.find_all(nodes.TemplateData)]
    assert [text for text in bare if re.search(r"[A-Za-z]{2,}", text)] == []
