"""The time that all processes go by: the database's, as far as it is known, beside which Slack's is watched."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import structlog

FAR = timedelta(seconds=20)
"""From here on a clock is wrong: a lease lasts a minute, and two processes may be off in opposite directions."""

log = structlog.get_logger()


class SharedClock:
    """The machine's clock, put right by the database's, so that the leases of all processes are by one clock.

    A process whose own clock is far from the database's or from Slack's says so and claims nothing until it is put right.
    """

    def __init__(self) -> None:
        self._ahead_of_database = timedelta()
        self._ahead_of_slack = timedelta()

    def now(self) -> datetime:
        """The present moment by the database's clock, in UTC."""
        return datetime.now(UTC) - self._ahead_of_database

    def note_database(self, theirs: datetime) -> None:
        """Take the database's time, asked just now."""
        self._ahead_of_database = datetime.now(UTC) - theirs

    def note_slack(self, theirs: datetime) -> None:
        """Take the time of an answer of Slack's, which tells whole seconds."""
        self._ahead_of_slack = datetime.now(UTC) - theirs

    @property
    def is_right(self) -> bool:
        """Whether the machine's clock is near the database's and near Slack's."""
        return max(abs(self._ahead_of_database), abs(self._ahead_of_slack)) < FAR

    def tell(self) -> None:
        """Log that the clock is wrong, where it is."""
        if not self.is_right:
            log.error(
                "this machine's clock is wrong: nothing is claimed here until it is set",
                seconds_ahead_of_database=round(self._ahead_of_database.total_seconds()),
                seconds_ahead_of_slack=round(self._ahead_of_slack.total_seconds()),
            )


def watching_slack(clock: SharedClock, host: str) -> aiohttp.TraceConfig:
    """Has the clock hear of the time that each answer of this host tells."""

    async def take(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        told = ended.response.headers.get("Date")
        if told and ended.url.host == host:
            clock.note_slack(parsedate_to_datetime(told))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(take)
    return trace
