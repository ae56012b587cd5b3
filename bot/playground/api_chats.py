"""Methods about the bot's account, chats and files."""

from collections.abc import Mapping
from typing import Any

from bot.playground.checks import chat, string
from bot.playground.errors import bad_request
from bot.playground.files import MOST_DOWNLOAD_BYTES
from bot.playground.method import Method, method
from bot.playground.state import State
from bot.playground.targets import known_chat, writable_chat
from bot.playground.telling import moved

_ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
}
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_me(state: State, _given: dict[str, Any]) -> dict[str, Any]:
    """The bot's own account."""
    return {**state.bot.as_json(), **_ABILITIES}


def get_chat(state: State, given: dict[str, Any]) -> dict[str, Any]:
    """What is known about a chat."""
    found = known_chat(state, given["chat_id"])
    if found.is_private and not found.is_started:
        raise bad_request("chat not found")
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(_GIFTS, False)}
    return {**state.chats.chat_json(found), **full}


def leave_chat(state: State, given: dict[str, Any]) -> bool:
    """Leave a group or channel."""
    found = writable_chat(state, given["chat_id"])
    if found.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    old, found.bot_status = found.bot_status, "left"
    state.updates.add("my_chat_member", moved(state, found, state.bot, old, "left"))
    state.chats.announce("chat", found.id)
    return True


def get_file(state: State, given: dict[str, Any]) -> dict[str, Any]:
    """Where a file can be downloaded."""
    stored = state.files.known(given["file_id"])
    if len(stored.content) > MOST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    size = len(stored.content)
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": size, "file_path": stored.path}


def log_out(_state: State, _given: dict[str, Any]) -> bool:
    """Accepted, without effect."""
    return True


METHODS: Mapping[str, Method] = {
    "getMe": method(get_me),
    "getChat": method(get_chat, {"chat_id": chat}),
    "leaveChat": method(leave_chat, {"chat_id": chat}),
    "getFile": method(get_file, {"file_id": string}),
    "logOut": method(log_out),
    "close": method(log_out),
}
