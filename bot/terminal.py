"""What all commands share: settings, one sentence at the end, and whether a bot runs here."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer

from bot.logs import start_logs
from bot.settings import Settings, WrongSetting, read_settings

T = TypeVar("T")
WRONG_SETTING = 2
LONGEST_COMMAND = 3600.0  # seconds


def settings_or_end() -> Settings:
    """The settings, with logs that follow them; ends the program where one is wrong."""
    try:
        settings = read_settings()
    except WrongSetting as error:
        end(str(error), WRONG_SETTING)
    start_logs(settings.log_level, settings.log_format)
    return settings


def done_or_end(work: Callable[[], T]) -> T:
    """What this gives; what cannot start ends the program with its sentence."""
    from bot.opening import CannotStart  # noqa: PLC0415 - the command line answers at once

    try:
        return work()
    except CannotStart as error:
        end(str(error), error.code)


def carry_out(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run this to its end, in the same way."""
    done_or_end(lambda: asyncio.run(work()))


def end(sentence: str, code: int) -> NoReturn:
    """End the program with one sentence."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)


async def done_by_the_bot(settings: Settings, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the bot that runs on this data answers, None if none runs; ends the program if it refuses."""
    from bot.wire.control import ask, socket_path  # noqa: PLC0415 - the command line answers at once

    try:
        answer = await ask(socket_path(settings.data_dir), request, seconds=LONGEST_COMMAND)
    except ConnectionError:
        return None
    except TimeoutError:
        end("The bot has not answered for an hour; look into its log.", 1)
    if not answer.get("ok"):
        end(str(answer.get("error")), 1)
    return answer


def copied_by_the_bot(settings: Settings, of: str) -> Path | None:
    """Where the bot that runs on this data has put a copy of its "database" or "keys"; None if none runs."""
    answer = asyncio.run(done_by_the_bot(settings, {"do": "copy", "of": of}))
    return Path(answer["file"]) if answer is not None else None


def is_running(settings: Settings) -> bool:
    """Whether a bot runs on this data; one that does not answer in time runs, too."""
    from bot.wire.control import ask, socket_path  # noqa: PLC0415 - the command line answers at once

    try:
        asyncio.run(ask(socket_path(settings.data_dir), {"do": "status"}, seconds=5.0))
    except ConnectionError:
        return False
    except TimeoutError:
        return True
    return True
