"""What Telegram shows about the bot before anybody talks to it: the menu and two descriptions, in every language."""

from collections.abc import Mapping

import structlog
from telegram import Bot, BotCommand

from bot.messages import menu
from bot.messages.i18n import SOURCE_LANGUAGE, Languages, Words

log = structlog.get_logger("profile")


async def tidy(bot: Bot, languages: Languages) -> None:
    """Set what differs from what Telegram has; a failure is logged, since the bot works without."""
    for code, words in _by_code(languages).items():
        try:
            await _tidy_menu(bot, code, words)
            await _tidy_descriptions(bot, code, words)
        except Exception as error:  # also what a server that speaks only a part of the Bot API answers
            log.warning("profile_not_set", error=type(error).__name__)


def _by_code(languages: Languages) -> Mapping[str | None, Words]:
    """Telegram knows two letters for a language, and none for everybody else, who reads English."""
    found: dict[str | None, Words] = {None: languages.speak(SOURCE_LANGUAGE)}
    for language in sorted(languages.words, key=len):
        code = language.partition("-")[0]
        if code != SOURCE_LANGUAGE and len(code) == 2:
            found.setdefault(code, languages.speak(language))
    return found


async def _tidy_menu(bot: Bot, code: str | None, words: Words) -> None:
    descriptions = menu.descriptions(words)
    wanted = tuple(BotCommand(name, descriptions[name].unescape()) for name in menu.MENU)
    if await bot.get_my_commands(language_code=code) != wanted:
        await bot.set_my_commands(wanted, language_code=code)


async def _tidy_descriptions(bot: Bot, code: str | None, words: Words) -> None:
    description, short = menu.description(words), menu.short_description(words)
    if (await bot.get_my_description(language_code=code)).description != description:
        await bot.set_my_description(description, language_code=code)
    if (await bot.get_my_short_description(language_code=code)).short_description != short:
        await bot.set_my_short_description(short, language_code=code)
