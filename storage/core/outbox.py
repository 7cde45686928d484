"""Cards, and the outbox: messages written in the transaction of what they tell of, and delivered afterwards.

A lane is one channel, or one member's direct messages. Only the oldest open message of a lane can be claimed, so order within a lane
holds with any number of processes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from domain.core.language import _
from domain.core.messages import Card, CardChanged, Destination, Message, OutboxRow, read_message
from domain.core.refusals import NotFound
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, delete_here, select_here, update_here
from storage.schema import cards, outbox

_CARDS_OF = Fixed(
    select_here(cards)
    .where(
        cards.c.subject.in_(bindparam("of_nouns", expanding=True)),
        cards.c.subject_id.in_(bindparam("of_records", expanding=True)),
    )
    .order_by(cards.c.id)
)
_ROW = Fixed(update_here(outbox).where(outbox.c.id == bindparam("of_row")))
_AS_CLAIMED = Fixed(
    update_here(outbox).where(outbox.c.id == bindparam("of_row"), outbox.c.attempts == bindparam("of_attempt"))
)
"""The message, unless another process has taken it over meanwhile: every claim counts an attempt."""


class CardRepository:
    """Messages in Slack that show a record of this workspace."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def get(self, card_id: int) -> Card:
        """The card. Raises NotFound."""
        row = self.scope.row(select_here(cards).where(cards.c.id == card_id))
        if row is None:
            raise NotFound(_("this card"))
        return _card(row)

    def of(self, subject: str, subject_id: int) -> list[Card]:
        """The cards that show a record."""
        return [_card(row) for row in self.scope.rows(_CARDS_OF, of_nouns=[subject], of_records=[subject_id])]

    def at(self, channel: str, ts: str) -> Card | None:
        """The card that a message is, or None where it is none."""
        row = self.scope.row(select_here(cards).where(cards.c.channel == channel, cards.c.ts == ts))
        return _card(row) if row else None

    def register(self, subject: str, subject_id: int, channel: str, ts: str, kind: str) -> None:
        """Keep where a record is shown."""
        self.scope.add_new(
            cards,
            "workspace_id",
            "channel",
            "ts",
            subject=subject,
            subject_id=subject_id,
            channel=channel,
            ts=ts,
            kind=kind,
        )

    def forget(self, card_id: int) -> None:
        """Stop keeping a card current, because Slack no longer has it."""
        self.scope.change(delete_here(cards).where(cards.c.id == card_id))


class OutboxRepository:
    """Messages of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now
        self._changed: set[tuple[str, int]] = set()
        """The records whose cards are to be redrawn."""

    def put(self, message: Message, destination: Destination, once: str) -> None:
        """Have a message delivered; one with the same `once` is in the outbox already or was delivered before."""
        self.scope.add_new(
            outbox,
            "workspace_id",
            "once",
            once=once,
            lane=destination.lane_of(message),
            member_id=destination.member_id,
            channel=destination.channel,
            thread_ts=destination.thread_ts,
            kind=type(message).__name__,
            payload=message.payload(),
            created_at=self.now,
            due_at=self.now,
            attempts=0,
        )

    def knows(self, once: str) -> bool:
        """Whether a message with this `once` is in the outbox, or was delivered not long ago."""
        return self.scope.row(select_here(outbox, outbox.c.id).where(outbox.c.once == once)) is not None

    def refresh_cards(self, subject: str, subject_id: int) -> None:
        """Have every card of a record redrawn, once, however often this is said in a transaction."""
        self._changed.add((subject, subject_id))

    def refresh_channel(self, channel: str) -> None:
        """Have every card in a channel redrawn."""
        for row in self.scope.rows(select_here(cards).where(cards.c.channel == channel)):
            self._refresh(row)

    def write(self) -> None:
        """Have the cards redrawn whose records have changed; a card that waits to be redrawn anyway is not put in twice."""
        changed, self._changed = self._changed, set()
        if not changed:
            return
        nouns, ids = (sorted(set(one)) for one in zip(*changed, strict=True))
        for row in self.scope.rows(_CARDS_OF, of_nouns=nouns, of_records=ids):
            if (row.subject, row.subject_id) in changed:
                self._refresh(row)

    def _refresh(self, card: Any) -> None:
        self.put(CardChanged(card_id=card.id), Destination(channel=card.channel), once=waiting_refresh(card.id))

    def sent(self, row: OutboxRow, channel: str, ts: str | None) -> None:
        """Slack has it."""
        self._close(row, sent_channel=channel, sent_ts=ts)

    def give_up(self, row: OutboxRow, why: str) -> None:
        """It can never be delivered."""
        self._close(row, trouble=why)

    def _close(self, row: OutboxRow, **values: Any) -> None:
        self.scope.change(_ROW, of_row=row.id, closed_at=self.now, lease_until=None, **values)

    def try_later(self, row: OutboxRow, at: datetime, why: str, *, is_outcome_unknown: bool) -> None:
        """Let go of it until `at`; unless the outcome is unknown, this try counts for nothing, while earlier ones still do."""
        known = {} if is_outcome_unknown else {"first_tried_at": row.first_tried_at}
        self._let_go(row, due_at=at, trouble=why, **known)

    def try_afresh(self, row: OutboxRow) -> None:
        """Forget earlier tries, none of which arrived; the present one counts from now on."""
        self.scope.change(_AS_CLAIMED, of_row=row.id, of_attempt=row.attempts + 1, first_tried_at=self.now)

    def put_off(self, row: OutboxRow, at: datetime) -> None:
        """Let go of it until `at`, as if it had not been claimed."""
        self._let_go(row, due_at=at, attempts=row.attempts, first_tried_at=row.first_tried_at)

    def _let_go(self, row: OutboxRow, **values: Any) -> None:
        self.scope.change(_AS_CLAIMED, of_row=row.id, of_attempt=row.attempts + 1, lease_until=None, **values)

    def failure(self, outbox_id: int) -> str:
        """Why a message was given up, in Slack's word and ours."""
        row = self.scope.row(select_here(outbox).where(outbox.c.id == outbox_id))
        if row is None:
            raise NotFound(_("this message"))
        return f"{row.trouble} ({row.kind}, {row.channel or row.lane})"


def _card(row: Any) -> Card:
    return Card(
        id=row.id, subject=row.subject, subject_id=row.subject_id, channel=row.channel, ts=row.ts, kind=row.kind
    )


def waiting_refresh(card_id: int) -> str:
    """The `once` key of a card that waits to be redrawn; given up on claiming, so that later changes redraw it again."""
    return f"refresh:{card_id}"


def row_from(row: Any) -> OutboxRow:
    """The claimed message in a row of the outbox."""
    return OutboxRow(
        id=row.id,
        workspace_id=row.workspace_id,
        once=row.once,
        destination=Destination(member_id=row.member_id, channel=row.channel, thread_ts=row.thread_ts),
        message=read_message(row.kind, row.payload),
        attempts=row.attempts,
        created_at=row.created_at,
        first_tried_at=row.first_tried_at,
    )
