"""Imports in Slack as tasks: one process's alone, in the transactions of the import itself, and left alone while a terminal is at one."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, NotYet
from domain.files.columns import Reading, Records, Table, read_table
from domain.files.imports import CARRY_OUT_IMPORT, Import, ImportState, NewImport
from domain.files.sheets import read_sheet
from tests.firm import FirmDesks
from usecases.core.operations import MOST_STEPS
from usecases.core.tasks import LEASE, ClaimedTask, TakenOver
from usecases.files.imports import Run

MANY = "name\n" + "".join(f"Company {number}\n" for number in range(60))


class PowerCut(BaseException):
    """What ends a process in the middle of its work."""


def table(content: str = MANY) -> Table:
    """A file as it is imported."""
    return read_table(read_sheet(content.encode()), Records.ACCOUNTS, Reading())


async def claimed(firm: FirmDesks) -> ClaimedTask:
    """The task of going on with the import."""
    [one] = await firm.tasks.claim([CARRY_OUT_IMPORT], 9)
    return one


async def asked(firm: FirmDesks, actor: Actor) -> Import:
    """An import that somebody asked for in Slack."""
    new = NewImport(kind=Records.ACCOUNTS, file="clients.csv", reading=Reading(), slack_file="F1", digest="1")
    return await firm.imports.ask(actor, new)


async def offered(firm: FirmDesks) -> Import:
    """An import that waits for an answer."""
    one = await asked(firm, firm.admin)
    task = await claimed(firm)
    claimed_import = await firm.imports.take_up(task)
    assert claimed_import
    rehearsed = await firm.import_runs.rehearse(claimed_import.actor, table())
    await firm.imports.offer(claimed_import, "1", rehearsed.verdicts)
    await firm.tasks.done(task)
    return await firm.import_runs.find(firm.admin, one.number)


async def under_way(firm: FirmDesks) -> Import:
    """One that was confirmed, and is not begun yet."""
    return await firm.imports.confirm(firm.admin, (await offered(firm)).id)


async def nothing(_run: Run) -> None:
    """Nothing is to be handed back."""


async def test_each_step_that_people_take_has_one_task_and_it_is_over_with_it(firm: FirmDesks) -> None:
    one = await under_way(firm)
    task = await claimed(firm)
    claimed_import = await firm.imports.take_up(task)
    assert claimed_import
    assert (claimed_import.work.state, claimed_import.actor.via) == (ImportState.UNDER_WAY, "import clients.csv")
    run = await firm.import_runs.go_on(claimed_import.actor, claimed_import.work, table(), task, nothing)
    await firm.tasks.done(task)
    assert run.kept
    assert (run.kept.id, run.kept.state, run.kept.done) == (one.id, ImportState.DONE, 60)
    assert await firm.tasks.next_at([CARRY_OUT_IMPORT]) is None


async def test_each_batch_keeps_it_for_longer(firm: FirmDesks) -> None:
    one = await under_way(firm)
    task = await claimed(firm)

    async def wait(_run: Run) -> None:
        firm.clock.advance(seconds=1)
        at = await firm.tasks.next_at([CARRY_OUT_IMPORT])
        assert at == firm.clock.now() - timedelta(seconds=1) + LEASE

    firm.clock.advance(seconds=LEASE.total_seconds() - 1)
    await firm.import_runs.go_on(firm.admin, one, table(), task, wait)


async def test_who_was_held_up_writes_no_row_any_more(firm: FirmDesks) -> None:
    one = await under_way(firm)
    late = await claimed(firm)
    firm.clock.advance(seconds=LEASE.total_seconds())
    heir = await claimed(firm)
    with pytest.raises(TakenOver):
        await firm.import_runs.go_on(firm.admin, one, table(), late, nothing)
    assert await firm.store.read(firm.workspace_id, lambda work: work.accounts.everything()) == []
    run = await firm.import_runs.go_on(firm.admin, one, table(), heir, nothing)
    assert run.done == 60


async def test_what_a_process_is_at_cannot_be_undone_and_can_when_it_let_go(firm: FirmDesks) -> None:
    one = await under_way(firm)
    task = await claimed(firm)
    with pytest.raises(PowerCut):
        await firm.import_runs.go_on(firm.admin, one, table(), task, _dies)
    begun = await firm.import_runs.find(firm.admin, one.number)
    assert begun.operation
    with pytest.raises(NotYet, match="I-1 is still under way"):
        await firm.operations.begin_undo(firm.admin, begun.operation.id)
    await firm.tasks.later(task, "TimeoutError")
    undone = await firm.operations.begin_undo(firm.admin, begun.operation.id)
    assert undone.restored


async def _dies(_run: Run) -> None:
    raise PowerCut


async def test_an_undoing_that_a_terminal_left_is_gone_on_with_when_its_lease_is_over(firm: FirmDesks) -> None:
    content = "name\n" + "".join(f"Firm {number}\n" for number in range(MOST_STEPS))
    new = NewImport(kind=Records.ACCOUNTS, file="clients.csv", reading=Reading(), digest="1")
    run = await firm.import_runs.carry_out(firm.admin, new, table(content))
    assert run.kept
    assert run.kept.operation

    def die(_count: int) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        await firm.operations.undo(firm.admin, run.kept.operation.id, die)
    assert await firm.tasks.next_at([CARRY_OUT_IMPORT]) == firm.clock.now() + LEASE
    firm.clock.advance(seconds=LEASE.total_seconds())
    task = await claimed(firm)
    claimed_import = await firm.imports.take_up(task)
    assert claimed_import
    assert claimed_import.work.state is ImportState.UNDOING
    await firm.operations.go_on_undoing(claimed_import.actor, run.kept.operation.id, task)
    assert await firm.store.read(firm.workspace_id, lambda work: work.accounts.everything()) == []


async def test_what_a_terminal_is_at_is_left_to_it(firm: FirmDesks) -> None:
    one = await asked(firm, firm.admin)
    task = await claimed(firm)
    until = firm.clock.now() + LEASE
    await firm.store.write(firm.workspace_id, lambda work: work.imports.change(one.id, lease_until=until))
    assert await firm.imports.take_up(task) is None
    firm.clock.advance(seconds=LEASE.total_seconds())
    assert await firm.imports.take_up(task)


async def test_an_offer_that_nobody_answers_expires_after_three_working_days(firm: FirmDesks) -> None:
    one = await offered(firm)  # on a Tuesday
    assert one.state is ImportState.OFFERED
    assert await firm.timers.next_at() == datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    firm.clock.moment = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    await firm.timers.fire()
    assert (await firm.import_runs.find(firm.admin, one.number)).state is ImportState.EXPIRED
    for answer in (firm.imports.confirm, firm.imports.cancel):
        with pytest.raises(AlreadyDone, match="The offer of I-1 has expired"):
            await answer(firm.admin, one.id)


@pytest.mark.parametrize("answer", ["confirm", "cancel"])
async def test_an_offer_that_was_answered_does_not(firm: FirmDesks, answer: str) -> None:
    one = await offered(firm)
    answered = await getattr(firm.imports, answer)(firm.admin, one.id)
    assert await firm.timers.next_at() is None
    firm.clock.advance(days=10)
    await firm.timers.fire()
    assert (await firm.import_runs.find(firm.admin, one.number)).state is answered.state
