"""The tables. Each belongs to one workspace, by its `workspace_id`; times are UTC.

A column that holds ids says what they are of: `of` with a foreign key, which the workspace is part of, or `subject`, where the record
may be of any kind; then it is one of those that stand above here. From that follows what can be undone, what goes with what, and what a
merge moves (`storage/engine/relations.py`). The migrations in `storage/migrations/` make these tables, and a test holds the two together.

The order of the files below is the order of the schema.
"""

# ruff: noqa: F403  # a table stands in one place, and is imported from here
# isort: off
from storage.schema.base import metadata as metadata
from storage.schema.people import *
from storage.schema.sales import *
from storage.schema.core import *
from storage.schema.files import *
from storage.schema.process import *
from storage.schema.doing import *
