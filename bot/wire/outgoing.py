"""How a card is written for Telegram: which method, which parameters."""

from collections.abc import Mapping
from typing import TypeAlias

from bot.messages.card import Button, Card, Rows
from bot.messages.payload import pack

Call: TypeAlias = tuple[str, Mapping[str, object]]
NO_PREVIEW = {"is_disabled": True}
PICTURE = "picture"  # the part of a call that holds the PNG


def new_message(chat: int, card: Card, picture: bytes | None = None) -> Call:
    """The call that sends a card as a message of its own; `picture` is the PNG of a card that has one."""
    shared = {
        "chat_id": chat,
        "parse_mode": "HTML",
        "reply_markup": keyboard(card.rows),
        "protect_content": card.protect or None,
        "disable_notification": card.silent or None,
    }
    if picture is not None:
        return "sendPhoto", {**shared, "photo": picture, "caption": str(card.text)}
    if card.voice is not None:
        return "sendVoice", {**shared, "voice": card.voice, "caption": str(card.text)}
    return "sendMessage", {**shared, "text": str(card.text), "link_preview_options": NO_PREVIEW}


def edit(chat: int, message_id: int, card: Card, picture: bytes | None = None) -> Call:
    """The call that puts a card into a message that stands; repeating it changes nothing."""
    if picture is not None:
        return "editMessageMedia", {
            "chat_id": chat,
            "message_id": message_id,
            "media": _photo(card),
            PICTURE: picture,
            "reply_markup": keyboard(card.rows),
        }
    return "editMessageText", {
        "chat_id": chat,
        "message_id": message_id,
        "text": str(card.text),
        "parse_mode": "HTML",
        "reply_markup": keyboard(card.rows),
        "link_preview_options": NO_PREVIEW,
    }


def _photo(card: Card) -> Mapping[str, object]:
    """A picture that comes with the call; what carries a partner's pulse is covered until it is touched."""
    covered = {"has_spoiler": True} if card.private else {}
    caption = {"caption": str(card.text), "parse_mode": "HTML"}
    return {"type": "photo", "media": f"attach://{PICTURE}", **caption, **covered}


def removal(chat: int, message_id: int) -> Call:
    """The call that takes a message out of the chat."""
    return "deleteMessage", {"chat_id": chat, "message_id": message_id}


def keyboard(rows: Rows) -> Mapping[str, object] | None:
    """Inline buttons as Telegram wants them; None without any."""
    if not rows:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> Mapping[str, object]:
    action: dict[str, object] = {"text": button.label}
    if button.style.value:
        action["style"] = button.style.value
    if button.payload is not None:
        return action | {"callback_data": pack(button.payload)}
    if button.url is not None:
        return action | {"url": button.url}
    return action | {"copy_text": {"text": button.copy}}
