"""Facts to draw: ordinary ones, bare ones without anything optional, and extreme ones; and every surface drawn from each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from domain.accounts import Account, Contact, NewContact
from domain.columns import Reading, Records
from domain.duplicates import Likeness, Match
from domain.imports import Fate, Import, ImportState, RefusedRow, Remark
from domain.leads import Lead, LeadStatus, NewLead, Origin, Touch, TouchKind
from domain.operations import Operation
from domain.people import GRANTABLE, Person, RoleGrant
from domain.reminders import Reminder, ReminderKind, ReminderState
from domain.usecases.delivery import Subject
from domain.usecases.home import MOST_WAITING, FrontPage
from domain.usecases.leads import MOST_LISTED, LeadList, LeadPage
from domain.usecases.people import Settings
from domain.working_time import WorkingHours
from domain.workspaces import Workspace
from tests.firm import PLAYBOOK
from views import admin, home, imports, kit, leads, messages, reminders

Surface = Literal["message", "modal", "home"]
Drawn = tuple[Surface, Any]

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
MARKUP = "<!channel> <@U0EVIL> <https://evil.example|click> & *b* _i_ `c` ```d``` > q\n> q\n &lt; "
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
    failure: str


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
        "channel": "referral",
        "said": fill(3000),
        "owner": person(fill(80)),
        "captured_by": person(fill(80)),
        "captured_at": AT,
        "answers": ANSWERS,
        "score": 100,
        "band": "hot",
        "next_at": AT,
        "last_touch_at": AT,
        "origin": Origin(channel="C1", ts="1.2", author="U0SOMEBODY", permalink="https://larkspur.slack.example/a|b>c"),
    }
    return Lead(**(facts | more))


def sample(name: str, fill: Callable[[int], str], count: int, **of_lead: Any) -> Sample:
    """Facts whose texts `fill` gives, and `count` of everything there can be several of."""
    lead = lead_of(fill, **of_lead)
    touches = tuple(
        Touch(id=n, lead_id=lead.id, kind=TouchKind.MEETING, key_points=fill(3000), at=AT, by=person(fill(80)))
        for n in range(min(count, 5))
    )
    reminder = Reminder(
        id=10**17,
        kind=ReminderKind.LEAD_FOLLOW_UP,
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
    return Sample(
        name=name,
        lead=lead,
        touches=touches,
        draft=NewLead(
            company=fill(200),
            channel="web",
            said=fill(3000),
            industry=fill(100),
            history=fill(3000),
            contact=NewContact(name=fill(200), email="a@b.example", phone="+442079460000"),
            answers=ANSWERS,
        ),
        matches=tuple(
            Match(account=lead.account, likeness=likeness, closeness=99) for likeness in [*Likeness, Likeness.SAME_NAME]
        )[: max(count, 1)],
        page=FrontPage(now=AT, due=few, unclaimed=few, mine=10**6, team=10**6, is_admin=True, may_import=True),
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
            hours=WorkingHours(zone="America/Argentina/ComodRivadavia"),
        ),
        groups={f"S0{n:07}": fill(21) for n in range(count * 3)},
        subject=Subject(reminder=reminder, record=lead),
        failure=fill(400),
    )


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
        last_touch_at=None,
        origin=None,
    )
    draft = NewLead(company="", channel="")
    nobody = FrontPage(now=AT, due=(), unclaimed=(), mine=0, team=0, is_admin=False)
    return Sample(**(vars(made) | {"draft": draft, "page": nobody}))


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
    sample("of an older playbook", text_of, 2, channel="gone", band="gone", answers={"gone": "gone"}, score=50),
]


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
        why=given.failure,
        operation=done if state in {ImportState.DONE, ImportState.REFUSED} else None,
        kept=3 if is_undone else 0,
    )


DRAWINGS: dict[str, Callable[[Sample], Drawn]] = {
    "leads.lead_card": lambda s: ("message", leads.lead_card(s.lead, PLAYBOOK)),
    "leads.captured_reply": lambda s: ("message", leads.captured_reply(s.lead)),
    "leads.lead_list": lambda s: ("message", leads.lead_list("All leads", s.listed, PLAYBOOK, shows_owner=True)),
    "leads.lead_list_modal": lambda s: (
        "modal",
        leads.lead_list_modal("My leads", s.listed, PLAYBOOK, shows_owner=False),
    ),
    "leads.lead_page": lambda s: ("modal", leads.lead_page(LeadPage(lead=s.lead, touches=s.touches), PLAYBOOK)),
    "leads.new_lead_modal": lambda s: ("modal", leads.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000)),
    "leads.new_lead_questions": lambda s: within_modal(leads.new_lead_questions(s.draft, PLAYBOOK)),
    "leads.screening_questions": lambda s: within_modal(leads.screening_questions(s.lead.answers, PLAYBOOK)),
    "leads.doubtful_lead_modal": lambda s: ("modal", leads.doubtful_lead_modal(s.draft, s.matches, PLAYBOOK)),
    "leads.screening_modal": lambda s: ("modal", leads.screening_modal(s.lead, PLAYBOOK)),
    "leads.touch_modal": lambda s: ("modal", leads.touch_modal(s.lead)),
    "leads.plan_modal": lambda s: ("modal", leads.plan_modal(s.lead, ZoneInfo("Asia/Tokyo"))),
    "leads.disqualify_modal": lambda s: ("modal", leads.disqualify_modal(s.lead, PLAYBOOK)),
    "home.home_tab": lambda s: ("home", home.home_tab(s.page, s.settings.hours, PLAYBOOK)),
    "home.waiting": lambda s: ("message", [*home.waiting(s.page, PLAYBOOK), *home.doing(s.page)]),
    "home.doing": lambda s: ("message", home.doing(s.page)),
    "home.settings": lambda s: ("message", home.settings(s.page, s.settings.hours)),
    "imports.import_modal": lambda s: ("modal", imports.import_modal(PLAYBOOK)),
    "imports.import_card": lambda s: ("message", imports.import_card(import_of(s, ImportState.OFFERED))),
    "imports.import_card asked": lambda s: ("message", imports.import_card(import_of(s, ImportState.ASKED))),
    "imports.import_card under way": lambda s: ("message", imports.import_card(import_of(s, ImportState.UNDER_WAY))),
    "imports.import_card done": lambda s: ("message", imports.import_card(import_of(s, ImportState.DONE))),
    "imports.import_card refused": lambda s: ("message", imports.import_card(import_of(s, ImportState.REFUSED))),
    "imports.import_card cancelled": lambda s: ("message", imports.import_card(import_of(s, ImportState.CANCELLED))),
    "imports.import_card undoing": lambda s: ("message", imports.import_card(import_of(s, ImportState.UNDOING))),
    "imports.import_card undone": lambda s: (
        "message",
        imports.import_card(import_of(s, ImportState.DONE, is_undone=True)),
    ),
    "admin.roles_modal": lambda s: ("modal", admin.roles_modal(s.settings, s.groups)),
    "admin.workspace_modal": lambda s: ("modal", admin.workspace_modal(s.settings)),
    "admin.hours_modal": lambda s: (
        "modal",
        admin.hours_modal(WorkingHours(zone=s.settings.hours.zone, starts=time(0), ends=time(23, 59))),
    ),
    "reminders.follow_up": lambda s: (
        "message",
        reminders.follow_up(s.subject, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.subject})),
    ),
    "reminders.digest": lambda s: ("message", reminders.digest([s.subject] * 60, PLAYBOOK, kit.say("Overdue"))),
    "reminders.snooze_modal": lambda s: ("modal", reminders.snooze_modal(s.subject.reminder.id, date(2026, 3, 5))),
    "kit.notice": lambda s: ("modal", kit.notice("Not possible", s.lead.said or "x")),
}
"""Every surface there is, by the view that draws it."""

FACTS: dict[str, Callable[[Sample], dict[str, Any]]] = {
    "LeadCaptured": lambda s: {"lead": s.lead},
    "FollowUpDue": lambda s: {"reminder": s.subject},
    "OverdueDigest": lambda s: {"reminders": [s.subject] * 60},
    "ImportAsked": lambda s: {"import": import_of(s, ImportState.OFFERED)},
    "ImportUndone": lambda s: {"import": import_of(s, ImportState.DONE, is_undone=True)},
    "Welcome": lambda s: {},
    "Hint": lambda s: {},
    "MessageUndeliverable": lambda s: {"outbox": s.failure},
}
"""What each message's template is given at delivery."""
