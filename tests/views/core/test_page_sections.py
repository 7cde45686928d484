"""Pages by sections: a page opens however much there is, and each list is one press away, to its end."""

from dataclasses import replace

from domain.sales.pages import DealPage
from sandbox.blockkit import problems
from tests.firm import PLAYBOOK
from tests.nouns.deals import deal_page_of
from tests.views.facts import ADMIN, SAMPLES
from views import ids
from views.core.page_sections import SHORT, page_sections, section_modal
from views.kit import Block, View, fitting_modal, modal, section
from views.sales.deals import deal_page_view


def buttons(view: View, action_id: str) -> list[Block]:
    """The buttons of a kind in a view."""
    found = [element for block in view["blocks"] for element in block.get("elements", [])]
    return [element for element in found if element.get("action_id") == action_id]


def a_full_deal() -> DealPage:
    """A deal with a hundred documents and two hundred or more of everything that other nouns put on its page."""
    page = deal_page_of(SAMPLES[2])
    many = {name: part * 50 for name, part in page.parts.items() if isinstance(part, tuple)}
    return replace(page, parts={**page.parts, **many}, documents=page.documents[:1] * 100)


def entries_of(name: str, page: DealPage) -> int:
    """How many entries a section has."""
    return len(page_sections.all[f"deal.{name}"].entries(page, ADMIN))


def test_a_deal_with_hundreds_of_things_opens_and_each_list_is_one_press_away() -> None:
    page = a_full_deal()
    view = deal_page_view(page, ADMIN, PLAYBOOK)
    assert problems("modal", view) == []
    labels = {button["text"]["text"] for button in buttons(view, ids.PRESS_PAGE_SECTION)}
    full = {
        name: entries_of(name, page) for name in ("documents", *(set(page.parts) & set(page_sections.under("deal"))))
    }
    assert len(full) > 1
    assert min(full.values()) >= 100
    assert {f"{page_sections.all[f'deal.{name}'].title()} ({count})" for name, count in full.items()} <= labels


def test_a_list_is_gone_through_to_its_end_and_nothing_is_left_out() -> None:
    page, first, shown = a_full_deal(), 0, 0
    while True:
        view = section_modal("deal.documents", 1, page, ADMIN, first)
        assert problems("modal", view) == []
        shown += str(view["blocks"]).count("SHA-256")
        following = [button["value"] for button in buttons(view, ids.PRESS_PAGE_SECTION)]
        if not following:
            break
        first = int(following[0].split(":")[2])
    assert first > 0
    assert shown == 100


def test_a_short_list_stands_on_the_page_itself() -> None:
    page = deal_page_of(SAMPLES[0])
    view = deal_page_view(replace(page, parts={}, documents=page.documents[:1] * SHORT, touches=()), ADMIN, PLAYBOOK)
    assert str(view["blocks"]).count("SHA-256") == SHORT
    assert buttons(view, ids.PRESS_PAGE_SECTION) == []


def test_no_modal_has_more_than_slack_takes() -> None:
    for blocks in ([section("x")] * 101, [section("界" * 3000)] * 90):
        view = modal(ids.NOTICE, "Much", blocks)
        assert problems("modal", view) == []
        assert "There is more than fits here." in str(view["blocks"][-1])
    assert len(fitting_modal([section("x")] * 100)) == 100
