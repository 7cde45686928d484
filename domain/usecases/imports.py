"""Imports of accounts and leads from a file, in small transactions, and their export."""

import asyncio
from collections.abc import Callable, Sequence

from domain.accounts import Account, Contact, NewAccount, NewContact, same_person
from domain.exports import account_file, lead_file
from domain.imports import (
    Fate,
    Records,
    Remark,
    Row,
    Verdict,
    account_in,
    completed,
    completed_person,
    lead_in,
    likenesses,
    owner_in,
    refused,
    same_lead,
)
from domain.language import _
from domain.leads import NewLead
from domain.people import MAY, Actor, Deed, Member, Person, Role
from domain.playbook import SalesPlaybook
from domain.ports import Store, Work
from domain.refusals import FormRefused, NotFound, RuleBroken
from domain.usecases.books import Books, Imagined, RehearsedBooks
from domain.usecases.desk import Desk, reads, record, require, writes

BATCH = 20
"""Rows in one transaction: few, because on SQLite everybody else waits until it is over."""
PAUSE_SECONDS = 0.03
"""How long others have the database to themselves between two batches: longer than a process that waits for SQLite takes to look
again. Without it the import would have the lock again before the bot looked."""

Progress = Callable[[int], None]


class ImportDesk(Desk):
    """The use cases of files. Every row is decided by itself, so that one bad row holds up no other."""

    def __init__(self, store: Store, playbook: SalesPlaybook, nudge: Callable[[], None] = lambda: None) -> None:
        super().__init__(store, nudge)
        self.playbook = playbook

    async def acting(self, workspace_id: str, slack_id: str | None, source: str) -> Actor:
        """The person in whose name files are imported and exported: the one named, or else the first admin.

        Raises NotFound, RuleBroken when nobody is admin.
        """

        def body(work: Work) -> Actor:
            wanted = slack_id or _first_admin(work)
            actor = work.members.actor(wanted)
            if actor is None:
                raise NotFound(wanted)
            require(work, actor, Deed.IMPORT_RECORDS)
            return actor.within(source, None)

        return await self.store.read(workspace_id, body)

    async def accounts(
        self, actor: Actor, rows: Sequence[Row], *, is_rehearsal: bool = False, progress: Progress = lambda _count: None
    ) -> list[Verdict]:
        """Make an account of each row, or complete the one with its name; a rehearsal only says what would become of them.

        Raises NotAllowed.
        """

        def prepare(work: Work, books: Books) -> Callable[[Row], Verdict]:
            home = work.workspaces.get().country
            return lambda row: _take_account(books, row, *account_in(row, home, actor.source))

        return await self._in_batches(actor, rows, prepare, is_rehearsal, progress)

    async def leads(
        self,
        actor: Actor,
        rows: Sequence[Row],
        *,
        channel: str | None = None,
        is_rehearsal: bool = False,
        progress: Progress = lambda _count: None,
    ) -> list[Verdict]:
        """Make a lead of each row, unless its account has the same one; `channel` is where leads came from that do not say so.

        Raises NotAllowed.
        """

        def prepare(work: Work, books: Books) -> Callable[[Row], Verdict]:
            home = work.workspaces.get().country
            able = [member for member in work.members.with_roles(MAY[Deed.CLAIM_LEAD]) if member.is_colleague]
            return lambda row: _take_lead(books, row, lead_in(row, channel, self.playbook, home), able)

        return await self._in_batches(actor, rows, prepare, is_rehearsal, progress)

    async def _in_batches(
        self,
        actor: Actor,
        rows: Sequence[Row],
        prepare: Callable[[Work, Books], Callable[[Row], Verdict]],
        is_rehearsal: bool,
        progress: Progress,
    ) -> list[Verdict]:
        imagined, verdicts = Imagined(), list[Verdict]()

        def body(work: Work) -> list[Verdict]:
            require(work, actor, Deed.IMPORT_RECORDS)
            books = (
                RehearsedBooks(work, actor, self.playbook, imagined)
                if is_rehearsal
                else Books(work, actor, self.playbook)
            )
            take = prepare(work, books)
            return [_verdict(take, row) for row in batch]

        carry_out = self.store.read if is_rehearsal else self.store.write
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            verdicts += await carry_out(actor.workspace_id, body)
            progress(len(batch))
            if not is_rehearsal and start + BATCH < len(rows):
                await asyncio.sleep(PAUSE_SECONDS)
        self.nudge()
        return verdicts

    async def export(self, actor: Actor, kind: Records) -> tuple[bytes, int]:
        """All records of one kind as a CSV file, and how many; the log keeps who took them out.

        Raises NotAllowed.
        """
        content, count = await self._file(actor, kind)
        await self._note_export(actor, kind, count)
        return content, count

    @reads
    def _file(self, work: Work, actor: Actor, kind: Records) -> tuple[bytes, int]:
        require(work, actor, Deed.IMPORT_RECORDS)
        if kind is Records.ACCOUNTS:
            accounts = work.accounts.everything()
            return account_file(accounts), len(accounts)
        leads = work.leads.everything()
        return lead_file(leads), len(leads)

    @writes
    def _note_export(self, work: Work, actor: Actor, kind: Records, count: int) -> None:
        record(work, actor, f"member.exported_{kind.value}", actor.member_id, after={"count": count})


