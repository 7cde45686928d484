"""Channels of deals: a change of a deal only puts in the task that its channel is seen to, which is carried out step by step.

A step is asked for and noted in transactions of their own, with the call to Slack in between. Each may be done twice without harm: so
a process that dies over one leaves nothing behind but its lease.
"""

from collections.abc import Collection
from datetime import timedelta

from domain.core.language import _
from domain.core.messages import Destination, Message
from domain.core.people import Actor, Role
from domain.core.records import NamedRecord
from domain.core.refusals import NotFound
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.channels import (
    ChannelState,
    ChannelStep,
    DealChannel,
    DealChannelEnds,
    DealChannelGoesOn,
    DealChannelOpened,
    DealChannelRefused,
    DealChannelStaysArchived,
    StepKind,
    Wanted,
    channel_name,
    channel_rule,
    next_step,
    purpose_of,
    topic_of,
)
from domain.sales.deal_route import stage_of
from domain.sales.deals import SEE_DEALS, Deal
from domain.sales.pages import DealPage
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import fact, on_page
from usecases.core.outbox import SHARED, posted
from usecases.core.tasks import LEASE, ClaimedTask
from usecases.desk import Desk, check_permission, reads, record
from usecases.sales.deal_pages import deal_page, sales_of

MAIL_SECONDS = 10
"""How long a channel waits to be archived for the last that is said there."""
PERSONAL = frozenset(
    "already_in_channel cant_invite cant_invite_self no_user team_access_not_granted ura_max_channels user_disabled "
    "user_is_restricted user_is_ultra_restricted user_not_found user_not_visible user_team_not_in_channel users_not_found".split()
)
"""Slack's words for somebody who cannot be asked in, or is in already: nobody need hear of it."""
OUT_OF_REACH = frozenset(
    {"channel_not_found", "is_archived", "method_not_supported_for_channel_type", "not_in_channel", SHARED}
)
"""Slack's words for a channel that somebody archived or deleted, or took us out of, and ours for one that others read."""


def follow(work: UnitOfWork, deal: Deal, playbook: SalesPlaybook | None) -> None:
    """Have the channel of a deal seen to that was begun or changed; where a rule holds and it has none, it is to have one."""
    known = work.deal_channels.of("deal", deal.id)
    if known and known.state is not ChannelState.CLOSED:
        _tell_of_end(work, known, deal)
        work.deal_channels.see_to(known.id)
    elif known is None and playbook and (rule := channel_rule(deal, playbook)):
        work.deal_channels.want("deal", deal.id, rule, channel_name(rule.name, deal))


def follow_undone(work: UnitOfWork, deal_ids: Collection[int]) -> None:
    """The same for deals of which something was taken back, perhaps they themselves."""
    for deal_id in deal_ids:
        try:
            deal = work.deals.get(deal_id)
        except NotFound:
            continue
        if deal.progress:
            follow(work, deal, sales_of(work, deal))
    work.deal_channels.end_without_record()


def _tell_of_end(work: UnitOfWork, known: DealChannel, deal: Deal) -> None:
    """Say in the channel that its deal is over, or goes on after all."""
    if known.channel is None or known.state is not ChannelState.OPEN or deal.is_running is (known.ended_at is None):
        return
    version = deal.progress.version if deal.progress else 0
    message: Message = DealChannelGoesOn(deal_id=deal.id)
    if not deal.is_running:
        message = DealChannelEnds(deal_id=deal.id, archives=known.archives)
    once = f"deal_channel.told:{known.id}:{version}:{deal.outcome.value}"
    place = Destination(channel=known.channel, member_id=deal.owner.id if deal.owner else None)
    work.outbox.put(message, place, once=once)
    work.deal_channels.change(known.id, ended_at=None if deal.is_running else work.now)


