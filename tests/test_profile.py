"""What Telegram shows about the bot before anybody talks to it."""

from pathlib import Path

from bot.messages import menu
from bot.messages.i18n import Languages, load_languages
from bot.playground.faults import server_error
from bot.playground.server import LoopbackTelegram
from bot.wire import profile
from tests.conftest import House


def german(folder: Path) -> Languages:
    """English, a little German, and two kinds of languages that Telegram has no menu for."""
    for language, word in (("de", "Deine Frage"), ("pt_BR", "sua pergunta"), ("fil", "tanong mo"), ("en_GB", "yours")):
        place = folder / language / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "messages.po").write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            f'msgid "your question"\nmsgstr "{word}"\n',
            "utf-8",
        )
    return load_languages(folder)


SETTERS = ("setMyCommands", "setMyDescription", "setMyShortDescription")


async def test_menu_and_descriptions_are_set_at_the_start(house: House, telegram: LoopbackTelegram) -> None:
    await profile.tidy(house.app.bot, load_languages())
    commands = await house.app.bot.get_my_commands()
    assert [command.command for command in commands] == list(menu.MENU)
    words = load_languages().speak("en")
    assert (await house.app.bot.get_my_description()).description == menu.description(words)
    assert (await house.app.bot.get_my_short_description()).short_description == menu.short_description(words)


async def test_what_is_right_already_is_left_alone(house: House, telegram: LoopbackTelegram) -> None:
    await profile.tidy(house.app.bot, load_languages())
    telegram.calls.clear()
    await profile.tidy(house.app.bot, load_languages())
    assert telegram.calls.of("getMyCommands", "getMyDescription", "getMyShortDescription")
    assert telegram.calls.of(*SETTERS) == []


async def test_every_language_that_telegram_has_a_menu_for_gets_its_own(house: House, tmp_path: Path) -> None:
    await profile.tidy(house.app.bot, german(tmp_path / "locales"))
    for code, word in (("de", "Deine Frage"), ("pt", "sua pergunta"), (None, "your question")):
        commands = await house.app.bot.get_my_commands(language_code=code)
        assert commands[0].description == word
    assert await house.app.bot.get_my_commands(language_code="en") == ()


async def test_a_failure_does_not_stop_the_start(house: House, telegram: LoopbackTelegram, tmp_path: Path) -> None:
    telegram.faults.add(server_error(), method="setMyCommands")
    await profile.tidy(house.app.bot, german(tmp_path / "locales"))
    tried = {call.parameters.get("language_code") for call in telegram.calls.of("setMyCommands")}
    assert tried >= {"de", "pt"}
