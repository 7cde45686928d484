"""Facts to draw: ordinary ones, bare ones without anything optional, and extreme ones; and every surface drawn from each."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from domain.core.absences import Absence
from domain.core.home import FrontPage
from domain.core.operations import Operation
from domain.core.people import GRANTABLE, Actor, InCharge, Person, Role, RoleGrant, Settings
from domain.core.reminders import Reminder, ReminderState, Subject
from domain.core.working_time import QuietHours, WorkingHours
from domain.core.workspaces import Workspace
from domain.files.columns import Reading, Records
from domain.files.imports import Dirt, Fate, Import, ImportState, RefusedRow, Remark
from domain.playbook import sections
from domain.playbook.evidence import Evidence, RecordKind
from domain.playbook.gates import GateClosed
from domain.playbook.playbook import Playbook
from domain.playbook.stages import Stage
from domain.playbook.versions import PlaybookVersion
from domain.process.feedback import Fault, Feedback, FeedbackList, FeedbackState, FeedbackTold
from domain.sales.accounts import Account, AccountLine, AccountRefreshDue, Contact, NewContact, plan_account_merge
from domain.sales.channels import StepKind
from domain.sales.deals import (
    Deal,
    DealOutcome,
    DealStageOver,
    DealStepDue,
    Money,
    PipelineLine,
    Progress,
    SignatureLate,
)
from domain.sales.documents import Document, DocumentKind, NeedsBrief
from domain.sales.duplicates import Likeness, Match
from domain.sales.exceptions import Attention, ExceptionalDeal, ExceptionalLead, ExceptionList, Exceptions, Lapse
from domain.sales.leads import (
    FollowUpDue,
    Lead,
    LeadMerge,
    LeadStatus,
    NewLead,
    Origin,
    OriginFate,
    PossibleDuplicates,
    Touch,
    TouchKind,
)
from domain.sales.meetings import Meeting, MeetingAhead, MeetingOver
from domain.sales.pages import (
    AccountCard,
    AccountList,
    AccountPage,
    DealList,
    DealPage,
    DealsAtHome,
    Found,
    LeadList,
    LeadPage,
    LeadsAtHome,
    MergePreview,
    Pipeline,
)
from domain.sales.promises import Promise, PromiseDue, PromiseState
from tests.firm import PLAYBOOK, WHOLE
from usecases.sales.accounts import MOST_ON_PAGE, MOST_OVER
from usecases.sales.exceptions import MOST_SHOWN
from usecases.sales.home import MOST_WAITING
from usecases.sales.leads import MOST_LISTED
from views import kit, messages
from views.core import absences, admin, home, operations, page_sections, reminders
from views.core import help as help_views
from views.files import imports
from views.process import feedback
from views.process import sections as process
from views.sales import (
    account_reminders,
    accounts,
    capture,
    deal_forms,
    deal_reminders,
    deals,
    exceptions,
    finding,
    lead_edits,
    lead_reminders,
    leads,
    meetings,
    merges,
    pipeline,
    promises,
    touches,
)
from views.sales import channels as deal_channels
from views.sales import home as sales_home

Surface = Literal["message", "modal", "home"]
Drawn = tuple[Surface, Any]

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
REFUSALS = (
    (StepKind.CREATE, "missing_scope"),
    (StepKind.TOPIC, "restricted_action"),
    (StepKind.PIN, "too_many_pins"),
)
"""What Slack may refuse, each with another remedy."""
MARKUP = "<!channel> <@U0EVIL> <https://evil.example|click> & *b* _i_ `c` ```d``` > q\n> q\n &lt; "
OF_LEADS = tuple(lapse for lapse in Lapse if lapse not in {Lapse.SIGNATURE_LATE, Lapse.STAGE_OVER, Lapse.NO_NEXT_STEP})
OF_DEALS = tuple(lapse for lapse in Lapse if lapse not in {Lapse.ANSWER_LATE, Lapse.NO_NEXT_DATE})
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
            hours=WorkingHours(zone="America/Argentina/ComodRivadavia", starts=time(0), ends=time(23, 59)),
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


def lead_merge_of(s: Sample) -> LeadMerge:
    """A merge in which everything is taken over."""
    poor = Lead(
        id=1,
        number=1,
        account=s.lead.account,
        source="web",
        captured_by=person("x"),
        captured_at=AT + timedelta(days=1),
    )
    return LeadMerge(before=poor, kept=s.lead, other=s.lead, touches=len(s.touches))


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


def import_of(given: Sample, state: ImportState, *, is_undone: bool = False) -> Import:
    """An import in a state, with as much to say as there can be."""
    who, text = given.lead.captured_by, given.lead.account.name
    done = Operation(
        id=10**17,
        kind="import.leads",
        subject="import",
        subject_id=1,
        summary=text,
        by=who,
        at=AT,
        undone_at=AT if is_undone else None,
        undone_by=who if is_undone else None,
    )
    remark = Remark(field="said", value=given.lead.said, sentence=given.failure)
    return Import(
        id=10**17,
        number=999_999,
        kind=Records.LEADS,
        file=text,
        reading=Reading(),
        total=2000,
        by=who,
        at=AT,
        state=state,
        done=240,
        tally=dict.fromkeys(Fate, 500),
        refused=(RefusedRow(number=2, remarks=(remark,) * 3),) * 500,
        examples=(text + given.failure,) * 8,
        notes=(given.failure,) * 4,
        doubts=(Dirt(field="said", value=given.lead.said, sentence=given.failure, rows=tuple(range(2, 500))),) * 60,
        why=given.failure,
        operation=done if state in {ImportState.DONE, ImportState.REFUSED} else None,
        kept=3 if is_undone else 0,
    )


def deal_page_of(given: Sample, **of_progress: Any) -> DealPage:
    """The lead's deal, with as much written and said about it as there can be."""
    text, who = given.lead.said or given.lead.account.name, given.lead.captured_by
    progress = Progress(
        stage="first_talk",
        since=AT,
        variant="standard",
        client_type="new",
        expected_on=AT.date(),
        next_step=text[:200],
        next_at=AT,
        last_touch_at=AT,
        opened_by=who,
    )
    deal = Deal(
        id=10**17,
        number=999_999,
        title=text[:150],
        account=given.lead.account,
        owner=given.lead.owner,
        value=Money(amount=Decimal("999999999999.99"), currency="EUR"),
        created_at=AT,
        progress=replace(progress, **of_progress),
    )
    document = Document(
        id=1,
        kind=DocumentKind.SOLUTION,
        title=text[:200],
        slack_file="F1",
        permalink=given.lead.origin.permalink if given.lead.origin else None,
        sha256="ab" * 32,
        size=1,
        at=AT,
        by=who,
    )
    return DealPage(
        now=AT,
        deal=deal,
        leads=(given.lead,) * min(len(given.touches), 50),
        touches=given.touches,
        brief=NeedsBrief(needs=text[:3000], pains="", goals=text[:3000], version=1, at=AT, by=who),
        documents=(document,) * len(given.touches),
        meetings=(meeting_of(given, deal),) * min(len(given.touches), 10),
        operation=given.operation,
        is_outdated=bool(given.touches),
        channel="C0DEAL" if given.touches else None,
    )


