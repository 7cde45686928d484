"""Channels of records, such as deals: what is wanted, and how far each is; whatever changes of one has it seen to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Role
from domain.core.refusals import NotFound
from domain.core.tasks import NewTask
from domain.playbook.channel_rules import ChannelRule
from domain.sales.channels import KEEP_CHANNEL, ChannelState, DealChannel
from storage.core.tasks import TaskRepository
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, about, delete_here, select_here, update_here
from storage.schema import cards, deal_channels, outbox

_OF = Fixed(select_here(deal_channels).where(about(deal_channels, bindparam("noun"), bindparam("record_id"))))


class DealChannelRepository:
    """Channels of this workspace's records."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now
        self._tasks = TaskRepository(scope, now)

    def see_to(self, channel_id: int, at: datetime | None = None) -> None:
        """Have a channel made what it should be, at once or at a moment."""
        self._tasks.put(NewTask(kind=KEEP_CHANNEL, subject="deal_channel", subject_id=channel_id), at)

    def want(self, noun: str, record_id: int, rule: ChannelRule, name: str) -> None:
        """Have a channel made for a record; one that has one, or is to have one, keeps that."""
        self.scope.add_new(
            deal_channels,
            "workspace_id",
            "subject",
            "subject_id",
            subject=noun,
            subject_id=record_id,
            state=ChannelState.OPEN.value,
            name=name,
            take=1,
            is_private=rule.is_private,
            archives=rule.archives,
            invites=[role.value for role in rule.invite],
            is_described=False,
            invited=[],
            is_pinned=False,
        )
        self._see_to_all(about(deal_channels, noun, record_id))

    def _see_to_all(self, condition: ColumnElement[bool]) -> None:
        for row in self.scope.rows(select_here(deal_channels, deal_channels.c.id).where(condition)):
            self.see_to(row.id)

    def of(self, noun: str, record_id: int) -> DealChannel | None:
        """The channel of a record, or None."""
        row = self.scope.row(_OF, noun=noun, record_id=record_id)
        return _channel(row) if row else None

    def in_slack(self, channel: str) -> DealChannel | None:
        """The record's channel that Slack knows by this id, or None."""
        row = self.scope.row(select_here(deal_channels).where(deal_channels.c.channel == channel))
        return _channel(row) if row else None

    def get(self, channel_id: int) -> DealChannel:
        """The channel. Raises NotFound."""
        row = self.scope.row(select_here(deal_channels).where(deal_channels.c.id == channel_id))
        if row is None:
            raise NotFound(_("this channel"))
        return _channel(row)

    def change(self, channel_id: int, **values: Any) -> None:
        """Keep what is different now."""
        self.scope.change(update_here(deal_channels).where(deal_channels.c.id == channel_id).values(**values))

    def end_without_record(self) -> None:
        """A channel whose record is no more is not needed either."""
        left = and_(deal_channels.c.subject_id.is_(None), deal_channels.c.ended_at.is_(None))
        self._see_to_all(left)
        self.scope.change(update_here(deal_channels).where(left).values(archives=True, ended_at=self.now))

    def posted(self, channel: str, ts: str) -> None:
        """Slack has the card that is to be pinned in a channel."""
        of_channel = deal_channels.c.channel == channel
        self.scope.change(update_here(deal_channels).where(of_channel).values(card_ts=ts))
        self._see_to_all(of_channel)

    def has_mail(self, channel: str) -> bool:
        """Whether messages to a channel still wait to be delivered."""
        lane = Destination(channel=channel).lane
        waiting = select_here(outbox, outbox.c.id).where(outbox.c.lane == lane, outbox.c.closed_at.is_(None))
        return self.scope.row(waiting.limit(1)) is not None

    def forget_cards(self, channel: str) -> None:
        """Stop keeping the cards in a channel current: nothing can be written there any more."""
        self.scope.change(delete_here(cards).where(cards.c.channel == channel))


def _channel(row: Any) -> DealChannel:
    return DealChannel(
        id=row.id,
        subject=row.subject,
        subject_id=row.subject_id,
        state=ChannelState(row.state),
        name=row.name,
        take=row.take,
        is_private=row.is_private,
        archives=row.archives,
        invites=tuple(Role(role) for role in row.invites),
        channel=row.channel,
        tried_at=row.tried_at,
        is_described=row.is_described,
        topic=row.topic,
        invited=tuple(row.invited),
        card_ts=row.card_ts,
        is_pinned=row.is_pinned,
        ended_at=row.ended_at,
    )
