"""Everything that is kept: tables, repositories, transactions, the outbox, the audit log and migrations."""
