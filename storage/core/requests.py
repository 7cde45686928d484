"""The keys of Slack's requests, each with the result it had, so that a repeated request changes nothing."""

from datetime import datetime

from sqlalchemy import bindparam

from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, select_here
from storage.schema import request_results

_RESULT = Fixed(
    select_here(request_results, request_results.c.result).where(request_results.c.key == bindparam("of_key"))
)


class RequestRepository:
    """Request keys of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def result(self, key: str) -> str | None:
        """The result the request had, or None when it is new."""
        return self.scope.scalar(_RESULT, of_key=key)  # type: ignore[no-any-return]

    def put(self, key: str, result: str) -> None:
        """Keep the result of a request; where it has one already, this transaction fails as it ends.

        On PostgreSQL that is found once another process with the same key has committed.
        """
        self.scope.add_all(request_results, [{"key": key, "result": result, "at": self.now}])
