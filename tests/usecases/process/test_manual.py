"""The process itself: the playbook in force is kept, and another one is told of, on both databases."""

import asyncio
from pathlib import Path

import pytest

from domain.core.refusals import NotAllowed, NotFound
from domain.playbook.playbook import Playbook
from domain.playbook.versions import PlaybookChanged
from tests.domain.playbooks import changed
from tests.firm import WHOLE, FirmDesks, found_firm
from usecases.process.manual import ProcessDesk


def newer(folder: Path) -> Playbook:
    """The default playbook with one thing said otherwise."""
    return changed(folder, "care", "reminders = 2", "reminders = 3")


async def told(firm: FirmDesks) -> list[tuple[int | None, PlaybookChanged]]:
    """Who was told of which change."""
    found = [(row.destination.member_id, row.message) for row in await firm.told()]
    return [(member_id, message) for member_id, message in found if isinstance(message, PlaybookChanged)]


async def test_the_playbook_is_kept_once_and_its_first_loading_is_no_news_to_anybody(firm: FirmDesks) -> None:
    assert await firm.process.keep(firm.workspace_id) is True
    began = firm.clock.now()
    firm.clock.advance(days=1)
    assert await firm.process.keep(firm.workspace_id) is False
    kept = await firm.store.read(firm.workspace_id, lambda work: work.playbooks.current())
    assert kept is not None
    assert (kept.playbook, kept.loaded_at, kept.current_since) == (WHOLE, began, began)
    assert await told(firm) == []


async def test_each_admin_is_told_once_of_another_playbook(firm: FirmDesks, tmp_path: Path) -> None:
    await firm.process.keep(firm.workspace_id)
    firm.clock.advance(days=1)
    after = ProcessDesk(firm.store, newer(tmp_path))
    assert await after.keep(firm.workspace_id) is True
    assert await after.keep(firm.workspace_id) is False
    change = PlaybookChanged(old_version=WHOLE.digest, new_version=after.playbook.digest)
    assert await told(firm) == [(firm.admin.member_id, change)]
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.about("playbook", 0))
    assert [(event.event, event.after) for event in events] == [
        ("playbook.put_in_force", {"version": WHOLE.digest}),
        ("playbook.put_in_force", {"version": after.playbook.digest}),
    ]


async def test_going_back_to_an_earlier_playbook_is_a_change_too(firm: FirmDesks, tmp_path: Path) -> None:
    after = ProcessDesk(firm.store, newer(tmp_path))
    for desk in (firm.process, after, firm.process, after):
        await desk.keep(firm.workspace_id)
        firm.clock.advance(days=1)
    assert [message.new_version for _who, message in await told(firm)] == [
        after.playbook.digest,
        WHOLE.digest,
        after.playbook.digest,
    ]
    first = await firm.store.read(firm.workspace_id, lambda work: work.playbooks.get(WHOLE.digest))
    assert (first.current_since - first.loaded_at).days == 2


@pytest.mark.both
async def test_of_replicas_that_start_together_one_tells(firm: FirmDesks, tmp_path: Path) -> None:
    await firm.process.keep(firm.workspace_id)
    firm.clock.advance(days=1)
    replicas = [ProcessDesk(firm.store, newer(tmp_path)) for _replica in range(5)]
    news = await asyncio.gather(*(replica.keep(firm.workspace_id) for replica in replicas))
    assert sorted(news) == [False, False, False, False, True]
    firm.clock.advance(days=1)
    back = await asyncio.gather(*(firm.process.keep(firm.workspace_id) for _replica in range(5)))
    assert sorted(back) == [False, False, False, False, True]
    assert len(await told(firm)) == 2


async def test_each_workspace_keeps_its_own(firm: FirmDesks) -> None:
    other = await found_firm(firm.store, firm.clock, "T0PARIS")
    await firm.process.keep(firm.workspace_id)
    assert await firm.store.read(other.workspace_id, lambda work: work.playbooks.current()) is None


async def test_colleagues_read_the_process_and_guests_do_not(firm: FirmDesks) -> None:
    section = await firm.process.show(firm.consultant, "proposal")
    assert section.title == "Proposal"
    assert [hit.section.id for hit in await firm.process.search(firm.consultant, "Proposal") if hit.is_named] == [
        "proposal"
    ]
    for refused in (firm.process.show(firm.guest, "proposal"), firm.process.search(firm.guest, "x")):
        with pytest.raises(NotAllowed, match="Guests can't see the process"):
            await refused
    with pytest.raises(NotAllowed):
        await firm.process.check(firm.guest)


async def test_a_stage_that_the_playbook_does_not_have_is_not_found(firm: FirmDesks) -> None:
    with pytest.raises(NotFound, match="this part of the process"):
        await firm.process.show(firm.seller, "gone")
