"""How one finds a stage or routine of the process, and which approvals are on its way."""

import pytest

from domain.playbook.sections import Process, all_sections, approvals_in, search, section_called, step_called
from tests.domain.playbooks import PLAYBOOK


def test_every_stage_and_routine_is_in_one_process() -> None:
    ids = [section.id for _process, section in all_sections(PLAYBOOK)]
    assert ids == [*(stage.id for stage in PLAYBOOK.stages), *(routine.id for routine in PLAYBOOK.care.routines)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("section_id", "process"),
    [("lead", Process.SALES), ("work", Process.DELIVERY), ("relationship", Process.CARE), ("numbers", Process.ITSELF)],
)
def test_a_section_is_found_by_its_id(section_id: str, process: Process) -> None:
    found = section_called(PLAYBOOK, section_id)
    assert found
    assert (found[0], found[1].id) == (process, section_id)


def test_a_step_is_found_by_its_id() -> None:
    found = step_called(PLAYBOOK, "approve_quote")
    assert found
    process, section, step = found
    assert (process, section.id, step.title) == (Process.SALES, "quote", "Approve the quote")
    assert step_called(PLAYBOOK, "gone") is None
    assert section_called(PLAYBOOK, "gone") is None


@pytest.mark.parametrize(
    ("words", "first", "is_named"),
    [
        ("Proposal", "proposal", True),
        ("internal review", "review", True),
        ("first_talk", "first_talk", True),
        ("review", "review", True),
        ("TALK", "first_talk", False),
        ("write brief", "first_talk", False),
    ],
)
def test_who_searches_finds_what_is_called_so_first(words: str, first: str, is_named: bool) -> None:
    hits = search(PLAYBOOK, words)
    assert (hits[0].section.id, hits[0].is_named) == (first, is_named)


def test_a_search_names_the_steps_that_speak_of_the_words() -> None:
    hits = {hit.section.id: [step.id for step in hit.steps] for hit in search(PLAYBOOK, "standup")}
    assert hits["work"] == ["answer_standup"]


@pytest.mark.parametrize("words", ["", "   ", "zeppelin"])
def test_what_nothing_speaks_of_finds_nothing(words: str) -> None:
    assert search(PLAYBOOK, words) == ()


@pytest.mark.parametrize(
    ("section_id", "rules"),
    [
        ("review", ["proposal_always", "proposal_public", "proposal_large"]),
        ("contract", ["contract_always"]),
        ("work", ["change_always", "change_large", "change_free"]),
        ("lead", []),
        ("numbers", []),
    ],
)
def test_the_approvals_of_a_stage_are_those_its_gate_waits_for(section_id: str, rules: list[str]) -> None:
    found = section_called(PLAYBOOK, section_id)
    assert found
    assert [rule.id for rule in approvals_in(PLAYBOOK, found[1])] == rules
