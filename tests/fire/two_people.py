"""What two people pass to use cases at the same moment: the same record, and words of their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.core.people import Profile, Role, RoleGrant
from domain.core.reminders import Snooze
from domain.files.columns import Columns, Reading, Records, Table
from domain.files.imports import NewImport
from domain.files.rows import Row
from domain.sales.accounts import AccountEdit, NewContact
from domain.sales.deals import DealPlan
from domain.sales.documents import Needs
from domain.sales.leads import NewLead, NewTouch, TouchKind
from domain.sales.meetings import NewMeeting
from domain.sales.promises import NewPromise
from storage.unit_of_work import Store
from tests.fire.busy_firm import A_DAY, ANOTHER_DAY, DEAL_CHANNEL, GROUP, MESSAGE, BusyFirm
from tests.fire.neighbours import almighty
from tests.fire.two_bots import Act
from tests.fire.use_cases import Passed, tried
from tests.firm import FirmDesks
from usecases.core.absences import AbsenceEntry

NOVUM = Row(number=2, cells=("Novum Ltd",), texts={"name": "Novum Ltd"})


def is_first(ours: FirmDesks, busy: Any) -> bool:
    """Whether it is the first of the two."""
    return bool(ours.seller == busy.desks.seller)


def either(first: Any, second: Any) -> Passed:
    """The one for the first of them, the other for the second."""
    return lambda ours, busy: first if is_first(ours, busy) else second


def crosswise(one: Passed, other: Passed) -> tuple[Passed, Passed]:
    """Two records for the first, and the same for the second the other way round."""
    return (
        lambda ours, busy: (one if is_first(ours, busy) else other)(ours, busy),
        lambda ours, busy: (other if is_first(ours, busy) else one)(ours, busy),
    )


def other(what: str) -> Passed:
    """One of the firm's further rows."""
    return lambda _ours, busy: busy.others[what]


def row(table: str) -> Passed:
    """The row of a table that is worked on."""
    return lambda _ours, busy: busy.id_of(table)


_ACCOUNTS = crosswise(row("accounts"), other("other account"))
_CONTACTS = crosswise(row("contacts"), other("other contact"))
_LEADS = crosswise(row("leads"), other("other lead"))


def words(ours: FirmDesks, _busy: Any = None) -> str:
    """Words that only one of the two says."""
    return f"said by {ours.seller.name}"


def grants(ours: FirmDesks, _busy: Any) -> tuple[RoleGrant, ...]:
    """The admin stays, and whoever grants roles sells alone."""
    admin, seller = ours.admin.slack_id, ours.seller.slack_id
    return RoleGrant(role=Role.ADMIN, grantee=admin), RoleGrant(role=Role.SALES, grantee=seller)


