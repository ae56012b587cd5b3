"""Private notes."""

from sqlmodel import Session

from bot.messages.buttons import LeaveNote, RemoveNote
from bot.messages.card import Card, Reader, choice, row
from bot.messages.markup import paragraphs


def write(session: Session, reader: Reader, about: str) -> Card:
    """A note is awaited."""
    _ = reader.words
    return Card(
        _("Write what you like. Only you will ever read it."),
        (row(choice(_("Not now"), LeaveNote())),),
    )


def kept(session: Session, reader: Reader, about: str) -> Card:
    """A note is kept; `about` is the id of the message that it was typed in."""
    _ = reader.words
    remove = (row(choice(_("Remove my message"), RemoveNote(int(about)))),) if about.isdecimal() else ()
    return Card(paragraphs(_("Kept, for you alone. You find it under /memories.")), remove)


def left(session: Session, reader: Reader, about: str) -> Card:
    """[Not now]."""
    _ = reader.words
    return Card(_("That is fine."))
