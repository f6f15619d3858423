"""Logging: constant events with identifiers as fields; never what people wrote, who they are, or secrets."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

#: fields that events may carry; anything else is dropped, so that a slip leaks nothing
ALLOWED = frozenset({
    "event", "level", "timestamp", "logger", "channel", "error", "jobs", "outbound_id", "attachment_id", "fault", "code",
    "count", "case_id", "report_id", "host", "port", "mode", "revision", "seconds", "path", "status", "outcome", "detail", "where", "update_id",
})  # fmt: skip
#: bot tokens inside other libraries' lines
TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
QUIET = ("httpx", "httpcore", "twilio", "telegram", "uvicorn.access", "alembic", "sqlalchemy.engine", "asyncio")


def configure(level: str, log_format: str) -> None:
    """Send structlog's and the standard library's lines to stderr in one format."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_instead_of_traceback,
        _allow_only_known_fields,
        _blank_tokens,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:3], _blank_tokens],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _allow_only_known_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED or name.startswith("_")}


def _where_instead_of_traceback(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say what was raised and where, without the exception's text, which may quote what it choked on."""
    info = event.pop("exc_info", None)
    record = event.get("_record")
    if record is not None:
        info = info or record.exc_info
        record.exc_info = record.exc_text = None
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        event["error"] = type(error).__name__
        event["where"] = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return event


def _blank_tokens(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = TOKEN.sub("<token>", value)
    return event


