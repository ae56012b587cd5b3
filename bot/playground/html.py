"""Telegram's HTML, parsed strictly: text and entities with UTF-16 offsets, or a refusal.

Stricter than Telegram in one thing: a bare ampersand is refused, as its documentation demands.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.playground.entities import Entity, cleaned, ordered, units
from bot.playground.errors import bad_request

_TOKEN = re.compile(r"[<&]")
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>/]+)"
_TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*{_VALUE})?)*)\s*>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>/]+)))?")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#([0-9]{1,8})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_ATTRIBUTES = {
    "a": {"href"},
    "span": {"class"},
    "code": {"class"},
    "blockquote": {"expandable"},
    "tg-emoji": {"emoji-id"},
}
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_VERBATIM = frozenset({"code", "pre"})
_BARE_HOST = re.compile(r"https?://[^/?#]+(?![^?#])", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|tg://|ton://|mailto:|tel:)?[^\s]+\Z", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    kind: str
    offset: int
    text_from: int
    extra: Entity = field(default_factory=dict)


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        at = 0
        for match in _TOKEN.finditer(self._source):
            if match.start() < at:
                continue
            self._text(self._source[at : match.start()])
            at = self._tag(match.start()) if match.group() == "<" else self._reference(match.start())
        self._text(self._source[at:])
        if self._open:
            tag = self._open[-1].tag
            self._fail(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self._parts), ordered(self._entities)

    def _text(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._units += units(text)

    def _reference(self, at: int) -> int:
        match = _REFERENCE.match(self._source, at)
        if not match:
            self._fail(f"Unescaped ampersand at byte offset {self._byte(at)}")
        named, decimal, hexadecimal = match.groups()
        if named:
            self._text(_NAMED[named])
            return match.end()
        code = int(decimal) if decimal else int(hexadecimal, 16)
        if not 0 < code <= _LAST_CODE_POINT or code in _SURROGATES:
            self._fail(f"Invalid character reference at byte offset {self._byte(at)}")
        self._text(cleaned(chr(code)))
        return match.end()

    def _tag(self, at: int) -> int:
        match = _TAG.match(self._source, at)
        if not match:
            self._fail(f"Unclosed or malformed tag at byte offset {self._byte(at)}")
        name = match.group(2).lower()
        if match.group(1):
            self._end(name, match.group(3), at)
        else:
            self._start(name, match.group(3), at)
        return match.end()

    def _start(self, name: str, attributes: str, at: int) -> None:
        given = {each[1].lower(): each[2] or each[3] or each[4] or "" for each in _ATTRIBUTE.finditer(attributes)}
        if unknown := set(given) - _ATTRIBUTES.get(name, set()):
            self._fail(f'Unsupported attribute "{min(unknown)}" of tag "{name}" at byte offset {self._byte(at)}')
        kind, extra = self._kind(name, given, at)
        self._open.append(_Open(name, kind, self._units, len(self._parts), extra))

    def _kind(self, name: str, given: dict[str, str], at: int) -> tuple[str, Entity]:
        if name in _SIMPLE:
            return _SIMPLE[name], {"language": given["class"]} if "class" in given else {}
        if name == "a":
            return "text_link", {"url": _decoded(given["href"])} if "href" in given else {}
        if name == "blockquote":
            return "expandable_blockquote" if "expandable" in given else "blockquote", {}
        if name == "tg-emoji":
            if not given.get("emoji-id", "").isdigit():
                self._fail("Invalid custom emoji identifier specified")
            return "custom_emoji", {"custom_emoji_id": given["emoji-id"]}
        if name == "span":
            if given.get("class") != "tg-spoiler":
                self._fail(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(at)}')
            return "spoiler", {}
        return self._fail(f'Unsupported start tag "{name}" at byte offset {self._byte(at)}')

    def _end(self, name: str, attributes: str, at: int) -> None:
        if not self._open:
            self._fail(f"Unexpected end tag at byte offset {self._byte(at)}")
        last = self._open.pop()
        if last.tag != name or attributes:
            found = f'expected "</{last.tag}>", found "</{name}>"'
            self._fail(f"Unmatched end tag at byte offset {self._byte(at)}, {found}")
        length = self._units - last.offset
        if length and not self._hidden(last):
            self._close(last, length)

    def _close(self, last: _Open, length: int) -> None:
        entity: Entity = {"offset": last.offset, "length": length, "type": last.kind}
        if last.kind == "text_link":
            url = last.extra.get("url") or "".join(self._parts[last.text_from :])
            if not _LINK.match(url):
                return
            entity["url"] = _with_path(url)
        elif last.kind == "pre":
            if last.extra.get("covers") == length:
                entity["language"] = last.extra["language"]
        elif last.kind != "code":
            entity.update(last.extra)
        self._entities.append(entity)
        if last.kind in _VERBATIM:
            self._drop_within(last.offset)

    def _name_language(self, last: _Open) -> None:
        """<pre><code class="language-python"> names the language of the block if it covers all of it."""
        outer = self._open[-1]
        language = last.extra.get("language", "")
        if outer.kind == "pre" and language.startswith("language-") and outer.offset == last.offset:
            outer.extra = {"language": language.removeprefix("language-"), "covers": self._units - last.offset}

    def _hidden(self, last: _Open) -> bool:
        """Whether the entity stands inside one that swallows it: the same kind, a code block, another quote."""
        kinds = {each.kind for each in self._open}
        if last.kind in _QUOTES and kinds & _QUOTES:
            return True
        if last.kind == "code" and "pre" in kinds:
            self._name_language(last)
        return last.kind in kinds or bool(kinds & _VERBATIM)

    def _drop_within(self, offset: int) -> None:
        self._entities = [each for each in self._entities[:-1] if each["offset"] < offset] + self._entities[-1:]

    def _byte(self, at: int) -> int:
        return len(self._source[:at].encode("utf-8", "surrogatepass"))

    def _fail(self, reason: str) -> NoReturn:
        raise bad_request(f"can't parse entities: {reason}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of Telegram HTML. Raises a 400 that begins with "can't parse entities"."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).parse()


def _decoded(value: str) -> str:
    def character(match: re.Match[str]) -> str:
        named, decimal, hexadecimal = match.groups()
        code = 0 if named else int(decimal) if decimal else int(hexadecimal, 16)
        return _NAMED[named] if named else chr(code) if 0 < code <= _LAST_CODE_POINT else match.group()

    return _REFERENCE.sub(character, value)


def _with_path(url: str) -> str:
    if "://" not in url:
        return url if ":" in url else _with_path(f"http://{url}")
    match = _BARE_HOST.match(url)
    return f"{match.group()}/{url[match.end() :]}" if match else url
