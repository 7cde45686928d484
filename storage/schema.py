"""The tables. Each belongs to one workspace, by its `workspace_id`; times are UTC.

A column that holds ids says what they are of: `of` with a foreign key, which the workspace is part of, or `subject`, where the record
may be of any kind; then it is one of those that stand above here. From that follows what can be undone, what goes with what, and what a
merge moves (`storage/engine/relations.py`). The migrations in `storage/migrations/` make these tables, and a test holds the two together.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from storage.columns import (
    UNDO,
    Id,
    Json,
    Moment,
    WhenGone,
    logged,
    of,
    referable,
    subject,
    subject_of_kind,
    workspace,
)

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _own_key(table: str) -> Index:
    """Each record of a file that has keys of its own is there once."""
    is_given = text("own_key IS NOT NULL")
    return Index(
        f"uq_{table}_own_key", "workspace_id", "own_key", unique=True, sqlite_where=is_given, postgresql_where=is_given
    )


def _where_given(name: str, *columns: str, given: str) -> Index:
    """An index on the rows in which one column is not empty."""
    is_given = text(f"{given} IS NOT NULL")
    return Index(name, *columns, sqlite_where=is_given, postgresql_where=is_given)


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

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("normal_name", Text, nullable=False),
    Column("industry", Text),
    Column("country", Text),
    Column("history", Text),
    Column("source", Text),
    Column("created_at", Moment, nullable=False),
    *of("members", "owner_id"),
    Column("tier", String(48)),
    Column("own_key", String(200)),
    Column("confirmed_at", Moment),
    *of("members", "confirmed_by"),
    *of("accounts", "merged_into_id"),
    referable(),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_accounts_workspace_id_normal_name", "workspace_id", "normal_name"),
    Index("ix_accounts_workspace_id_owner_id", "workspace_id", "owner_id"),
    _own_key("accounts"),
    _merged_into_another(),
    _where_given("ix_accounts_merged_into_id", "workspace_id", "merged_into_id", given="merged_into_id"),
    info=UNDO,
)

account_keys = Table(
    "account_keys",
    metadata,
    Column("workspace_id", String(32), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("kind", String(8), primary_key=True),
    *of("accounts", "account_id", nullable=False, primary_key=True, when_gone=WhenGone.GOES_ALONG),
    Column("normal_name", Text, nullable=False),  # the account's, so that names are compared without looking it up
    Index(None, "workspace_id", "account_id"),
    info=UNDO,
    sqlite_with_rowid=False,
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *of("accounts", "account_id", nullable=False),
    Column("name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("position", Text),
    Column("country", Text),
    Column("own_key", String(200)),
    *of("contacts", "merged_into_id"),
    referable(),
    Index("ix_contacts_workspace_id_account_id", "workspace_id", "account_id"),
    _own_key("contacts"),
    _merged_into_another(),
    _where_given("ix_contacts_merged_into_id", "workspace_id", "merged_into_id", given="merged_into_id"),
    info=UNDO,
)

leads = Table(
    "leads",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("number", Integer, nullable=False),
    *of("accounts", "account_id", nullable=False),
    *of("contacts", "contact_id"),
    Column("channel", String(48), nullable=False),
    Column("said", Text, nullable=False),
    Column("status", String(16), nullable=False),
    *of("members", "owner_id"),
    *of("members", "captured_by", nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("answers", Json, nullable=False),
    Column("score", Integer),
    Column("band", String(48)),
    Column("next_at", Moment),
    Column("last_touch_at", Moment),
    Column("disqualified_for", String(48)),
    *of("members", "disqualified_by"),
    Column("remark", Text),
    Column("origin", Json),
    Column("origin_channel", String(32)),
    Column("origin_ts", String(32)),
    Column("origin_fate", String(16)),
    Column("answer_by", Moment),
    Column("own_key", String(200)),
    *of("leads", "merged_into_id"),
    *of("deals", "deal_id"),
    Column("version", Integer, nullable=False),
    referable(),
    UniqueConstraint("workspace_id", "number"),
    _own_key("leads"),
    _merged_into_another(),
    _where_given("ix_leads_deal_id", "workspace_id", "deal_id", given="deal_id"),
    Index("ix_leads_workspace_id_account_id", "workspace_id", "account_id"),
    _where_given("ix_leads_origin", "workspace_id", "origin_channel", "origin_ts", given="origin_ts"),
    Index("ix_leads_workspace_id_status_owner_id_next_at", "workspace_id", "status", "owner_id", "next_at"),
    _where_given("ix_leads_merged_into_id", "workspace_id", "merged_into_id", given="merged_into_id"),
    _where_given("ix_leads_contact_id", "workspace_id", "contact_id", given="contact_id"),
    info=UNDO,
)

IS_RUNNING = "outcome = 'open' AND at_stage IS NOT NULL"
"""Of deals: those that are on their way through our own process."""

deals = Table(
    "deals",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    Column("number", Integer, nullable=False),
    *of("accounts", "account_id"),
    Column("title", Text, nullable=False),
    Column("product", Text),
    Column("outcome", String(16), nullable=False),
    Column("stage", Text),
    Column("agent", Text),
    *of("members", "owner_id"),
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
    *of("members", "opened_by"),
    Column("version", Integer),
    referable(),
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
    info=UNDO,
)

touches = Table(
    "touches",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(),
    Column("kind", String(16), nullable=False),
    Column("key_points", Text, nullable=False),
    Column("permalink", Text),
    Column("at", Moment, nullable=False),
    *of("members", "by", nullable=False),
    Index(None, "workspace_id", "subject", "subject_id", "at"),
    info=UNDO,
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(),
    Column("about", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("place", Text),
    Column("state", String(16), nullable=False),
    *of("members", "planned_by", nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "workspace_id", "subject", "subject_id", "at"),
    info=UNDO,
)

needs_briefs = Table(
    "needs_briefs",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(),
    Column("version", Integer, nullable=False),
    Column("needs", Text, nullable=False),
    Column("pains", Text, nullable=False),
    Column("goals", Text, nullable=False),
    Column("at", Moment, nullable=False),
    *of("members", "by", nullable=False),
    UniqueConstraint("workspace_id", "subject", "subject_id", "version"),
    info=UNDO,
)

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("slack_file", String(32), nullable=False),
    Column("permalink", Text),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    *of("members", "by", nullable=False),
    UniqueConstraint("workspace_id", "subject", "subject_id", "kind", "sha256"),
    info=UNDO,
)

promises = Table(
    "promises",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(),
    Column("said", Text, nullable=False),
    Column("due_on", Date),
    *of("members", "keeper_id"),  # empty: whoever owns the record
    Column("state", String(16), nullable=False),
    Column("channel", String(32)),  # this and the next three: the message it was made in
    Column("ts", String(32)),
    Column("author", String(32)),
    Column("permalink", Text),
    Column("noted_at", Moment, nullable=False),
    *of("members", "noted_by", nullable=False),
    Column("closed_at", Moment),
    *of("members", "closed_by"),
    Column("how", Text),
    UniqueConstraint("workspace_id", "subject", "subject_id", "channel", "ts"),
    info=UNDO,
)

deal_channels = Table(
    "deal_channels",
    metadata,
    Column("id", Id, primary_key=True),
    workspace(),
    *subject(nullable=True, when_gone=WhenGone.LETS_GO),
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
    # unused since there are tasks; an older replica may write them
    Column("attempts", Integer),
    Column("tries", Integer),
    Column("due_at", Moment),
    Column("lease_until", Moment),
    UniqueConstraint("workspace_id", "subject", "subject_id"),
    UniqueConstraint("workspace_id", "channel"),
)

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
    _where_given("ix_reminders_closed_at", "closed_at", given="closed_at"),
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
