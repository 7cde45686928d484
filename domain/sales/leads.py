"""Leads: what is known before a prospect is qualified, and when somebody must get back to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from domain.core.language import N_, Titled, _
from domain.core.messages import Message
from domain.core.operations import UNDO_FOR, Operation, undo_needs
from domain.core.people import COLLEAGUES, SELLERS, Actor, Permission, Person, Role, may
from domain.core.records import NamedRecord
from domain.core.refusals import RuleBroken
from domain.core.reminders import Reminding
from domain.core.spelling import clean_name
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import Pace, SalesPlaybook
from domain.sales.accounts import MERGE_RECORDS, Account, Contact, NewContact
from domain.sales.duplicates import Match
from domain.sales.screening import known_answers, score_answers

CAPTURE_LEAD = Permission(N_("capture leads"), COLLEAGUES)
SEE_LEADS = Permission(N_("see leads"), COLLEAGUES)
CLAIM_LEAD = Permission(N_("claim a lead"), SELLERS)
HAND_TO_SALES = Permission(N_("hand a lead to sales"), COLLEAGUES)
SCREEN_LEAD = Permission(N_("screen a lead"), SELLERS)
LOG_TOUCH = Permission(N_("log a touch"), SELLERS | {Role.DELIVERY})
PLAN_NEXT = Permission(N_("change a lead's next date"), SELLERS)
EDIT_LEAD = Permission(N_("edit a lead"), SELLERS)
ASSIGN_LEAD = Permission(N_("give somebody a lead"), frozenset({Role.MANAGEMENT}))
DISQUALIFY_LEAD = Permission(N_("disqualify a lead"), SELLERS)
undo_needs("lead.edited", "lead.linked", "lead.unlinked")(EDIT_LEAD)
undo_needs("lead.added_to")(CAPTURE_LEAD)
undo_needs("lead.merged")(MERGE_RECORDS)
undo_needs("lead.disqualified")(DISQUALIFY_LEAD)
undo_needs("lead.claimed", "lead.released")(CLAIM_LEAD)

LONGEST_NAME = 200
LONGEST_TEXT = 3000
"""Characters of free text kept with a lead; what Slack's own text field takes."""


class LeadStatus(StrEnum):
    """Where a lead stands. Values are stored: never renamed."""

    OPEN = "open"
    DISQUALIFIED = "disqualified"
    MERGED = "merged"
    QUALIFIED = "qualified"
    """It goes on as a deal."""


class OriginFate(StrEnum):
    """What has happened since to the message a lead was captured from. Values are stored: never renamed."""

    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The Slack message that a record was made from, such as a lead."""

    channel: str
    ts: str
    author: str
    """Slack id of who wrote it."""
    permalink: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """A lead as somebody captures it. `company` is the name as typed; `account_id` says to use an existing account instead."""

    company: str
    source: str
    """Id of a channel in the playbook: where the prospect came from."""
    said: str = ""
    industry: str | None = None
    country: str | None = None
    """The company's: an ISO 3166 code, or what a file called it."""
    history: str | None = None
    contact: NewContact = field(default_factory=NewContact)
    answers: Mapping[str, str] = field(default_factory=dict)
    account_id: int | None = None
    is_new_company: bool = False
    """The person has seen the possible duplicates and says it is none of them."""
    declined: tuple[int, ...] | None = None
    """The accounts they have seen; one of exactly this name that came since is the company. None where no form has shown any."""
    origin: Origin | None = None
    own_key: str | None = None
    """What another system calls the record; a second import with the same key updates it."""
    captured_in: str | None = None
    """Slack channel in which it was captured: the card goes there unless the workspace has a channel for leads."""


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A lead with the records it belongs to. `version` counts its changes."""

    id: int
    number: int
    account: Account
    contact: Contact | None = None
    source: str
    """How the prospect reached us: the id of one of the playbook's channels."""
    said: str = ""
    status: LeadStatus = LeadStatus.OPEN
    owner: Person | None = None
    captured_by: Person
    captured_at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    score: int | None = None
    """Percent of what the screening criteria can give, or None before screening."""
    band: str | None = None
    next_at: datetime | None = None
    """When somebody must next get back to the prospect; None only once the lead is closed."""
    answer_by: datetime | None = None
    """By when the prospect must have had a first answer."""
    last_touch_at: datetime | None = None
    disqualified_for: str | None = None
    disqualified_by: Person | None = None
    remark: str | None = None
    origin: Origin | None = None
    origin_fate: OriginFate | None = None
    own_key: str | None = None
    merged_into_id: int | None = None
    """The lead that took over everything of this one."""
    merged_into_number: int | None = None
    deal_id: int | None = None
    """The deal it goes on as."""
    deal_number: int | None = None
    version: int = 1

    @property
    def code(self) -> str:
        """What people call the record, such as `L-12`."""
        return f"L-{self.number}"

    @property
    def named(self) -> NamedRecord:
        """The record as what belongs to it calls it."""
        company = self.account.name
        return NamedRecord(
            noun="lead", id=self.id, code=self.code, company=company, owner=self.owner, is_open=self.is_open
        )

    @property
    def is_open(self) -> bool:
        """Whether it still needs somebody's attention."""
        return self.status is LeadStatus.OPEN

    @property
    def waits_for_first_answer(self) -> bool:
        """Whether nobody has been in touch yet, and nothing else was planned."""
        return self.last_touch_at is None and self.next_at == self.answer_by

    def may_be_handed_on(self, actor: Actor) -> bool:
        """Whether somebody may give it away or release it: who owns it, while they may own leads, or management."""
        is_own = self.owner is not None and self.owner.id == actor.member_id
        return may(actor.roles, ASSIGN_LEAD) or (is_own and may(actor.roles, CLAIM_LEAD))

    @property
    def holder(self) -> Person:
        """Who is reminded of it: its owner, or while nobody has claimed it, whoever captured it."""
        return self.owner or self.captured_by


