"""Texts and captions of calls: parsed, cleaned, found long or empty."""

from typing import Any

from bot.playground.checks import boolean, fields, integer, json_list, json_object, string
from bot.playground.entities import MOST_CAPTION_UNITS, MOST_UNITS, Entity, cleaned, ordered, trimmed, units, with_found
from bot.playground.errors import bad_request
from bot.playground.html import parse_html
from bot.playground.messages import Content

_ENTITY = {
    "type": string,
    "offset": integer,
    "length": integer,
    "url": string,
    "user": json_object,
    "language": string,
    "custom_emoji_id": string,
    "unix_time": integer,
    "date_time_format": string,
}
_PREVIEW = {
    "is_disabled": boolean,
    "url": string,
    "prefer_small_media": boolean,
    "prefer_large_media": boolean,
    "show_above_text": boolean,
}
_REQUIRED = frozenset({"type", "offset", "length"})


def entity_list(name: str, value: Any) -> list[Entity]:
    """Entities given in place of a parse mode."""
    entities = json_list(name, value)
    for entity in entities:
        fields("entity", entity, _ENTITY, required=_REQUIRED)
    return entities


def preview(name: str, value: Any) -> dict[str, Any]:
    """LinkPreviewOptions."""
    options: dict[str, Any] = fields("link preview options", json_object(name, value), _PREVIEW)
    return options


def text_of(given: dict[str, Any], *, too_long: str = "message is too long") -> Content:
    """The content of a text message; 1 to 4,096 units after parsing."""
    text, entities = _parsed(given.get("text", ""), given.get("parse_mode", ""), given.get("entities"))
    if not text:
        raise bad_request("message text is empty" if not given.get("text") else "text must be non-empty")
    if units(text) > MOST_UNITS:
        raise bad_request(too_long)
    content: Content = {"text": text, "entities": entities} if entities else {"text": text}
    if options := given.get("link_preview_options"):
        content["link_preview_options"] = options
    return content


def caption_of(given: dict[str, Any]) -> Content:
    """The caption of a message with media, at most 1,024 units after parsing; none if it is empty."""
    text, entities = _parsed(given.get("caption", ""), given.get("parse_mode", ""), given.get("caption_entities"))
    if units(text) > MOST_CAPTION_UNITS:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    content: Content = {"caption": text, "caption_entities": entities} if entities else {"caption": text}
    if given.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def _parsed(source: str, mode: str, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    source = cleaned(source)
    if mode and given:
        raise bad_request("can't use both parse_mode and entities")
    if mode and mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    text, entities = parse_html(source) if mode else (source, _fitting(source, given or []))
    text, entities = trimmed(text, entities)
    return text, with_found(text, entities)


def _fitting(text: str, entities: list[Entity]) -> list[Entity]:
    length = units(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
            raise bad_request("entity beyond the end of the text")
    return ordered(entities)
