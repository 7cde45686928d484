"""What the capture modal asks at first, and what it offers where a company may be known already."""

from dataclasses import replace

import pytest

from domain.sales.duplicates import Likeness, Match
from domain.sales.leads import NewLead, PossibleDuplicates
from tests.firm import PLAYBOOK
from tests.views.facts import SAMPLES
from views.sales.capture import doubtful_lead_modal, new_lead_modal

LEAD = replace(SAMPLES[0].lead, id=7, number=1, score=80, band="hot")
DRAFT = NewLead(company="ACME", source="web")


def doubt(closeness: int, *, is_open: bool) -> dict:  # type: ignore[type-arg]
    """The question of which company is meant."""
    match = Match(account=LEAD.account, likeness=Likeness.SIMILAR_NAME, closeness=closeness)
    found = PossibleDuplicates(matches=(match,), open_leads=(LEAD,) if is_open else ())
    element = doubtful_lead_modal(DRAFT, found, PLAYBOOK)["blocks"][1]["element"]
    assert isinstance(element, dict)
    return element


def test_what_is_open_there_is_offered_first_then_a_new_lead_then_a_new_company() -> None:
    add, one_more, new = doubt(99, is_open=True)["options"]
    assert add["text"]["text"].startswith("Add to L-1 ")
    assert add["value"] == "lead:7"
    assert "hot, 80 %" in add["description"]["text"]
    assert LEAD.owner is None or LEAD.owner.name[:20] in add["description"]["text"]
    assert one_more["text"]["text"].startswith(f"New lead for {LEAD.account.code}")
    assert one_more["value"] == str(LEAD.account.id)
    assert (new["text"]["text"], new["value"]) == ("New company: ACME", "new")
    assert [option["value"] for option in doubt(99, is_open=False)["options"]] == [str(LEAD.account.id), "new"]


@pytest.mark.parametrize(("closeness", "chosen"), [(100, "lead:7"), (95, "lead:7"), (94, None), (86, None)])
def test_nothing_is_chosen_already_where_it_is_not_sure(closeness: int, chosen: str | None) -> None:
    assert doubt(closeness, is_open=True).get("initial_option", {}).get("value") == chosen


def test_a_new_company_can_be_chosen_however_many_may_be_meant() -> None:
    matches = [Match(account=replace(LEAD.account, id=n), likeness=Likeness.SAME_NAME, closeness=100) for n in range(5)]
    leads = tuple(replace(LEAD, id=100 + n, account=match.account) for n, match in enumerate(matches))
    found = PossibleDuplicates(matches=tuple(matches), open_leads=leads)
    options = doubtful_lead_modal(DRAFT, found, PLAYBOOK)["blocks"][1]["element"]["options"]
    assert len(options) == 10
    assert options[-1]["value"] == "new"


def test_few_questions_are_asked_at_first_and_all_where_more_is_known() -> None:
    first = [block["block_id"] for block in new_lead_modal(DRAFT, PLAYBOOK)["blocks"] if "block_id" in block]
    assert first == ["company", "channel", "said", "contact_name", "email", "phone", "more"]
    known = new_lead_modal(replace(DRAFT, industry="Shipping"), PLAYBOOK)["blocks"]
    assert "history" in [block.get("block_id") for block in known]
