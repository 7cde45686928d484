"""What people do with promises: each is kept or settled once, somebody is reminded of it, and none gets lost."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, FormRefused, NotAllowed, NotFound, RuleBroken
from domain.core.reminders import Reminder, ReminderState
from domain.sales.deals import NewDeal
from domain.sales.leads import Origin
from domain.sales.promises import NewPromise, Promise, PromiseDue, PromiseState
from tests.firm import FirmDesks
from tests.usecases.sales.test_deals import a_deal, events

A_MESSAGE = Origin(channel="C1", ts="1.1", author="U0TOM", permalink="https://larkspur.slack.com/archives/C1/p11")
NEW = NewPromise(said="A draft by May", due_on=date(2026, 3, 10), origin=A_MESSAGE)


async def noted(firm: FirmDesks, deal_id: int, by: Actor | None = None, **more: Any) -> Promise:
    """A promise that was noted for a deal."""
    return (await firm.promises.note(by or firm.seller, deal_id, replace(NEW, **more))).promise


async def listed(firm: FirmDesks, deal_id: int) -> list[tuple[str, str]]:
    """The promises of a deal and how each stands, in the order of its page."""
    page = await firm.deals.show(firm.seller, deal_id)
    return [(promise.said, promise.state.value) for promise in page.parts["promises"]]


async def reminder(firm: FirmDesks, promise: Promise) -> Reminder | None:
    """The open reminder of a promise."""
    return await firm.store.read(firm.workspace_id, lambda work: work.reminders.open_for(PromiseDue.kind, promise.id))


async def told(firm: FirmDesks) -> list[tuple[int, int | None]]:
    """Which reminders of promises are told just now, and to whom."""
    while await firm.upkeep.sweep_reminders():
        pass
    rows = [row for row in await firm.told() if type(row.message).__name__ == "PromiseDue"]
    return [(row.message.payload()["reminder_id"], row.destination.member_id) for row in rows]


async def test_a_promise_is_kept_with_its_message_and_listed_by_its_day(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    first = await noted(firm, deal.id)
    assert (first.code, first.of.company, first.origin) == ("D-1", "Acme Ltd", A_MESSAGE)
    assert (first.noted_by, first.noted_at) == (firm.seller.person, firm.clock.now())
    assert (first.keeper, first.kept_by) == (None, firm.seller.person)
    await noted(firm, deal.id, said="No day", due_on=None, origin=None)
    await noted(firm, deal.id, said="Sooner", due_on=date(2026, 3, 4), origin=None)
    await firm.promises.keep(firm.seller, (await noted(firm, deal.id, said="Done", origin=None)).id)
    assert await listed(firm, deal.id) == [
        ("Sooner", "open"),
        ("A draft by May", "open"),
        ("No day", "open"),
        ("Done", "kept"),
    ]
    assert (await events(firm, "deal", deal.id))[1:] == ["deal.promise_noted"] * 4 + ["deal.promise_kept"]


async def test_the_same_message_is_noted_once_for_each_deal(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await noted(firm, deal.id)
    with pytest.raises(AlreadyDone, match=r"D-1 has this message .*\(open\), noted by Sam Seller: “A draft by May”"):
        await noted(firm, deal.id, by=firm.other_seller, said="Something else")
    await noted(firm, deal.id, origin=replace(A_MESSAGE, ts="1.2"))
    assert len(await listed(firm, deal.id)) == 2


async def test_the_same_request_notes_a_promise_once(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    for _time in range(2):
        await noted(firm, deal.id, by=firm.seller.within("test", "one"), origin=None)
    assert len(await listed(firm, deal.id)) == 1


async def test_a_promise_ends_once_and_that_is_undone(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    promise = await noted(firm, deal.id)
    with pytest.raises(RuleBroken, match="What did you agree on"):
        await firm.promises.settle(firm.seller, promise.id, " ")
    step = await firm.promises.settle(firm.seller, promise.id, "They take a sketch ")
    assert (step.promise.state, step.promise.how) == (PromiseState.SETTLED, "They take a sketch")
    assert (step.promise.closed_by, step.promise.closed_at) == (firm.seller.person, firm.clock.now())
    assert await reminder(firm, promise) is None
    for again in (firm.promises.keep(firm.seller, promise.id), firm.promises.settle(firm.seller, promise.id, "x")):
        with pytest.raises(AlreadyDone, match="Sam Seller has noted this promise as settled with the client already"):
            await again
    assert (await firm.deals.show(firm.seller, deal.id)).operation == step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await firm.promises.show(firm.seller, promise.id) == promise
    assert await reminder(firm, promise)


async def test_noting_is_undone_with_its_reminder(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    step = await firm.promises.note(firm.seller, deal.id, NEW)
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await listed(firm, deal.id) == []
    assert await reminder(firm, step.promise) is None
    with pytest.raises(NotFound):
        await firm.promises.keep(firm.seller, step.promise.id)
    await noted(firm, deal.id)


async def test_whoever_keeps_it_is_reminded_and_done_means_kept(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    promise = await noted(firm, deal.id, keeper=firm.consultant.slack_id)
    firm.clock.advance(days=6, hours=22)
    assert await told(firm) == []
    firm.clock.advance(hours=3)
    [(reminder_id, member_id)] = await told(firm)
    assert member_id == firm.consultant.member_id
    with pytest.raises(NotAllowed):
        await firm.reminders.done(firm.seller, reminder_id)
    done = await firm.reminders.done(firm.consultant, reminder_id)
    assert (done.state, done.outcome) == (ReminderState.DONE, "kept")
    assert (await firm.promises.show(firm.seller, promise.id)).closed_by == firm.consultant.person
    assert (await events(firm, "deal", deal.id))[-1] == "deal.promise_kept"
    with pytest.raises(AlreadyDone):
        await firm.reminders.done(firm.consultant, reminder_id)


async def test_who_is_named_as_its_keeper_is_told_unless_they_named_themselves(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await noted(firm, deal.id)
    await noted(firm, deal.id, keeper=firm.seller.slack_id, origin=None)
    await noted(firm, deal.id, keeper=firm.consultant.slack_id, origin=None)
    told_to = [row.destination.member_id for row in await firm.told() if type(row.message).__name__ == "PromiseGiven"]
    assert told_to == [firm.consultant.member_id]


async def test_a_promise_nobody_was_named_for_goes_with_the_deal(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    owners = await noted(firm, deal.id)
    named = await noted(firm, deal.id, keeper=firm.seller.slack_id, origin=None)
    step = await firm.deals.hand_over(firm.seller, deal.id, firm.other_seller.slack_id)
    holders = [found and found.member for found in (await reminder(firm, owners), await reminder(firm, named))]
    assert holders == [firm.other_seller.person, firm.seller.person]
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    again = await reminder(firm, owners)
    assert again
    assert again.member == firm.seller.person


async def test_a_put_off_reminder_stays_put_off_when_the_deal_changes(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    promise = await noted(firm, deal.id)
    before = await reminder(firm, promise)
    assert before
    later = await firm.reminders.snooze_to(firm.seller, before.id, date(2026, 3, 20))
    await firm.deals.choose_variant(firm.seller, deal.id, "major", "A key account")
    assert await reminder(firm, promise) == later


async def test_of_a_lost_deal_nobody_is_reminded_until_the_loss_is_undone(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    promise = await noted(firm, deal.id)
    before = await reminder(firm, promise)
    step = await firm.deals.lose(firm.seller, deal.id, "price")
    assert await reminder(firm, promise) is None
    assert await listed(firm, deal.id) == [("A draft by May", "open")]
    with pytest.raises(AlreadyDone, match="D-1 is over: lost"):
        await noted(firm, deal.id, origin=None)
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await reminder(firm, promise) == before
    firm.clock.advance(days=7, hours=1)
    assert len(await told(firm)) == 1


async def test_a_promise_of_a_lost_deal_can_still_be_settled(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    promise = await noted(firm, deal.id)
    await firm.deals.lose(firm.seller, deal.id, "price")
    await firm.promises.settle(firm.seller, promise.id, "They want nothing more")
    assert await listed(firm, deal.id) == [("A draft by May", "settled")]


async def test_a_merge_of_accounts_loses_no_promise(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    promise = await noted(firm, deal.id)
    stays = (await firm.captured("Zenith")).account
    assert deal.account
    await firm.accounts.merge(firm.seller, stays.id, deal.account.id)
    moved = await firm.promises.show(firm.seller, promise.id)
    assert (moved.of.id, moved.of.company) == (deal.id, "Zenith")
    assert await listed(firm, deal.id) == [("A draft by May", "open")]


async def test_a_deal_with_a_promise_is_not_undone_away(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    await noted(firm, deal.id)
    made = await firm.store.read(firm.workspace_id, lambda work: work.operations.latest("lead.qualified", 1))
    await firm.operations.undo(firm.seller, made[0].id)
    assert await listed(firm, deal.id) == [("A draft by May", "open")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"said": " "}, "said"),
        ({"due_on": date(2026, 3, 2)}, "due_on"),
        ({"keeper": "U0NOBODY"}, "keeper"),
    ],
)
async def test_a_wrong_promise_is_refused_at_its_field(firm: FirmDesks, change: dict[str, Any], field: str) -> None:
    deal = await a_deal(firm)
    with pytest.raises((FormRefused, RuleBroken)) as refused:
        await noted(firm, deal.id, **change)
    assert field in (refused.value.field, *getattr(refused.value, "errors", ()))
    assert await listed(firm, deal.id) == []


async def test_a_guest_keeps_no_promise_and_who_may_not_is_told_who_can(firm: FirmDesks) -> None:
    deal = await a_deal(firm)
    with pytest.raises(RuleBroken, match="Only colleagues"):
        await noted(firm, deal.id, keeper=firm.guest.slack_id)
    promise = await noted(firm, deal.id)
    for deed in (
        noted(firm, deal.id, by=firm.consultant, origin=None),
        firm.promises.keep(firm.consultant, promise.id),
        firm.promises.settle(firm.consultant, promise.id, "x"),
        firm.promises.show(firm.guest, promise.id),
    ):
        with pytest.raises(NotAllowed):
            await deed


async def test_what_was_taken_over_takes_no_promises(firm: FirmDesks) -> None:
    old = await firm.store.write(
        firm.workspace_id, lambda work: work.deals.add(NewDeal(title="GTX Pro", stage="Won", source="import old.csv"))
    )
    with pytest.raises(AlreadyDone, match="taken over"):
        await noted(firm, old.id)
