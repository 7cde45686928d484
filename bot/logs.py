"""Logging: one line an event, with who and which request, and never a secret."""

import logging
import re
import sys
from typing import Any

import structlog

SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe\.[\w.-]+|postgresql[+\w]*://[^@\s]+@")


def without_secrets(_logger: Any, _method: str, line: str) -> str:
    """Blank out whatever looks like a token or a password, in the finished line: wherever it stood, it stands there now."""
    return SECRET.sub("«secret»", line)


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
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *before_writing],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("bot", "handlers", "scheduling", "storage"):
        logging.getLogger(ours).setLevel(level.upper())
