"""Settings: a wrong one gets one clear sentence that never shows its value."""

from pathlib import Path

import pytest

from bot.settings import WrongSetting, read_settings
from storage.database import parsed


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"bot_token": "hello-there"}, "BOT_TOKEN: must look like 123456:ABC…, as @BotFather gives it."),
        ({"bot_api_url": "telegram.org"}, "BOT_API_URL: must start with http:// or https://."),
        ({"bot_api_url": "http://127.0.0.1:70000"}, "BOT_API_URL: must have a port from 1 to 65535, or none."),
        ({"messages_per_second": "many"}, "MESSAGES_PER_SECOND: input should be a valid integer"),
        ({"messages_per_second": "-1"}, "MESSAGES_PER_SECOND: input should be greater than or equal to 0."),
        ({"log_level": "LOUD"}, "LOG_LEVEL: input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
        ({"log_format": "xml"}, "LOG_FORMAT: input should be 'text' or 'json'."),
        ({"http_port": "70000"}, "HTTP_PORT: input should be less than or equal to 65535."),
        ({"playground_port": "0"}, "PLAYGROUND_PORT: input should be greater than or equal to 1."),
    ],
)
def test_a_wrong_setting_gets_one_sentence(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongSetting) as refusal:
        read_settings(_env_file=None, **given)
    assert str(refusal.value).startswith(sentence)
    assert "hello-there" not in str(refusal.value)


@pytest.mark.parametrize("name", ["what?", "100%20", "two words", "a#b", "ü", "a%3Fb"])
def test_a_data_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    settings = read_settings(_env_file=None, data_dir=tmp_path / name)
    assert parsed(settings.database).database == str(tmp_path / name / "side-by-side.db")
    assert parsed(settings.keys).database == str(tmp_path / name / "keys.db")


def test_a_data_folder_may_be_given_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings(_env_file=None, data_dir="~/side").data_dir == tmp_path / "side"


def test_how_logs_are_wanted_may_be_spelled_in_capitals_or_not() -> None:
    settings = read_settings(_env_file=None, log_level="info", log_format="JSON")
    assert (settings.log_level, settings.log_format) == ("INFO", "json")
    assert read_settings(_env_file=None, log_level="Warning").log_level == "WARNING"


TOKEN = "1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
LOCAL = "http://127.0.0.1:8081"
NO_ADDRESS = "WEBHOOK_URL: must be an address such as https://bot.example.org/updates, without a query."
NO_SECRET = "WEBHOOK_SECRET: must be 1 to 256 letters, digits, _ or -."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"webhook_url": "bot.example.org"}, NO_ADDRESS),
        ({"webhook_url": "https://bot.example.org/?hush=1"}, NO_ADDRESS),
        ({"webhook_url": "https://hush:hush@bot.example.org/"}, NO_ADDRESS),
        ({"webhook_url": "https://bot.example.org:70000/"}, NO_ADDRESS),
        ({"webhook_url": "https://bot.example.org:0/"}, NO_ADDRESS),
        ({"webhook_secret": "hush hush"}, NO_SECRET),
        ({"webhook_secret": "hush\n"}, NO_SECRET),
        ({"webhook_secret": "h" * 257}, NO_SECRET),
        (
            {"webhook_secret": ""},
            "WEBHOOK_SECRET: is needed with WEBHOOK_URL: 1 to 256 letters, digits, _ or -.",
        ),
        ({"webhook_url": "http://bot.example.org/"}, "WEBHOOK_URL: must start with https://."),
        (
            {"webhook_url": "https://bot.example.org:8080/"},
            "WEBHOOK_URL: Telegram sends to the ports 443, 80, 88 and 8443 only.",
        ),
        (
            {"webhook_url": f"https://bot.example.org/{TOKEN.partition(':')[2]}"},
            "WEBHOOK_URL: must not contain the token.",
        ),
    ],
)
def test_a_webhook_that_cannot_work_is_refused(given: dict[str, str], sentence: str) -> None:
    sound = {"bot_token": TOKEN, "webhook_url": "https://bot.example.org/updates", "webhook_secret": "hush"}
    with pytest.raises(WrongSetting) as refusal:
        read_settings(_env_file=None, **(sound | given))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "given",
    [
        {"webhook_url": "https://bot.example.org"},
        {"webhook_url": "https://bot.example.org:8443/a/b-c_d.e~f/"},
        {"webhook_url": "https://bot.example.org:88/", "webhook_secret": "_-" * 128},
        {"webhook_url": "http://127.0.0.1:9000/updates", "bot_api_url": LOCAL},
        {"webhook_url": "http://[::1]:9000/updates", "bot_api_url": LOCAL},
    ],
)
def test_a_webhook_that_can_work_is_let_in(given: dict[str, str]) -> None:
    settings = read_settings(_env_file=None, **({"bot_token": TOKEN, "webhook_secret": "hush"} | given))
    assert settings.webhook_url == given["webhook_url"]
    assert "hush" not in repr(settings)


def test_an_empty_setting_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("MESSAGES_PER_SECOND", "")
    settings = read_settings(_env_file=None, data_dir=Path("somewhere"))
    assert settings.database == "sqlite:///somewhere/side-by-side.db"
    assert settings.keys == "sqlite:///somewhere/keys.db"
    assert settings.messages_per_second == 30


def test_every_setting_is_explained_in_the_example() -> None:
    from bot.settings import Settings

    example = Path(".env.example").read_text(encoding="utf-8")
    internal = {field for field in Settings.model_fields if field.startswith("playground")} - {"playground_port"}
    for name in Settings.model_fields.keys() - internal:
        assert f"{name.upper()}=" in example
