"""What the bot owes people: each message is a row, written with the effect that causes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from bot.practice import incoming
from storage import deliveries
from storage.claiming import REPLY, REVEAL, SCHEDULED
from storage.tables import Person

__all__ = [
    "REPLY",
    "REVEAL",
    "SCHEDULED",
    "Owed",
    "overwrite",
    "owe",
    "owe_chat",
    "owe_chat_removal",
    "owe_each",
    "owe_removal",
    "refresh",
    "wipe_chat",
]


@dataclass(frozen=True, slots=True)
class Owed:
    """A card for a person, once per `key`; instants are UTC."""

    person: Person
    card: str
    about: UUID | str
    due: datetime
    key: str
    urgency: int = SCHEDULED
    message_id: int | None = None
    expires: datetime | None = None

    def row(self) -> Mapping[str, Any]:
        """The delivery; it waits while the person wants nothing to come in that is no reply to what they do."""
        opens = self.due if self.urgency == REPLY else incoming.not_before(self.person, self.due)
        return {
            "key": self.key,
            "chat_id": self.person.chat_id,
            "person_id": self.person.id,
            "language": self.person.language,
            "card": self.card,
            "about": str(self.about),
            "mode": "send" if self.message_id is None else "edit",
            "message_id": self.message_id,
            "urgency": self.urgency,
            "due": opens,
            "wanted": self.due if opens > self.due else None,
            "expires": self.expires,
        }


def owe(
    session: Session,
    person: Person,
    card: str,
    about: UUID | str = "",
    *,
    due: datetime,
    key: str,
    urgency: int = SCHEDULED,
    message_id: int | None = None,
    expires: datetime | None = None,
) -> None:
    """Owe a person a card, once per `key`; with `message_id` it is put into that message of theirs.

    Instants are UTC. What is no reply to what they do themselves is not owed to a person who blocked the bot, and
    waits while they want nothing to come in.
    """
    if urgency == REPLY or not person.unreachable:
        owed = Owed(person, card, about, due, key, urgency, message_id, expires)
        deliveries.add(session, **owed.row())


def owe_each(session: Session, owed: Iterable[Owed]) -> None:
    """Owe many scheduled messages at once."""
    deliveries.add_each(session, [each.row() for each in owed if not each.person.unreachable])


def owe_chat(
    session: Session,
    chat_id: UUID,
    card: str,
    about: UUID | str = "",
    *,
    language: str,
    due: datetime,
    key: str,
    message_id: int | None = None,
) -> None:
    """Owe a stranger a reply."""
    deliveries.add(
        session,
        key=key,
        chat_id=chat_id,
        language=language,
        card=card,
        about=str(about),
        mode="send" if message_id is None else "edit",
        message_id=message_id,
        urgency=REPLY,
        due=due,
    )


def owe_removal(
    session: Session, person: Person, message_id: int, *, due: datetime, key: str, quiet: bool = False
) -> None:
    """Owe the removal of one message from the person's chat; they are told if Telegram refuses, unless `quiet`."""
    owe_chat_removal(session, person.chat_id, message_id, person_id=person.id, due=due, key=key, quiet=quiet)


def owe_chat_removal(
    session: Session,
    chat_id: UUID,
    message_id: int,
    *,
    person_id: UUID | None = None,
    due: datetime,
    key: str,
    quiet: bool = False,
) -> None:
    """Owe the removal of one message from a chat, a stranger's too; `quiet` as above."""
    deliveries.add(
        session,
        key=key,
        chat_id=chat_id,
        person_id=person_id,
        card="common.quiet_removal" if quiet else "common.removal",
        mode="delete",
        message_id=message_id,
        urgency=REPLY,
        due=due,
    )


def overwrite(
    session: Session, person: Person, card: str, about: UUID | str, message_id: int, *, due: datetime, key: str
) -> None:
    """Owe the taking away of words from a message of theirs: what `card` still shows stands there afterwards.

    That waits for no pause, and a message that cannot be changed any more is left alone. Nothing comes in by it.
    """
    if not person.unreachable:
        wipe_chat(
            session,
            person.chat_id,
            card,
            message_id,
            about=str(about),
            person_id=person.id,
            language=person.language,
            due=due,
            key=key,
        )


def wipe_chat(
    session: Session,
    chat_id: UUID,
    card: str,
    message_id: int,
    *,
    about: str = "",
    person_id: UUID | None = None,
    language: str = "en",
    due: datetime,
    key: str,
) -> None:
    """The same in a chat whose person is a stranger, or on the way to become one."""
    deliveries.add(
        session,
        key=key,
        chat_id=chat_id,
        person_id=person_id,
        language=language,
        card=card,
        about=about,
        mode="wipe",
        message_id=message_id,
        urgency=REPLY,
        due=due,
    )


def refresh(
    session: Session, person: Person, card: str, about: UUID | str, *, now: datetime, key: str, shows: str | None = None
) -> None:
    """Owe a silent edit of every message of theirs that shows this card; `shows` names the card to put there."""
    for message_id in deliveries.standing(session, person_id=person.id, card=card, about=str(about)):
        owe(
            session,
            person,
            shows or card,
            about,
            due=now,
            key=f"{key}:{message_id}",
            urgency=REVEAL,
            message_id=message_id,
        )
