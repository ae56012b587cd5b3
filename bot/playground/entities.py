"""Text as Telegram keeps it: cleaned, trimmed, measured in UTF-16 units, with the links that it finds by itself."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

Entity = dict[str, Any]

MOST_UNITS = 4096
MOST_CAPTION_UNITS = 1024

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_DIRTY = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")
_FINDS = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,12}\b)"
    r"|(?P<url>https?://[^\s<>\"]+|(?<![\w@.])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|info|me|io|de|uk|fr|eu)\b(?:/[^\s<>\"]*)?)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z0-9_]{3,32}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)",
)
_CLOSED = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cleaned(text: str) -> str:
    """The text without the characters that Telegram takes out; never shorter in a way that moves an entity's end."""
    if not _DIRTY.search(text):
        return text
    return _CONTROL.sub(" ", _DROPPED.sub("", text))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without blanks at either end; entities move along or vanish."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, entities
    start = units(text[: len(text) - len(text.lstrip())])
    length = units(stripped)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - start, 0)
        end = min(entity["offset"] + entity["length"] - start, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return stripped, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities together with commands, links, names, tags and addresses found in the plain parts."""
    if not any(mark in text for mark in "/@#."):
        return entities
    closed = [(each["offset"], each["offset"] + each["length"]) for each in entities if each["type"] in _CLOSED]
    found = [each for each in _found(text) if not _inside(each, closed)]
    return ordered(entities + found) if found else entities


def ordered(entities: list[Entity]) -> list[Entity]:
    """Sorted as Telegram sends them: by start, the longer first."""
    return sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def split_long(text: str) -> list[str]:
    """Pieces of at most 4,096 units, cut at a line end or blank where there is one, as the apps cut."""
    pieces = []
    rest = text.strip()
    while units(rest) > MOST_UNITS:
        window = _first_units(rest, MOST_UNITS)
        cut = max(window.rfind("\n"), window.rfind(" "))
        cut = cut if cut > len(window) // 2 else len(window)
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [piece for piece in [*pieces, rest] if piece]


def masked(text: str, entities: list[Entity]) -> str:
    """The text as a lock screen shows it: what stands in spoilers is covered."""
    spoilers = [each for each in entities if each["type"] == "spoiler"]
    if not spoilers:
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    parts, at = [], 0
    for each in spoilers:
        parts.append(encoded[at * 2 : each["offset"] * 2].decode("utf-16-le", "surrogatepass"))
        parts.append("▒" * each["length"])
        at = each["offset"] + each["length"]
    return "".join([*parts, encoded[at * 2 :].decode("utf-16-le", "surrogatepass")])


def as_html(text: str, entities: list[Entity]) -> str:
    """The text with its entities as Telegram HTML; what Telegram found by itself stays plain."""
    marks: list[tuple[int, int, str]] = []
    for number, each in enumerate(ordered(entities)):
        if tags := _tags(each):
            marks.append((each["offset"], number + 1, tags[0]))
            marks.append((each["offset"] + each["length"], -number - 1, tags[1]))
    encoded = text.encode("utf-16-le", "surrogatepass")
    parts, at = [], 0
    for offset, _, tag in sorted(marks, key=lambda mark: (mark[0], mark[1])):
        parts.append(escape(encoded[at * 2 : offset * 2].decode("utf-16-le", "surrogatepass"), quote=False))
        parts.append(tag)
        at = offset
    return "".join([*parts, escape(encoded[at * 2 :].decode("utf-16-le", "surrogatepass"), quote=False)])


def _tags(entity: Entity) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    return None


def _found(text: str) -> Iterator[Entity]:
    plain = text.isascii()
    for match in _FINDS.finditer(text):
        kind = match.lastgroup or "url"
        value = match.group().rstrip(".,;:!?)»”'") if kind == "url" else match.group()
        start = match.start() if plain else units(text[: match.start()])
        yield {"offset": start, "length": units(value), "type": kind}


def _inside(entity: Entity, spans: list[tuple[int, int]]) -> bool:
    end = entity["offset"] + entity["length"]
    return any(start < end and entity["offset"] < stop for start, stop in spans)


def _first_units(text: str, count: int) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")[: count * 2]
    return encoded.decode("utf-16-le", "ignore")
