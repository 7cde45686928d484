"""Telling people: what the outbox holds, with the facts of the moment, and what became of each message."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from domain.core.gathering import Registry
from domain.core.messages import Card, CardChanged, Destination, KeptInside, MessageUndeliverable, OutboxRow
from domain.core.outbox import PreparedMessage
from domain.core.people import Actor, Member, Role
from domain.playbook.playbook import Playbook
from storage.unit_of_work import Store, UnitOfWork
from usecases.core.facts import fact_of, facts_of
from usecases.desk import Desk, Nudge, nobody

LEASE_SECONDS = 60
"""How long a claimed message is this process's alone; then another takes it over."""

SHARING_KNOWN_SECONDS = 10
"""How long we go by what Slack said of who reads a channel."""
MOST_KNOWN = 10_000
SHARED = "shared_channel"
"""Why a message is not put into a channel: people of another firm read there."""


posted = Registry[Callable[[UnitOfWork, str, str], None]]("usecases")
"""What is noted besides, by the name of a message's class, once Slack has it: with its channel and ts."""


class DeliveryDesk(Desk):
    """The use cases of delivery; jobs call them, people do not."""

    def __init__(self, store: Store, playbook: Playbook, nudge: Nudge = nobody) -> None:
        super().__init__(store, playbook, nudge)
        self._sharing: dict[tuple[str, str], tuple[float, bool]] = {}

    async def claim(self, most: int, lease_until: datetime) -> list[OutboxRow]:
        """The next messages to deliver, the oldest of each lane, ours until the lease ends."""
        return await self.store.jobs(lambda jobs: jobs.claim_outbox(most, lease_until))

    async def next_at(self) -> datetime | None:
        """When the next message may be tried, or None when none waits."""
        return await self.store.read_jobs(lambda jobs: jobs.next_delivery_at())

    async def open(self, row: OutboxRow) -> PreparedMessage:
        """The message with the facts of this moment.

        Raises NotFound when what it is about is gone.
        """

        def body(work: UnitOfWork) -> PreparedMessage:
            card = work.cards.get(row.message.card_id) if isinstance(row.message, CardChanged) else None
            recipient = _recipient(work, row.destination)
            return PreparedMessage(
                row=row,
                workspace=work.workspaces.get(),
                recipient=recipient,
                facts=_facts(work, card) if card else facts_of(work, row.message),
                card=card,
                reader=_reader(work, recipient, card),
            )

        return await self.store.read(row.workspace_id, body)

    async def opened_dm(self, workspace_id: str, member_id: int, channel: str) -> None:
        """Keep the channel of a member's direct messages, so that it is asked for once."""
        await self.store.write(workspace_id, lambda work: work.members.set_dm_channel(member_id, channel))

    async def sent(self, prepared: PreparedMessage, channel: str, ts: str) -> None:
        """Note that Slack has the message; a message that is a card is registered, and redrawn if its record moved on meanwhile."""
        row = prepared.row

        def body(work: UnitOfWork) -> None:
            work.outbox.sent(row, channel, ts)
            noun = row.message.card_of
            if noun is None:
                return
            subject_id = getattr(row.message, f"{noun}_id")
            work.cards.register(noun, subject_id, channel, ts, type(row.message).__name__)
            if note := posted.get(type(row.message).__name__):
                note(work, channel, ts)
            if fact_of(work, f"{noun}_id", subject_id) != prepared.facts[noun]:
                work.outbox.refresh_cards(noun, subject_id)

        await self.store.write(row.workspace_id, body)
        if posted.get(type(row.message).__name__):
            self.nudge()

    async def drawn(self, prepared: PreparedMessage) -> None:
        """Note that a card shows the facts of the moment."""
        await self.store.write(
            prepared.row.workspace_id,
            lambda work: work.outbox.sent(prepared.row, prepared.row.destination.channel or "", None),
        )

    async def later(self, row: OutboxRow, at: datetime, why: str, *, is_outcome_unknown: bool) -> None:
        """Try again at `at`; with an unknown outcome it is looked up in Slack first."""
        await self.store.write(
            row.workspace_id, lambda work: work.outbox.try_later(row, at, why, is_outcome_unknown=is_outcome_unknown)
        )

    async def never_arrived(self, row: OutboxRow) -> None:
        """Note that all tries so far have failed for certain: only this one may send it from now on."""
        await self.store.write(row.workspace_id, lambda work: work.outbox.try_afresh(row))

    async def put_off(self, row: OutboxRow, at: datetime) -> None:
        """Deliver it from `at` on; it was not tried."""
        await self.store.write(row.workspace_id, lambda work: work.outbox.put_off(row, at))

    async def give_up(self, row: OutboxRow, why: str) -> None:
        """Record that it can never be delivered, and tell one admin of it once, unless this was such a telling itself."""

        def body(work: UnitOfWork) -> None:
            _give_up(work, row, why)

        await self.store.write(row.workspace_id, body)

    # Channels that people of another firm read

    def known_sharing(self, workspace_id: str, channel: str) -> bool | None:
        """Whether people of another firm read a channel, as Slack said lately; None where it did not."""
        until, is_outside = self._sharing.get((workspace_id, channel), (0.0, False))
        return is_outside if monotonic() < until else None

    def remember_sharing(self, workspace_id: str, channel: str, is_outside: bool) -> None:
        """Go by this for a little while."""
        if len(self._sharing) >= MOST_KNOWN:
            self._sharing.clear()
        self._sharing[workspace_id, channel] = monotonic() + SHARING_KNOWN_SECONDS, is_outside

    async def note_sharing(self, workspace_id: str, channel: str, *, is_shared: bool) -> None:
        """A channel was shared with another firm, or is no longer: cards that stand in a shared one are taken away."""
        self.remember_sharing(workspace_id, channel, is_shared)
        if is_shared:
            await self.store.write(workspace_id, lambda work: work.outbox.refresh_channel(channel))
            self.nudge()

    async def keep_inside(self, row: OutboxRow) -> None:
        """Give a message that was meant for a channel to its member instead, who is told why; without one an admin is told."""

        def body(work: UnitOfWork) -> None:
            to_id, channel = row.destination.member_id, row.destination.channel or ""
            if to_id is None or not work.members.get(to_id).is_colleague:
                return _give_up(work, row, SHARED)
            work.outbox.give_up(row, SHARED)
            told = Destination(member_id=to_id)
            work.outbox.put(KeptInside(channel=channel), told, once=f"{row.once}:why_inside")
            work.outbox.put(row.message, told, once=f"{row.once}:inside")

        await self.store.write(row.workspace_id, body)
        self.nudge()

    async def taken_away(self, row: OutboxRow, card: Card) -> None:
        """Note that a card was deleted in Slack."""

        def body(work: UnitOfWork) -> None:
            work.outbox.give_up(row, SHARED)
            work.cards.forget(card.id)

        await self.store.write(row.workspace_id, body)


