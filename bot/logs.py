"""Structured logs for operators: one JSON line with an `action`; no bodies, addresses or tokens in it."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: What must never reach a log, wherever it stands in a value.
SECRETS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=://)[^/\s:@]{0,200}:[^/\s@]{1,200}(?=@)|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace tokens, passwords in URLs and e-mail addresses."""
    return {key: _clean(value) for key, value in event.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return SECRETS.sub("[redacted]", value)
    if isinstance(value, (int, float, bool, type(None))):
        return value
    return SECRETS.sub("[redacted]", repr(value))


def set_up(level: str = "INFO") -> None:
    """Send everything, also what libraries say, through one JSON writer on standard error."""
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("apscheduler", "slack_bolt", "slack_sdk", "aioimaplib"):
        logging.getLogger(noisy).setLevel(max(root.level, logging.WARNING))


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; every call names its `action` first: `log.info("mail_sent", conversation=4)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
