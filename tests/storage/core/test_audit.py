"""The audit log: whatever is touched by hand afterwards, the chain names it."""

from typing import Any

import pytest
from sqlalchemy import Executable

from storage.schema import audit_events, audit_seals
from storage.unit_of_work import Store
from tests.firm import FirmDesks, found_firm
from usecases.core.maintenance import BATCH

pytestmark = pytest.mark.both


async def by_hand(firm: FirmDesks, statement: Executable) -> Any:
    """Carry a statement out past everything of ours, as somebody with the database's password could."""
    assert isinstance(firm.store, Store)
    return await firm.store.database.write(lambda connection: connection.execute(statement).rowcount)


async def event_ids(firm: FirmDesks) -> list[int]:
    """The ids of the firm's events, in order."""
    assert isinstance(firm.store, Store)
    own = audit_events.select().where(audit_events.c.workspace_id == firm.workspace_id).order_by(audit_events.c.id)
    return await firm.store.database.read(lambda connection: [row.id for row in connection.execute(own)])


@pytest.fixture
async def sealed(firm: FirmDesks) -> FirmDesks:
    """A firm with a handful of events under two seals."""
    lead = await firm.captured()
    firm.clock.advance(minutes=5)
    await firm.upkeep.seal_audit(firm.workspace_id)
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.disqualify(firm.seller, lead.id, "spam", "a robot")
    firm.clock.advance(minutes=5)
    assert await firm.upkeep.seal_audit(firm.workspace_id) == 3
    return firm


async def verified(firm: FirmDesks) -> str | None:
    """What the check says is wrong."""
    return (await firm.upkeep.verify_audit(firm.workspace_id)).wrong


async def test_an_untouched_log_holds(sealed: FirmDesks) -> None:
    check = await sealed.upkeep.verify_audit(sealed.workspace_id)
    assert (check.covered, check.wrong) == (len(await event_ids(sealed)), None)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "he asked me to"},
        {"actor_id": None},
        {"after": {"score": 100}},
        {"subject_id": 999},
        {"event": "lead.won"},
        {"source": "import"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_event_is_named(sealed: FirmDesks, change: dict[str, Any]) -> None:
    victim = (await event_ids(sealed))[-2]
    assert await by_hand(sealed, audit_events.update().where(audit_events.c.id == victim).values(**change)) == 1
    assert await verified(sealed) == f"event {victim} was changed"


async def test_a_change_a_second_long_is_named_too(sealed: FirmDesks) -> None:
    victim = (await event_ids(sealed))[0]
    await by_hand(sealed, audit_events.update().where(audit_events.c.id == victim).values(at=sealed.clock.now()))
    assert await verified(sealed) == f"event {victim} was changed"


@pytest.mark.parametrize("position", [0, 1, -1])
async def test_a_deleted_event_is_named(sealed: FirmDesks, position: int) -> None:
    victim = (await event_ids(sealed))[position]
    await by_hand(sealed, audit_events.delete().where(audit_events.c.id == victim))
    assert await verified(sealed) == f"event {victim} was deleted"


async def test_an_event_slipped_in_between_is_named(firm: FirmDesks) -> None:
    await firm.captured("One")
    other = await found_firm(firm.store, firm.clock, "T0OTHER")
    await firm.captured("Two")
    firm.clock.advance(minutes=5)
    await firm.upkeep.seal_audit(firm.workspace_id)
    slipped = (await event_ids(other))[0]
    moved = audit_events.update().where(audit_events.c.id == slipped).values(workspace_id=firm.workspace_id)
    await by_hand(firm, moved)
    assert await verified(firm) == f"event {slipped} was inserted"


async def test_a_seal_rewritten_to_fit_is_found(sealed: FirmDesks) -> None:
    await by_hand(sealed, audit_seals.update().where(audit_seals.c.number == 1).values(entries=[[1, "0" * 64]]))
    assert await verified(sealed) == "seal 1 was changed itself"


async def test_a_seal_that_is_gone_is_missed(sealed: FirmDesks) -> None:
    await by_hand(sealed, audit_seals.delete().where(audit_seals.c.number == 1))
    assert await verified(sealed) == "seal 2 does not follow the seal before it"


async def test_young_events_wait_because_an_older_one_may_still_be_on_its_way(firm: FirmDesks) -> None:
    await firm.captured()
    firm.clock.advance(seconds=59)
    assert await firm.upkeep.seal_audit(firm.workspace_id) == 0
    firm.clock.advance(seconds=2)
    assert await firm.upkeep.seal_audit(firm.workspace_id) > 0


async def test_events_are_sealed_in_batches_and_each_once(firm: FirmDesks) -> None:
    lead = await firm.captured()
    for answer in ("clear", "vague") * (BATCH // 2 + 5):
        await firm.leads.rescreen(firm.seller, lead.id, {"need": answer})
    firm.clock.advance(minutes=5)
    batches = [await firm.upkeep.seal_audit(firm.workspace_id) for _seal in range(3)]
    assert batches[0] == BATCH
    assert batches[2] == 0
    check = await firm.upkeep.verify_audit(firm.workspace_id)
    assert (check.covered, check.wrong) == (sum(batches), None)


async def test_what_is_refused_leaves_no_event(firm: FirmDesks) -> None:
    lead = await firm.captured()
    before = await event_ids(firm)
    with pytest.raises(Exception, match="Only sales"):
        await firm.leads.claim(firm.consultant, lead.id)
    assert await event_ids(firm) == before