@dataclass(frozen=True, kw_only=True)
class PossibleDuplicates:
    """Nothing was saved: these accounts may be the company meant, closest first."""

    matches: tuple[Match, ...]
    open_leads: tuple["Lead", ...] = ()
    """The most urgent open lead of each of them that has one."""

    def lead_of(self, match: Match) -> "Lead | None":
        """The open lead there is at an account that may be meant."""
        return next((lead for lead in self.open_leads if lead.account.id == match.account.id), None)


class TouchKind(Titled):
    """How somebody was in touch with a prospect. Values are stored: never renamed."""

    CALL = "call", N_("call")
    MEETING = "meeting", N_("meeting")
    MAIL = "mail", N_("mail")
    MESSAGE = "message", N_("message")


@dataclass(frozen=True, kw_only=True)
class NewTouch:
    """A contact with the prospect, as logged. `next_on` moves the next date; without it the playbook's pace does."""

    kind: TouchKind
    key_points: str
    next_on: date | None = None
    permalink: str | None = None
    """Address of the Slack message that tells of it."""


def check_touch(new: NewTouch) -> None:
    """Refuse a touch without key points, or with too many.

    Raises RuleBroken (field `key_points`).
    """
    if not new.key_points.strip():
        raise RuleBroken(_("What was said? A line is enough."), field="key_points")
    if len(new.key_points) > LONGEST_TEXT:
        raise RuleBroken(_("Please keep this under {most} characters.").format(most=LONGEST_TEXT), field="key_points")


@dataclass(frozen=True, kw_only=True)
class Touch:
    """A contact with a prospect or client that took place, about a record such as ("deal", 7)."""

    id: int
    subject: str
    subject_id: int
    kind: TouchKind
    key_points: str
    permalink: str | None = None
    at: datetime
    by: Person


@dataclass(frozen=True, kw_only=True)
class LeadStep:
    """What changed and when it is due next: the answer to a touch, a claim or a finished reminder."""

    lead: Lead
    due_at: datetime | None
    operation: Operation | None = None
    """What can be undone of it."""


def may_take_back(lead: Lead, actor: Actor, now: datetime) -> bool:
    """Whether somebody may undo the capture of a lead: their own, for some minutes, while nobody else has anything to do with it."""
    is_theirs = lead.captured_by.id == actor.member_id and (lead.owner is None or lead.owner.id == actor.member_id)
    is_untouched = lead.is_open and lead.last_touch_at is None
    return is_theirs and is_untouched and now - lead.captured_at <= UNDO_FOR


def first_answer_due(captured_at: datetime, pace: Pace, hours: WorkingHours) -> datetime:
    """By when the prospect must have had a first answer."""
    return hours.add_working_time(captured_at, timedelta(hours=pace.first_answer_hours))


def first_answer_warning(captured_at: datetime, pace: Pace, hours: WorkingHours) -> datetime:
    """When somebody is warned that the first answer is still to come, while there is time left for it."""
    return hours.add_working_time(captured_at, timedelta(hours=pace.first_answer_hours * pace.warn_after))


def next_follow_up(after: datetime, pace: Pace, hours: WorkingHours) -> datetime:
    """When to get in touch again after a touch: the start of a working day, the playbook's number of them later."""
    return hours.add_working_days(after, pace.follow_up_days)


