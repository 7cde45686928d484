"""Two people on two bots, a use case each, at the same moment on one record: it is as if one had come after the other.

Use cases are found by reflection (`tests/fire/use_cases.py`); what the two pass is in `tests/fire/two_people.py`.
"""

import inspect
from collections.abc import AsyncIterator
from itertools import combinations_with_replacement

import pytest

from domain.core.refusals import AlreadyDone
from tests.fire.busy_firm import BusyFirm
from tests.fire.two_bots import Act, Outcome, TwoBots, strange, two_bots
from tests.fire.two_people import does, of_noun
from tests.fire.use_cases import TRIED, USE_CASES
from tests.nouns import gathered
from tests.scenes import PostgresScenes

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]

ONLY_LOOK = {
    "ExportDesk.export",
    "ImportDesk.acting",
    "ImportDesk.rehearse",
    "PeopleDesk.granted_groups",
    "PeopleDesk.introduce",
    "PeopleDesk.names",
    "PeopleDesk.unheard_of",
    "PeopleDesk.workspace",
    "UpkeepDesk.database_now",
    "UpkeepDesk.find_dangling",
    "UpkeepDesk.mend_audit",
    "UpkeepDesk.verify_audit",
}
"""Use cases that change nothing, beside those that are marked `reads` and `reads_slowly`."""
NOTHING_HERE = {"LeadEditDesk.take_back", "UpkeepDesk.catch_up", "UpkeepDesk.seal_token"}
"""Use cases with nothing to do here: all leads are older than the minutes to take one back, no clock was set back, and there is no key."""
JOBS = ("TaskDesk.claim", "TimerDesk.fire", "UpkeepDesk.sweep_reminders")
"""Use cases that no person can call, and that both bots may come to at the moment somebody does something."""
OF_DELIVERY = "DeliveryDesk."
"""What is done with a message, which is one process's alone until its lease ends."""
NOUNS = {
    "account_id": {"account"},
    "contact_id": {"account"},
    "deal_id": {"deal"},
    "goes_id": {"account"},
    "lead_id": {"lead"},
    "operation_id": {"account", "deal", "lead"},
    "reminder_id": {"account", "deal", "lead"},
}
"""The nouns whose record an argument of this name leads to, besides what nouns say in `RECORDS`."""
ALSO = {
    "AccountDesk.ask_refresh": {"account"},
    "DealChannelDesk.note_fate": {"deal"},
    "ImportDesk.carry_out": {"account"},
    "LeadDesk.capture": {"account", "lead"},
    "LeadDesk.claim": {"account"},
    "LeadDesk.hand_to_sales": {"account"},
    "LeadEditDesk.edit": {"account"},
    "LeadEditDesk.note_fate": {"lead"},
    "TaskDesk.claim": {"deal"},
    "TimerDesk.fire": {"AskedImportDesk"},
    "UpkeepDesk.sweep_reminders": {"account", "deal", "lead"},
}
"""Nouns that arguments do not tell."""


def writing() -> list[str]:
    """The use cases that change something."""
    looking = ("reads.", "reads_slowly.")
    return [
        use_case
        for use_case in sorted({*TRIED, *JOBS})
        if not USE_CASES[use_case][1].__code__.co_qualname.startswith(looking)
        and use_case not in ONLY_LOOK
        and not use_case.startswith(OF_DELIVERY)
    ]


def nouns_of(use_case: str) -> set[str]:
    """The nouns whose record a use case is tried on; where none is known, the name of its desk."""
    known = NOUNS | gathered("RECORDS")
    told = [known.get(name, set()) for name in inspect.signature(USE_CASES[use_case][1]).parameters]
    return ALSO.get(use_case, set()).union(*told) or {use_case.partition(".")[0]}


IN_MANY_TRANSACTIONS = "ImportDesk.carry_out"
"""A use case of many transactions: whoever comes to the same file meanwhile is told that somebody is at it."""
SAMPLED = 16
"""Of so many pairs of two different use cases, one is tried in the quick suite."""
PAIRS = sorted(
    (noun, one, other)
    for noun in set().union(*map(nouns_of, writing()))
    for one, other in combinations_with_replacement([one for one in writing() if noun in nouns_of(one)], 2)
)


@pytest.fixture
async def both(postgres_scenes: PostgresScenes) -> AsyncIterator[tuple[TwoBots, BusyFirm]]:
    """Two bots at the busy firm."""
    async with two_bots(postgres_scenes) as bots_and_firm:
        yield bots_and_firm


def the_two(noun: str, one: str, other: str, busy: BusyFirm) -> list[Act]:
    """What the two do."""
    busy = of_noun(busy, noun)
    if {"LeadDesk.claim", "LeadDesk.hand_to_sales"} & {one, other}:
        busy = busy.with_rows(leads=busy.others["free lead"])
    return [does(one, busy), does(other, busy, is_second=True)]


def is_turned_away(outcome: Outcome, orders: list[Outcome]) -> bool:
    """Whether one did what there was to do, and the other was told that somebody is at it."""
    turned = [isinstance(one, AlreadyDone) for one in outcome.came_to]
    return sorted(turned) == [False, True] and outcome.state in [order.state for order in orders]


async def check(both: tuple[TwoBots, BusyFirm], pairs: list[tuple[str, str, str]], rounds: int) -> None:
    """Try pairs, and fail with those of which something comes that comes of no order."""
    bots, busy = both
    found = []
    for noun, one, other in pairs:
        acts = the_two(noun, one, other, busy)
        orders = await bots.orders(acts)
        outcomes = [*orders, *[await bots.at_once(acts) for _round in range(rounds)]]
        if one == other == IN_MANY_TRANSACTIONS:
            outcomes = [outcome for outcome in outcomes if not is_turned_away(outcome, orders)]
        found += [
            f"{one} and {other} of one {noun}:\n{how}" for outcome in outcomes if (how := strange(outcome, orders))
        ]
    assert not found, "\n".join(found)


async def test_each_use_case_changes_something_when_it_is_alone(both: tuple[TwoBots, BusyFirm]) -> None:
    bots, busy = both
    before = await bots.one_by_one([], [])
    for place, use_case in enumerate(name for name in writing() if name not in NOTHING_HERE):
        act = the_two(min(nouns_of(use_case)), use_case, use_case, busy)[place % 2]
        alone = await bots.one_by_one([act], [0])
        assert alone.state != before.state, (
            f"{use_case} comes to {alone.answers}: say in SAID of its noun's file in tests/nouns what it needs to change something"
        )
        assert alone.tickets == []


@pytest.mark.parametrize("noun", sorted({noun for noun, _one, _other in PAIRS}))
async def test_two_people_who_do_the_same_are_as_if_one_came_later(both: tuple[TwoBots, BusyFirm], noun: str) -> None:
    await check(both, [pair for pair in PAIRS if pair[0] == noun and pair[1] == pair[2]], rounds=1)


async def test_two_people_at_one_record_are_as_if_one_came_later(both: tuple[TwoBots, BusyFirm]) -> None:
    await check(both, [pair for pair in PAIRS if pair[1] != pair[2]][::SAMPLED], rounds=1)


@pytest.mark.slow
@pytest.mark.parametrize(("noun", "one"), sorted({(noun, one) for noun, one, _other in PAIRS}))
async def test_any_two_people_at_one_record_are_as_if_one_came_later(
    both: tuple[TwoBots, BusyFirm], noun: str, one: str
) -> None:
    await check(both, [pair for pair in PAIRS if pair[:2] == (noun, one)], rounds=3)
