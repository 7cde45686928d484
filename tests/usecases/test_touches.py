"""Touches from anywhere: which deals are offered, which one a message is about, and the link that is kept with a touch."""

from dataclasses import replace

import pytest

from domain.core.refusals import AlreadyDone, NotAllowed
from domain.sales.leads import NewTouch, TouchKind
from tests.firm import FirmDesks
from tests.usecases.sales.test_deals import PLAN, a_deal, ready_lead

A_LINK = "https://larkspur.slack.com/archives/C1/p1"


async def test_ones_own_running_deals_are_offered_first(firm: FirmDesks) -> None:
    await a_deal(firm)
    theirs = (await firm.deals.qualify(firm.seller, (await ready_lead(firm, "Zenith")).id, PLAN)).deal
    await firm.deals.hand_over(firm.seller, theirs.id, firm.other_seller.slack_id)
    over = (await firm.deals.qualify(firm.seller, (await ready_lead(firm, "Gone Ltd")).id, PLAN)).deal
    await firm.deals.lose(firm.seller, over.id, "price")
    for words, mine, others in (
        ("", ["D-1", "D-2"], ["D-2", "D-1"]),
        ("review", ["D-1", "D-2"], ["D-2", "D-1"]),
        ("d-2", ["D-2"], ["D-2"]),
        (" zenith ", ["D-2"], ["D-2"]),
        ("gone", [], []),
    ):
        assert [deal.code for deal in await firm.pipeline.choices(firm.seller, words)] == mine
        assert [deal.code for deal in await firm.pipeline.choices(firm.other_seller, words)] == others
    with pytest.raises(NotAllowed):
        await firm.pipeline.choices(firm.guest, "")


async def test_a_message_is_about_the_deal_whose_card_it_is_or_follows(firm: FirmDesks) -> None:
    deal, lead = await a_deal(firm), await firm.captured("Zenith")
    for noun, record_id, ts in (("deal", deal.id, "1.1"), ("lead", lead.id, "1.2")):
        await firm.store.write(
            firm.workspace_id,
            lambda work, noun=noun, about=record_id, ts=ts: work.cards.register(noun, about, "C1", ts, "x"),
        )
    shown = [
        await firm.pipeline.shown_in(firm.seller, *where)
        for where in (("C1", "1.1"), ("C1", "9.9", "1.1"), ("C2", "1.1"), ("C1", "1.2"), ("C1", "9.9"))
    ]
    assert [found and found.code for found in shown] == ["D-1", "D-1", None, None, None]
    await firm.deals.lose(firm.seller, deal.id, "price")
    assert await firm.pipeline.shown_in(firm.seller, "C1", "1.1") is None


async def test_the_link_to_the_message_is_kept_with_the_touch(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    new = NewTouch(kind=TouchKind.MESSAGE, key_points="They agreed", permalink=A_LINK)
    await firm.deals.log_touch(firm.seller, deal.id, new)
    await firm.deals.log_touch(firm.seller, deal.id, replace(new, permalink=None))
    assert [touch.permalink for touch in (await firm.deals.show(firm.seller, deal.id)).touches] == [None, A_LINK]


async def test_the_same_request_logs_a_touch_once_and_a_deal_that_is_over_takes_none(firm: FirmDesks) -> None:
    deal, new = await a_deal(firm), NewTouch(kind=TouchKind.CALL, key_points="They agreed")
    for _time in range(2):
        await firm.deals.log_touch(firm.seller.within("test", "one"), deal.id, new)
    assert len((await firm.deals.show(firm.seller, deal.id)).touches) == 1
    await firm.deals.lose(firm.seller, deal.id, "price")
    with pytest.raises(AlreadyDone, match="D-1 is over: lost"):
        await firm.deals.log_touch(firm.seller, deal.id, new)
