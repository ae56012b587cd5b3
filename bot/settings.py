"""Every setting, from the environment or `.env`; the only reader of either."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"


class WrongSetting(Exception):
    """A setting cannot be used; the message is one sentence that names it and never its value."""


def _token(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", value.get_secret_value()):
        raise ValueError("must look like 123456:ABC…, as @BotFather gives it")
    return value


def _url(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


class Settings(BaseSettings):
    """What an operator can set; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    bot_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    bot_api_url: Annotated[str, AfterValidator(_url)] = TELEGRAM
    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    keys_url: SecretStr = SecretStr("")
    master_keys: SecretStr = SecretStr("")
    messages_per_second: int = Field(default=30, ge=0, le=1000)
    paid_broadcasts: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    playground_port: int = Field(default=8765, ge=1, le=65535)
    playground: bool = False  # set by the playground for its child process: the clock may be moved
    playground_ahead: float = 0.0  # seconds by which that clock is ahead when the process starts

    @property
    def database(self) -> str:
        """The database's address; a file in `data_dir` unless one is given."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'side-by-side.db'}"

    @property
    def keys(self) -> str:
        """The key store's address; a file in `data_dir` unless one is given."""
        return self.keys_url.get_secret_value() or f"sqlite:///{self.data_dir / 'keys.db'}"


def read_settings(**given: object) -> Settings:
    """The settings; raises WrongSetting."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "A setting"
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise WrongSetting(f"{name}: {reason[:1].lower()}{reason[1:]}.") from None
