"""Facts to draw: ordinary ones, bare ones without anything optional, and extreme ones."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from domain.core.absences import Absence
from domain.core.home import FrontPage
from domain.core.operations import Operation
from domain.core.people import GRANTABLE, Actor, InCharge, Person, Role, RoleGrant, Settings
from domain.core.records import NamedRecord
from domain.core.reminders import Reminder, ReminderState, Subject
from domain.core.working_time import QuietHours, WorkingHours
from domain.core.workspaces import Workspace
from domain.playbook.stages import Stage
from domain.sales.accounts import Account, AccountLine, AccountRefreshDue, Contact, NewContact, plan_account_merge
from domain.sales.deals import Deal, DealOutcome, Money
from domain.sales.duplicates import Likeness, Match
from domain.sales.exceptions import Attention, ExceptionalLead, ExceptionList, Exceptions, Lapse
from domain.sales.leads import FollowUpDue, Lead, LeadStatus, NewLead, Origin, OriginFate, Touch, TouchKind
from domain.sales.pages import (
    AccountCard,
    AccountList,
    AccountPage,
    DealsAtHome,
    Found,
    LeadList,
    LeadPage,
    LeadsAtHome,
    MergePreview,
)
from tests.firm import WHOLE
from usecases.sales.accounts import MOST_ON_PAGE, MOST_OVER
from usecases.sales.exceptions import MOST_SHOWN
from usecases.sales.home import MOST_WAITING
from usecases.sales.leads import MOST_LISTED
from views import kit

Surface = Literal["message", "modal", "home"]
Drawn = tuple[Surface, Any]
Drawings = dict[str, Callable[["Sample"], Drawn]]
"""Surfaces, by the view that draws each from a sample."""
Facts = dict[str, Callable[["Sample"], dict[str, Any]]]
"""What the templates of messages are given."""
OnPages = dict[str, Callable[["Sample", NamedRecord], Any]]
"""What is said on the page of a record, by the noun of the page and a name."""

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
MARKUP = "<!channel> <@U0EVIL> <https://evil.example|click> & *b* _i_ `c` ```d``` > q\n> q\n &lt; "
OF_LEADS = tuple(lapse for lapse in Lapse if lapse not in {Lapse.SIGNATURE_LATE, Lapse.STAGE_OVER, Lapse.NO_NEXT_STEP})
ANSWERS = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}


def text_of(length: int, of: str = MARKUP) -> str:
    """So many characters of something."""
    return (of * (length // len(of) + 1))[:length]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Everything the views are given."""

    name: str
    lead: Lead
    touches: tuple[Touch, ...]
    draft: NewLead
    matches: tuple[Match, ...]
    page: FrontPage
    listed: LeadList
    settings: Settings
    groups: dict[str, str]
    subject: Subject
    stood_in: Subject
    absence: Absence
    failure: str
    exceptions: ExceptionList
    operation: Operation
    account_page: AccountPage
    account_list: AccountList
    merge: MergePreview
    question: Subject


def person(name: str) -> Person:
    """Somebody."""
    return Person(id=1, slack_id="U0SOMEBODY", name=name)


def lead_of(fill: Callable[[int], str], **more: Any) -> Lead:
    """A lead with everything known of it; `fill` gives texts of a length."""
    account = Account(
        id=1, number=999_999, name=fill(200), industry=fill(100), history=fill(3000), source=fill(100), created_at=AT
    )
    facts: dict[str, Any] = {
        "id": 10**17,
        "number": 999_999,
        "account": account,
        "contact": Contact(id=1, account_id=1, name=fill(200), email=fill(254), phone="+442079460000"),
        "source": "referral",
        "said": fill(3000),
        "owner": person(fill(80)),
        "captured_by": person(fill(80)),
        "captured_at": AT,
        "answers": ANSWERS,
        "score": 100,
        "band": "hot",
        "next_at": AT,
        "last_touch_at": AT,
        "answer_by": AT,
        "origin_fate": OriginFate.EDITED,
        "origin": Origin(channel="C1", ts="1.2", author="U0SOMEBODY", permalink="https://larkspur.slack.example/a|b>c"),
    }
    return Lead(**(facts | more))


