"""Whom a call is about: the chat it may write to, the message it may touch."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.accounts import Chat
from bot.playground.checks import boolean, chat, fields, integer, json_object, string
from bot.playground.errors import bad_request, forbidden
from bot.playground.messages import Message
from bot.playground.state import State
from bot.playground.words import entity_list

DELETABLE_FOR = timedelta(hours=48)
_REPLY = {
    "message_id": integer,
    "chat_id": chat,
    "allow_sending_without_reply": boolean,
    "quote": string,
    "quote_parse_mode": string,
    "quote_entities": entity_list,
    "quote_position": integer,
    "checklist_task_id": integer,
    "poll_option_id": string,
}


def known_chat(state: State, given: int | str) -> Chat:
    """The chat with this number or @name. Refuses one that the bot does not know."""
    if isinstance(given, int):
        found = state.chats.chats.get(given)
    else:
        public = (each for each in state.chats.chats.values() if not each.is_private and each.username)
        found = next((each for each in public if f"@{each.username}".lower() == given.lower()), None)
    if found is None:
        raise bad_request("chat not found")
    return found


def writable_chat(state: State, given: int | str) -> Chat:
    """The chat, if the bot may write there now. Refuses with Telegram's reasons."""
    found = known_chat(state, given)
    if found.is_private:
        _check_person(state, found)
    elif found.bot_status in ("left", "kicked"):
        raise forbidden(f"bot {_left(found.bot_status)} the {found.kind} chat")
    return found


def own_message(state: State, given: dict[str, Any]) -> Message:
    """The bot's message that is to be edited. Refuses what cannot be."""
    if given.get("inline_message_id"):
        raise bad_request("message to edit not found")
    found_chat = writable_chat(state, _required(given, "chat_id", "chat_id is empty"))
    message = state.chats.message(found_chat.id, _required(given, "message_id", "message identifier is not specified"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender_id != state.bot.id or (message.markup and "inline_keyboard" not in message.markup):
        raise bad_request("message can't be edited")
    return message


def deletable(state: State, found_chat: Chat, message: Message) -> bool:
    """Whether the bot may still delete this message: it is younger than 48 hours."""
    age = state.now() - datetime.fromtimestamp(message.date, UTC)
    return age < DELETABLE_FOR and (found_chat.is_private or message.sender_id == state.bot.id)


def reply_parameters(name: str, value: Any) -> dict[str, Any]:
    """ReplyParameters."""
    parameters: dict[str, Any] = fields(
        "reply parameters", json_object(name, value), _REPLY, required=frozenset({"message_id"})
    )
    return parameters


def replied(state: State, found_chat: Chat, given: dict[str, Any]) -> int | None:
    """The id of the message that is answered. Refuses an unknown one unless told otherwise."""
    parameters = given.get("reply_parameters")
    if not parameters:
        return None
    message_id = integer("message_id", parameters["message_id"])
    if state.chats.message(found_chat.id, message_id) is not None:
        return message_id
    if not boolean("allow_sending_without_reply", parameters.get("allow_sending_without_reply", False)):
        raise bad_request("message to be replied not found")
    return None


def _check_person(state: State, found: Chat) -> None:
    if state.chats.users[found.id].is_deactivated:
        raise forbidden("user is deactivated")
    if not found.is_started:
        raise forbidden("bot can't initiate conversation with a user")
    if found.bot_status == "kicked":
        raise forbidden("bot was blocked by the user")


def _left(status: str) -> str:
    return "was kicked from" if status == "kicked" else "is not a member of"


def _required(given: dict[str, Any], name: str, reason: str) -> Any:
    if given.get(name) in (None, ""):
        raise bad_request(reason)
    return given[name]
