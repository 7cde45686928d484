"""One time limit is edited in one file of the playbook: gate, stage page, reminder, exceptions, manual and chart all go by it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.core.reminders import ReminderState
from domain.playbook.loading import load_playbook
from domain.playbook.playbook import Playbook
from domain.playbook.stages import Stage
from domain.sales.deals import DealPlan, DealStageOver
from domain.sales.exceptions import Lapse
from tests.bot.test_playbook_commands import rainmaker
from tests.domain.playbooks import DEFAULT, copy_with
from tests.firm import FirmDesks
from tests.usecases.sales.test_deals import PLAN, ready_lead
from usecases.core.facts import fact_of
from usecases.process.manual import ProcessDesk
from usecases.sales.deals import DealDesk
from views.messages import compose
from views.playbook.process_chart import normal_days, process_chart
from views.process.sections import section_page

OLD, NEW = 'limit = "10 working days"', 'limit = "12 working days"'
"""Of the first talk, where the file says it first."""
NO_SOONER: DealPlan = replace(PLAN, next_step="Call", next_on=date(2026, 5, 4))


@pytest.fixture(params=[OLD, NEW], ids=["as it is", "edited"])
def days(request: pytest.FixtureRequest) -> int:
    """The working days of the first talk."""
    return 10 if request.param == OLD else 12


@pytest.fixture
def folder(days: int, tmp_path: Path) -> Path:
    """The folder with the playbook, of which one line may have been edited."""
    return DEFAULT if days == 10 else copy_with(tmp_path, "sales", OLD, NEW)


TOLD = {10: datetime(2026, 3, 18, 9, 0, tzinfo=UTC), 12: datetime(2026, 3, 20, 9, 0, tzinfo=UTC)}
"""The working morning after the limit of a stage entered on Tuesday 3 March."""


async def test_one_edited_limit_changes_all_that_goes_by_it(
    firm: FirmDesks, days: int, folder: Path, tmp_path: Path
) -> None:
    whole, limit = load_playbook(folder), f"{days} working days"
    await ProcessDesk(firm.store, whole).keep(firm.workspace_id)
    deals, manager = DealDesk(firm.store, whole), await firm.with_manager()
    deal = (await deals.qualify(firm.seller, (await ready_lead(firm)).id, NO_SOONER)).deal

    reminder = await firm.store.read(
        firm.workspace_id, lambda work: work.reminders.open_for(DealStageOver.kind, deal.id)
    )
    assert reminder
    assert reminder.due_at == TOLD[days]
    firm.clock.moment = TOLD[days]
    while await firm.upkeep.sweep_reminders():
        pass
    subject = await firm.store.read(firm.workspace_id, lambda work: fact_of(work, "reminder_id", reminder.id))
    assert subject.reminder.state is ReminderState.TOLD
    message = str(compose("DealStageOver", {"reminder": subject}, whole.sales))
    assert f"the process gives it {limit}" in message
    assert "Needed for Needs analysis" in message

    assert (await firm.exceptions.show(manager)).deals.total == 0
    firm.clock.advance(days=3)  # over a week-end or not, a working day later
    [one] = (await firm.exceptions.show(manager)).deals.worst
    assert one.lapses == (Lapse.STAGE_OVER,)

    assert limit in str(section_page(stage_of(whole), whole))
    code, _said = rainmaker("manual", "--out", str(tmp_path / "manual"), RAINMAKER_PLAYBOOK=str(folder))
    assert code == 0
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "manual").iterdir()}
    section = pages["sales.md"].partition("## First talk")[2].partition("\n## ")[0]
    assert limit in section
    chart = next(
        line for page in pages.values() for line in page.splitlines() if line.strip().startswith("first_talk[")
    )
    assert limit in chart

    assert normal_days(stage_of(whole)) == days
    eleven = replace(await deals.position(firm.seller, deal.id), days=11)
    assert (process_chart(whole, eleven) == process_chart(load_playbook(DEFAULT), eleven)) == (days == 10)


def stage_of(whole: Playbook) -> Stage:
    """The first talk."""
    found = whole.stage("first_talk")
    assert found
    return found
