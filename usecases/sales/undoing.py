"""What undoing means for accounts, leads and deals: cards are redrawn, reminders and channels follow, and no gate is jumped."""

from collections.abc import Iterator
from contextlib import suppress

from domain.core.language import _
from domain.core.operations import Piece
from domain.core.refusals import NotFound, NotYet, RuleBroken
from domain.playbook.gates import GateClosed, check_stands
from domain.sales.deal_route import standing_of
from storage.unit_of_work import UnitOfWork
from usecases.core.operations import Undoing, undoing
from usecases.playbook.evidence import met
from usecases.sales import deal_reminders, lead_reminders
from usecases.sales.account_upkeep import redraw_account
from usecases.sales.channels import follow_undone
from usecases.sales.deal_pages import sales_called


@undoing("account")
class UndoneAccount(Undoing):
    """Something of an account; a merge may have moved deals."""

    def after(self, piece: Piece) -> None:
        """Redraw what shows the account."""
        redraw_account(self.work, self.operation.subject_id)
        follow_undone(self.work, [row_id for table, row_id in piece.met if table == "deals"])


@undoing("lead")
class UndoneLead(Undoing):
    """Something of a lead, which a gate of its deal may look at."""

    def after(self, piece: Piece) -> None:
        """Refuse where a deal would stand behind a shut gate; a lead that has no owner again is told of every week."""
        _check_deals(self.work, piece)
        for lead_id in sorted(row_id for table, row_id in piece.met if table == "leads"):
            lead_reminders.watch(self.work, self.work.leads.get(lead_id))
        follow_undone(self.work, [row_id for table, row_id in piece.met if table == "deals"])


@undoing("deal")
class UndoneDeal(UndoneLead):
    """Something of a deal, perhaps only a part, such as a promise."""

    def before(self) -> None:
        """See what its owner is to be reminded of."""
        self.watched = deal_reminders.watch(self.work, self.operation.subject_id)

    def after(self, piece: Piece) -> None:
        """Keep reminders and cards true to the deal."""
        super().after(piece)
        deal_reminders.settle(self.work, self.actor, self.operation.subject_id, self.watched)
        self.work.outbox.refresh_cards("deal", self.operation.subject_id)


def _check_deals(work: UnitOfWork, piece: Piece) -> None:
    """Refuse what would leave a deal off its route, or behind a gate that is shut by now.

    Raises NotYet.
    """
    for deal_id in sorted(set(_deals_met(work, piece))):
        deal = work.deals.get(deal_id)
        rules = sales_called(work, deal.progress.playbook) if deal.progress else None
        if rules and deal.is_running:
            standing = standing_of(deal, rules)
            try:
                check_stands(standing, met(work, "deal", deal_id, standing.asked))
            except (GateClosed, RuleBroken) as refused:
                raise NotYet(_("This cannot be undone now. {why}").format(why=refused.sentence)) from refused


def _deals_met(work: UnitOfWork, piece: Piece) -> Iterator[int]:
    """The deals that undoing has met and that are still there, and those of the leads it has met."""
    for table, row_id in piece.met:
        with suppress(NotFound):
            if table == "deals":
                yield work.deals.get(row_id).id
            elif table == "leads" and (deal_id := work.leads.get(row_id).deal_id):
                yield deal_id
