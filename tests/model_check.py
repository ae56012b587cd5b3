"""An independent opinion about every call: aiogram's models of the Bot API.

It takes seconds to load them, so only a process in which calls are checked does, before the first one.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.playground.checks import Upload

if TYPE_CHECKING:
    from aiogram.methods import TelegramMethod


def the_models() -> Callable[[str, Mapping[str, Any]], None]:
    """The check for a `telegram.check`, with the models loaded."""
    _models()
    return follows_the_models


def follows_the_models(method: str, parameters: Mapping[str, Any]) -> None:
    """Raises ValueError for a call that aiogram's models do not describe."""
    model = _models().get(method)
    if model is None:
        raise ValueError(f"aiogram knows no method {method}")
    parsed = model.model_validate({name: _input_file(value) for name, value in parameters.items()})
    if strange := sorted(_strange(parsed)):
        raise ValueError(f"aiogram knows no {', '.join(strange)}")


def _input_file(value: object) -> object:
    from aiogram.types import BufferedInputFile

    return BufferedInputFile(value.content, value.name) if isinstance(value, Upload) else value


@cache
def _models() -> "dict[str, type[TelegramMethod[Any]]]":
    import aiogram.methods
    from aiogram.methods import TelegramMethod

    found = (getattr(aiogram.methods, name) for name in aiogram.methods.__all__)
    models = [each for each in found if issubclass(each, TelegramMethod) and each is not TelegramMethod]
    return {each.__api_method__: each for each in models}


def _strange(value: object) -> Iterator[str]:
    """The fields that no model declares, at any depth."""
    if isinstance(value, BaseModel):
        yield from (f"{type(value).__name__}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _strange(getattr(value, name, None))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strange(each)
