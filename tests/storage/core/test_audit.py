"""The audit log: whatever is touched by hand afterwards, the chain names it; what two processes did to it by sealing at once is mended."""

from typing import Any

import pytest
from sqlalchemy import Executable, literal_column
from sqlalchemy.dialects import sqlite

from domain.core.audit import Head, NewAuditEvent
from storage.core.audit import END
from storage.engine.database import Database
from storage.schema import audit_events, audit_seals
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import FirmDesks, found_firm
from tests.sealing import ends_of_seals, seal_late
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


@pytest.mark.parametrize("told", ['{"rate": 1.00}', '{"rate":1.0, "rate": 1.00}'])
async def test_a_change_of_the_stored_text_that_reads_the_same_is_named(firm: FirmDesks, told: str) -> None:
    event = NewAuditEvent(event="rate.changed", subject="rate", subject_id=1, after={"rate": 1.0})
    await firm.store.write(firm.workspace_id, lambda work: work.audit.append(None, event))
    firm.clock.advance(minutes=5)
    await firm.upkeep.seal_audit(firm.workspace_id)
    victim = (await event_ids(firm))[-1]
    same = audit_events.update().where(audit_events.c.id == victim).values(after=literal_column(f"'{told}'"))
    await by_hand(firm, same)
    assert await verified(firm) == f"event {victim} was changed"


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


async def test_events_are_missed_that_are_older_than_five_minutes_and_have_no_seal(sealed: FirmDesks) -> None:
    covered = len(await event_ids(sealed))
    await sealed.captured("Borealis AG")
    sealed.clock.advance(minutes=5)
    assert (await sealed.upkeep.verify_audit(sealed.workspace_id)).unsealed == 0
    sealed.clock.advance(seconds=1)
    check = await sealed.upkeep.verify_audit(sealed.workspace_id)
    assert (check.covered, check.wrong, check.unsealed) == (covered, None, len(await event_ids(sealed)) - covered)
    await sealed.upkeep.seal_audit(sealed.workspace_id)
    assert (await sealed.upkeep.verify_audit(sealed.workspace_id)).unsealed == 0


async def test_a_log_that_was_never_sealed_is_missed_whole(firm: FirmDesks) -> None:
    firm.clock.advance(minutes=6)
    check = await firm.upkeep.verify_audit(firm.workspace_id)
    assert check.unsealed == len(await event_ids(firm)) > 0


async def late(firm: FirmDesks, after_seal: int, most: int) -> None:
    """Seal behind the newest seal what was read when `after_seal` was the newest."""

    def body(work: UnitOfWork) -> None:
        seal_late(ends_of_seals(work)[after_seal], most, work)

    await firm.store.write(firm.workspace_id, body)


async def heads(firm: FirmDesks) -> list[Head]:
    """The heads that somebody could have kept."""
    links = await firm.store.read(firm.workspace_id, lambda work: work.audit.seals_after(0, 100))
    return [Head(workspace_id=link.workspace_id, number=link.number, hash=link.hash) for link in links]


@pytest.fixture
async def raced(sealed: FirmDesks) -> FirmDesks:
    """A chain of three seals, of which the last repeats two of the second one's three events."""
    await late(sealed, after_seal=1, most=2)
    return sealed


async def test_a_chain_broken_by_two_who_sealed_at_once_is_mended_and_the_log_says_so(raced: FirmDesks) -> None:
    known, kept = await event_ids(raced), await heads(raced)
    assert await verified(raced) == (
        f"seal 3 repeats events {known[-3]} to {known[-2]}, as two processes sealed them at once: run `rainmaker audit mend`"
    )
    mended = (await raced.upkeep.mend_audit(raced.workspace_id)).repeats
    assert [repeat.number for repeat in mended] == [3]
    check = await raced.upkeep.verify_audit(raced.workspace_id, kept)
    assert (check.covered, check.wrong, check.head) == (len(known), None, kept[-1])
    [told] = await raced.store.read(raced.workspace_id, lambda work: work.audit.about("seal", 3))
    assert (told.event, told.source, told.reason) == (
        "audit.mended",
        "rainmaker",
        "Two processes sealed the same events at once.",
    )
    assert told.after == {"hash": kept[-1].hash, "repeats_from": known[-3], "repeats_to": known[-2]}


async def test_mending_again_says_nothing_more(raced: FirmDesks) -> None:
    await raced.upkeep.mend_audit(raced.workspace_id)
    known = await event_ids(raced)
    assert (await raced.upkeep.mend_audit(raced.workspace_id)).repeats == ()
    assert await event_ids(raced) == known


async def test_sealing_goes_on_above_all_that_is_covered_and_covers_the_mending_too(raced: FirmDesks) -> None:
    known = await event_ids(raced)
    await raced.upkeep.mend_audit(raced.workspace_id)
    raced.clock.advance(minutes=5)
    assert await raced.upkeep.seal_audit(raced.workspace_id) == 1
    check = await raced.upkeep.verify_audit(raced.workspace_id)
    assert (check.covered, check.wrong, check.repeats) == (len(known) + 1, None, ())


async def test_a_repeat_made_after_a_mending_is_mended_by_itself(raced: FirmDesks) -> None:
    await raced.upkeep.mend_audit(raced.workspace_id)
    await late(raced, after_seal=0, most=1)
    mended = (await raced.upkeep.mend_audit(raced.workspace_id)).repeats
    assert [repeat.number for repeat in mended] == [4]
    assert await verified(raced) is None


async def test_a_chain_that_was_touched_besides_is_not_mended(raced: FirmDesks) -> None:
    victim = (await event_ids(raced))[-2]
    await by_hand(raced, audit_events.update().where(audit_events.c.id == victim).values(reason="invented"))
    known = await event_ids(raced)
    check = await raced.upkeep.mend_audit(raced.workspace_id)
    assert (check.wrong, check.repeats) == (f"event {victim} was changed", ())
    assert await event_ids(raced) == known


async def test_a_seal_that_was_changed_after_it_was_mended_is_found(raced: FirmDesks) -> None:
    await raced.upkeep.mend_audit(raced.workspace_id)
    await by_hand(raced, audit_seals.update().where(audit_seals.c.number == 3).values(entries=[[1, "0" * 64]]))
    assert await verified(raced) == "seal 3 was changed itself"


async def test_what_is_refused_leaves_no_event(firm: FirmDesks) -> None:
    lead = await firm.captured()
    before = await event_ids(firm)
    with pytest.raises(Exception, match="Only sales"):
        await firm.leads.claim(firm.consultant, lead.id)
    assert await event_ids(firm) == before


async def test_where_a_chain_ends_is_found_without_reading_it(sqlite_database: Database) -> None:
    asked = str(END.compile(dialect=sqlite.dialect()))
    plan = await sqlite_database.read(
        lambda connection: connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("T1",) * asked.count("?")).all()
    )
    assert [row.detail for row in plan if "SCAN" in row.detail] == []
