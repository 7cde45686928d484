"""Logging: one line an event, with who and which request, never a secret, and the same trouble once a second."""

import logging
import re
import sys
import threading
import time
from typing import Any

import structlog

REST_SECONDS = 1.0
"""Seconds in which the same warning or error is written once."""
MOST_KINDS = 1_000
"""Different warnings and errors that are remembered, to count those left out."""
SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe\.[\w.-]+|postgresql[+\w]{0,20}://[^@\s]{1,500}@")


def without_secrets(_logger: Any, _method: str, line: str) -> str:
    """Blank out whatever looks like a token or a password, in the finished line: wherever it stood, it stands there now."""
    return SECRET.sub("«secret»", line)


class OnceASecond(logging.Filter):
    """Leaves out warnings and errors that were written within the last second; the next one tells how many."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._kinds: dict[str, tuple[float, int]] = {}
        """When each was last written, on the machine's monotonic clock, and how many were left out since."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it."""
        if record.levelno < logging.WARNING:
            return True
        kind, now = kind_of(record), time.monotonic()
        with self._lock:
            written_at, left_out = self._kinds.pop(kind, (-REST_SECONDS, 0))
            is_written = now - written_at >= REST_SECONDS
            self._kinds[kind] = (now, 0) if is_written else (written_at, left_out + 1)
            if len(self._kinds) > MOST_KINDS:
                del self._kinds[next(iter(self._kinds))]
        record.left_out = left_out
        return is_written


def kind_of(record: logging.LogRecord) -> str:
    """What lines about the same trouble share: their `once`, or all we say but the time, or the place in a library's code."""
    if isinstance(record.msg, dict) and "once" in record.msg:
        return str(record.msg["once"])
    if not isinstance(record.msg, dict):
        return f"{record.pathname}:{record.lineno} {record.exc_info[0] if record.exc_info else None}"
    said = {name: value for name, value in record.msg.items() if name not in {"timestamp", "exc_info"}}
    error = record.msg.get("exc_info")
    return f"{record.name} {said} {type(error) if isinstance(error, BaseException) else sys.exc_info()[0]}"


def tell_left_out(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say how many such lines were left out since the last one, and not what made them such."""
    event.pop("once", None)
    if left_out := getattr(event["_record"], "left_out", 0):
        event["left_out"] = left_out
    return event


def configure(form: str, level: str) -> None:
    """Log to stderr, for people (`plain`) or for machines (`json`)."""
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    before_writing: list[Any] = [structlog.processors.format_exc_info, last, without_secrets]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[tell_left_out, structlog.stdlib.ProcessorFormatter.remove_processors_meta, *before_writing],
        )
    )
    handler.addFilter(OnceASecond())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("bot", "handlers", "scheduling", "storage"):
        logging.getLogger(ours).setLevel(level.upper())