class DealChannelDesk(Desk):
    """The use cases of deals' channels; nearly all are called while a task is carried out."""

    @reads
    def in_channel(self, work: UnitOfWork, actor: Actor, channel: str) -> DealPage | None:
        """The deal whose channel this is (Slack's id), or None.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        known = work.deal_channels.in_slack(channel)
        return deal_page(work, known.subject_id) if known and known.subject_id else None

    async def note_fate(self, workspace_id: str, channel: str, *, is_gone: bool) -> None:
        """Note that somebody archived or deleted a channel by hand, so that it is not made again; or brought it back."""

        def body(work: UnitOfWork) -> None:
            known = work.deal_channels.in_slack(channel)
            if known is None:
                return
            if is_gone and known.state is ChannelState.OPEN:
                _close(work, known, "closed by hand")
            elif not is_gone and known.state in {ChannelState.ARCHIVED, ChannelState.CLOSED}:
                _reopen(work, known)

        await self.store.write(workspace_id, body)
        self.nudge()

    # While a task is carried out

    async def next_step(self, claimed: ClaimedTask) -> ChannelStep | None:
        """What is to be done next in Slack; None when nothing is for now, or when the task is another process's."""

        def body(work: UnitOfWork) -> ChannelStep | None:
            known = _held(work, claimed)
            if known is None:
                return None
            step = next_step(known, self._wanted(work, known), work.now)
            work.tasks.extend(claimed.task, work.now + LEASE)
            if step is None:
                _wait_for_archiving(work, known)
            elif step.kind is StepKind.CREATE and known.tried_at is None:
                work.deal_channels.change(known.id, tried_at=work.now)
            return step

        return await self.store.write(claimed.workspace.workspace_id, body)

    def _wanted(self, work: UnitOfWork, known: DealChannel) -> Wanted:
        """What the channel should be; of a deal that was taken back nothing is wanted any more."""
        has_mail = known.channel is not None and known.archives and work.deal_channels.has_mail(known.channel)
        if known.subject_id is None:
            return Wanted(by_rule=False, is_running=False, has_mail=has_mail)
        deal = work.deals.get(known.subject_id)
        playbook = sales_of(work, deal) or self.sales
        return Wanted(
            by_rule=channel_rule(deal, playbook) is not None,
            is_running=deal.is_running,
            purpose=purpose_of(deal),
            topic=_topic(work, deal, playbook),
            people=_people(work, deal, known.invites),
            has_mail=has_mail,
        )

    async def is_free(self, claimed: ClaimedTask, channel: str) -> bool:
        """Whether a channel of Slack's is no other deal's."""

        def body(work: UnitOfWork) -> bool:
            known = work.deal_channels.in_slack(channel)
            return known is None or known.id == claimed.task.subject_id

        return await self.store.read(claimed.workspace.workspace_id, body)

    async def try_next_name(self, claimed: ClaimedTask) -> None:
        """The name is somebody else's: try another one."""

        def body(work: UnitOfWork) -> None:
            known = _held(work, claimed)
            if known:
                work.deal_channels.change(known.id, take=known.take + 1)

        await self.store.write(claimed.workspace.workspace_id, body)

    async def done(self, claimed: ClaimedTask, step: ChannelStep, channel: str) -> None:
        """Note that a step was carried out; `channel` is what Slack calls the channel it was about."""

        def body(work: UnitOfWork) -> None:
            known = _held(work, claimed)
            if known:
                work.tasks.get_on(claimed.task, work.now + LEASE)
                self._note(work, known, step, channel)

        await self.store.write(claimed.workspace.workspace_id, body)
        self.nudge()

    def _note(self, work: UnitOfWork, known: DealChannel, step: ChannelStep, channel: str) -> None:
        if step.kind is StepKind.CREATE:
            self._note_creation(work, known, step, channel)
        elif step.kind is StepKind.ARCHIVE:
            work.deal_channels.change(known.id, state=ChannelState.ARCHIVED.value)
            work.deal_channels.forget_cards(channel)
            record(work, None, "deal_channel.archived", known.id, after={"channel": channel})
        elif step.kind is StepKind.UNARCHIVE:
            _reopen(work, known)
        else:
            _check_off(work, known, step)

    def _note_creation(self, work: UnitOfWork, known: DealChannel, step: ChannelStep, channel: str) -> None:
        work.deal_channels.change(known.id, state=ChannelState.OPEN.value, channel=channel, tried_at=None, trouble=None)
        after = {"deal_id": known.subject_id, "channel": channel, "name": step.value, "is_private": step.is_private}
        record(work, None, "deal_channel.opened", known.id, after=after)
        if known.subject_id is None:
            work.deal_channels.change(known.id, ended_at=work.now)
            return
        once = f"deal_channel.opened:{known.id}"
        owner = work.deals.get(known.subject_id).owner
        place = Destination(channel=channel, member_id=owner.id if owner else None)
        work.outbox.put(DealChannelOpened(deal_id=known.subject_id), place, once=once)
        work.outbox.refresh_cards("deal", known.subject_id)
        _tell_of_end(work, work.deal_channels.get(known.id), work.deals.get(known.subject_id))

    async def refused(self, claimed: ClaimedTask, step: ChannelStep, why: str) -> None:
        """Note that Slack refuses a step for good, in its own word; the deal goes on, and whom it concerns hears of it once."""

        def body(work: UnitOfWork) -> None:
            known = _held(work, claimed)
            if known is None:
                return
            if step.kind is StepKind.UNARCHIVE:
                _stay_archived(work, known, why)
            elif step.kind is not StepKind.CREATE and why in OUT_OF_REACH:
                _close(work, known, why)
            else:
                _do_without(work, known, step, why)

        await self.store.write(claimed.workspace.workspace_id, body)
        self.nudge()

    async def forget_try(self, claimed: ClaimedTask, step: ChannelStep) -> None:
        """Note that this step has certainly changed nothing in Slack; earlier tries still may have."""

        def body(work: UnitOfWork) -> None:
            known = _held(work, claimed)
            if known and step.kind is StepKind.CREATE and not step.is_repeated:
                work.deal_channels.change(known.id, tried_at=None)

        await self.store.write(claimed.workspace.workspace_id, body)