def meeting_of(given: Sample, deal: Deal) -> Meeting:
    """A meeting about a deal."""
    about = (given.lead.said or "x")[:200]
    place = f"https://meet.example/{about}"[:300] if given.touches else None
    return Meeting(id=10**17, deal=deal, about=about, at=AT, minutes=60, place=place, planned_by=given.lead.captured_by)


def meeting_due(given: Sample, kind: str, state: ReminderState = ReminderState.TOLD) -> Subject:
    """A reminder of a meeting."""
    reminder = replace(given.subject.reminder, kind=kind, state=state)
    return Subject(reminder=reminder, record=meeting_of(given, deal_page_of(given).deal))


def promise_of(given: Sample, **more: Any) -> Promise:
    """A promise about the lead's deal, with everything known of it where there is much to say."""
    who, text = given.lead.captured_by, given.lead.said or "x"
    keeper, due_on = (who, AT.date()) if given.touches else (None, None)
    facts: dict[str, Any] = {
        "id": 10**17,
        "deal_id": 10**17,
        "deal_number": 999_999,
        "company": given.lead.account.name,
        "said": text,
        "due_on": due_on,
        "keeper": keeper,
        "origin": given.lead.origin,
        "noted_by": who,
        "noted_at": AT,
    }
    return Promise(**(facts | more))


def promises_of(given: Sample) -> DealPage:
    """The lead's deal with many promises, open and not."""
    ended = {"closed_by": given.lead.captured_by, "closed_at": AT}
    late = promise_of(given, due_on=AT.date() - timedelta(days=1))
    kept = promise_of(given, state=PromiseState.KEPT, **ended)
    settled = promise_of(given, state=PromiseState.SETTLED, how=given.lead.said or "x", **ended)
    count = max(len(given.page.parts["leads"].due), 1)
    still_open = (late, promise_of(given), promise_of(given, origin=None)) * count
    return replace(deal_page_of(given), promises=(*still_open, *(kept, settled) * 3))


def promise_due_of(given: Sample, state: ReminderState = ReminderState.TOLD) -> Subject:
    """A promise whose day has come."""
    reminder = replace(given.subject.reminder, kind=PromiseDue.kind, state=state)
    ended = {"state": PromiseState.KEPT, "closed_by": given.lead.captured_by, "closed_at": AT}
    return Subject(reminder=reminder, record=promise_of(given, **(ended if state is ReminderState.DONE else {})))


def lost_deal_of(given: Sample) -> DealPage:
    """The same, lost."""
    page = deal_page_of(given, lost_for="price", remark=given.lead.said or None, next_step=None, next_at=None)
    return replace(page, deal=replace(page.deal, outcome=DealOutcome.LOST, closed_on=AT.date()))


def old_deal_of(given: Sample) -> DealPage:
    """A deal taken over from another system."""
    page = deal_page_of(given)
    text = given.lead.account.name
    old = replace(page.deal, progress=None, outcome=DealOutcome.WON, stage=text, source=text, account=None, value=None)
    return DealPage(now=AT, deal=old)