def sample(name: str, fill: Callable[[int], str], count: int, **of_lead: Any) -> Sample:
    """Facts whose texts `fill` gives, and `count` of everything there can be several of."""
    lead = lead_of(fill, **of_lead)
    touches = tuple(
        Touch(
            id=n,
            subject="lead",
            subject_id=lead.id,
            kind=TouchKind.MEETING,
            key_points=fill(3000),
            at=AT,
            by=person(fill(80)),
            permalink="https://larkspur.slack.example/a|b>c",
        )
        for n in range(min(count, 5))
    )
    reminder = Reminder(
        id=10**17,
        kind=FollowUpDue.kind,
        subject_id=lead.id,
        member=lead.captured_by,
        due_at=AT,
        state=ReminderState.TOLD,
        told_at=AT,
    )
    grants = tuple(
        RoleGrant(role=role, grantee=f"{kind}0{n:07}", is_group=kind == "S")
        for role in GRANTABLE
        for kind in "US"
        for n in range(count)
    )
    few = (lead,) * min(count, MOST_WAITING)
    absence = Absence(
        id=10**17,
        member=person(fill(80)),
        first_on=AT.date(),
        last_on=AT.date() + timedelta(days=count),
        deputy=person(fill(80)) if count else None,
        note=fill(300) if count else None,
    )
    gone = InCharge(person=person(fill(80)), leads=10**6, accounts=10**6)
    seen = account_page_of(lead, touches, fill, count)
    line = AccountLine(account=lead.account, owner=lead.owner, open_leads=count, score=lead.score, band=lead.band)
    asked = dataclasses.replace(reminder, kind=AccountRefreshDue.kind, subject_id=lead.account.id)
    return Sample(
        name=name,
        lead=lead,
        touches=touches,
        draft=NewLead(
            company=fill(200),
            source="web",
            said=fill(3000),
            industry=fill(100),
            history=fill(3000),
            contact=NewContact(name=fill(200), email="a@b.example", phone="+442079460000"),
            answers=ANSWERS,
        ),
        matches=tuple(
            Match(account=lead.account, likeness=likeness, closeness=99) for likeness in [*Likeness, Likeness.SAME_NAME]
        )[: max(count, 1)],
        page=FrontPage(
            now=AT,
            parts={
                "leads": LeadsAtHome(due=few, unclaimed=few, mine=10**6, team=10**6),
                "deals": DealsAtHome(deals=(), count=10**6),
                "exceptions": Attention(leads=10**6, deals=10**6),
                "imports": True,
            },
            is_admin=True,
            quiet=QuietHours(zone="Europe/London", begins=time(22), ends=time(7)),
            absences=(absence,) * count,
            sees_people=True,
            away=(absence,) * count,
            gone=(gone,) * count,
        ),
        listed=LeadList(now=AT, leads=(lead,) * min(count, MOST_LISTED), total=count * 100),
        settings=Settings(
            workspace=Workspace(
                workspace_id="T1",
                name=fill(80),
                bot_token="xoxb-1",
                bot_user_id="U0BOT",
                installed_at=AT,
                leads_channel="C0LEADS",
            ),
            grants=grants,
            hours=WorkingHours(
                zone="America/Argentina/ComodRivadavia", starts=time(0), ends=time(23, 59), country="IT", region="RM"
            ),
            quiet=QuietHours(zone="America/Argentina/ComodRivadavia", begins=time(23, 59), ends=time(0)),
        ),
        groups={f"S0{n:07}": fill(21) for n in range(count * 3)},
        subject=Subject(reminder=reminder, record=lead),
        stood_in=Subject(
            reminder=replace(reminder, told_to=Person(id=2, slack_id="U0SOMEBODY", name=fill(80))),
            record=lead,
            absence=absence,
        ),
        absence=absence,
        failure=fill(400),
        exceptions=ExceptionList(
            now=AT,
            leads=Exceptions(
                worst=(ExceptionalLead(lead=lead, lapses=OF_LEADS),) * min(count, MOST_SHOWN),
                others=tuple(range(900_000, 900_000 + count * 2)),
                counts=dict.fromkeys(OF_LEADS, 10**6) if count else {},
            ),
        ),
        operation=Operation(
            id=10**17,
            kind="lead.edited",
            subject="lead",
            subject_id=lead.id,
            summary=fill(200),
            by=person(fill(80)),
            at=AT,
        ),
        account_page=seen,
        account_list=AccountList(
            found=(Found(line=line, via=fill(200), is_old=True),) * min(count, 40), total=count * 9
        ),
        merge=merge_of(seen, fill, count),
        question=Subject(reminder=asked, record=lead.account, page=seen.contacts),
    )


def account_page_of(lead: Lead, touches: tuple[Touch, ...], fill: Callable[[int], str], count: int) -> AccountPage:
    """The page of the lead's account."""
    people = tuple(
        Contact(id=n, account_id=1, name=fill(200), email=fill(254), phone="+442079460000", position=fill(200))
        for n in range(count)
    )
    deal = Deal(
        id=1,
        number=999_999,
        title=fill(400),
        outcome=DealOutcome.WON,
        value=Money(amount=Decimal("9999999999999999.99"), currency="EUR"),
        closed_on=AT.date(),
        created_at=AT,
    )
    closed = dataclasses.replace(lead, status=LeadStatus.DISQUALIFIED, disqualified_for="spam")
    done = Operation(
        id=1, kind="account.edited", subject="account", subject_id=1, summary=fill(600), by=person(fill(80)), at=AT
    )
    return AccountPage(
        now=AT,
        account=lead.account,
        owner=lead.owner,
        contacts=people,
        open_leads=(lead,) * min(count, MOST_ON_PAGE),
        closed_leads=(closed,) * min(count, MOST_OVER),
        leads=count * 9,
        deals=(deal,) * min(count, MOST_OVER),
        outcomes=dict.fromkeys(DealOutcome, count) if count else {},
        touches=touches,
        operation=done if count else None,
        is_old=bool(count),
    )


