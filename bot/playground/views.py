"""What a phone shows, as JSON for the page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.playground.files import StoredFile
from bot.playground.handsets import Notice
from bot.playground.messages import Message
from bot.playground.pairs import Seat
from bot.playground.people import Account
from bot.playground.state import State

_SNIPPET = 90


def phone_view(account: Account, seat: Seat, state: State) -> dict[str, Any]:
    """Everything on a phone but the messages; what it froze when it went offline, if it is."""
    own = {
        "offline": seat.offline,
        "large": seat.large,
        "locked": seat.locked,
        "zone": seat.zone,
        "outbox": [item["text"] for item in seat.outbox],
    }
    if seat.frozen is not None:
        return {**seat.frozen["phone"], **own}
    handset, user = account.handset, account.user
    toast = handset.toasts[-1] if handset.toasts else None
    return {
        "id": account.id,
        "name": account.name,
        "language": user.language or "",
        "started": account.chat.is_started,
        "blocked": account.chat.bot_status == "kicked",
        "unread": len(account.unread),
        "readUpTo": handset.read_up_to,
        "typing": handset.is_typing(state.now()),
        "notices": [_notice(account, notice) for notice in handset.lock_screen.values()],
        "toast": {"number": toast.number, "text": toast.text, "alert": toast.is_alert} if toast else None,
        "keyboard": handset.keyboard,
        "answersTo": handset.answers_to,
        "menu": account.menu,
        "about": state.profile.text("description", (user.language or "")[:2]),
        "clipboard": handset.clipboard,
        "letters": [asdict(letter) for letter in seat.letters],
        **own,
    }


def messages_view(account: Account, seat: Seat, state: State) -> list[dict[str, Any]]:
    """The messages in sight, oldest first."""
    if seat.frozen is not None:
        frozen: list[dict[str, Any]] = seat.frozen["messages"]
        return frozen
    return [message_view(message, account, state) for message in account.messages if message.is_visible]


def message_view(message: Message, account: Account, state: State) -> dict[str, Any]:
    """One message as it is now; `at` is in milliseconds since 1970."""
    mine = message.sender_id == account.id
    original = state.chats.message(message.chat_id, message.reply_to) if message.reply_to else None
    return {
        "id": message.id,
        "mine": mine,
        "at": message.date * 1000,
        "text": message.text,
        "entities": message.now.entities,
        "media": _media(message),
        "rows": [] if mine else message.rows,
        "edited": message.is_edited and _words_changed(message),
        "silent": message.silent,
        "protected": message.is_protected,
        "reply": {"id": original.id, "text": snippet(original)} if original else None,
        "reactions": [each.get("emoji", "") for given in message.reactions.values() for each in given],
        "number": message.now.number,
    }


def snippet(message: Message) -> str:
    """The beginning of a message in one line, spoilers covered."""
    line = " ".join(message.now.notice.split())
    return line if len(line) <= _SNIPPET else f"{line[: _SNIPPET - 1]}…"


def served(stored: StoredFile) -> tuple[str, bool]:
    """The type that a file is served as, and whether a browser may show it instead of saving it."""
    if stored.content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", True
    if stored.content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", True
    if stored.content.startswith(b"OggS"):
        return "audio/ogg", True
    return "application/octet-stream", False


def _notice(account: Account, notice: Notice) -> dict[str, Any]:
    """A notification; `before` is what it showed first, if an edit has refreshed it."""
    message = next((each for each in account.messages if each.id == notice.message_id), None)
    before = notice.texts[0] if notice.texts[0] != notice.text else ""
    return {
        "message": notice.message_id,
        "text": notice.text,
        "before": before,
        "silent": notice.silent,
        "at": message.date * 1000 if message else 0,
    }


def _words_changed(message: Message) -> bool:
    """Whether an edit changed more than buttons, which the apps do not mark."""
    first = message.versions[0].content
    return any(version.content != first for version in message.versions)


def _media(message: Message) -> dict[str, Any] | None:
    kind = message.media
    if kind is None:
        return None
    content: Any = message.content[kind]
    about: Mapping[str, Any] = content[-1] if isinstance(content, Sequence) else content
    kept = ("duration", "width", "height", "emoji", "file_name", "file_size", "question", "first_name", "phone_number")
    return {
        "kind": kind,
        "file": about.get("file_id", ""),
        "spoiler": bool(message.content.get("has_media_spoiler")),
        **{name: about[name] for name in kept if name in about},
    }