def deals_of(given: Sample) -> DealList:
    """Deals of all kinds."""
    each = (deal_page_of(given).deal, lost_deal_of(given).deal, old_deal_of(given).deal)
    count = len(given.listed.leads)
    return DealList(now=AT, deals=(each * 20)[:count], total=count * 9)


def pipeline_of(given: Sample) -> Pipeline:
    """Sums in several currencies, of stages there are and of one that is gone."""
    if not given.listed.leads:
        return Pipeline(is_own=True, running=(), taken_over=())
    stages = [stage.id for stage in PLAYBOOK.stages] + ["gone"]
    lines = tuple(
        PipelineLine(stage=stage, currency=code, count=10**6, amount=Decimal("999999999999.99") if code else None)
        for stage in stages
        for code in ("EUR", "USD", None)
    )
    over = tuple(replace(lines[0], stage=f"{given.lead.account.name[:100]} {n}") for n in range(20))
    return Pipeline(
        is_own=False,
        running=lines,
        taken_over=(*over, replace(lines[0], stage=None)),
        expected=lines,
        quarter_ends=AT.date(),
    )


def gate_of(given: Sample) -> GateClosed:
    """A gate at which everything is missing that there is."""
    return GateClosed(deal_page_of(given).deal.code, PLAYBOOK.stages[0], tuple(Evidence))


def step_of(given: Sample) -> Subject:
    """The next step of a deal, due."""
    reminder = replace(given.subject.reminder, kind=DealStepDue.kind)
    return Subject(reminder=reminder, record=deal_page_of(given).deal)


def exceptions_of(given: Sample) -> ExceptionList:
    """Leads and deals with everything wrong with them that can be, at once."""
    deal, leads = deal_page_of(given).deal, given.exceptions.leads
    stage = next(stage for stage in PLAYBOOK.stages if stage.id == "first_talk")
    one = ExceptionalDeal(deal=deal, lapses=OF_DEALS, stage=stage)
    deals = Exceptions(
        worst=(one,) * len(leads.worst),
        others=leads.others,
        counts=dict.fromkeys(OF_DEALS, 10**6) if leads.counts else {},
    )
    return replace(given.exceptions, deals=deals)


def stage_over_of(given: Sample) -> Subject:
    """A deal that stands in its stage for too long."""
    reminder, page = replace(given.subject.reminder, kind=DealStageOver.kind), deal_page_of(given)
    return Subject(reminder=reminder, record=page.deal, page=page)


def signature_late_of(given: Sample) -> Subject:
    """A deal that was to be signed by now."""
    over = stage_over_of(given)
    return replace(over, reminder=replace(over.reminder, kind=SignatureLate.kind))


def ended(subject: Subject) -> Subject:
    """The same once somebody has done what it asks for."""
    closed = replace(
        subject.reminder,
        state=ReminderState.DONE,
        closed_at=AT,
        closed_by=subject.reminder.member,
        outcome="went_on",
    )
    return replace(subject, reminder=closed)


def stage_of(given: Sample, stage_id: str) -> Stage:
    """A stage with as many steps as there can be, whose texts are the sample's."""
    said = given.failure.strip() or "x"
    stage = WHOLE.stage(stage_id)
    assert stage is not None
    step = stage.steps[0].model_copy(update={"title": said[:75], "does": said[:400], "materials": (said[:75],) * 10})
    return stage.model_copy(update={"title": said[:75], "purpose": said[:400], "steps": (step,) * 20})


def feedback_of(given: Sample, *, is_answered: bool = False) -> FeedbackTold:
    """Feedback on a step, with a record where there is much to say."""
    title = (given.failure.strip() or "x")[:75]
    asked = Feedback(
        id=10**17,
        number=999_999,
        process=sections.Process.SALES,
        section="lead",
        section_title=title,
        step="screen_lead",
        step_title=title,
        fault=Fault.SLOW,
        said=given.lead.said or "x",
        role=Role.MANAGEMENT if given.touches else Role.ADMIN,
        by=given.lead.captured_by,
        at=AT,
    )
    by, answer = given.lead.captured_by, given.lead.said or "x"
    if is_answered:
        values = {"answer": answer, "answered_by": by, "answered_at": AT}
        asked = dataclasses.replace(asked, state=FeedbackState.ANSWERED, **values)
    return FeedbackTold(feedback=asked, record=given.lead if given.touches else None)


def version_of(given: Sample, *, is_new: bool = False) -> PlaybookVersion:
    """Today's playbook, or one whose stages are all called otherwise."""
    title = (given.failure.strip() or "x")[:75]
    stages = tuple(stage.model_copy(update={"title": title, "purpose": title}) for stage in WHOLE.sales.stages)
    sales = WHOLE.sales.model_copy(update={"stages": stages})
    other = Playbook(sales=sales, delivery=WHOLE.delivery, care=WHOLE.care)
    said = other if is_new else WHOLE
    return PlaybookVersion(digest=said.digest, content=said.content, loaded_at=AT, current_since=AT)


