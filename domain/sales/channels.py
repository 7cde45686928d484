"""Channels of deals: whether a deal has one, what it is called, and what is to be done next to make it what it should be."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from html import escape
from typing import ClassVar

from domain.core.language import N_, Titled, _
from domain.core.messages import Message
from domain.core.operations import UNDO_FOR
from domain.core.people import Role
from domain.core.tasks import TaskKind
from domain.playbook.channel_rules import ChannelRule
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_route import case_of
from domain.sales.deals import Deal

KEEP_CHANNEL = TaskKind("deal_channel.keep")
"""Makes a deal's channel what it should be, step by step."""
LONGEST_NAME = 80
"""Characters of a channel's name, as Slack sets it."""
LONGEST_TOPIC = 250
"""Characters of a topic or purpose, as Slack sets it."""
SPELT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "å": "aa", "œ": "oe", "ł": "l", "&": " and "}
)
"""Letters that lose more than a mark when they are written in plain ones."""


class ChannelState(StrEnum):
    """What has become of a deal's channel. Values are stored: never renamed."""

    OPEN = "open"
    """It is there, or will be as soon as Slack has made it."""
    ARCHIVED = "archived"
    """Archived by us, because its deal is over."""
    CLOSED = "closed"
    """Archived or deleted by hand, or out of our reach; it is not made again."""
    REFUSED = "refused"
    """Slack did not let us make it; tried again when the deal changes."""


@dataclass(frozen=True, kw_only=True)
class DealChannel:
    """The channel of a deal as far as it is made. `channel` is Slack's id, None until Slack has told us of it.

    `subject` is the noun of the record it belongs to, such as "deal", and `subject_id` that record, or None once it was taken back itself.
    `tried_at` is when Slack may have made it without our learning of it.
    """

    id: int
    subject: str = "deal"
    subject_id: int | None
    state: ChannelState = ChannelState.OPEN
    name: str
    take: int = 1
    """Counts the names that were tried: from the second on it ends the name."""
    is_private: bool = False
    archives: bool = True
    invites: tuple[Role, ...] = ()
    channel: str | None = None
    tried_at: datetime | None = None
    is_described: bool = False
    topic: str | None = None
    """As we set it last."""
    invited: tuple[str, ...] = ()
    """Slack ids of those who were asked in once; who leaves is not asked again."""
    card_ts: str | None = None
    is_pinned: bool = False
    ended_at: datetime | None = None
    """When the channel was told that its deal is over."""

    @property
    def archive_at(self) -> datetime | None:
        """When it is archived: only once the end cannot be undone any more, because a bot cannot take an archiving back."""
        return self.ended_at + UNDO_FOR if self.ended_at and self.archives else None


class StepKind(Titled):
    """Something to be done in Slack for a deal's channel; the title stands in "Slack does not let me …"."""

    CREATE = "create", N_("open channels")
    DESCRIBE = "describe", N_("describe a channel")
    TOPIC = "topic", N_("set a channel's topic")
    INVITE = "invite", N_("invite people into a channel")
    PIN = "pin", N_("pin a card")
    ARCHIVE = "archive", N_("archive a channel")
    UNARCHIVE = "unarchive", N_("take the archiving of a channel back")


