"""What the Home tab says of lists that are longer than it shows."""

from dataclasses import replace

from tests.firm import PLAYBOOK
from tests.running import words_of
from tests.views.facts import SAMPLES
from views.sales.home import leads_at_home

A_SAMPLE = SAMPLES[0]


def test_lists_say_how_many_they_leave_out() -> None:
    leads = replace(A_SAMPLE.page.parts["leads"], due=(A_SAMPLE.lead,) * 8, unclaimed=(A_SAMPLE.lead,) * 8)
    longer = replace(leads, due_count=21, unclaimed_count=10)
    words = words_of(leads_at_home(longer, A_SAMPLE.page, PLAYBOOK))
    assert "and 13 more" in words
    assert "and 2 more" in words
    whole = replace(leads, due_count=8, unclaimed_count=8)
    assert "more" not in words_of([b for b in leads_at_home(whole, A_SAMPLE.page, PLAYBOOK) if b["type"] == "context"])