def _held(work: UnitOfWork, claimed: ClaimedTask) -> DealChannel | None:
    """The channel, unless another process has taken it up meanwhile."""
    is_ours = work.tasks.tries(claimed.task) is not None
    return work.deal_channels.get(claimed.task.subject_id) if is_ours else None


def _wait_for_archiving(work: UnitOfWork, known: DealChannel) -> None:
    """See to a channel again when its time to be archived has come."""
    if known.state is ChannelState.OPEN and known.archive_at and known.channel:
        work.deal_channels.see_to(known.id, max(known.archive_at, work.now + timedelta(seconds=MAIL_SECONDS)))


def _topic(work: UnitOfWork, deal: Deal, playbook: SalesPlaybook) -> str:
    progress = deal.progress
    assert progress is not None  # none but deals of our own have a channel
    stage = stage_of(deal, playbook)
    title = _(stage.title) if stage else progress.stage
    hours = work.members.hours(deal.owner.id if deal.owner else progress.opened_by.id)
    return topic_of(deal, title, hours.local(progress.next_at).date() if progress.next_at else None)


def _people(work: UnitOfWork, deal: Deal, roles: Collection[Role]) -> tuple[str, ...]:
    """Slack ids of those who belong into the channel: the owner, and colleagues with one of the roles."""
    owner = [work.members.get(deal.owner.id)] if deal.owner else []
    able = work.members.with_roles(roles) if roles else []
    return tuple(dict.fromkeys(member.slack_id for member in (*owner, *able) if member.is_colleague))


