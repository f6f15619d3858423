"""Logging: constant events with identifiers as fields; never what people wrote, who they are, or secrets."""

import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

log = structlog.get_logger()

#: where our own code lies
ROOT = Path(__file__).parents[1]
#: fields that events may carry; anything else is dropped, so that a slip leaks nothing
ALLOWED = frozenset(
    "event level timestamp logger channel error where job jobs outbound_id attachment_id fault code count"
    " case_id report_id host port mode revision seconds path status outcome detail update_id role known".split()
)
#: our marks on the records of the standard library, taken off before rendering
MARKS = frozenset({"_record", "_from_structlog"})
#: secrets inside other libraries' lines: bot tokens, passwords in addresses, data keys
SECRET = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}|(?<=://)[^\s/@]+(?=@)|[A-Za-z0-9_-]{43}=")
#: of another library's line this much is told
MAX_FOREIGN_CHARS = 200
#: bring handlers of their own, which would print records as they are
OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access")
QUIET = (
    "httpx",
    "httpcore",
    "twilio",
    "telegram",
    "uvicorn",
    "alembic",
    "apscheduler",
    "sqlalchemy.engine",
    "asyncio",
)

#: says in so many words what is wrong inside somebody's PDF
TALKATIVE = "pikepdf"


def configure(level: str, log_format: str) -> None:
    """Send structlog's and the standard library's lines to stderr in one format."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_instead_of_traceback,
        _allow_only_known_fields,
        _blank_secrets,
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
            foreign_pre_chain=[_only_the_template, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            use_get_message=False,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(TALKATIVE).setLevel(logging.CRITICAL)
    for name in OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.raiseExceptions = False  # it would print the record, with what it was about
    sys.excepthook = _log_unhandled
    threading.excepthook = _log_unhandled_in_thread
    warnings.showwarning = _log_warning


def _log_unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody caught, without its text; Ctrl-C is no fault."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("unhandled", exc_info=error)


def _log_unhandled_in_thread(args: threading.ExceptHookArgs) -> None:
    log.critical("unhandled_in_thread", exc_info=args.exc_value or True)


def _log_warning(  # noqa: PLR0917 - as Python calls it
    message: Warning | str,  # noqa: ARG001
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Log what a library warns of by its kind and place: the text may quote values, as pydantic's does."""
    log.warning("library_warning", error=category.__name__, where=f"{Path(filename).name}:{lineno}")


def _only_the_template(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Tell the first line of another library's message, without what it was filled with."""
    record: logging.LogRecord = event["_record"]
    lines = str(record.msg).splitlines() or [""]
    event["event"] = lines[0][:MAX_FOREIGN_CHARS]
    event["logger"] = record.name
    return event


def _allow_only_known_fields(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED or name in MARKS}


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
        frames = _telling(traceback.extract_tb(error.__traceback__))
        event["error"] = type(error).__name__
        event["where"] = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return event


def _telling(frames: list[traceback.FrameSummary]) -> list[traceback.FrameSummary]:
    """Return the innermost frames of our own code and the very last one: the libraries' between tell nothing."""
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)]
    return [*[frame for frame in own[-4:] if frame is not frames[-1]], *frames[-1:]]


def _blank_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = SECRET.sub("<secret>", value)
        elif name not in MARKS and not isinstance(value, int | float | None):
            event[name] = type(value).__name__  # an object's own words may quote anything
    return event