@dataclass(frozen=True, kw_only=True)
class LeadMerge:
    """What a merge comes to: the lead that is kept as it is and as it will be, the other, and how many touches move."""

    before: Lead
    kept: Lead
    other: Lead
    touches: int


def merged(kept: Lead, other: Lead, playbook: SalesPlaybook) -> Lead:
    """The kept lead with whatever it lacks taken from the other; of what both have, its own stays.

    The earlier capture, limit and next date count, and the later touch. A next date that was only the limit of a first answer is no date
    any more once the prospect was answered about the other lead.
    """
    answers = {**other.answers, **kept.answers}
    score = score_answers(known_answers(answers, playbook), playbook)
    is_answered = kept.last_touch_at is not None or other.last_touch_at is not None
    dated = [lead for lead in (kept, other) if not (is_answered and lead.waits_for_first_answer)]
    first = min(kept, other, key=lambda lead: (lead.captured_at, lead.id))
    new_score = {"score": score.percent, "band": score.band} if score and answers != kept.answers else {}
    return replace(
        kept,
        contact=kept.contact or other.contact,
        said=kept.said or other.said,
        owner=kept.owner or other.owner,
        captured_by=first.captured_by,
        captured_at=first.captured_at,
        answers=answers,
        next_at=_first_of(min, *(lead.next_at for lead in dated)) or kept.next_at,
        answer_by=_first_of(min, kept.answer_by, other.answer_by),
        last_touch_at=_first_of(max, kept.last_touch_at, other.last_touch_at),
        origin=kept.origin or other.origin,
        origin_fate=kept.origin_fate if kept.origin else other.origin_fate,
        **new_score,  # type: ignore[arg-type]  # a number and a word
    )


def _first_of(choose: Callable[..., datetime], *moments: datetime | None) -> datetime | None:
    return choose((moment for moment in moments if moment), default=None)


def fate_after(before: OriginFate | None, news: OriginFate) -> OriginFate:
    """What has become of a message that news came of; what was deleted stays so, however late an older edit is heard of."""
    return OriginFate.DELETED if before is OriginFate.DELETED else news


def checked_new_lead(new: NewLead, playbook: SalesPlaybook) -> NewLead:
    """The lead with its names as they are kept.

    Raises RuleBroken, at the right field, for what no lead may be.
    """
    new = replace(new, company=clean_name(new.company), industry=clean_name(new.industry) or None)
    if not new.company:
        raise RuleBroken(_("Which company is it?"), field="company")
    if len(new.company) > LONGEST_NAME:
        raise RuleBroken(
            _("A company's name has at most {most} characters.").format(most=LONGEST_NAME), field="company"
        )
    if len(new.said) > LONGEST_TEXT:
        raise RuleBroken(_("Please keep this under {most} characters.").format(most=LONGEST_TEXT), field="said")
    for name, text, most in (
        ("contact_name", new.contact.name, LONGEST_NAME),
        ("industry", new.industry, LONGEST_NAME),
        ("history", new.history, LONGEST_TEXT),
    ):
        if len(text or "") > most:
            raise RuleBroken(_("Please keep this under {most} characters.").format(most=most), field=name)
    if new.source not in playbook.channels:
        raise RuleBroken(_("Where does this lead come from?"), field="channel")
    return new


@dataclass(frozen=True, kw_only=True)
class LeadCaptured(Message):
    """A new lead, shown to those who may claim it."""

    card_of: ClassVar[str | None] = "lead"
    lead_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpDue(Reminding, kind="lead.follow_up", needs=SEE_LEADS):
    """The next date of a lead has come."""


@dataclass(frozen=True, kw_only=True)
class FirstAnswerDue(Reminding, kind="lead.first_answer", needs=SEE_LEADS):
    """Nobody has been in touch with a prospect yet, and the limit for the first answer is near."""


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Message):
    """Tells somebody that a lead is theirs, because it was their turn by a rule."""

    lead_id: int
    rule: str
    """The rule's title, as it read then."""


@dataclass(frozen=True, kw_only=True)
class LeadGiven(Message):
    """Tells somebody that a lead is theirs, because somebody gave it to them."""

    lead_id: int
    by_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadAddedTo(Message):
    """Tells who has a lead that somebody added to it what the prospect said now."""

    lead_id: int
    by_id: int
    said: str


@dataclass(frozen=True, kw_only=True)
class LeadTaken(Message):
    """Tells who owned a lead that somebody gave it to another."""

    lead_id: int
    by_id: int
    note: str = ""
