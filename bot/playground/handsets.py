"""What a person's phone shows beside the messages: lock screen, toasts, typing, unread marks, keyboards."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

TYPING_LASTS = timedelta(seconds=5)


@dataclass(slots=True)
class Notice:
    """A notification of one message; an edit of the message refreshes its text while it is still there."""

    message_id: int
    texts: list[str]
    number: int
    silent: bool = False

    @property
    def text(self) -> str:
        """What it shows now, or showed last."""
        return self.texts[-1]


@dataclass(frozen=True, slots=True)
class Toast:
    """What a tapped button answered; an alert waits for [OK]."""

    text: str
    is_alert: bool
    number: int
    at: datetime


@dataclass(slots=True)
class Handset:
    """The state of one phone, apart from its messages."""

    notices: list[Notice] = field(default_factory=list)
    lock_screen: dict[int, Notice] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    typing_since: datetime | None = None
    read_up_to: int = 0
    keyboard: dict[str, Any] | None = None
    answers_to: int | None = None
    clipboard: str = ""
    opened: list[str] = field(default_factory=list)

    def notify(self, message_id: int, text: str, number: int, *, silent: bool) -> None:
        """A message came in; also one without a sound stands on the lock screen."""
        notice = Notice(message_id, [text], number, silent)
        self.notices.append(notice)
        self.lock_screen[message_id] = notice

    def refresh(self, message_id: int, text: str) -> bool:
        """A message was edited: its notification, if still there, shows the new text. Tells whether it was."""
        notice = self.lock_screen.get(message_id)
        if notice is None:
            return False
        notice.texts.append(text)
        return True

    def withdraw(self, message_id: int) -> None:
        """A message was deleted, and its notification with it."""
        self.lock_screen.pop(message_id, None)

    def unlock(self, up_to: int) -> None:
        """The person looks at the chat: everything is read, the lock screen is empty."""
        self.read_up_to = max(self.read_up_to, up_to)
        self.lock_screen.clear()

    def is_typing(self, now: datetime) -> bool:
        """Whether the chat's title says that the bot is typing."""
        return self.typing_since is not None and now - self.typing_since < TYPING_LASTS
