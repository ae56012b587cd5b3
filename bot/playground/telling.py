"""What Telegram tells the bot: the bodies of updates other than plain messages, and whether it tells at all."""

from collections.abc import Mapping
from typing import Any

from bot.playground.accounts import Chat, User
from bot.playground.messages import Message
from bot.playground.queries import Query
from bot.playground.state import State

_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "is_anonymous",
)


def is_heard(state: State, message: Message) -> bool:
    """In groups a bot hears commands, mentions, replies to it and service messages only; thrown out, nothing."""
    chat = state.chats.chats[message.chat_id]
    if chat.bot_status in ("left", "kicked"):
        return False
    if chat.is_private or chat.bot_status == "administrator" or not message.text:
        return True
    original = state.chats.message(chat.id, message.reply_to) if message.reply_to else None
    answered = original is not None and original.sender_id == state.bot.id
    return message.text.startswith("/") or answered or f"@{state.bot.username}".lower() in message.text.lower()


def tapped(state: State, by: User, message: Message, query: Query) -> dict[str, Any]:
    """The `CallbackQuery`; a deleted message is there by its number only."""
    chat = state.chats.chat_json(state.chats.chats[message.chat_id])
    gone = {"message_id": message.id, "chat": chat, "date": 0}
    return {
        "id": query.id,
        "from": by.as_json(),
        "message": gone if message.deleted else state.chats.as_json(message),
        "chat_instance": str(message.chat_id * 104_729),
        "data": query.data,
    }


def reacted(state: State, by: User, message: Message, old: list[dict[str, Any]]) -> dict[str, Any]:
    """The `MessageReactionUpdated` about what is on the message now."""
    return {
        "chat": state.chats.chat_json(state.chats.chats[message.chat_id]),
        "message_id": message.id,
        "user": by.as_json(),
        "date": int(state.now().timestamp()),
        "old_reaction": old,
        "new_reaction": message.reactions[by.id],
    }


def moved(state: State, chat: Chat, by: User, old: str, new: str) -> dict[str, Any]:
    """The `ChatMemberUpdated` about the bot itself."""
    return {
        "chat": state.chats.chat_json(chat),
        "from": by.as_json(),
        "date": int(state.now().timestamp()),
        "old_chat_member": _member(state, old),
        "new_chat_member": _member(state, new),
    }


def _member(state: State, status: str) -> dict[str, Any]:
    more: Mapping[str, Any] = {}
    if status == "kicked":
        more = {"until_date": 0}
    elif status == "administrator":
        more = dict.fromkeys(_RIGHTS, False)
    return {"user": state.bot.as_json(), "status": status, **more}
