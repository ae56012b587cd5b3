"""How a button's meaning travels: typed, versioned callback data.

Packed as `<version>:<tag>:<field>:<field>`, at most 64 bytes: an id is 22 characters of base64url, a number decimal, a
word stands for itself. What does not unpack exactly is an old or a forged button.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any, ClassVar
from uuid import UUID

VERSION = "1"
LONGEST = 64


class UnknownButton(Exception):
    """Callback data that no button of this version carries."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What a button carries; subclasses name their tag and fields."""

    tag: ClassVar[str]


def pack(payload: Payload) -> str:
    """Callback data for a payload."""
    return ":".join((VERSION, payload.tag, *(_write(value) for value in astuple(payload))))


def unpack(data: str, known: Mapping[str, type[Payload]]) -> Payload:
    """The payload in callback data; raises UnknownButton."""
    version, _, rest = data.partition(":")
    tag, *values = rest.split(":")
    kind = known.get(tag)
    if version != VERSION or kind is None:
        raise UnknownButton
    wanted = fields(kind)
    if len(values) != len(wanted):
        raise UnknownButton
    readers: Mapping[Any, Callable[[str], object]] = {UUID: _read_id, int: _read_number, str: _read_word}
    return kind(*(readers[field.type](value) for field, value in zip(wanted, values, strict=True)))


def by_tag(kinds: list[type[Payload]]) -> Mapping[str, type[Payload]]:
    """A look-up table of payload types; raises ValueError if two share a tag."""
    table = {kind.tag: kind for kind in kinds}
    if len(table) != len(kinds):
        raise ValueError("two buttons share a tag")
    return table


def _write(value: object) -> str:
    if isinstance(value, UUID):
        return urlsafe_b64encode(value.bytes).rstrip(b"=").decode()
    return str(value)


def _read_id(text: str) -> UUID:
    try:
        value = UUID(bytes=urlsafe_b64decode(text + "=="))
    except ValueError:
        raise UnknownButton from None
    if _write(value) != text:
        raise UnknownButton
    return value


def _read_number(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdecimal()) or len(text) > 18:
        raise UnknownButton
    return int(text)


def _read_word(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise UnknownButton
    return text
