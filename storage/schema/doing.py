"""What is kept current, to be done outside, or due: cards, tasks and timers."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.columns import Id, Json, Moment, WhenGone, of, subject, workspace
from storage.schema.base import metadata

cards = Table(
    "cards",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(when_gone=WhenGone.GOES_ALONG),
    Column("channel", String(32), nullable=False),
    Column("ts", String(32), nullable=False),
    Column("kind", String(48), nullable=False),
    UniqueConstraint("workspace_id", "channel", "ts"),
    Index("ix_cards_workspace_id_subject_subject_id", "workspace_id", "subject", "subject_id"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("kind", String(48), nullable=False),
    *subject(when_gone=WhenGone.GOES_ALONG),
    *of("members", "member_id"),
    Column("details", Json, nullable=False),
    Column("once", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),  # empty while a process has it and nothing more is wanted
    Column("lease_until", Moment),
    Column("claims", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("noted", Json, nullable=False),
    Column("trouble", Text),
    Column("closed_at", Moment),
    Index(
        "uq_tasks_open",
        "workspace_id",
        "once",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_tasks_waiting",
        "due_at",
        "lease_until",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_tasks_closed_at",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("kind", String(48), nullable=False),
    *subject(when_gone=WhenGone.GOES_ALONG),
    *of("members", "member_id"),
    Column("due_at", Moment),  # empty while it is paused
    Column("remaining", Integer),  # seconds; only while it is paused
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),
    Column("closed_at", Moment),
    Column("outcome", String(16)),
    Index(
        "uq_timers_open",
        "workspace_id",
        "kind",
        "subject_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_timers_due_at",
        "due_at",
        "id",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_timers_closed_at",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
)