def _first_admin(work: Work) -> str:
    """The Slack id of the admin who installed the app, or else of the first by name."""
    admins = [member.slack_id for member in work.members.with_roles({Role.ADMIN})]
    if not admins:
        raise RuleBroken(_("Nobody is admin of this workspace: say who acts with --as and their Slack id."))
    installer = work.workspaces.get().installed_by
    return installer if installer in admins else admins[0]


def _verdict(take: Callable[[Row], Verdict], row: Row) -> Verdict:
    try:
        return take(row)
    except (RuleBroken, FormRefused) as refusal:
        return refused(row, refusal)


def _take_account(books: Books, row: Row, new: NewAccount, contact: NewContact) -> Verdict:
    known = books.account_named(new.name)
    if known is None:
        account, remarks = _make_account(books, new, contact, field="name")
        if not contact.is_empty:
            books.keep_person(account, contact)
        return Verdict(row=row, fate=Fate.MADE, remarks=tuple(remarks))
    said_more, remarks = _complete_account(books, known, new)
    _person, is_news, about_person = _meet(books, known, contact)
    fate = Fate.COMPLETED if said_more or is_news else Fate.THERE
    return Verdict(row=row, fate=fate, remarks=(*remarks, *about_person))


def _take_lead(books: Books, row: Row, new: NewLead, able: Sequence[Member]) -> Verdict:
    company = NewAccount(name=new.company, industry=new.industry, history=new.history, source=books.actor.source)
    owner, remarks = _owner(row.texts.get("owner"), able)
    account = books.account_named(company.name)
    if account is None:
        account, about_account = _make_account(books, company, new.contact, field="company")
    elif same_lead(new, books.leads_of(account)):
        return Verdict(row=row, fate=Fate.THERE)
    else:
        _said_more, about_account = _complete_account(books, account, company)
    person, _is_news, about_person = _meet(books, account, new.contact)
    books.add_lead(new, account, person, owner)
    return Verdict(row=row, fate=Fate.MADE, remarks=(*remarks, *about_account, *about_person))


def _make_account(books: Books, new: NewAccount, contact: NewContact, field: str) -> tuple[Account, list[Remark]]:
    """A new account, and which others it looks like: an import must not stop for a question."""
    alike = books.accounts_like(new.name, contact)
    return books.add_account(new), likenesses(field, new.name, alike)


def _complete_account(books: Books, known: Account, new: NewAccount) -> tuple[bool, list[Remark]]:
    """Whether the account knew less than the row, and where they differ."""
    filled, remarks = completed(known, new)
    if filled != known:
        books.complete_account(known, filled)
    return filled != known, remarks


def _meet(books: Books, account: Account, new: NewContact) -> tuple[Contact | None, bool, list[Remark]]:
    """The row's contact as the account knows them from now on, whether that is more than before, and where they differ."""
    if new.is_empty:
        return None, False, []
    known = same_person(new, books.people_at(account))
    if known is None:
        return books.keep_person(account, new), True, []
    filled, remarks = completed_person(known, new)
    if (filled.name, filled.email, filled.phone) == (known.name, known.email, known.phone):
        return known, False, remarks
    return books.keep_person(account, filled), True, remarks


def _owner(text: str | None, able: Sequence[Member]) -> tuple[Person | None, list[Remark]]:
    if text is None:
        return None, []
    owner = owner_in(text, able)
    if owner:
        return owner.person, []
    sentence = _("is nobody who may own leads, or several people: left without an owner")
    return None, [Remark(field="owner", value=text, sentence=sentence)]
