"""The tables. Each belongs to one workspace, by its `workspace_id`; times are UTC.

The migrations in `storage/migrations/` make these tables, and a test holds the two together.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER PRIMARY KEY


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite, which has no such type, keeps it as text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive moment is a bug and raises ValueError."""
        return None if value is None else _utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """The same; for SQLite as the text SQLAlchemy makes of it, only quicker."""
        if dialect.name != "sqlite":
            return lambda value: None if value is None else _utc(value)
        return _as_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """To an aware moment; PostgreSQL gives one."""
        if dialect.name != "sqlite":
            return None
        return lambda value: None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


@lru_cache(maxsize=1024)
def _as_text(moment: datetime | None) -> str | None:
    """As SQLite has it; most moments of a transaction are its *now*."""
    return None if moment is None else _utc(moment).isoformat(" ", "microseconds")[: -len("+00:00")]


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}")
    return moment.astimezone(UTC)


def _workspace() -> Column[Any]:
    return Column("workspace_id", String(32), nullable=False)


def _own_key(table: str) -> Index:
    """Each record of a file that has keys of its own is there once."""
    is_given = text("own_key IS NOT NULL")
    return Index(
        f"uq_{table}_own_key", "workspace_id", "own_key", unique=True, sqlite_where=is_given, postgresql_where=is_given
    )


def _merged_into_another() -> CheckConstraint:
    """Whoever looks for the record that took this one over comes to an end."""
    return CheckConstraint("merged_into_id <> id", name="merged_into_another")


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
)

