"""Methods that send something."""

from collections.abc import Mapping
from typing import Any

from bot.playground.checks import Check, Upload, boolean, chat, file, integer, one_of, string
from bot.playground.errors import bad_request
from bot.playground.markup import reply_markup
from bot.playground.messages import Content
from bot.playground.method import Method, method
from bot.playground.state import State
from bot.playground.targets import replied, reply_parameters, writable_chat
from bot.playground.words import caption_of, entity_list, preview, text_of

ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)
_SENDING: dict[str, Check] = {
    "disable_notification": boolean,
    "protect_content": boolean,
    "allow_paid_broadcast": boolean,
    "message_effect_id": string,
    "message_thread_id": integer,
    "reply_parameters": reply_parameters,
    "reply_markup": reply_markup,
}
_CAPTION: dict[str, Check] = {"caption": string, "parse_mode": string, "caption_entities": entity_list}


def send_message(state: State, given: dict[str, Any]) -> Any:
    """A text."""
    return _send(state, given, lambda: text_of(given))


def send_voice(state: State, given: dict[str, Any]) -> Any:
    """A voice note, new or known by its file_id."""
    return _send(state, given, lambda: _attached(state, "voice", given, {"duration": given.get("duration")}))


def send_photo(state: State, given: dict[str, Any]) -> Any:
    """A picture, new or known by its file_id."""
    return _send(state, given, lambda: _attached(state, "photo", given, {}))


def send_document(state: State, given: dict[str, Any]) -> Any:
    """A file, new or known by its file_id."""
    return _send(state, given, lambda: _attached(state, "document", given, {}))


def send_chat_action(state: State, given: dict[str, Any]) -> bool:
    """Typing and the like."""
    state.chats.act(writable_chat(state, given["chat_id"]), given["action"])
    return True


def _send(state: State, given: dict[str, Any], make: Any) -> dict[str, Any]:
    target = writable_chat(state, given["chat_id"])
    if "voice" in given and target.is_private and state.chats.users[target.id].refuses_voice:
        raise bad_request("VOICE_MESSAGES_FORBIDDEN")
    reply_to = replied(state, target, given)
    content: Content = make()
    if given.get("protect_content"):
        content["has_protected_content"] = True
    if effect := given.get("message_effect_id"):
        content["effect_id"] = effect
    message = state.chats.post(
        target,
        state.bot.id,
        content,
        markup=given.get("reply_markup"),
        reply_to=reply_to,
        silent=given.get("disable_notification", False),
    )
    return state.chats.as_json(message)


def _attached(state: State, kind: str, given: dict[str, Any], about: dict[str, Any]) -> Content:
    source: Upload | str = given[kind]
    content = {**state.files.sent(kind, source, about).as_content(), **caption_of(given)}
    if given.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


METHODS: Mapping[str, Method] = {
    "sendMessage": method(
        send_message,
        {"chat_id": chat, "text": string},
        parse_mode=string,
        entities=entity_list,
        link_preview_options=preview,
        **_SENDING,
    ),
    "sendVoice": method(send_voice, {"chat_id": chat, "voice": file}, duration=integer, **_CAPTION, **_SENDING),
    "sendPhoto": method(
        send_photo,
        {"chat_id": chat, "photo": file},
        has_spoiler=boolean,
        show_caption_above_media=boolean,
        **_CAPTION,
        **_SENDING,
    ),
    "sendDocument": method(
        send_document,
        {"chat_id": chat, "document": file},
        thumbnail=file,
        disable_content_type_detection=boolean,
        **_CAPTION,
        **_SENDING,
    ),
    "sendChatAction": method(
        send_chat_action, {"chat_id": chat, "action": one_of(*ACTIONS)}, message_thread_id=integer
    ),
}
