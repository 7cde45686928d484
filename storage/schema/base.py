"""What all tables share: their metadata with the names of keys and indexes, and the indexes of several."""

from sqlalchemy import CheckConstraint, Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def own_key(table: str) -> Index:
    """Each record of a file that has keys of its own is there once."""
    is_given = text("own_key IS NOT NULL")
    return Index(
        f"uq_{table}_own_key", "workspace_id", "own_key", unique=True, sqlite_where=is_given, postgresql_where=is_given
    )


def where_given(name: str, *columns: str, given: str) -> Index:
    """An index on the rows in which one column is not empty."""
    is_given = text(f"{given} IS NOT NULL")
    return Index(name, *columns, sqlite_where=is_given, postgresql_where=is_given)


def merged_into_another() -> CheckConstraint:
    """Whoever looks for the record that took this one over comes to an end."""
    return CheckConstraint("merged_into_id <> id", name="merged_into_another")