members = Table(
    "members",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("slack_id", String(32), nullable=False),
    Column("name", Text, nullable=False),
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
    Column("quiet_from", Time),
    Column("quiet_until", Time),
    Column("assigned_at", Moment),
    Column("learned_at", Moment, nullable=False),
    UniqueConstraint("workspace_id", "slack_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("member_id", Id, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("deputy_id", Id),
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

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("normal_name", Text, nullable=False),
    Column("industry", Text),
    Column("country", Text),
    Column("history", Text),
    Column("source", Text),
    Column("created_at", Moment, nullable=False),
    Column("owner_id", Id),
    Column("tier", String(48)),
    Column("own_key", String(200)),
    Column("confirmed_at", Moment),
    Column("confirmed_by", Id),
    Column("merged_into_id", Id),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_accounts_workspace_id_normal_name", "workspace_id", "normal_name"),
    Index("ix_accounts_workspace_id_owner_id", "workspace_id", "owner_id"),
    _own_key("accounts"),
    _merged_into_another(),
)

account_keys = Table(
    "account_keys",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("account_id", Id, primary_key=True),
    Column("normal_name", Text, nullable=False),  # the account's, so that names are compared without looking it up
    sqlite_with_rowid=False,
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("account_id", Id, nullable=False),
    Column("name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("position", Text),
    Column("own_key", String(200)),
    Column("merged_into_id", Id),
    Index("ix_contacts_workspace_id_account_id", "workspace_id", "account_id"),
    _own_key("contacts"),
    _merged_into_another(),
)

leads = Table(
    "leads",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("number", Integer, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id),
    Column("channel", String(48), nullable=False),
    Column("said", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("owner_id", Id),
    Column("captured_by", Id, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("answers", Json, nullable=False),
    Column("score", Integer),
    Column("band", String(48)),
    Column("next_at", Moment),
    Column("last_touch_at", Moment),
    Column("disqualified_for", String(48)),
    Column("disqualified_by", Id),
    Column("remark", Text),
    Column("origin", Json),
    Column("origin_channel", String(32)),
    Column("origin_ts", String(32)),
    Column("origin_fate", String(16)),
    Column("answer_by", Moment),
    Column("own_key", String(200)),
    Column("merged_into_id", Id),
    Column("deal_id", Id),
    Column("version", Integer, nullable=False),
    UniqueConstraint("workspace_id", "number"),
    _own_key("leads"),
    _merged_into_another(),
    Index(
        "ix_leads_deal_id",
        "workspace_id",
        "deal_id",
        sqlite_where=text("deal_id IS NOT NULL"),
        postgresql_where=text("deal_id IS NOT NULL"),
    ),
    Index("ix_leads_workspace_id_account_id", "workspace_id", "account_id"),
    Index(
        "ix_leads_origin",
        "workspace_id",
        "origin_channel",
        "origin_ts",
        sqlite_where=text("origin_ts IS NOT NULL"),
        postgresql_where=text("origin_ts IS NOT NULL"),
    ),
    Index("ix_leads_workspace_id_status_owner_id_next_at", "workspace_id", "status", "owner_id", "next_at"),
)

touches = Table(
    "touches",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("lead_id", Id),  # a touch is about a lead or about a deal
    Column("deal_id", Id),
    Column("kind", String(16), nullable=False),
    Column("key_points", Text, nullable=False),
    Column("permalink", Text),
    Column("at", Moment, nullable=False),
    Column("by", Id, nullable=False),
    Index("ix_touches_workspace_id_lead_id_at", "workspace_id", "lead_id", "at"),
    Index(
        "ix_touches_deal_id",
        "workspace_id",
        "deal_id",
        "at",
        sqlite_where=text("deal_id IS NOT NULL"),
        postgresql_where=text("deal_id IS NOT NULL"),
    ),
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("deal_id", Id, nullable=False),
    Column("about", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("place", Text),
    Column("state", String(16), nullable=False),
    Column("planned_by", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "workspace_id", "deal_id", "at"),
)

IS_RUNNING = "outcome = 'open' AND at_stage IS NOT NULL"
"""Of deals: those that are on their way through our own process."""

deals = Table(
    "deals",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("number", Integer, nullable=False),
    Column("account_id", Id),
    Column("title", Text, nullable=False),
    Column("product", Text),
    Column("outcome", String(16), nullable=False),
    Column("stage", Text),
    Column("agent", Text),
    Column("owner_id", Id),
    Column("amount", Numeric(18, 2)),
    Column("currency", String(3)),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("source", Text),
    Column("own_key", String(200)),
    Column("created_at", Moment, nullable=False),
    Column("at_stage", String(48)),  # from here on: empty for what was taken over from another system
    Column("since", Moment),
    Column("variant", String(48)),
    Column("variant_reason", Text),
    Column("playbook", String(64)),
    Column("client_type", String(48)),
    Column("expected_on", Date),
    Column("next_step", Text),
    Column("next_at", Moment),
    Column("last_touch_at", Moment),
    Column("lost_for", String(48)),
    Column("remark", Text),
    Column("opened_by", Id),
    Column("version", Integer),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_deals_workspace_id_account_id", "workspace_id", "account_id"),
    _own_key("deals"),
    Index(
        "ix_deals_open_of",
        "workspace_id",
        "owner_id",
        "next_at",
        "id",
        sqlite_where=text(IS_RUNNING),
        postgresql_where=text(IS_RUNNING),
    ),
    Index(
        "ix_deals_pipeline",
        "workspace_id",
        "at_stage",
        "currency",
        "owner_id",
        "amount",
        sqlite_where=text(IS_RUNNING),
        postgresql_where=text(IS_RUNNING),
    ),
)

needs_briefs = Table(
    "needs_briefs",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("deal_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("needs", Text, nullable=False),
    Column("pains", Text, nullable=False),
    Column("goals", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Id, nullable=False),
    UniqueConstraint("workspace_id", "deal_id", "version"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("deal_id", Id, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("slack_file", String(32), nullable=False),
    Column("permalink", Text),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Id, nullable=False),
    UniqueConstraint("workspace_id", "deal_id", "kind", "sha256"),
)

promises = Table(
    "promises",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("deal_id", Id, nullable=False),
    Column("said", Text, nullable=False),
    Column("due_on", Date),
    Column("keeper_id", Id),  # empty: whoever owns the deal
    Column("state", String(16), nullable=False),
    Column("channel", String(32)),  # this and the next three: the message it was made in
    Column("ts", String(32)),
    Column("author", String(32)),
    Column("permalink", Text),
    Column("noted_at", Moment, nullable=False),
    Column("noted_by", Id, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", Id),
    Column("how", Text),
    UniqueConstraint("workspace_id", "deal_id", "channel", "ts"),
)

deal_channels = Table(
    "deal_channels",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("deal_id", Id),
    Column("state", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("take", Integer, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("archives", Boolean, nullable=False),
    Column("invites", Json, nullable=False),
    Column("channel", String(32)),
    Column("tried_at", Moment),
    Column("is_described", Boolean, nullable=False),
    Column("topic", Text),
    Column("invited", Json, nullable=False),
    Column("card_ts", String(32)),
    Column("is_pinned", Boolean, nullable=False),
    Column("ended_at", Moment),
    Column("trouble", Text),
    Column(
        "attempts", Integer
    ),  # this and the next three are unused since there are tasks; an older replica may write them
    Column("tries", Integer),
    Column("due_at", Moment),
    Column("lease_until", Moment),
    UniqueConstraint("workspace_id", "deal_id"),
    UniqueConstraint("workspace_id", "channel"),
)

operations = Table(
    "operations",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("kind", String(48), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("summary", Text, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Column("undone_by", Id),
    Index("ix_operations_workspace_id_subject_subject_id", "workspace_id", "subject", "subject_id"),
    Index("ix_operations_workspace_id_at", "workspace_id", "at"),
)

operation_steps = Table(
    "operation_steps",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("operation_id", Id, nullable=False),
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
    _workspace(),
    Column("kind", String(32), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("told_at", Moment),
    Column("told_to", Id),
    Column("closed_at", Moment),
    Column("closed_by", Id),
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
    Index(
        "ix_reminders_closed_at",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
)

cards = Table(
    "cards",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("subject", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("ts", String(32), nullable=False),
    Column("kind", String(48), nullable=False),
    UniqueConstraint("workspace_id", "channel", "ts"),
    Index("ix_cards_workspace_id_subject_subject_id", "workspace_id", "subject", "subject_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("once", String(200), nullable=False),
    Column("lane", String(48), nullable=False),
    Column("member_id", Id),
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
    _workspace(),
    Column("at", Moment, nullable=False),
    Column("actor_id", Id),
    Column("source", Text, nullable=False),
    Column("event", String(64), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
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
    Column("last_event_id", Id, nullable=False),
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

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("slack_file", String(32)),
    Column("reading", Json, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("tally", Json, nullable=False),
    Column("refused", Json, nullable=False),
    Column("examples", Json, nullable=False),
    Column("why", Text),
    Column("kept", Integer),
    Column("operation_id", Id),
    Column("undo_by", Id),
    Column("lease_until", Moment),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_imports_workspace_id_operation_id", "workspace_id", "operation_id"),
    Index("ix_imports_workspace_id_digest", "workspace_id", "digest"),
)

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
    _workspace(),
    Column("number", Integer, nullable=False),
    Column("process", String(16), nullable=False),
    Column("section", String(64), nullable=False),
    Column("section_title", Text, nullable=False),
    Column("step", String(64), nullable=False),
    Column("step_title", Text, nullable=False),
    Column("subject", String(16)),
    Column("subject_id", Id),
    Column("fault", String(16), nullable=False),
    Column("said", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("by", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", Text),
    Column("answered_by", Id),
    Column("answered_at", Moment),
    UniqueConstraint("workspace_id", "number"),
    Index(
        "ix_process_feedback_open",
        "workspace_id",
        "id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    _workspace(),
    Column("kind", String(48), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("member_id", Id),
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
    _workspace(),
    Column("kind", String(48), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("member_id", Id),
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
