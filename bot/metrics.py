"""What is measured, for Prometheus at `/metrics`."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; Slack gives up after the last."""
KINDS = frozenset(
    {
        "slash",
        "block_actions",
        "block_suggestion",
        "view_submission",
        "view_closed",
        "shortcut",
        "message_action",
        "event_callback",
        "url_verification",
    }
)
"""Kinds of requests that are counted by themselves. Anybody may send any other: each would be a series of its own for ever."""


class Metrics:
    """The measures of one running bot."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("rainmaker_requests", "Requests from Slack", ["kind", "status"], registry=self.registry)
        self.ack_seconds = Histogram(
            "rainmaker_ack_seconds",
            "Time until Slack had its answer",
            ["kind"],
            buckets=ACK_BUCKETS,
            registry=self.registry,
        )
        self.delivered = Counter(
            "rainmaker_deliveries", "Messages by what became of them", ["outcome"], registry=self.registry
        )
        self.outbox_depth = Gauge("rainmaker_outbox_depth", "Messages not yet delivered", registry=self.registry)
        self.outbox_age = Gauge(
            "rainmaker_outbox_age_seconds", "Age of the oldest message not yet delivered", registry=self.registry
        )
        self.reminders_late = Gauge(
            "rainmaker_reminders_late", "Reminders that are due and not yet told", registry=self.registry
        )
        self.reminders_lateness = Gauge(
            "rainmaker_reminders_lateness_seconds", "How late the latest one is", registry=self.registry
        )
        self.tasks_late = Gauge(
            "rainmaker_tasks_late", "Tasks that are due and not yet carried out", registry=self.registry
        )
        self.timers_late = Gauge(
            "rainmaker_timers_late", "Timers that are due and have not fired", registry=self.registry
        )
        self.jobs = Counter(
            "rainmaker_job_runs", "Runs of the timetable's jobs", ["job", "outcome"], registry=self.registry
        )
        self._of_requests: dict[tuple[str, int], tuple[Histogram, Counter]] = {}

    def note_request(self, kind: str, status: int, seconds: float) -> None:
        """Count a request that was answered with a status, within so many seconds; one of a kind Slack never sends as `other`."""
        kind = kind if kind in KINDS else "other"
        measures = self._of_requests.get((kind, status))
        if measures is None:  # looked up by their labels once: that takes longer than to count
            of_kind, of_status = self.ack_seconds.labels(kind=kind), self.requests.labels(kind=kind, status=str(status))
            measures = self._of_requests[kind, status] = (of_kind, of_status)
        ack_seconds, requests = measures
        ack_seconds.observe(seconds)
        requests.inc()
