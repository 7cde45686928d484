"""The keys of Slack's requests, each with the result it had, so that a repeated request changes nothing."""

from datetime import datetime

from sqlalchemy import bindparam

from storage.fixed import Fixed
from storage.schema import request_results
from storage.scope import Scope, select_here, update_here

_RESULT = Fixed(
    select_here(request_results, request_results.c.result).where(request_results.c.key == bindparam("of_key"))
)
_FINISH = Fixed(update_here(request_results).where(request_results.c.key == bindparam("of_key")))


class RequestRepository:
    """Request keys of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def begin(self, key: str) -> str | None:
        """Note the key; the result it had before, or None when it is new.

        A second process with the same key waits here until the first has committed, and then finds its result.
        """
        if self.scope.add_new(request_results, "workspace_id", "key", key=key, at=self.now):
            return None
        return str(self.scope.scalar(_RESULT, of_key=key))

    def finish(self, key: str, result: str) -> None:
        """Keep the result of a key just begun."""
        self.scope.put_change(_FINISH, of_key=key, result=result)
