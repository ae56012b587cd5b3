"""One message: what it holds now, every state it ever had, and how it reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.playground.entities import Entity, as_html, masked

Content = dict[str, Any]
Button = dict[str, Any]

MEDIA = (
    "photo",
    "voice",
    "document",
    "sticker",
    "video",
    "video_note",
    "animation",
    "audio",
    "poll",
    "contact",
    "location",
    "dice",
)
_MEDIA_NAMES = {
    "photo": "🖼 Photo",
    "voice": "🎤 Voice message",
    "document": "📎 File",
    "sticker": "Sticker",
    "video": "Video",
    "poll": "📊 Poll",
    "contact": "Contact",
    "location": "📍 Location",
    "dice": "🎲",
}


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a message; `number` orders it among all changes of the loopback. Content is never altered."""

    number: int
    at: datetime
    content: Content
    markup: dict[str, Any] | None

    @property
    def text(self) -> str:
        """The words: a text, or the caption of a picture."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Entity]:
        """What is bold, a link, a spoiler …; offsets in UTF-16 units."""
        found: list[Entity] = self.content.get("entities") or self.content.get("caption_entities") or []
        return found

    @property
    def html(self) -> str:
        """The words as Telegram HTML."""
        return as_html(self.text, self.entities)

    @property
    def media(self) -> str | None:
        """The kind of what is attached, as in `MEDIA`."""
        return next((kind for kind in MEDIA if kind in self.content), None)

    @property
    def rows(self) -> list[list[Button]]:
        """The inline buttons, row by row, as the Bot API describes them."""
        rows: list[list[Button]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons one after the other."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What stands on the inline buttons."""
        return [str(button["text"]) for button in self.buttons]

    @property
    def notice(self) -> str:
        """What a lock screen shows of it, spoilers covered."""
        parts = [_MEDIA_NAMES.get(self.media, self.media)] if self.media else []
        words = masked(self.text, self.entities)
        return ", ".join(part for part in [*parts, words] if part)


@dataclass(slots=True)
class Message:
    """A message in a chat. Content and markup are replaced by edits, never altered."""

    id: int
    chat_id: int
    sender_id: int
    date: int
    content: Content
    markup: dict[str, Any] | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    silent: bool = False
    deleted: bool = False
    hidden: bool = False
    versions: list[Version] = field(default_factory=list)
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def now(self) -> Version:
        """The latest state."""
        return self.versions[-1]

    @property
    def text(self) -> str:
        """The words as they are now: a text, or the caption of a picture."""
        return self.now.text

    @property
    def html(self) -> str:
        """The words as they are now, as Telegram HTML."""
        return self.now.html

    @property
    def media(self) -> str | None:
        """The kind of what is attached now, as in `MEDIA`."""
        return self.now.media

    @property
    def rows(self) -> list[list[Button]]:
        """The inline buttons of now, row by row."""
        return self.now.rows

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons of now."""
        return self.now.buttons

    @property
    def labels(self) -> list[str]:
        """What stands on the inline buttons now."""
        return self.now.labels

    @property
    def is_edited(self) -> bool:
        """Whether it was ever changed."""
        return self.edit_date is not None

    @property
    def is_visible(self) -> bool:
        """Whether the phone shows it: neither deleted nor cleared away by its owner."""
        return not self.deleted and not self.hidden

    @property
    def is_protected(self) -> bool:
        """Whether forwarding and saving are forbidden."""
        return bool(self.content.get("has_protected_content"))

    def texts(self) -> Iterator[str]:
        """The words of every state, oldest first."""
        return (version.text for version in self.versions)
