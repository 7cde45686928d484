"""Feedback on the cards and pages of others: its choice stands behind the three dots, and asks about the record's own steps."""

from tests.firm import PLAYBOOK
from tests.nouns.deals import deal_page_of
from tests.views.facts import ADMIN, SAMPLES, page_of
from views import ids
from views.core.additions import added_choices, menu_items


def test_leads_and_deals_offer_to_say_that_a_step_is_wrong_or_slow() -> None:
    for noun, page in (("lead", page_of(SAMPLES[0])), ("deal", deal_page_of(SAMPLES[0]))):
        assert added_choices(noun)["feedback"] == "A step is wrong or slow…"
        asked = menu_items.all[f"{noun}.feedback"].modal(page, ADMIN, PLAYBOOK)
        assert (asked["callback_id"], asked["private_metadata"]) == (ids.GIVE_FEEDBACK, f"{noun}:{10**17}")
