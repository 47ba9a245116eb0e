"""Structured logs: one JSON object a line on stderr, with the request's id, never with a person's data."""

import logging
import sys
from contextvars import ContextVar
from typing import Any

import structlog

request_id: ContextVar[str] = ContextVar("request_id", default="-")
principal: ContextVar[str] = ContextVar("principal", default="anonymous")


def _add_request(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event["request_id"] = request_id.get()
    return event


def write_structured_logs() -> None:
    """Send every log line, ours and the libraries', to stderr as JSON."""
    structlog.configure(
        processors=[
            _add_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def log(name: str) -> Any:
    """A structured logger for the module `name`."""
    return structlog.get_logger(name)
