"""The state as JSON and back, so that a playground survives its restart."""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.playground.accounts import Chat, User
from bot.playground.files import StoredFile
from bot.playground.handsets import Handset, Notice, Toast
from bot.playground.messages import Message, Version
from bot.playground.profile import Profile
from bot.playground.queries import Query
from bot.playground.state import State
from bot.playground.updates import Waiting

VERSION = 1


def to_json(state: State) -> str:
    """Everything that is remembered."""
    chats, updates, profile = state.chats, state.updates, state.profile
    saved = {
        "version": VERSION,
        "bot": asdict(state.bot),
        "people": [asdict(user) for user in chats.users.values() if not user.is_bot],
        "chats": [asdict(chat) for chat in chats.chats.values()],
        "messages": [asdict(message) for each in chats.messages.values() for message in each.values()],
        "handsets": [[number, asdict(handset)] for number, handset in chats.handsets.items()],
        "number": chats.number,
        "last_message_id": chats.last_message_id,
        "updates": [asdict(waiting) for waiting in updates.queue],
        "next_update_id": updates.next_id,
        "allowed": sorted(updates.allowed) if updates.allowed is not None else None,
        "webhook": [updates.webhook_url, updates.webhook_secret, updates.webhook_connections],
        "queries": [asdict(query) for query in state.queries.by_id.values()],
        "query_count": state.queries.count,
        "files": [asdict(stored) for stored in state.files.by_id.values()],
        "commands": [[*key, commands] for key, commands in profile.commands.items()],
        "texts": [[*key, text] for key, text in profile.texts.items()],
        "menu_buttons": list(profile.menu_buttons.items()),
    }
    return json.dumps(saved, default=_plain)


def from_json(text: str, *, now: Callable[[], datetime], keep: int | None = None) -> State:
    """A state as it was saved. Raises ValueError for a version that is not known."""
    saved = json.loads(text, object_hook=_rich)
    if saved["version"] != VERSION:
        raise ValueError("this playground was saved by another version")
    state = State(User(**saved["bot"]), now=now, keep=keep)
    _restore_chats(state, saved)
    _restore_updates(state, saved)
    for stored in saved["files"]:
        state.files.put(StoredFile(**stored))
    state.profile = Profile(
        {(scope, language): commands for scope, language, commands in saved["commands"]},
        {(kind, language): words for kind, language, words in saved["texts"]},
        dict(saved["menu_buttons"]),
    )
    return state


def _restore_chats(state: State, saved: dict[str, Any]) -> None:
    chats = state.chats
    chats.users.update((each["id"], User(**each)) for each in saved["people"])
    for each in saved["chats"]:
        chats.chats[each["id"]] = Chat(**each)
        chats.messages[each["id"]] = {}
    for each in saved["messages"]:
        versions = [Version(**version) for version in each.pop("versions")]
        reactions = {int(number): given for number, given in each.pop("reactions").items()}
        chats.messages[each["chat_id"]][each["id"]] = Message(**each, versions=versions, reactions=reactions)
    chats.handsets.update((number, _handset(handset)) for number, handset in saved["handsets"])
    chats.number = saved["number"]
    chats.last_message_id = saved["last_message_id"]


def _handset(saved: dict[str, Any]) -> Handset:
    notices = [Notice(**notice) for notice in saved.pop("notices")]
    visible = {int(number) for number in saved.pop("lock_screen")}
    toasts = [Toast(**toast) for toast in saved.pop("toasts")]
    lock_screen = {notice.message_id: notice for notice in notices if notice.message_id in visible}
    return Handset(notices=notices, lock_screen=lock_screen, toasts=toasts, **saved)


def _restore_updates(state: State, saved: dict[str, Any]) -> None:
    for waiting in saved["updates"]:
        state.updates.put(Waiting(**waiting))
    state.updates.next_id = saved["next_update_id"]
    state.updates.allowed = None if saved["allowed"] is None else frozenset(saved["allowed"])
    state.updates.point_to(*saved["webhook"])
    state.queries.by_id.update((each["id"], Query(**each)) for each in saved["queries"])
    state.queries.count = saved["query_count"]


def _plain(value: object) -> dict[str, Any]:
    """What JSON has no word for, in an object with one strange key."""
    if isinstance(value, datetime):
        return {"$instant": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, set):
        return {"$set": sorted(value)}
    raise TypeError(f"cannot save {type(value).__name__}")


def _rich(value: dict[str, Any]) -> Any:
    if "$instant" in value:
        return datetime.fromisoformat(value["$instant"])
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    return set(value["$set"]) if "$set" in value else value
