"""Every variable of .env.example, parsed once; all faults are listed together."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.crypto import BadKey, Vault
from storage.db import parse_url

#: path of Telegram's webhook
TELEGRAM_PATH = "/telegram/webhook"


class SettingsError(Exception):
    """The environment or .env is not in order; the message has one line for each fault."""


class SmsProvider(StrEnum):
    TWILIO = "twilio"
    SMSGATE = "smsgate"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    database_url: str = "sqlite:///var/kanal.db"
    data_dir: Path = Path("var")
    data_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    deployment: Path = Path("deployments/sekadau.yaml")
    public_url: AnyHttpUrl | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    telegram_bot_token: SecretStr | None = None
    telegram_api_url: AnyHttpUrl | None = None
    telegram_webhook_secret: SecretStr | None = None
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
            raise ValueError("expected sqlite:///path or postgresql://user:password@host/name") from error
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
    def _public_url_is_https(self) -> Self:
        if self.public_url and self.public_url.scheme != "https" and self.telegram_api_url is None:
            raise ValueError(
                "PUBLIC_URL: expected https://…, Telegram posts to nothing else; or leave it out to poll"
            )
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


def read_settings() -> Settings:
    """Return the settings from the environment and .env. Raises SettingsError naming every fault."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_fault(one) for one in error.errors(include_input=False))) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: expected UTF-8 text") from None


def _fault(error: "object") -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's ErrorDetails
    name = ".".join(str(part) for part in error["loc"]).upper()
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
