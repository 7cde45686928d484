"""Versions of the playbook, and what people say of it."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.columns import Id, Moment, WhenGone, of, subject, workspace
from storage.schema.base import metadata

playbook_versions = Table(
    "playbook_versions",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("content", Text, nullable=False),
    Column("loaded_at", Moment, nullable=False),
    Column("current_since", Moment, nullable=False),
    Index("ix_playbook_versions_workspace_id_current_since", "workspace_id", "current_since"),
)

process_feedback = Table(
    "process_feedback",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("number", Integer, nullable=False),
    Column("process", String(16), nullable=False),
    Column("section", String(64), nullable=False),
    Column("section_title", Text, nullable=False),
    Column("step", String(64), nullable=False),
    Column("step_title", Text, nullable=False),
    *subject(nullable=True, when_gone=WhenGone.LETS_GO),
    Column("fault", String(16), nullable=False),
    Column("said", Text, nullable=False),
    Column("role", String(16), nullable=False),
    *of("members", "by", nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", Text),
    *of("members", "answered_by"),
    Column("answered_at", Moment),
    UniqueConstraint("workspace_id", "number"),
    Index(
        "ix_process_feedback_open",
        "workspace_id",
        "id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    info={"noun": "feedback"},
)
