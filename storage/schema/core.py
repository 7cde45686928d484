"""What was done, and whom to tell: operations, reminders, messages, the audit log, and results of requests."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.columns import UNDO, Id, Json, Moment, WhenGone, logged, of, referable, subject, subject_of_kind, workspace
from storage.schema.base import metadata, where_given

operations = Table(
    "operations",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("kind", String(48), nullable=False),
    *subject(when_gone=WhenGone.REMEMBERS),
    Column("summary", Text, nullable=False),
    *of("members", "member_id", nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    *of("members", "undone_by"),
    referable(),
    Index("ix_operations_workspace_id_subject_subject_id", "workspace_id", "subject", "subject_id"),
    Index("ix_operations_workspace_id_at", "workspace_id", "at"),
)

operation_steps = Table(
    "operation_steps",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *of("operations", "operation_id", nullable=False),
    Column("of_table", String(32), nullable=False),
    Column("of_row", Json, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Index("ix_operation_steps_workspace_id_operation_id_id", "workspace_id", "operation_id", "id"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("kind", String(32), nullable=False),
    subject_of_kind(when_gone=WhenGone.GOES_ALONG),
    *of("members", "member_id", nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("told_at", Moment),
    *of("members", "told_to"),
    Column("closed_at", Moment),
    *of("members", "closed_by"),
    Column("outcome", String(32)),
    Index(
        "uq_reminders_open",
        "workspace_id",
        "kind",
        "subject_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_reminders_due_at",
        "due_at",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_reminders_member_id_due_at",
        "member_id",
        "due_at",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    where_given("ix_reminders_closed_at", "closed_at", given="closed_at"),
    info=UNDO,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("once", String(200), nullable=False),
    Column("lane", String(48), nullable=False),
    *of("members", "member_id"),
    Column("channel", String(32)),
    Column("thread_ts", String(32)),
    Column("kind", String(48), nullable=False),
    Column("payload", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False),
    Column("first_tried_at", Moment),
    Column("closed_at", Moment),
    Column("sent_channel", String(32)),
    Column("sent_ts", String(32)),
    Column("trouble", Text),
    UniqueConstraint("workspace_id", "once"),
    Index(
        "ix_outbox_open_lane",
        "workspace_id",
        "lane",
        "id",
        "closed_at",  # always NULL here, but SQLite would look it up in the table
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_outbox_closed_at",
        "closed_at",
        sqlite_where=text(
            "closed_at IS NOT NULL"
        ),  # or else SQLite takes it, instead of the other, to find the open ones
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("at", Moment, nullable=False),
    logged("members", "actor_id"),
    Column("source", Text, nullable=False),
    Column("event", String(64), nullable=False),
    *subject(when_gone=WhenGone.REMEMBERS),
    Column("before", Json),
    Column("after", Json),
    Column("reason", Text),
    Index("ix_audit_events_workspace_id_id", "workspace_id", "id"),
    Index("ix_audit_events_workspace_id_subject_subject_id", "workspace_id", "subject", "subject_id"),
    sqlite_autoincrement=True,  # an id is never given twice, not even after a deletion by hand
)

audit_seals = Table(
    "audit_seals",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("scheme", Integer),  # empty: the first one
    logged("audit_events", "last_event_id", nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("entries", Json, nullable=False),
    Index("ix_audit_seals_workspace_id_last_event_id", "workspace_id", "last_event_id"),
)

request_results = Table(
    "request_results",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("result", Text),
    Column("at", Moment, nullable=False),
    Index("ix_request_results_at", "at"),
)