SAID: Mapping[str, Passed] = {
    "answers": either({"need": "clear", "budget": "set"}, {"need": "vague"}),
    "day": either(A_DAY + timedelta(days=4), ANOTHER_DAY + timedelta(days=4)),
    "reason": either("no_budget", "no_need"),
    "DealDesk.lose.reason": either("no_budget", "timing"),
    "DealDesk.choose_variant.reason": words,
    "DealDesk.move.reason": words,
    "remark": words,
    "note": words,
    "how": words,
    "answer": words,
    "choice": either(Snooze.HOUR, Snooze.TOMORROW),
    "to": lambda ours, busy: (ours.other_seller if is_first(ours, busy) else ours.consultant).slack_id,
    "leads_channel": either("C0LEADS", "C0SALES"),
    "country": either("GB", "DE"),
    "channel": lambda _ours, _busy: DEAL_CHANNEL,
    "LeadEditDesk.note_fate.channel": lambda _ours, _busy: MESSAGE.channel,
    "ts": lambda _ours, _busy: MESSAGE.ts,
    "slack_ids": lambda ours, _busy: [ours.consultant.slack_id],
    "PeopleDesk.follow_group.slack_ids": lambda ours, _busy: [ours.seller.slack_id],
    "added": lambda ours, _busy: [ours.seller.slack_id],
    "removed": lambda ours, _busy: [ours.consultant.slack_id],
    "group_id": lambda _ours, _busy: GROUP,
    "groups": lambda ours, _busy: {GROUP: [ours.seller.slack_id]},
    "grants": grants,
    "stays_id": _ACCOUNTS[0],
    "goes_id": _ACCOUNTS[1],
    "AccountDesk.merge_contacts.stays_id": _CONTACTS[0],
    "AccountDesk.merge_contacts.goes_id": _CONTACTS[1],
    "LeadEditDesk.take_back.lead_id": lambda _ours, busy: busy.others["free lead"],
    "LeadEditDesk.merge.lead_id": _LEADS[0],
    "LeadEditDesk.merge.other_id": _LEADS[1],
    "joins_id": lambda _ours, _busy: None,
    "variant_id": either("major", "light"),
    "stage_id": lambda _ours, _busy: "analysis",
    "feedback_id": row("process_feedback"),
    "LeadDesk.capture.new": lambda ours, _busy: NewLead(company="Novum Ltd", source="web", said=words(ours)),
    "LeadEditDesk.edit.new": lambda ours, _busy: NewLead(
        company="Acme Ltd", source="web", said=words(ours), contact=NewContact(name=words(ours))
    ),
    "DealDesk.log_touch.new": lambda ours, _busy: touch(ours),
    "LeadDesk.log_touch.new": lambda ours, _busy: touch(ours),
    "MeetingDesk.log.new": lambda ours, _busy: touch(ours),
    "AccountDesk.add_contact.new": lambda _ours, _busy: NewContact(name="Kim New", email="kim@acme.example"),
    "said": lambda ours, _busy: NewContact(name=words(ours)),
    "plan": lambda ours, _busy: DealPlan(title=words(ours), next_step=words(ours), next_on=A_DAY + timedelta(days=4)),
    "MeetingDesk.plan.new": lambda ours, _busy: meeting(ours),
    "MeetingDesk.move.new": lambda ours, _busy: meeting(ours),
    "needs": lambda ours, _busy: Needs(needs=words(ours), pains=words(ours), goals=words(ours)),
    "PromiseDesk.note.new": lambda ours, _busy: NewPromise(said=words(ours), due_on=A_DAY, origin=MESSAGE),
    "profile": lambda ours, _busy: Profile(slack_id=ours.consultant.slack_id, name=words(ours)),
    "profiles": lambda ours, _busy: [Profile(slack_id="U0NEW", name=words(ours))],
    "installer": lambda ours, _busy: Profile(slack_id=ours.admin.slack_id, name=words(ours)),
    "edit": lambda ours, _busy: AccountEdit(name="Acme Ltd", industry=words(ours), entry=words(ours)),
    "entry": lambda ours, _busy: AbsenceEntry(first_on=A_DAY, last_on=A_DAY, member=ours.consultant.slack_id),
    "ImportDesk.carry_out.new": lambda _ours, _busy: NewImport(
        kind=Records.ACCOUNTS, file="novum.csv", reading=Reading(), digest="novum"
    ),
    "table": lambda _ours, _busy: Table(
        kind=Records.ACCOUNTS, header=("name",), columns=Columns(fields={0: "name"}, left_out=()), rows=(NOVUM,)
    ),
}
"""By the names of arguments, as in BY_NAME of `tests/fire/use_cases.py`, before which it goes."""


def touch(ours: FirmDesks) -> NewTouch:
    """A call of one of the two."""
    return NewTouch(kind=TouchKind.CALL, key_points=words(ours))


def meeting(ours: FirmDesks) -> NewMeeting:
    """A meeting of one of the two."""
    return NewMeeting(about=words(ours), at=ours.clock.now() + timedelta(days=2))


def does(use_case: str, busy: BusyFirm, *, is_second: bool = False) -> Act:
    """What one of the two does, who may do everything; what is the first one's is the second one's the other way round."""
    desks = busy.desks
    if is_second:
        desks = replace(desks, seller=desks.other_seller, other_seller=desks.seller)

    async def act(store: Store) -> Any:
        return await tried(use_case, replace(desks, store=store), busy, almighty(desks.seller), SAID)

    return act


def of_noun(busy: BusyFirm, noun: str) -> BusyFirm:
    """The firm where the reminder and the operation are about the record of one noun."""
    ids = {f"{what}s": busy.others.get(f"{noun} {what}", 0) for what in ("reminder", "operation")}
    return busy.with_rows(**ids)
