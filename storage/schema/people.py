"""Workspaces, the people in them, and what they may."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, Time, UniqueConstraint

from storage.columns import Id, Moment, of, referable, workspace
from storage.schema.base import metadata

workspaces = Table(
    "workspaces",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("bot_token", Text, nullable=False),
    Column("bot_user_id", String(32), nullable=False),
    Column("bot_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("installed_by", String(32)),
    Column("installed_at", Moment, nullable=False),
    Column("uninstalled_at", Moment),
    Column("leads_channel", String(32)),
    Column("country", String(2), nullable=False),
    Column("region", String(48)),
)

members = Table(
    "members",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("slack_id", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("handle", Text),
    Column("display_name", Text),
    Column("email", Text),
    Column("zone", String(64), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("is_external", Boolean, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    Column("dm_channel", String(32)),
    Column("work_starts", Time, nullable=False),
    Column("work_ends", Time, nullable=False),
    Column("country", String(2)),
    Column("region", String(48)),
    Column("quiet_from", Time),
    Column("quiet_until", Time),
    Column("assigned_at", Moment),
    Column("learned_at", Moment, nullable=False),
    referable(),
    UniqueConstraint("workspace_id", "slack_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *of("members", "member_id", nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    *of("members", "deputy_id"),
    Column("note", Text),
    Column("created_at", Moment, nullable=False),
    Column("cancelled_at", Moment),
    Index("ix_absences_workspace_id_member_id_last_on", "workspace_id", "member_id", "last_on"),
)

role_grants = Table(
    "role_grants",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("grantee", String(32), primary_key=True),
    Column("is_group", Boolean, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("group_id", String(32), primary_key=True),
    Column("slack_id", String(32), primary_key=True),
)

counters = Table(
    "counters",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("noun", String(16), primary_key=True),
    Column("last", Integer, nullable=False),
)