def _recipient(work: UnitOfWork, destination: Destination) -> Member | None:
    """Whose direct messages a message goes to; None for a channel."""
    is_direct = destination.channel is None and destination.member_id is not None
    return work.members.get(destination.member_id) if is_direct and destination.member_id else None


def _give_up(work: UnitOfWork, row: OutboxRow, why: str) -> None:
    work.outbox.give_up(row, why)
    if isinstance(row.message, CardChanged):
        work.cards.forget(row.message.card_id)
    admins = [admin for admin in work.members.with_roles({Role.ADMIN}) if admin.is_reachable]
    if admins and not isinstance(row.message, MessageUndeliverable):
        told_once = f"undeliverable:{row.destination.lane}:{why}"
        work.outbox.put(MessageUndeliverable(outbox_id=row.id), Destination(member_id=admins[0].id), once=told_once)


def _facts(work: UnitOfWork, card: Card) -> dict[str, Any]:
    """What the card of a record is drawn from."""
    return {card.subject: fact_of(work, f"{card.subject}_id", card.subject_id)}


def _reader(work: UnitOfWork, recipient: Member | None, card: Card | None) -> Actor | None:
    """Who reads a message, where that is one person; channels of direct messages begin with D."""
    if recipient is None and card and card.channel.startswith("D"):
        recipient = work.members.in_dm(card.channel)
    return work.members.actor(recipient.slack_id) if recipient else None
