"""Pages by sections: a page opens however much there is, and each list is one press away, to its end."""

from dataclasses import replace

from sandbox.blockkit import problems
from tests.firm import PLAYBOOK
from tests.views.samples import ADMIN, SAMPLES, deal_page_of, meeting_of, promise_of
from views import ids
from views.core.page_sections import SHORT, section_modal
from views.kit import Block, View, fitting_modal, modal, section
from views.sales.deals import deal_page_view


def buttons(view: View, action_id: str) -> list[Block]:
    """The buttons of a kind in a view."""
    found = [element for block in view["blocks"] for element in block.get("elements", [])]
    return [element for element in found if element.get("action_id") == action_id]


def a_full_deal() -> tuple[object, View]:
    """A deal with 200 promises, 50 meetings and 40 documents, and its page."""
    given = SAMPLES[-1]
    page = deal_page_of(given)
    page = replace(
        page,
        parts={"promises": (promise_of(given),) * 200, "meetings": (meeting_of(given, page.deal.named),) * 50},
        documents=page.documents[:1] * 40,
    )
    return page, deal_page_view(page, ADMIN, PLAYBOOK)


def test_a_deal_with_hundreds_of_things_opens_and_each_list_is_one_press_away() -> None:
    _page, view = a_full_deal()
    assert problems("modal", view) == []
    labels = [button["text"]["text"] for button in buttons(view, ids.PRESS_PAGE_SECTION)]
    assert {"Promises (200)", "Meetings (50)", "Documents (40)"} <= set(labels)


def test_a_list_is_gone_through_to_its_end_and_nothing_is_left_out() -> None:
    page, _view = a_full_deal()
    shown, first = 0, 0
    while True:
        view = section_modal("deal.promises", 1, page, ADMIN, first)
        assert problems("modal", view) == []
        shown += len(buttons(view, ids.PRESS_PROMISE_KEPT))
        following = [button["value"] for button in buttons(view, ids.PRESS_PAGE_SECTION)]
        if not following:
            break
        first = int(following[0].split(":")[2])
    assert shown == 200


def test_a_short_list_stands_on_the_page_itself() -> None:
    given = SAMPLES[0]
    page = replace(deal_page_of(given), parts={"promises": (promise_of(given),) * SHORT}, documents=(), touches=())
    view = deal_page_view(page, ADMIN, PLAYBOOK)
    assert len(buttons(view, ids.PRESS_PROMISE_KEPT)) == SHORT
    assert buttons(view, ids.PRESS_PAGE_SECTION) == []


def test_no_modal_has_more_than_slack_takes() -> None:
    for blocks in ([section("x")] * 101, [section("界" * 3000)] * 90):
        view = modal(ids.NOTICE, "Much", blocks)
        assert problems("modal", view) == []
        assert "There is more than fits here." in str(view["blocks"][-1])
    assert len(fitting_modal([section("x")] * 100)) == 100
