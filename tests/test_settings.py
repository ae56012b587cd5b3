"""Settings: a wrong one gets one clear sentence that never shows its value."""

from pathlib import Path

import pytest

from bot.settings import WrongSetting, read_settings


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"bot_token": "hello-there"}, "BOT_TOKEN: must look like 123456:ABC…, as @BotFather gives it."),
        ({"bot_api_url": "telegram.org"}, "BOT_API_URL: must start with http:// or https://."),
        ({"messages_per_second": "many"}, "MESSAGES_PER_SECOND: input should be a valid integer"),
        ({"messages_per_second": "-1"}, "MESSAGES_PER_SECOND: input should be greater than or equal to 0."),
        ({"log_level": "LOUD"}, "LOG_LEVEL: input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
        ({"log_format": "xml"}, "LOG_FORMAT: input should be 'text' or 'json'."),
        ({"playground_port": "0"}, "PLAYGROUND_PORT: input should be greater than or equal to 1."),
    ],
)
def test_a_wrong_setting_gets_one_sentence(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongSetting) as refusal:
        read_settings(_env_file=None, **given)
    assert str(refusal.value).startswith(sentence)
    assert "hello-there" not in str(refusal.value)


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