def with_deals(given: Sample) -> FrontPage:
    """The sample's front page with some of their deals."""
    deals = DealsAtHome(deals=deals_of(given).deals[:5], count=10**6)
    return replace(given.page, parts={**given.page.parts, "deals": deals})


def doubt_of(given: Sample) -> PossibleDuplicates:
    """Accounts that may be meant, with what is open there."""
    leads = tuple(replace(given.lead, account=match.account) for match in given.matches)
    return PossibleDuplicates(matches=given.matches, open_leads=leads)


def found_of(given: Sample) -> dict[str, Any]:
    """What somebody finds by a name."""
    accounts = tuple(found.line for found in given.account_list.found[:5])
    return {"accounts": accounts, "leads": given.listed, "deals": deals_of(given)}


DRAWINGS: dict[str, Callable[[Sample], Drawn]] = {
    "deals.deal_card": lambda s: ("message", deals.deal_card(deal_page_of(s), PLAYBOOK)),
    "deals.deal_card lost": lambda s: ("message", deals.deal_card(lost_deal_of(s), PLAYBOOK)),
    "deals.deal_card taken over": lambda s: ("message", deals.deal_card(old_deal_of(s), PLAYBOOK)),
    "deals.deal_card off its route": lambda s: ("message", deals.deal_card(deal_page_of(s, stage="gone"), PLAYBOOK)),
    "deals.deal_page_view": lambda s: ("modal", deals.deal_page_view(deal_page_of(s), ADMIN, PLAYBOOK)),
    "channels.channel_ends": lambda s: (
        "message",
        deal_channels.channel_ends(lost_deal_of(s), PLAYBOOK, kit.say("Over"), archives=True),
    ),
    "channels.channel_refused": lambda s: (
        "message",
        [
            block
            for kind, why in REFUSALS
            for block in deal_channels.channel_refused(kind, why, kit.say("{said}", said=s.lead.said or "x"))
        ],
    ),
    "deals.brief_lines": lambda s: within_modal(deals.brief_lines(deal_page_of(s).brief)),  # type: ignore[arg-type]
    "deals.gate_modal": lambda s: ("modal", deals.gate_modal(gate_of(s), RecordKind.DEAL, 10**17)),
    "deals.deal_list": lambda s: ("message", deals.deal_list("Deals", deals_of(s), PLAYBOOK, shows_owner=True)),
    "deals.deal_list_modal": lambda s: ("modal", deals.deal_list_modal("My deals", deals_of(s), PLAYBOOK)),
    "deals.outdated_modal": lambda s: ("modal", deals.outdated_modal(deals_of(s), PLAYBOOK)),
    "meetings.plan_meeting_modal": lambda s: ("modal", meetings.plan_meeting_modal(deal_page_of(s).deal)),
    "meetings.move_meeting_modal": lambda s: (
        "modal",
        meetings.move_meeting_modal(meeting_of(s, deal_page_of(s).deal)),
    ),
    "meetings.log_meeting_modal": lambda s: ("modal", meetings.log_meeting_modal(meeting_of(s, deal_page_of(s).deal))),
    "meetings.meeting_line": lambda s: within_modal([meetings.meeting_line(meeting_of(s, deal_page_of(s).deal))]),
    "meetings.meeting_ahead": lambda s: (
        "message",
        meetings.meeting_ahead(meeting_due(s, MeetingAhead.kind), PLAYBOOK, kit.say("Soon")),
    ),
    "meetings.meeting_over": lambda s: (
        "message",
        meetings.meeting_over(meeting_due(s, MeetingOver.kind), PLAYBOOK, kit.say("Over")),
    ),
    "meetings.meeting_over logged": lambda s: (
        "message",
        meetings.meeting_over(meeting_due(s, MeetingOver.kind, ReminderState.DONE), PLAYBOOK, kit.say("Over")),
    ),
    "pipeline.pipeline_blocks": lambda s: ("message", pipeline.pipeline_blocks(pipeline_of(s), PLAYBOOK)),
    "pipeline.pipeline_modal": lambda s: ("modal", pipeline.pipeline_modal(pipeline_of(s), PLAYBOOK)),
    "pipeline.forecast": lambda s: ("message", [*pipeline.forecast(pipeline_of(s), PLAYBOOK), kit.divider()]),
    "pipeline.pipeline_blocks taken over": lambda s: (
        "message",
        pipeline.pipeline_blocks(replace(pipeline_of(s), running=()), PLAYBOOK),
    ),
    "deal_forms.qualify_modal": lambda s: (
        "modal",
        deal_forms.qualify_modal(s.lead, [deal_page_of(s).deal] * 3, PLAYBOOK),
    ),
    "deal_forms.deal_questions": lambda s: within_modal(deal_forms.deal_questions("x", PLAYBOOK)),
    "deal_forms.plan_deal_modal": lambda s: (
        "modal",
        deal_forms.plan_deal_modal(deal_page_of(s).deal, PLAYBOOK, s.settings.hours),
    ),
    "deal_forms.touch_deal_modal": lambda s: ("modal", deal_forms.touch_deal_modal(deal_page_of(s).deal)),
    "deal_forms.brief_modal": lambda s: ("modal", deal_forms.brief_modal(deal_page_of(s))),
    "deal_forms.attach_modal": lambda s: ("modal", deal_forms.attach_modal(deal_page_of(s).deal)),
    "deal_forms.move_back_modal": lambda s: (
        "modal",
        deal_forms.move_back_modal(deal_page_of(s, stage="analysis").deal, PLAYBOOK),
    ),
    "deal_forms.variant_modal": lambda s: ("modal", deal_forms.variant_modal(deal_page_of(s).deal, PLAYBOOK)),
    "deal_forms.lose_modal": lambda s: ("modal", deal_forms.lose_modal(deal_page_of(s).deal, PLAYBOOK)),
    "deal_forms.hand_over_modal": lambda s: ("modal", deal_forms.hand_over_modal(deal_page_of(s).deal)),
    "deal_reminders.deal_step": lambda s: (
        "message",
        deal_reminders.deal_step(step_of(s), PLAYBOOK, kit.say("Next step")),
    ),
    "deal_reminders.deal_stage_over": lambda s: (
        "message",
        deal_reminders.deal_stage_over(stage_over_of(s), PLAYBOOK, kit.say("Over")),
    ),
    "deal_reminders.deal_stage_over gone on": lambda s: (
        "message",
        deal_reminders.deal_stage_over(ended(stage_over_of(s)), PLAYBOOK, kit.say("Over")),
    ),
    "deal_reminders.signature_late": lambda s: (
        "message",
        deal_reminders.signature_late(signature_late_of(s), PLAYBOOK, kit.say("Late")),
    ),
    "deal_reminders.signature_late planned anew": lambda s: (
        "message",
        deal_reminders.signature_late(ended(signature_late_of(s)), PLAYBOOK, kit.say("Late")),
    ),
    "deals.deal_page_view with promises": lambda s: ("modal", deals.deal_page_view(promises_of(s), ADMIN, PLAYBOOK)),
    "deals.deal_card with promises": lambda s: ("message", deals.deal_card(promises_of(s), PLAYBOOK)),
    "promises.new_promise_modal": lambda s: ("modal", promises.new_promise_modal(deal_page_of(s).deal)),
    "promises.note_promise_modal": lambda s: (
        "modal",
        promises.note_promise_modal(deal_page_of(s).deal, s.lead.said * 2, "x" * 3000),
    ),
    "promises.promise_questions": lambda s: within_modal(promises.promise_questions()),
    "promises.settle_promise_modal": lambda s: ("modal", promises.settle_promise_modal(promise_of(s))),
    "page_sections.section_modal": lambda s: (
        "modal",
        page_sections.section_modal("deal.promises", 1, promises_of(s), ADMIN),
    ),
    "page_sections.sections_of": lambda s: within_modal(page_sections.sections_of("deal", 1, promises_of(s), ADMIN)),
    "promises.open_promise": lambda s: within_modal(promises.open_promise(promise_of(s), AT.date())),
    "promises.promise_given": lambda s: (
        "message",
        promises.promise_given(
            promise_of(s), messages.write("PromiseGiven", {"promise": promise_of(s), "by": s.lead.captured_by})
        ),
    ),
    "promises.promise_due": lambda s: (
        "message",
        promises.promise_due(
            promise_due_of(s), PLAYBOOK, messages.write("PromiseDue", {"reminder": promise_due_of(s)})
        ),
    ),
    "promises.promise_due kept": lambda s: (
        "message",
        promises.promise_due(promise_due_of(s, ReminderState.DONE), PLAYBOOK, kit.say("A promise")),
    ),
    "promises.promise_due of a lost deal": lambda s: (
        "message",
        promises.promise_due(promise_due_of(s, ReminderState.CANCELLED), PLAYBOOK, kit.say("A promise")),
    ),
    "touches.touch_some_deal_modal": lambda s: ("modal", touches.touch_some_deal_modal()),
    "touches.touch_some_deal_modal of a message": lambda s: (
        "modal",
        touches.touch_some_deal_modal(deal_page_of(s).deal, s.lead.said * 2, "x" * 3000),
    ),
    "touches.touch_questions": lambda s: within_modal(touches.touch_questions()),
    "touches.cut_note": lambda s: within_modal([*touches.touch_questions(), *touches.cut_note("x" * 3001)]),
    "touches.touched_reply": lambda s: (
        "message",
        touches.touched_reply(deal_page_of(s).deal, TouchKind.MAIL, s.lead.said or "x"),
    ),
    "leads.lead_card": lambda s: ("message", leads.lead_card(s.lead, PLAYBOOK)),
    "leads.captured_reply": lambda s: ("message", leads.captured_reply(s.lead, ADMIN, PLAYBOOK)),
    "leads.captured_modal": lambda s: ("modal", leads.captured_modal(s.lead, ADMIN, PLAYBOOK)),
    "leads.lead_list": lambda s: ("message", leads.lead_list("All leads", s.listed, PLAYBOOK, shows_owner=True)),
    "leads.lead_list_modal": lambda s: (
        "modal",
        leads.lead_list_modal("My leads", s.listed, PLAYBOOK, shows_owner=False),
    ),
    "leads.lead_page": lambda s: ("modal", leads.lead_page(page_of(s), ADMIN, PLAYBOOK)),
    "leads.lead_given": lambda s: ("message", leads.lead_given(s.lead, PLAYBOOK, kit.say("Yours"))),
    "capture.contact_questions": lambda s: within_modal(capture.contact_questions(s.draft.contact)),
    "lead_edits.edit_lead_modal": lambda s: ("modal", lead_edits.edit_lead_modal(s.lead, PLAYBOOK, "x" * 3000)),
    "lead_edits.merge_lead_modal": lambda s: ("modal", lead_edits.merge_lead_modal(s.lead)),
    "lead_edits.confirm_merge_modal": lambda s: ("modal", lead_edits.confirm_merge_modal(lead_merge_of(s))),
    "lead_edits.link_lead_modal": lambda s: ("modal", lead_edits.link_lead_modal("x" * 3000)),
    "lead_edits.assign_lead_modal": lambda s: ("modal", lead_edits.assign_lead_modal(s.lead)),
    "exceptions.exceptions_digest": lambda s: (
        "message",
        exceptions.exceptions_digest(
            exceptions_of(s), PLAYBOOK, messages.write("ExceptionsDigest", {"exceptions_for": exceptions_of(s)})
        ),
    ),
    "exceptions.exceptions_modal": lambda s: ("modal", exceptions.exceptions_modal(exceptions_of(s), PLAYBOOK)),
    "exceptions.exceptions_list": lambda s: ("message", exceptions.exceptions_list(exceptions_of(s), PLAYBOOK)),
    "operations.done_reply": lambda s: ("message", operations.done_reply(s.operation)),
    "operations.done_notice": lambda s: ("modal", operations.done_notice(s.operation)),
    "capture.new_lead_modal": lambda s: ("modal", capture.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000)),
    "capture.more_questions": lambda s: within_modal(capture.more_questions(s.draft, PLAYBOOK)),
    "capture.with_more_questions": lambda s: (
        "modal",
        capture.with_more_questions(capture.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000), PLAYBOOK),
    ),
    "capture.new_lead_questions": lambda s: within_modal(capture.new_lead_questions(s.draft, PLAYBOOK)),
    "leads.screening_questions": lambda s: within_modal(leads.screening_questions(s.lead.answers, PLAYBOOK)),
    "capture.doubtful_lead_modal": lambda s: ("modal", capture.doubtful_lead_modal(s.draft, doubt_of(s), PLAYBOOK)),
    "leads.screening_modal": lambda s: ("modal", leads.screening_modal(s.lead, PLAYBOOK)),
    "leads.touch_modal": lambda s: ("modal", leads.touch_modal(s.lead)),
    "leads.plan_modal": lambda s: ("modal", leads.plan_modal(s.lead, ZoneInfo("Asia/Tokyo"))),
    "leads.disqualify_modal": lambda s: ("modal", leads.disqualify_modal(s.lead, PLAYBOOK)),
    "home.home_tab with deals": lambda s: (
        "home",
        home.home_tab(with_deals(s), s.settings.hours, PLAYBOOK),
    ),
    "help.help_card": lambda _s: ("message", help_views.help_card(help_views.help_words(ADMIN.roles))),
    "help.help_on": lambda _s: ("message", help_views.help_on("lead", ADMIN.roles)),
    "help.help_modal": lambda _s: ("modal", help_views.help_modal(ADMIN.roles)),
    "finding.records_found": lambda s: (
        "message",
        finding.records_found(found_of(s), PLAYBOOK, kit.say("Found")),
    ),
    "home.home_tab": lambda s: ("home", home.home_tab(s.page, s.settings.hours, PLAYBOOK)),
    "home.leads_at_home": lambda s: ("message", sales_home.leads_at_home(s.page.parts["leads"], s.page, PLAYBOOK)),
    "home.deals_at_home": lambda s: (
        "message",
        [*sales_home.deals_at_home(with_deals(s).parts["deals"], s.page, PLAYBOOK), kit.divider()],
    ),
    "home.waiting": lambda s: ("message", [*home.waiting(s.page, PLAYBOOK), *home.doing(s.page)]),
    "home.doing": lambda s: ("message", home.doing(s.page)),
    "home.settings": lambda s: ("message", home.settings(s.page, s.settings.hours)),
    "imports.import_modal": lambda s: ("modal", imports.import_modal(PLAYBOOK)),
    "imports.import_list": lambda s: ("message", imports.import_list([import_of(s, ImportState.OFFERED)] * 20)),
    "imports.import_card": lambda s: ("message", imports.import_card(import_of(s, ImportState.OFFERED))),
    "imports.import_card asked": lambda s: ("message", imports.import_card(import_of(s, ImportState.ASKED))),
    "imports.import_card under way": lambda s: ("message", imports.import_card(import_of(s, ImportState.UNDER_WAY))),
    "imports.import_card done": lambda s: ("message", imports.import_card(import_of(s, ImportState.DONE))),
    "imports.import_card refused": lambda s: ("message", imports.import_card(import_of(s, ImportState.REFUSED))),
    "imports.import_card cancelled": lambda s: ("message", imports.import_card(import_of(s, ImportState.CANCELLED))),
    "imports.import_card expired": lambda s: ("message", imports.import_card(import_of(s, ImportState.EXPIRED))),
    "imports.import_card undoing": lambda s: ("message", imports.import_card(import_of(s, ImportState.UNDOING))),
    "imports.import_card undone": lambda s: (
        "message",
        imports.import_card(import_of(s, ImportState.DONE, is_undone=True)),
    ),
    "admin.roles_modal": lambda s: ("modal", admin.roles_modal(s.settings, s.groups)),
    "admin.workspace_modal": lambda s: ("modal", admin.workspace_modal(s.settings)),
    "admin.hours_modal": lambda s: ("modal", admin.hours_modal(s.settings)),
    "absences.absence_modal": lambda s: ("modal", absences.absence_modal(AT.date())),
    "absences.absence_of_other_modal": lambda s: ("modal", absences.absence_of_other_modal(AT.date())),
    "absences.absence_lines": lambda s: ("message", [*absences.absence_lines([s.absence] * 60), kit.divider()]),
    "absences.absence_list": lambda s: ("message", absences.absence_list(s.page)),
    "absences.away_lines": lambda s: ("message", absences.away_lines(s.page.away)),
    "absences.deputy_named": lambda s: ("message", absences.deputy_named(s.absence, kit.say("You stand in"))),
    "home.gone_lines": lambda s: ("message", [*home.gone_lines(s.page), kit.divider()]),
    "accounts.account_page": lambda s: (
        "modal",
        accounts.account_page(s.account_page, ADMIN, PLAYBOOK, note=kit.say("Undone: {what}", what=s.failure)),
    ),
    "accounts.account_card": lambda s: (
        "message",
        accounts.account_card(card_of(s), PLAYBOOK, may_be_shared=True),
    ),
    "accounts.account_list": lambda s: (
        "message",
        accounts.account_list("Accounts", s.account_list, PLAYBOOK, kit.say("No account is called {x}.", x=s.failure)),
    ),
    "account_reminders.account_refresh": lambda s: (
        "message",
        account_reminders.account_refresh(
            s.question, PLAYBOOK, messages.write("AccountRefreshDue", {"reminder": s.question})
        ),
    ),
    "accounts.edit_account_modal": lambda s: ("modal", accounts.edit_account_modal(s.account_page, PLAYBOOK)),
    "accounts.new_contact_modal": lambda s: ("modal", accounts.new_contact_modal(s.lead.account)),
    "accounts.edit_contact_modal": lambda s: (
        "modal",
        accounts.edit_contact_modal(contact_of(s), s.account_page.contacts),
    ),
    "merges.merge_contact_modal": lambda s: (
        "modal",
        merges.merge_contact_modal(contact_of(s), s.account_page.contacts or (contact_of(s),)),
    ),
    "merges.choose_merge_modal": lambda s: ("modal", merges.choose_merge_modal(s.lead.account)),
    "merges.confirm_merge_modal": lambda s: ("modal", merges.confirm_merge_modal(s.merge, PLAYBOOK)),
    "feedback.feedback_modal": lambda s: ("modal", feedback.feedback_modal([stage_of(s, "quote")], "lead:1")),
    "feedback.lead_feedback_modal": lambda s: ("modal", feedback.lead_feedback_modal(s.lead.id, PLAYBOOK)),
    "feedback.deal_feedback_modal": lambda s: (
        "modal",
        feedback.deal_feedback_modal(deal_page_of(s).deal, PLAYBOOK),
    ),
    "feedback.feedback_card of a deal": lambda s: (
        "message",
        feedback.feedback_card(
            dataclasses.replace(feedback_of(s), record=deal_page_of(s).deal),
            kit.say("It is slow: {step}", step=s.failure),
        ),
    ),
    "feedback.feedback_kept": lambda s: ("modal", feedback.feedback_kept(feedback_of(s).feedback)),
    "feedback.feedback_card": lambda s: (
        "message",
        feedback.feedback_card(feedback_of(s), messages.write("FeedbackGiven", {"feedback": feedback_of(s)})),
    ),
    "feedback.feedback_card answered": lambda s: (
        "message",
        feedback.feedback_card(feedback_of(s, is_answered=True), kit.say("It is slow: {step}", step=s.failure)),
    ),
    "feedback.answer_modal": lambda s: ("modal", feedback.answer_modal(feedback_of(s).feedback)),
    "feedback.feedback_list": lambda s: (
        "message",
        feedback.feedback_list(FeedbackList(feedback=(feedback_of(s).feedback,) * len(s.touches) * 4, total=100)),
    ),
    "sections.process_list": lambda s: ("message", process.process_list(version_of(s, is_new=True).playbook)),
    "sections.process_hits": lambda s: (
        "message",
        process.process_hits(sections.search(WHOLE, "client") * len(s.touches), WHOLE, s.failure),
    ),
    "sections.section_page": lambda s: ("modal", process.section_page(stage_of(s, "quote"), WHOLE)),
    "sections.section_page of a routine": lambda s: (
        "modal",
        process.section_page(WHOLE.care.routines[0], WHOLE, note=kit.say("Note: {what}", what=s.failure)),
    ),
    "sections.playbook_changed": lambda s: (
        "message",
        process.playbook_changed(
            version_of(s),
            version_of(s, is_new=True),
            messages.write("PlaybookChanged", {"running": 2}),
            has_outdated=bool(s.touches),
        ),
    ),
    "lead_reminders.follow_up": lambda s: (
        "message",
        lead_reminders.follow_up(s.subject, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.subject})),
    ),
    "lead_reminders.first_answer": lambda s: (
        "message",
        lead_reminders.first_answer(s.subject, PLAYBOOK, messages.write("FirstAnswerDue", {"reminder": s.subject})),
    ),
    "lead_reminders.follow_up of a deputy": lambda s: (
        "message",
        lead_reminders.follow_up(s.stood_in, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.stood_in})),
    ),
    "reminders.digest": lambda s: (
        "message",
        reminders.digest(
            [
                s.subject,
                s.stood_in,
                s.question,
                step_of(s),
                stage_over_of(s),
                signature_late_of(s),
                promise_due_of(s),
                meeting_due(s, MeetingAhead.kind),
            ]
            * 10,
            7000,
            PLAYBOOK,
            kit.say("Overdue"),
        ),
    ),
    "reminders.snooze_modal": lambda s: ("modal", reminders.snooze_modal(s.subject.reminder.id, date(2026, 3, 5))),
    "kit.notice": lambda s: ("modal", kit.notice("Not possible", s.lead.said or "x")),
}
"""Every surface there is, by the view that draws it."""

