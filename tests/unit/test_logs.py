"""What a log line may hold: constant events and identifiers; never words of people, secrets, or exceptions' texts."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot import logs

MARKED = "Siti Rahmawati, RT 03, 081234567890"
TOKEN = "123456789:AAFakeTokenFakeTokenFakeTokenFake"
log = structlog.get_logger()

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Sends what is logged into a buffer, as JSON; the logging of the tests is put back afterwards."""
    root, buffer, structured = logging.getLogger(), io.StringIO(), structlog.get_config()
    before = root.handlers, root.level, logging.raiseExceptions, sys.excepthook, threading.excepthook
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(sys, "stderr", buffer)
    logs.configure("DEBUG", "json")
    yield lambda: [json.loads(line) for line in buffer.getvalue().splitlines()]
    structlog.configure(**structured)
    root.handlers, level, logging.raiseExceptions, sys.excepthook, threading.excepthook = before
    root.setLevel(level)


def test_known_fields_come_out(lines: Lines) -> None:
    """An event has its name, level, time, and what it is about."""
    log.info("report_filed", report_id=7, channel="telegram")
    (line,) = lines()
    assert line.pop("timestamp")
    assert line == {"event": "report_filed", "level": "info", "report_id": 7, "channel": "telegram"}


def test_unknown_fields_are_dropped(lines: Lines) -> None:
    """A slip leaks nothing, whatever the field is called."""
    log.info("slip", text=MARKED, _text=MARKED, name=MARKED, identifier=MARKED)
    assert MARKED not in json.dumps(lines())


def test_objects_are_named_not_told(lines: Lines) -> None:
    """What an object says of itself may quote a person; its type does not."""
    log.warning("odd", detail=ValueError(MARKED), code=[MARKED], outcome={"a": MARKED})
    (line,) = lines()
    assert (line["detail"], line["code"], line["outcome"]) == ("ValueError", "list", "dict")


def test_an_exception_says_where_not_what(lines: Lines) -> None:
    """The text of an exception quotes what it choked on."""
    try:
        int(MARKED)
    except ValueError:
        log.exception("choked")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "test_an_exception_says_where_not_what" in str(line["where"])
    assert MARKED not in json.dumps(line)


@pytest.mark.parametrize("name", ["uvicorn.error", "uvicorn", "telegram.ext", "asyncio", "sqlalchemy.pool"])
def test_other_libraries_tell_their_template_only(lines: Lines, name: str) -> None:
    """What a library fills its messages with is not ours to print."""
    try:
        raise RuntimeError(MARKED)  # noqa: TRY301
    except RuntimeError:
        logging.getLogger(name).exception("failed on %s\nwith %r", MARKED, MARKED)
    (line,) = lines()
    assert line["event"] == "failed on %s"
    assert line["error"] == "RuntimeError"
    assert MARKED not in json.dumps(line)


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "postgresql://kanal:hunter2@db/kanal",
        "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
    ],
)
def test_secrets_are_blanked(lines: Lines, secret: str) -> None:
    """Bot tokens, passwords and data keys, in our lines and in others'."""
    log.error("trouble", detail=f"at {secret} it stopped")
    logging.getLogger("httpx").error(f"POST https://x/bot{secret}/send")  # noqa: G004
    text = json.dumps(lines())
    assert "hunter2" not in text
    assert secret not in text
    assert text.count("<secret>") == 2


def test_httpx_is_silent_about_its_requests(lines: Lines) -> None:
    """Its INFO lines hold the bot token in the address."""
    logging.getLogger("httpx").info("HTTP Request: %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    assert lines() == []


def test_a_broken_pdf_is_not_described(lines: Lines) -> None:
    """Its parts may be named after people; that it could not be read is told by us."""
    logging.getLogger("pikepdf._core").error(MARKED)
    assert lines() == []


def test_a_task_nobody_awaited_tells_no_more(lines: Lines) -> None:
    """asyncio puts the exception's text into the message itself."""

    async def fail() -> None:
        raise ValueError(MARKED)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        task = loop.create_task(fail())
        await asyncio.wait([task])
        loop.call_exception_handler(
            {
                "message": "Task exception was never retrieved",
                "exception": task.exception(),
                "task": task,
            }
        )

    asyncio.run(main())
    text = json.dumps(lines())
    assert "Task exception was never retrieved" in text
    assert MARKED not in text


def test_what_nobody_caught_is_logged_without_its_text(lines: Lines) -> None:
    """Neither the main thread's end nor another's prints a traceback with values."""

    def fail() -> None:
        raise ValueError(MARKED)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    events = [line["event"] for line in lines()]
    assert events == ["unhandled_in_thread", "unhandled"]
    assert MARKED not in json.dumps(lines())


def test_a_librarys_warning_says_its_kind_and_place(lines: Lines) -> None:
    """Its text may quote the value it warns of."""
    warnings.showwarning(UserWarning(MARKED), UserWarning, "/lib/serializer.py", 7)
    (line,) = lines()
    assert (line["event"], line["error"], line["where"]) == (
        "library_warning",
        "UserWarning",
        "serializer.py:7",
    )
    assert MARKED not in json.dumps(line)


def test_a_record_that_cannot_be_formatted_prints_nothing(lines: Lines) -> None:
    """The standard library would print it with its arguments."""
    logging.getLogger("x").error("%d of %d", MARKED)  # noqa: PLE1206 - that is the point
    assert MARKED not in json.dumps(lines())


def test_console_lines_hold_no_more_than_json(monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    """The other format goes through the same sieve."""
    buffer = io.StringIO()
    monkeypatch.setattr(sys, "stderr", buffer)
    logs.configure("INFO", "console")
    try:
        raise ValueError(MARKED)  # noqa: TRY301
    except ValueError:
        log.exception("choked", text=MARKED)
    assert "choked" in buffer.getvalue()
    assert MARKED not in buffer.getvalue()
