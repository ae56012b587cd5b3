"""Every setting, from the environment or `.env`; the only reader of either."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"
PORTS = (443, 80, 88, 8443)  # the only ones to which Telegram sends updates

ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")


class WrongSetting(Exception):
    """A setting cannot be used; the message is one sentence that names it and never its value."""


def _token(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", value.get_secret_value()):
        raise ValueError("must look like 123456:ABC…, as @BotFather gives it")
    return value


def _url(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("must start with http:// or https://")
    if not _has_port(value):
        raise ValueError("must have a port from 1 to 65535, or none")
    return value.rstrip("/")


def _webhook(value: str) -> str:
    if value and not (ADDRESS.fullmatch(value) and _has_port(value)):
        raise ValueError("must be an address such as https://bot.example.org/updates, without a query")
    return value


def _has_port(url: str) -> bool:
    """Whether its port is one, or left out."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
        raise ValueError("must be 1 to 256 letters, digits, _ or -")
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an operator can set; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    bot_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    bot_api_url: Annotated[str, AfterValidator(_url)] = TELEGRAM
    data_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Path("data")
    database_url: SecretStr = SecretStr("")
    keys_url: SecretStr = SecretStr("")
    move_to: SecretStr = SecretStr("")
    master_keys: SecretStr = SecretStr("")
    webhook_url: Annotated[str, AfterValidator(_webhook)] = ""
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=1, le=65535)
    messages_per_second: int = Field(default=30, ge=0, le=1000)
    paid_broadcasts: bool = False
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"
    playground_port: int = Field(default=8765, ge=1, le=65535)
    playground: bool = False  # set by the playground for its child process: the clock may be moved
    playground_ahead: float = 0.0  # seconds by which that clock is ahead when the process starts

    @model_validator(mode="after")
    def _check_webhook(self) -> Self:
        """What a webhook needs besides; the sentences name their settings."""
        if not self.webhook_url:
            return self
        if not self.webhook_secret.get_secret_value():
            raise ValueError("WEBHOOK_SECRET: is needed with WEBHOOK_URL: 1 to 256 letters, digits, _ or -")
        if (hidden := self.bot_token.get_secret_value().partition(":")[2]) and hidden in self.webhook_url:
            raise ValueError("WEBHOOK_URL: must not contain the token")
        if self.bot_api_url == TELEGRAM:
            _check_reachable(self.webhook_url)
        return self

    @property
    def database(self) -> str:
        """The database's address; a file in `data_dir` unless one is given."""
        return self.database_url.get_secret_value() or self._file("side-by-side.db")

    @property
    def keys(self) -> str:
        """The key store's address; a file in `data_dir` unless one is given."""
        return self.keys_url.get_secret_value() or self._file("keys.db")

    def _file(self, name: str) -> str:
        """The address of a file in `data_dir`, whatever stands in its name."""
        return f"sqlite:///{quote(str(self.data_dir / name))}"


def _check_reachable(url: str) -> None:
    """Raise ValueError for an address to which Telegram would send nothing."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise ValueError("WEBHOOK_URL: must start with https://")
    if (parts.port or 443) not in PORTS:
        raise ValueError("WEBHOOK_URL: Telegram sends to the ports 443, 80, 88 and 8443 only")


def read_settings(**given: object) -> Settings:
    """The settings; raises WrongSetting."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except UnicodeDecodeError:
        raise WrongSetting(".env: is not written in UTF-8.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = str(first["msg"]).removeprefix("Value error, ")
        if not first["loc"]:  # about several settings: it names them
            raise WrongSetting(f"{reason}.") from None
        raise WrongSetting(f"{str(first['loc'][0]).upper()}: {reason[:1].lower()}{reason[1:]}.") from None
