"""Taking along what is one's own."""

from sqlmodel import Session

from bot.messages.card import Card, Reader
from bot.messages.markup import paragraphs


def begun(session: Session, reader: Reader, about: str) -> Card:
    """/export was asked for."""
    _ = reader.words
    return Card(
        paragraphs(
            _("I put it together now, and send it here as one file: your words, and what is still open to you."),
            _("Whoever opens the file can read it. I keep no copy."),
        )
    )


def failed(session: Session, reader: Reader, about: str) -> Card:
    """The file could not be sent, several times."""
    _ = reader.words
    return Card(_("The file could not be sent. Nothing of yours is lost; /export tries it again."))
