"""Imports."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from storage.columns import Id, Json, Moment, of, workspace
from storage.schema.base import metadata

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("slack_file", String(32)),
    Column("reading", Json, nullable=False),
    *of("members", "member_id", nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("tally", Json, nullable=False),
    Column("refused", Json, nullable=False),
    Column("examples", Json, nullable=False),
    Column("notes", Json),
    Column("doubts", Json),
    Column("why", Text),
    Column("kept", Integer),
    *of("operations", "operation_id"),
    *of("members", "undo_by"),
    Column("lease_until", Moment),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_imports_workspace_id_operation_id", "workspace_id", "operation_id"),
    Index("ix_imports_workspace_id_digest", "workspace_id", "digest"),
)
