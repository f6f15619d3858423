"""What is not loaded before it is needed: a start is waited for, and what is loaded stays in memory."""

import subprocess
import sys

import pytest

#: module → what it waits for
RUN_WAITS = {
    "PIL": "a picture that comes or is drawn",
    "alembic": "a schema that is not the newest",
    "apscheduler": "the role that has the clock",
    "holidays": "the first working day that is counted",
    "httpcore": "nothing: calls go over aiohttp",
    "jinja2": "the first page",
    "numpy": "a point on the map, with shapely",
    "psycopg": "a DATABASE_URL of PostgreSQL",
    "rich": "a table or a dialogue in the terminal",
    "segno": "`kanal poster`",
    "shapely": "a point on the map",
    "telegram.ext": "nothing: its types and calls are all we use",
    "xlsxwriter": "a workbook",
    "yaml": "`kanal setup` and `kanal doctor`",
}
ANDROID = {"twilio": "the other provider"}
TWILIO = {
    "aiohttp": "the first call to a provider, after we can be reached",  # the library for Android loads it
    "android_sms_gateway": "the other provider",
    "twilio.rest.api": "nothing: its classes of what Twilio holds are read all at once",
}
HELP_WAITS = dict.fromkeys(
    ("sqlalchemy", "pydantic", "starlette", "structlog", "handlers", "storage"), "a command"
)

RUN = (
    "from bot.cli.app import command_line; command_line(['run']); from bot.lean import without_rich\n"
    "with without_rich(): from bot.channels.telegram import serving\n"
)


@pytest.mark.parametrize(
    ("loading", "waits"),
    [
        (f"{RUN}from bot.channels.sms.twilio import serving", RUN_WAITS | TWILIO),
        (f"{RUN}from bot.channels.sms.smsgate import serving", RUN_WAITS | ANDROID),
        ("from bot.cli.app import command_line; command_line(called=())", HELP_WAITS),
    ],
)
def test_a_start_does_not_load_what_it_does_not_need(loading: str, waits: dict[str, str]) -> None:
    """In an interpreter of its own, `kanal run` with each provider, and `kanal --help`."""
    command = [sys.executable, "-c", f"import sys; {loading}\nprint(*sys.modules)"]
    loaded = set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert "bot.cli" in loaded
    assert {name: why for name, why in waits.items() if name in loaded} == {}
