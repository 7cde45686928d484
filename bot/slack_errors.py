"""Slack's words for what went wrong, and what each means for a second try."""

from slack_sdk.errors import SlackApiError

PASSING = frozenset(
    "fatal_error internal_error ratelimited rate_limited request_timeout service_unavailable team_added_to_org".split()
)
"""Slack's errors that may be gone the next time; all others are lasting. The first two may come after the message was posted."""
OUTCOME_UNKNOWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "429"})


def error_of(refused: SlackApiError) -> str:
    """Slack's word for a refusal, or the status of an answer that has none."""
    answer = refused.response
    return str(answer.get("error") or answer.status_code) if isinstance(answer.data, dict) else str(answer.status_code)


def retry_after(refused: SlackApiError) -> float:
    """Seconds that Slack asks us to wait."""
    headers = {name.lower(): value for name, value in (refused.response.headers or {}).items()}
    try:
        return max(float(headers.get("retry-after", 1)), 1.0)
    except ValueError:
        return 30.0
