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
from domain.sales.leads import NewLead
from storage.unit_of_work import Store
from tests.fire.busy_firm import DEAL_CHANNEL, GROUP, BusyFirm
from tests.fire.neighbours import almighty
from tests.fire.passing import (
    A_DAY,
    ANOTHER_DAY,
    MESSAGE,
    Passed,
    crosswise,
    either,
    is_first,
    other,
    row,
    touch,
    words,
)
from tests.fire.two_bots import Act
from tests.fire.use_cases import tried
from tests.firm import FirmDesks
from tests.nouns import gathered
from usecases.core.absences import AbsenceEntry

NOVUM = Row(number=2, cells=("Novum Ltd",), texts={"name": "Novum Ltd"})


_ACCOUNTS = crosswise(row("accounts"), other("other account"))
_CONTACTS = crosswise(row("contacts"), other("other contact"))
_LEADS = crosswise(row("leads"), other("other lead"))


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
    "LeadEditDesk.merge.lead_id": _LEADS[0],
    "LeadEditDesk.merge.other_id": _LEADS[1],
    "joins_id": lambda _ours, _busy: None,
    "variant_id": either("major", "light"),
    "stage_id": lambda _ours, _busy: "analysis",
    "LeadDesk.capture.new": lambda ours, _busy: NewLead(company="Novum Ltd", source="web", said=words(ours)),
    "LeadEditDesk.edit.new": lambda ours, _busy: NewLead(
        company="Acme Ltd", source="web", said=words(ours), contact=NewContact(name=words(ours))
    ),
    "DealDesk.log_touch.new": touch,
    "LeadDesk.log_touch.new": touch,
    "AccountDesk.add_contact.new": lambda _ours, _busy: NewContact(name="Kim New", email="kim@acme.example"),
    "said": lambda ours, _busy: NewContact(name=words(ours)),
    "plan": lambda ours, _busy: DealPlan(title=words(ours), next_step=words(ours), next_on=A_DAY + timedelta(days=4)),
    "needs": lambda ours, _busy: Needs(needs=words(ours), pains=words(ours), goals=words(ours)),
    "profile": lambda ours, _busy: Profile(slack_id=ours.consultant.slack_id, name=words(ours)),
    "LeadDesk.hand_to_sales.lead_id": lambda _ours, busy: busy.others["free lead"],
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
"""By the names of arguments, as in PASSED of `tests/fire/use_cases.py`, before which it and what nouns say in `SAID` go."""


def does(use_case: str, busy: BusyFirm, *, is_second: bool = False) -> Act:
    """What one of the two does, who may do everything; what is the first one's is the second one's the other way round."""
    desks = busy.desks
    if is_second:
        desks = replace(desks, seller=desks.other_seller, other_seller=desks.seller)

    async def act(store: Store) -> Any:
        return await tried(use_case, replace(desks, store=store), busy, almighty(desks.seller), SAID | gathered("SAID"))

    return act


def of_noun(busy: BusyFirm, noun: str) -> BusyFirm:
    """The firm where the reminder and the operation are about the record of one noun."""
    ids = {f"{what}s": busy.others.get(f"{noun} {what}", 0) for what in ("reminder", "operation")}
    return busy.with_rows(**ids)
