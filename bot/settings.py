"""Every variable of .env.example, parsed once; all faults are listed together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv.parser import parse_stream
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from rapidfuzz import fuzz, process

from bot.mistakes import Mistake
from storage.crypto import BadKey, Vault
from storage.db import parse_url

ENV_FILE = Path(".env")
#: a name this like one of ours (percent) is that one, misspelt; others belong to other programs
MISSPELT = 80
#: path of Telegram's webhook, and of the simulator
TELEGRAM_PATH = "/telegram/webhook"
SIMULATOR_PATH = "/simulator"


class SettingsError(Mistake):
    """The environment or .env is not in order; the message has one line for each fault."""


class SmsProvider(StrEnum):
    TWILIO = "twilio"
    SMSGATE = "smsgate"


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    account_sid: str
    auth_token: str = field(repr=False)
    #: a number of ours (E.164) or the SID of a Messaging Service
    sender: str
    api_url: str | None


@dataclass(frozen=True, slots=True)
class SmsGateSettings:
    username: str
    password: str = field(repr=False)
    webhook_key: str = field(repr=False)
    url: str | None
    sim: int | None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    #: may hold a password
    database_url: Annotated[str, Field(repr=False)] = "sqlite:///var/kanal.db"
    data_dir: Path = Path("var")
    data_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    deployment: Path = Path("deployments/sekadau.yaml")
    public_url: AnyHttpUrl | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    telegram_bot_token: SecretStr | None = None
    telegram_api_url: AnyHttpUrl | None = None
    telegram_webhook_secret: SecretStr | None = None
    sms_provider: SmsProvider | None = None
    twilio_account_sid: Annotated[str, Field(pattern="^AC[0-9a-f]{32}$")] | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_from: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")] | None = None
    twilio_messaging_service_sid: Annotated[str, Field(pattern="^MG[0-9a-f]{32}$")] | None = None
    twilio_api_url: AnyHttpUrl | None = None
    smsgate_url: AnyHttpUrl | None = None
    smsgate_username: str | None = None
    smsgate_password: SecretStr | None = None
    smsgate_webhook_key: SecretStr | None = None
    smsgate_sim: Annotated[int, Field(ge=1, le=3)] | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("data_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return (
            tuple(key.strip() for key in value.split(",") if key.strip()) if isinstance(value, str) else value
        )

    @field_validator("data_keys")
    @classmethod
    def _are_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if keys:
            try:
                Vault([key.get_secret_value() for key in keys])
            except BadKey as error:
                raise ValueError(f"{error}; `kanal keys new` prints one") from error
        return keys

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, url: str) -> str:
        try:
            parse_url(url)
        except Exception as error:  # SQLAlchemy's own error and ours
            raise ValueError(
                "expected sqlite:///path or postgresql://user:password@host/name, in the password %40 for an @"
            ) from error
        return url

    @field_validator("telegram_bot_token")
    @classmethod
    def _is_token(cls, token: SecretStr | None) -> SecretStr | None:
        number, _, rest = (token.get_secret_value() if token else "1:x").partition(":")
        if not number.isdecimal() or not rest:
            raise ValueError("expected the token BotFather gave, like 123456789:AAF…")
        return token

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value() if secret else "x"
        if not 1 <= len(text) <= 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in text):
            raise ValueError("expected 1 to 256 characters of A-Z a-z 0-9 _ -")
        return secret

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if faults := [*_public_url_faults(self), *_sms_faults(self)]:
            raise ValueError("\n".join(faults))
        return self

    @property
    def token(self) -> str | None:
        return self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else None

    @property
    def telegram_root(self) -> str | None:
        return str(self.telegram_api_url).rstrip("/") if self.telegram_api_url else None

    @property
    def webhook_url(self) -> str | None:
        """Where Telegram posts updates to; None: we poll."""
        return f"{self.public_root}{TELEGRAM_PATH}" if self.public_root else None

    @property
    def public_root(self) -> str | None:
        return str(self.public_url).rstrip("/") if self.public_url else None

    @property
    def authority(self) -> str:
        """Return where we listen: "127.0.0.1:8080", "[::1]:8080"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def has_simulator(self) -> bool:
        """Whether citizens and officers can be played in a browser: by this computer's people, before it is real."""
        is_real = self.token or self.sms_provider or self.public_url
        return not is_real and _is_loopback(self.host)

    @property
    def twilio(self) -> TwilioSettings | None:
        """The account, when Twilio is the provider."""
        if self.sms_provider is not SmsProvider.TWILIO:
            return None
        return TwilioSettings(
            account_sid=self.twilio_account_sid or "",
            auth_token=_secret(self.twilio_auth_token),
            sender=self.twilio_from or self.twilio_messaging_service_sid or "",
            api_url=str(self.twilio_api_url).rstrip("/") if self.twilio_api_url else None,
        )

    @property
    def smsgate(self) -> SmsGateSettings | None:
        """The phone, when it is the provider."""
        if self.sms_provider is not SmsProvider.SMSGATE:
            return None
        return SmsGateSettings(
            username=self.smsgate_username or "",
            password=_secret(self.smsgate_password),
            webhook_key=_secret(self.smsgate_webhook_key),
            url=str(self.smsgate_url).rstrip("/") if self.smsgate_url else None,
            sim=self.smsgate_sim,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _public_url_faults(settings: Settings) -> Iterator[str]:
    url = settings.public_url
    if url is None:
        return
    is_trial = settings.telegram_api_url or settings.twilio_api_url or settings.smsgate_url
    if url.scheme != "https" and not is_trial:
        yield "PUBLIC_URL: expected https://…, providers post to nothing else; or leave it out and poll Telegram"
    if settings.sms_provider is SmsProvider.TWILIO and "_" in (url.host or ""):
        yield "PUBLIC_URL: Twilio refuses host names with an underscore"


#: what each provider cannot do without
_NEEDED = {
    SmsProvider.TWILIO: ("twilio_account_sid", "twilio_auth_token"),
    SmsProvider.SMSGATE: ("smsgate_username", "smsgate_password", "smsgate_webhook_key"),
}


def _sms_faults(settings: Settings) -> Iterator[str]:
    provider = settings.sms_provider
    if provider is None:
        return
    for name in _NEEDED[provider]:
        if getattr(settings, name) is None:
            yield f"{name.upper()}: needed with SMS_PROVIDER={provider}"
    if settings.public_url is None:
        yield f"PUBLIC_URL: needed with SMS_PROVIDER={provider}, which posts to webhooks only"
    senders = [settings.twilio_from, settings.twilio_messaging_service_sid]
    if provider is SmsProvider.TWILIO and sum(sender is not None for sender in senders) != 1:
        yield "TWILIO_FROM, TWILIO_MESSAGING_SERVICE_SID: expected exactly one of them"


def read_settings() -> Settings:
    """Return the settings from the environment and .env. Raises SettingsError naming every fault."""
    try:
        if slips := list(_slips()):
            raise SettingsError("\n".join(slips))
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_fault(one) for one in error.errors(include_input=False))) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: expected UTF-8 text") from None


def _slips() -> Iterator[str]:
    """Yield what .env holds that would be passed over in silence: unreadable lines, misspelt names."""
    if not ENV_FILE.is_file():
        return
    known = [name.upper() for name in Settings.model_fields]
    with ENV_FILE.open(encoding="utf-8") as file:
        for line in parse_stream(file):
            name = (line.key or "").upper()
            if line.error or (name and line.value is None):
                yield f".env, line {line.original.line}: expected NAME=value"
            elif name and name not in known:
                near = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=MISSPELT)
                if near:
                    yield f".env, line {line.original.line}: {line.key} is no setting; did you mean {near[0]}?"


#: pydantic's kinds of error whose text speaks of its inside
_PLAIN = {
    "url_parsing": "expected an address such as https://kanal.example.go.id",
    "url_scheme": "expected an address that begins with https://",
    "int_parsing": "expected a number",
}


def _fault(error: "object") -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's ErrorDetails
    name = ".".join(str(part) for part in error["loc"]).upper()
    if plain := _PLAIN.get(str(error["type"])):
        return f"{name}: {plain}"
    message = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected", 1)
    message = message.replace("String should match pattern", "expected the form", 1)
    return f"{name}: {message}" if name else message