def _check_off(work: UnitOfWork, known: DealChannel, step: ChannelStep) -> None:
    """Note of one of the channel's details that it is as it should be, or as good as Slack lets it be."""
    values: dict[StepKind, dict[str, object]] = {
        StepKind.DESCRIBE: {"is_described": True},
        StepKind.TOPIC: {"topic": step.value},
        StepKind.INVITE: {"invited": [*known.invited, step.value]},
        StepKind.PIN: {"is_pinned": True},
        StepKind.ARCHIVE: {"archives": False},
    }
    work.deal_channels.change(known.id, **values[step.kind])


def _do_without(work: UnitOfWork, known: DealChannel, step: ChannelStep, why: str) -> None:
    """Go on without what Slack refuses, and tell an admin once for each thing and reason."""
    if step.kind is StepKind.CREATE:
        values = {"state": ChannelState.REFUSED.value, "tried_at": None, "trouble": why}
        work.deal_channels.change(known.id, **values)
        record(work, None, "deal_channel.refused", known.id, after={"deal_id": known.subject_id}, reason=why)
    else:
        _check_off(work, known, step)
    if why in PERSONAL or known.subject_id is None:
        return
    message = DealChannelRefused(deal_id=known.subject_id, refused=step.kind.value, why=why)
    for admin in [one for one in work.members.with_roles({Role.ADMIN}) if one.is_reachable][:1]:
        once = f"deal_channel.refused:{step.kind.value}:{why}"
        work.outbox.put(message, Destination(member_id=admin.id), once=once)


def _close(work: UnitOfWork, known: DealChannel, why: str) -> None:
    """Leave a channel alone from now on that is out of our reach."""
    work.deal_channels.change(known.id, state=ChannelState.CLOSED.value, trouble=why)
    record(work, None, "deal_channel.closed", known.id, after={"channel": known.channel}, reason=why)
    if known.channel:
        work.deal_channels.forget_cards(known.channel)
    if known.subject_id:
        work.outbox.refresh_cards("deal", known.subject_id)


def _reopen(work: UnitOfWork, known: DealChannel) -> None:
    """Keep a channel current again that was brought back while its deal runs."""
    deal = work.deals.get(known.subject_id) if known.subject_id else None
    if deal is None or not deal.is_running or known.channel is None:
        return
    work.deal_channels.change(known.id, state=ChannelState.OPEN.value, ended_at=None)
    work.deal_channels.see_to(known.id)
    record(work, None, "deal_channel.reopened", known.id, after={"channel": known.channel})
    if known.card_ts:
        work.cards.register("deal", deal.id, known.channel, known.card_ts, DealChannelOpened.__name__)
    work.outbox.refresh_cards("deal", deal.id)


def _stay_archived(work: UnitOfWork, known: DealChannel, why: str) -> None:
    """Ask the deal's owner to do what Slack lets no bot do."""
    _close(work, known, why)
    if known.subject_id is None or known.channel is None:
        return
    deal = work.deals.get(known.subject_id)
    reader = deal.owner or (deal.progress.opened_by if deal.progress else None)
    if reader:
        version = deal.progress.version if deal.progress else 0
        once = f"deal_channel.stays_archived:{known.id}:{version}"
        message = DealChannelStaysArchived(deal_id=deal.id, channel=known.channel)
        work.outbox.put(message, Destination(member_id=reader.id), once=once)


@on_page("deal.channel")
def _in_slack(work: UnitOfWork, record: NamedRecord) -> str | None:
    """Slack's id of a record's own channel, while that can be looked into."""
    known = work.deal_channels.of(record.noun, record.id)
    return known.channel if known and known.state is not ChannelState.CLOSED else None


@fact("refused")
def _kind_of_step(_work: UnitOfWork, kind: str) -> StepKind:
    return StepKind(kind)


@posted(DealChannelOpened.__name__)
def _card_posted(work: UnitOfWork, channel: str, ts: str) -> None:
    work.deal_channels.posted(channel, ts)