FACTS: dict[str, Callable[[Sample], dict[str, Any]]] = {
    "LeadCaptured": lambda s: {"lead": s.lead},
    "FollowUpDue": lambda s: {"reminder": s.subject},
    "FirstAnswerDue": lambda s: {"reminder": s.subject},
    "DealOpened": lambda s: {"deal": deal_page_of(s)},
    "DealChannelOpened": lambda s: {"deal": deal_page_of(s)},
    "DealChannelEnds": lambda s: {"deal": lost_deal_of(s), "archives": bool(s.touches)},
    "DealChannelGoesOn": lambda s: {"deal": deal_page_of(s)},
    "DealChannelStaysArchived": lambda s: {"deal": deal_page_of(s), "channel": "C0DEAL"},
    "DealChannelRefused": lambda s: {"deal": deal_page_of(s), "refused": StepKind.CREATE, "why": "missing_scope"},
    "DealGiven": lambda s: {"deal": deal_page_of(s), "by": s.lead.captured_by, "note": s.lead.said},
    "DealStepDue": lambda s: {"reminder": step_of(s)},
    "MeetingAhead": lambda s: {"reminder": meeting_due(s, MeetingAhead.kind)},
    "MeetingOver": lambda s: {"reminder": meeting_due(s, MeetingOver.kind)},
    "DealStageOver": lambda s: {"reminder": stage_over_of(s)},
    "SignatureLate": lambda s: {"reminder": signature_late_of(s)},
    "PromiseDue": lambda s: {"reminder": promise_due_of(s)},
    "PromiseGiven": lambda s: {"promise": promise_of(s), "by": s.lead.captured_by},
    "LeadAssigned": lambda s: {"lead": s.lead, "rule": s.failure[:150]},
    "LeadGiven": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "note": s.lead.said},
    "LeadAddedTo": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "said": s.lead.said},
    "LeadTaken": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "note": s.lead.said},
    "ExceptionsDigest": lambda s: {"exceptions_for": exceptions_of(s)},
    "FeedbackGiven": lambda s: {"feedback": feedback_of(s)},
    "FeedbackAnswered": lambda s: {"feedback": feedback_of(s, is_answered=True)},
    "PlaybookChanged": lambda s: {
        "running": 2,
        "old_version": version_of(s),
        "new_version": version_of(s, is_new=True),
    },
    "AccountRefreshDue": lambda s: {"reminder": s.question},
    "AccountShown": lambda s: {"account": card_of(s)},
    "OverdueDigest": lambda s: {"reminders": [s.subject, s.question] * 30, "unlisted": 7000},
    "ImportAsked": lambda s: {"import": import_of(s, ImportState.OFFERED)},
    "ImportUndone": lambda s: {"import": import_of(s, ImportState.DONE, is_undone=True)},
    "Welcome": lambda s: {},
    "Hint": lambda s: {"words": ("lead", "deal")},
    "NothingFound": lambda s: {"sought": s.failure[:80]},
    "ColleaguesOnly": lambda s: {},
    "CardWithdrawn": lambda s: {
        "channel": "C1",
        "ts": "1.1",
        "what": f"{s.lead.code} {s.lead.account.name}",
        "by": s.lead.captured_by,
    },
    "RecordsFound": lambda s: {"sought": s.failure[:80], **found_of(s)},
    "DeputyNamed": lambda s: {"absence": s.absence},
    "MessageUndeliverable": lambda s: {"outbox": s.failure},
    "TaskGivenUp": lambda s: {"task": s.failure},
}
"""What each message's template is given at delivery."""
