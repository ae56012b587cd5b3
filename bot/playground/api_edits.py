"""Methods that change or take away what was sent."""

from collections.abc import Mapping
from typing import Any

from bot.playground.checks import (
    Check,
    Upload,
    boolean,
    chat,
    fields,
    integer,
    integers,
    json_list,
    json_object,
    string,
)
from bot.playground.errors import bad_request
from bot.playground.markup import inline_markup
from bot.playground.messages import Content, Message
from bot.playground.method import Method, method
from bot.playground.state import State
from bot.playground.targets import deletable, known_chat, own_message, writable_chat
from bot.playground.words import caption_of, entity_list, preview, text_of

MOST_DELETED = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
REACTIONS = frozenset(
    "👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋"
    "🖕😈😴😭🤓👻👀🎃🙈😇😨🤝🤗🫡🎅🎄💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡❤"
)
_EDITABLE_MEDIA = frozenset({"animation", "audio", "document", "photo", "video"})
_STAYS = ("has_protected_content", "effect_id")
_MESSAGE: dict[str, Check] = {
    "chat_id": chat,
    "message_id": integer,
    "inline_message_id": string,
    "reply_markup": inline_markup,
}
_MEDIA: Mapping[str, Check] = {
    "type": string,
    "media": string,
    "caption": string,
    "parse_mode": string,
    "caption_entities": entity_list,
    "show_caption_above_media": boolean,
    "has_spoiler": boolean,
    "thumbnail": string,
    "disable_content_type_detection": boolean,
}


def edit_text(state: State, given: dict[str, Any]) -> Any:
    """New words and buttons for a text message."""
    message = own_message(state, given)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(state, message, text_of(given, too_long="MESSAGE_TOO_LONG"), given)


def edit_caption(state: State, given: dict[str, Any]) -> Any:
    """A new caption and buttons for a message with media."""
    message = own_message(state, given)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    media = {name: value for name, value in message.content.items() if "caption" not in name}
    return _change(state, message, {**media, **caption_of(given)}, given)


def edit_media(state: State, given: dict[str, Any]) -> Any:
    """Another picture or file, also in place of a text; never for a voice note, and never back to a text."""
    message = own_message(state, given)
    if message.media is not None and message.media not in _EDITABLE_MEDIA:
        raise bad_request("message can't be edited")
    media = fields("InputMedia", given["media"], _MEDIA, required=frozenset({"type", "media"}))
    if media["type"] not in ("photo", "document"):
        raise bad_request(f"unsupported type of media: {media['type']}")
    stored = state.files.sent(media["type"], _source(media["media"], given), {})
    content = {**stored.as_content(), **caption_of(media)}
    if media.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return _change(state, message, content, given)


def edit_markup(state: State, given: dict[str, Any]) -> Any:
    """Other buttons, or none."""
    message = own_message(state, given)
    return _change(state, message, message.content, given)


def delete_message(state: State, given: dict[str, Any]) -> bool:
    """Delete one message for everybody."""
    found = known_chat(state, given["chat_id"])
    message = state.chats.message(found.id, given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not deletable(state, found, message):
        raise bad_request("message can't be deleted for everyone")
    state.chats.delete(message)
    return True


def delete_messages(state: State, given: dict[str, Any]) -> bool:
    """Delete up to 100 messages; those that are gone already are passed over."""
    found = known_chat(state, given["chat_id"])
    numbers = given["message_ids"]
    if not 1 <= len(numbers) <= MOST_DELETED:
        raise bad_request(f"{'too many' if numbers else 'no'} message identifiers specified")
    messages = [message for number in numbers if (message := state.chats.message(found.id, number))]
    if not all(deletable(state, found, message) for message in messages):
        raise bad_request("message can't be deleted for everyone")
    for message in messages:
        state.chats.delete(message)
    return True


def set_reaction(state: State, given: dict[str, Any]) -> bool:
    """The bot's own reaction to a message: one emoji at most."""
    found = writable_chat(state, given["chat_id"])
    message = state.chats.message(found.id, given["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions = given.get("reaction") or []
    for each in reactions:
        fields("reaction type", each, {"type": string, "emoji": string, "custom_emoji_id": string})
    if len(reactions) > 1 or any(each.get("emoji", "").rstrip("\ufe0f") not in REACTIONS for each in reactions):
        raise bad_request("REACTION_INVALID" if len(reactions) == 1 else "REACTIONS_TOO_MANY")
    message.reactions[state.bot.id] = reactions
    state.chats.announce("reaction", found.id, message.id)
    return True


def _change(state: State, message: Message, content: Content, given: dict[str, Any]) -> dict[str, Any]:
    markup = given.get("reply_markup") or None
    content = {**content, **{name: message.content[name] for name in _STAYS if name in message.content}}
    if content == message.content and markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    state.chats.revise(message, content, markup)
    return state.chats.as_json(message)


def _source(media: str, given: dict[str, Any]) -> Upload | str:
    if not media.startswith("attach://"):
        return media
    source = given.get("uploads", {}).get(media.removeprefix("attach://"))
    if source is None:
        raise bad_request(f"can't find the uploaded file {media}")
    upload: Upload = source
    return upload


METHODS: Mapping[str, Method] = {
    "editMessageText": method(
        edit_text,
        {"text": string},
        parse_mode=string,
        entities=entity_list,
        link_preview_options=preview,
        **_MESSAGE,
    ),
    "editMessageCaption": method(
        edit_caption,
        caption=string,
        parse_mode=string,
        caption_entities=entity_list,
        show_caption_above_media=boolean,
        **_MESSAGE,
    ),
    "editMessageMedia": method(edit_media, {"media": json_object}, **_MESSAGE),
    "editMessageReplyMarkup": method(edit_markup, **_MESSAGE),
    "deleteMessage": method(delete_message, {"chat_id": chat, "message_id": integer}),
    "deleteMessages": method(delete_messages, {"chat_id": chat, "message_ids": integers}),
    "setMessageReaction": method(
        set_reaction, {"chat_id": chat, "message_id": integer}, reaction=json_list, is_big=boolean
    ),
}
