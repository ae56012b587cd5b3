"""What a handler receives: who did what, and the ways to answer."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from sqlmodel import Session

from bot.messages.i18n import Languages, Words
from bot.practice import owing
from bot.practice.prompts import Library
from bot.practice.refusals import NotReady
from storage.tables import Chat, Person


@dataclass(frozen=True, slots=True)
class Arrived:
    """One update in plain values: what came, from which private chat."""

    update_id: int
    telegram_id: int
    name: str = ""  # the first name on the account
    language_code: str | None = None
    text: str = ""  # what was typed; for a command, what stands behind it
    voice: str | None = None  # Telegram's file id of a voice note
    typed_id: int | None = None  # the person's own message
    replied_to: int | None = None  # the message they replied to
    pressed_id: int | None = None  # the message whose button was pressed
    callback_id: str | None = None

    @property
    def is_own_act(self) -> bool:
        """Whether the person wrote or pressed something; blocking and coming back are no such thing."""
        return self.typed_id is not None or self.callback_id is not None


@dataclass(frozen=True, slots=True)
class Toast:
    """A short text over the chat after a button; an alert waits for a tap."""

    text: str = ""
    alert: bool = False


@dataclass(slots=True)
class Context:
    """One update being handled in its unit."""

    session: Session
    arrived: Arrived
    now: datetime  # UTC
    chat: Chat
    stranger: Person | None  # the person if they agreed to the terms; `person` is what handlers ask for
    languages: Languages
    library: Library
    random: Random
    toast: Toast = field(default_factory=Toast)
    owed: int = 0

    @property
    def person(self) -> Person:
        """The person; refuses strangers with NotReady."""
        if self.stranger is None:
            raise NotReady
        return self.stranger

    @property
    def language(self) -> str:
        """The language to answer in."""
        if self.stranger is not None:
            return self.stranger.language
        return self.languages.best(self.arrived.language_code)

    @property
    def words(self) -> Words:
        """Words in that language, for toasts."""
        return self.languages.speak(self.language)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.arrived.text

    def show(self, card: str, about: UUID | str = "") -> None:
        """Answer in the message whose button was pressed, else in a new one."""
        self._owe(card, about, self.arrived.pressed_id)

    def send(self, card: str, about: UUID | str = "") -> None:
        """Answer in a new message."""
        self._owe(card, about, None)

    def remove(self, message_id: int) -> None:
        """Take a message out of the chat."""
        if self.stranger is not None:
            owing.owe_removal(self.session, self.stranger, message_id, due=self.now, key=self._key())
        else:
            owing.owe_chat_removal(self.session, self.chat.id, message_id, due=self.now, key=self._key())

    def say(self, text: str, *, alert: bool = False) -> None:
        """Show a toast; only for presses of buttons."""
        self.toast = Toast(text, alert)

    def _owe(self, card: str, about: UUID | str, message_id: int | None) -> None:
        if self.stranger is not None:
            owing.owe(
                self.session,
                self.stranger,
                card,
                about,
                due=self.now,
                key=self._key(),
                urgency=owing.REPLY,
                message_id=message_id,
            )
            return
        owing.owe_chat(
            self.session,
            self.chat.id,
            card,
            about,
            language=self.language,
            due=self.now,
            key=self._key(),
            message_id=message_id,
        )

    def _key(self) -> str:
        self.owed += 1
        return f"u{self.arrived.update_id}:{self.owed}"
