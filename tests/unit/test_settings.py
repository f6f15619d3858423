"""The settings: what is read, what is refused, and that nothing of it is told by accident."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
SECRETS = {
    "DATA_KEYS": KEY,
    "TELEGRAM_BOT_TOKEN": "123456789:AAFake-token-of-the-tests",
    "TELEGRAM_WEBHOOK_SECRET": "fake-webhook-secret",
    "TWILIO_AUTH_TOKEN": "fake-twilio-token",
    "SMSGATE_PASSWORD": "fake-phone-password",
    "SMSGATE_WEBHOOK_KEY": "fake-phone-key",
}


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without .env, and none of our variables set."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def documented() -> dict[str, str]:
    """The variables of .env.example with the values that stand there."""
    return dict(
        re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_every_variable_is_documented() -> None:
    """.env.example names what there is, and nothing else."""
    assert documented().keys() == {name.upper() for name in Settings.model_fields}


def test_the_example_may_be_copied_as_it_is(tmp_path: Path) -> None:
    """What stands there is what holds without it."""
    (tmp_path / ".env").write_bytes(EXAMPLE.read_bytes())
    assert read_settings() == Settings(_env_file=None)


def test_defaults() -> None:
    """As the contract has them; every channel is off."""
    settings = read_settings()
    told = {name: value for name, value in settings.model_dump(mode="json").items() if value is not None}
    assert told == {
        "database_url": "sqlite:///var/kanal.db",
        "data_dir": "var",
        "data_keys": [],
        "deployment": "deployments/sekadau.yaml",
        "host": "127.0.0.1",
        "port": 8080,
        "log_level": "INFO",
        "log_format": "console",
    }
    assert (settings.webhook_url, settings.twilio, settings.smsgate) == (None, None, None)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that one run can differ; an empty value counts as none."""
    (tmp_path / ".env").write_text("PORT=9000\nHOST=0.0.0.0\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("HOST", "")
    settings = read_settings()
    assert (settings.port, settings.host) == (9001, "0.0.0.0")  # noqa: S104 - read, not listened on


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the settings nor what is built from them shows a secret."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PUBLIC_URL", "https://kanal.example")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_FROM", "+14155550100")
    monkeypatch.setenv("SMSGATE_USERNAME", "phone")
    for provider in ("twilio", "smsgate"):
        monkeypatch.setenv("SMS_PROVIDER", provider)
        settings = read_settings()
        shown = f"{settings!r} {settings} {settings.twilio!r} {settings.smsgate!r}"
        assert [name for name, value in SECRETS.items() if value in shown] == []


def test_a_database_password_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands inside a longer value."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://kanal:fake-password@db.example/kanal")
    assert "fake-password" not in repr(read_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://user:fake-secret@host/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql://user:fake@secret@host/name"),
        ("DATABASE_URL", "fake-secret"),
        ("DATA_KEYS", "fake-secret"),
        ("DATA_KEYS", f"{KEY},fake-secret"),
        ("PUBLIC_URL", "kanal.example"),
        ("PUBLIC_URL", "http://kanal.example"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("TELEGRAM_BOT_TOKEN", "fake-secret"),
        ("TELEGRAM_BOT_TOKEN", "12345:"),
        ("TELEGRAM_API_URL", "localhost:8081"),
        ("TELEGRAM_WEBHOOK_SECRET", "fake secret"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257),
        ("SMS_PROVIDER", "pigeon"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_what_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """One line that names the variable and quotes no secret."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert "fake" not in line


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line each, also for what does not fit together."""
    monkeypatch.setenv("SMS_PROVIDER", "twilio")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "PUBLIC_URL",
        "TWILIO_FROM, TWILIO_MESSAGING_SERVICE_SID",
    ]


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """Such as an editor of another age writes."""
    (tmp_path / ".env").write_bytes("PORT=8080 # ü".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"^\.env: expected UTF-8 text$"):
        read_settings()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "TELEGRAM_BOT_TOKN=1:x",
            ".env, line 2: TELEGRAM_BOT_TOKN is no setting; did you mean TELEGRAM_BOT_TOKEN?",
        ),
        ("PUBLIC_URL", ".env, line 2: expected NAME=value"),
        ("PORT: 8081", ".env, line 2: expected NAME=value"),
    ],
)
def test_a_slip_in_the_env_file_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    """Passed over in silence it would cost the operator an afternoon."""
    (tmp_path / ".env").write_text(f"# ours\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value) == told


def test_other_programs_may_have_names_in_the_env_file(tmp_path: Path) -> None:
    """Only what is like one of ours is a slip."""
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=kanal\nPORT=8081\n", encoding="utf-8")
    assert read_settings().port == 8081