@dataclass(frozen=True, kw_only=True)
class ChannelStep:
    """The next thing to do. `value` is the name, purpose, topic, Slack id or ts that it is about.

    Of creating, `take` counts the names that were tried, and `is_repeated` says that Slack may have made the channel already.
    """

    kind: StepKind
    channel: str = ""
    value: str = ""
    is_private: bool = False
    take: int = 1
    is_repeated: bool = False
    purpose: str = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a deal's channel should be at this moment.

    `by_rule` says whether a rule holds for the deal now, `has_mail` whether messages to the channel still wait to be delivered.
    """

    by_rule: bool
    is_running: bool
    purpose: str = ""
    topic: str | None = None
    people: tuple[str, ...] = ()
    has_mail: bool = False


def next_step(known: DealChannel, wanted: Wanted, now: datetime) -> ChannelStep | None:
    """What is to be done next in Slack, or None when the channel is what it should be, as far as that can be known now.

    A channel that Slack may have made stays wanted, whatever became of the deal: or nobody would ever look after it.
    """
    if known.state is ChannelState.CLOSED:
        return None
    if known.channel is None:
        return _creation(known, wanted) if wanted.by_rule or known.tried_at else None
    if known.state is ChannelState.ARCHIVED:
        return ChannelStep(kind=StepKind.UNARCHIVE, channel=known.channel) if wanted.is_running else None
    if step := _care(known, known.channel, wanted):
        return step
    is_over = known.archive_at is not None and known.archive_at <= now and not wanted.has_mail
    return ChannelStep(kind=StepKind.ARCHIVE, channel=known.channel) if is_over else None


def _creation(known: DealChannel, wanted: Wanted) -> ChannelStep:
    return ChannelStep(
        kind=StepKind.CREATE,
        value=taken_name(known.name, known.take),
        is_private=known.is_private,
        take=known.take,
        is_repeated=known.tried_at is not None,
        purpose=wanted.purpose,
    )


def _care(known: DealChannel, channel: str, wanted: Wanted) -> ChannelStep | None:
    newcomer = next((slack_id for slack_id in wanted.people if slack_id not in known.invited), None)
    missing: Mapping[StepKind, str | None] = {
        StepKind.DESCRIBE: None if known.is_described else wanted.purpose,
        StepKind.TOPIC: None if wanted.topic == known.topic else wanted.topic,
        StepKind.INVITE: newcomer if wanted.is_running else None,
        StepKind.PIN: None if known.is_pinned else known.card_ts,
    }
    found = ((kind, value) for kind, value in missing.items() if value)
    return next((ChannelStep(kind=kind, channel=channel, value=value) for kind, value in found), None)


def channel_rule(deal: Deal, playbook: SalesPlaybook) -> ChannelRule | None:
    """The first rule by which a running deal has a channel of its own, or None; an amount nobody knows meets no condition."""
    if deal.progress is None or not deal.is_running:
        return None
    order = [stage.id for stage in playbook.stages]
    case = case_of(deal, playbook)
    behind = order[: order.index(deal.progress.stage) + 1] if deal.progress.stage in order else []
    holding = (rule for rule in playbook.deal_channels if rule.from_stage is None or rule.from_stage in behind)
    return next((rule for rule in holding if rule.when.hold(case, unknown=False)), None)


def channel_name(pattern: str, deal: Deal) -> str:
    """The name by a rule's pattern: small plain letters, digits, - and _, at most 80; what cannot be written so is left out."""
    company = plain_letters(deal.account.name) if deal.account else ""
    room = LONGEST_NAME - len(pattern.format(number=deal.number, company=""))
    name = pattern.format(number=deal.number, company=company[:room])
    return re.sub(r"-{2,}", "-", name).strip("-")


def plain_letters(text: str) -> str:
    """Words joined by hyphens, in the letters Slack takes: `Müller & Søn GmbH` is `mueller-and-son-gmbh`."""
    spelt = unicodedata.normalize("NFC", text).lower().translate(SPELT)
    bare = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", bare).strip("-")


def taken_name(name: str, take: int) -> str:
    """The name to try for the so-manieth time: `deal-7-acme`, then `deal-7-acme-2`, and so on."""
    ending = f"-{take}" if take > 1 else ""
    return name[: LONGEST_NAME - len(ending)] + ending


def purpose_of(deal: Deal) -> str:
    """What the channel is for, as Slack shows it in its details."""
    company = deal.account.name if deal.account else ""
    sentence = _("{code} · {company}: {title}. In here /rain-deal shows the deal.")
    return fitting(sentence.format(code=deal.code, company=company, title=deal.title), LONGEST_TOPIC)


def topic_of(deal: Deal, stage: str, next_on: date | None) -> str:
    """How the deal stands in one line: the stage (a title), owner, amount, and what is done next by when.

    It is the channel's and no reader's, so amounts and days are written the same for everybody.
    """
    progress = deal.progress
    amount = f"{deal.value.amount:,.2f} {deal.value.currency}" if deal.value else _("amount not known yet")
    owner = deal.owner.name if deal.owner else _("nobody")
    said = [stage if deal.is_running else deal.outcome.title, owner, amount]
    if deal.is_running and progress and progress.next_step and next_on:
        said.append(_("next: {step} ({day})").format(step=progress.next_step, day=next_on.isoformat()))
    elif deal.is_running:
        said.append(_("no next step"))
    return fitting(" · ".join(said), LONGEST_TOPIC)


def fitting(text: str, most: int) -> str:
    """The text with what Slack would take for markup escaped, cut so that it is no longer than `most` even so."""
    plain = " ".join(text.split())
    if len(escape(plain, quote=False)) <= most:
        return escape(plain, quote=False)
    while len(escape(plain, quote=False)) > most - 1:
        plain = plain[:-1]
    return escape(plain, quote=False) + "…"


@dataclass(frozen=True, kw_only=True)
class DealChannelOpened(Message):
    """The card of a deal in the channel it has of its own."""

    card_of: ClassVar[str | None] = "deal"
    deal_id: int


@dataclass(frozen=True, kw_only=True)
class DealChannelEnds(Message):
    """Tells a deal's channel that the deal is over."""

    deal_id: int
    archives: bool
    """Whether the channel is archived by and by."""


@dataclass(frozen=True, kw_only=True)
class DealChannelGoesOn(Message):
    """Tells a deal's channel that the deal goes on after all."""

    deal_id: int


@dataclass(frozen=True, kw_only=True)
class DealChannelStaysArchived(Message):
    """Asks the owner of a deal that goes on to bring its channel (Slack's id) back, which Slack lets no bot do."""

    deal_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class DealChannelRefused(Message):
    """Tells an admin, once, what Slack does not let us do for channels of deals; `why` is its own word."""

    deal_id: int
    refused: str
    """A kind of step."""
    why: str
