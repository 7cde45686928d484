"""Exports: all records of one kind as a file that an import reads back to the same state."""

from domain.core.people import Actor
from domain.files.columns import Records
from domain.files.exports import account_file, contact_file, deal_file, lead_file
from domain.files.imports import IMPORT_RECORDS
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, record, writes


class ExportDesk(Desk):
    """The use cases of files that go out."""

    async def export(self, actor: Actor, kind: Records) -> tuple[bytes, int]:
        """All records of one kind as a CSV file, and how many; the log keeps who took them out.

        Raises NotAllowed.
        """
        content, count = await self._file(actor, kind)
        await self._note_export(actor, kind, count)
        return content, count

    @reads
    def _file(self, work: UnitOfWork, actor: Actor, kind: Records) -> tuple[bytes, int]:
        check_permission(work, actor, IMPORT_RECORDS)
        accounts = work.accounts.everything()
        if kind is Records.ACCOUNTS:
            owners = {account.owner_id for account, _people in accounts if account.owner_id is not None}
            names = {owner_id: work.members.get(owner_id).name for owner_id in owners}
            return account_file(accounts, names), len(accounts)
        if kind is Records.CONTACTS:
            return contact_file(accounts), sum(len(people) for _account, people in accounts)
        if kind is Records.DEALS:
            deals = work.deals.everything()
            return deal_file(deals, accounts), len(deals)
        leads = [lead for lead in work.leads.everything() if lead.merged_into_id is None]
        return lead_file(leads, accounts), len(leads)

    @writes
    def _note_export(self, work: UnitOfWork, actor: Actor, kind: Records, count: int) -> None:
        record(work, actor, f"member.exported_{kind.value}", actor.member_id, after={"count": count})
