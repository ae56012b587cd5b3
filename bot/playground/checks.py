"""What a parameter may hold: one small function for each kind, which gives the value or refuses it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import ApiError, bad_request

Check = Callable[[str, Any], Any]

_INTEGER = re.compile(r"-?[0-9]{1,19}\Z")
_CHANNEL = re.compile(r"@[A-Za-z0-9_]{4,32}\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Which parameters a method takes; those of `required` must be there and not empty."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)

    def bind(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The checked values of a call. Refuses unknown, missing and wrongly typed ones."""
        bound = {}
        for name, value in given.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                raise bad_request(f'unknown parameter "{name}"')
            bound[name] = check(name, value)
        for name in self.required:
            if bound.get(name) in (None, ""):
                raise _missing(name)
        return bound


def string(name: str, value: Any) -> str:
    """Text as it came."""
    if not isinstance(value, str):
        raise bad_request(f'parameter "{name}" must be a String')
    if not value.isascii() and _SURROGATE.search(value):
        raise bad_request("strings must be encoded in UTF-8")
    return value


def integer(name: str, value: Any) -> int:
    """A whole number, also written as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.match(value):
        return int(value)
    raise bad_request(f'parameter "{name}" must be an Integer')


def boolean(name: str, value: Any) -> bool:
    """True or false, also written as text."""
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, str | int) else "?"
    if word not in _WORDS:
        raise bad_request(f'parameter "{name}" must be a Boolean')
    return _WORDS[word]


def chat(name: str, value: Any) -> int | str:
    """The number of a chat, or the @name of a public one."""
    if isinstance(value, str) and not _INTEGER.match(value):
        if _CHANNEL.match(value):
            return value
        raise bad_request("chat not found") if value else _missing(name)
    return integer(name, value)


def json_list(name: str, value: Any) -> list[Any]:
    """A list, also serialized."""
    decoded = _decoded(name, value)
    if not isinstance(decoded, list):
        raise bad_request(f'parameter "{name}" must be an Array')
    return decoded


def json_object(name: str, value: Any) -> dict[str, Any]:
    """An object, also serialized."""
    decoded = _decoded(name, value)
    if not isinstance(decoded, dict):
        raise bad_request(f"object expected as {name.replace('_', ' ')}")
    return decoded


def strings(name: str, value: Any) -> list[str]:
    """A list of texts."""
    return [string(name, each) for each in json_list(name, value)]


def integers(name: str, value: Any) -> list[int]:
    """A list of whole numbers."""
    return [integer(name, each) for each in json_list(name, value)]


def file(name: str, value: Any) -> Upload | str:
    """An uploaded file, or the text that names one."""
    return value if isinstance(value, Upload) else string(name, value)


def fields(what: str, given: Any, checks: Mapping[str, Check], *, required: frozenset[str] = frozenset()) -> Any:
    """An object with only these fields. Refuses everything else with the name of `what`."""
    if not isinstance(given, dict):
        raise bad_request(f"can't parse {what}: expected an Object")
    for name, value in given.items():
        if name not in checks:
            raise bad_request(f'can\'t parse {what}: unknown field "{name}"')
        try:
            checks[name](name, value)
        except ApiError as error:
            reason = error.description.removeprefix("Bad Request: ")
            raise bad_request(f"can't parse {what}: {reason}") from None
    if missing := required - given.keys():
        raise bad_request(f"can't parse {what}: can't find field \"{min(missing)}\"")
    return given


def one_of(*allowed: str) -> Check:
    """A check for one of several words."""

    def check(name: str, value: Any) -> str:
        if value not in allowed:
            raise bad_request(f'invalid value of "{name}" specified')
        return string(name, value)

    return check


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def _missing(name: str) -> ApiError:
    words = {"chat_id": "chat_id is empty", "text": "message text is empty"}
    return bad_request(words.get(name, f'parameter "{name}" is required'))