def merge_of(page: AccountPage, fill: Callable[[int], str], count: int) -> MergePreview:
    """Two accounts that differ in all they can."""
    stays = dataclasses.replace(page.account, country="NO", owner_id=1)
    goes = dataclasses.replace(stays, id=2, industry=fill(99), country="Atlantis", tier="key", owner_id=2)
    people = [dataclasses.replace(contact, id=contact.id + 1000, phone="+4722123456") for contact in page.contacts]
    strangers = [Contact(id=n + 2000, account_id=2, name=f"{n}{fill(100)}") for n in range(count)]
    return MergePreview(
        plan=plan_account_merge(stays, goes, page.contacts, [*people, *strangers]),
        leads=page.open_leads,
        lead_count=page.leads,
        deal_count=count,
        owners={1: person(fill(80))},
    )


ADMIN = Actor(
    workspace_id="T1", member_id=1, slack_id="U0SOMEBODY", name="Ada", roles=frozenset({Role.ADMIN, Role.SALES})
)
"""Whoever is shown a page, with all its buttons."""


def bare() -> Sample:
    """Nothing optional, and nothing of which there can be none."""
    made = sample(
        "bare",
        lambda _length: "x",
        0,
        contact=None,
        said="",
        owner=None,
        answers={},
        score=None,
        band=None,
        next_at=None,
        answer_by=None,
        last_touch_at=None,
        origin=None,
        origin_fate=None,
    )
    draft = NewLead(company="", source="")
    nobody = FrontPage(now=AT, parts={"leads": LeadsAtHome(due=(), unclaimed=(), mine=0, team=0)})
    account = Account(id=1, number=1, name="x", created_at=AT)
    question = dataclasses.replace(made.question, record=account)
    return dataclasses.replace(
        made,
        draft=draft,
        page=nobody,
        question=question,
        account_page=dataclasses.replace(made.account_page, account=account),
    )


SAMPLES = [
    sample("ordinary", lambda length: "Words about Acme Ltd & Sons"[:length], 3),
    bare(),
    sample("of markup", text_of, 60),
    sample("of ampersands", lambda length: "&" * length, 60),
    sample("of emoji", lambda length: text_of(length, "👩‍👩‍👧‍👦"), 60),
    sample("of lines", lambda length: text_of(length, "a\n"), 60),
    sample("one long word", lambda length: "x" * length, 60),
    sample("of spaces", lambda length: " " * length, 2),
    sample("disqualified", text_of, 60, status=LeadStatus.DISQUALIFIED, disqualified_for="spam", remark=text_of(3000)),
    sample(
        "merged", text_of, 2, status=LeadStatus.MERGED, next_at=None, merged_into_id=10**17, merged_into_number=999_999
    ),
    sample("of an older playbook", text_of, 2, source="gone", band="gone", answers={"gone": "gone"}, score=50),
]


def page_of(s: Sample) -> LeadPage:
    """The lead with its touches, and something that can be undone."""
    return LeadPage(now=AT, lead=s.lead, touches=s.touches, operation=s.operation)


def card_of(given: Sample) -> AccountCard:
    """The account as a channel sees it."""
    line = AccountLine(account=given.account_page.account, owner=given.account_page.owner, open_leads=2)
    return AccountCard(line=line, contacts=given.account_page.contacts)


def contact_of(given: Sample) -> Contact:
    """Somebody at the account."""
    return next(iter(given.account_page.contacts), Contact(id=1, account_id=1, phone="+442079460000"))


def within_modal(blocks: list[kit.Block]) -> Drawn:
    """Blocks that are only ever part of a modal."""
    return "modal", kit.modal("part", "Part", blocks, submit="Save")


def stage_of(given: Sample, stage_id: str) -> Stage:
    """A stage with as many steps as there can be, whose texts are the sample's."""
    said = given.failure.strip() or "x"
    stage = WHOLE.stage(stage_id)
    assert stage is not None
    step = stage.steps[0].model_copy(update={"title": said[:75], "does": said[:400], "materials": (said[:75],) * 10})
    return stage.model_copy(update={"title": said[:75], "purpose": said[:400], "steps": (step,) * 20})
