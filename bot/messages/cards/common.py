"""Cards that belong to no feature."""

from sqlmodel import Session

from bot.messages.card import Card, Reader, Style, choice, row
from bot.messages.i18n import Words
from bot.messages.markup import one_line
from bot.messages.payload import Payload
from storage import people
from storage.keys import KeyGone
from storage.tables import Person

LONGEST_NAME = 32


def closed(session: Session, reader: Reader, about: str) -> Card:
    """What stands where a card is gone."""
    return closed_card(reader.words)


def closed_card(words: Words) -> Card:
    """The same, for whoever has only the words."""
    _ = words
    return Card(_("This card is closed."))


def nudge(words: Words, opens: Payload) -> Card:
    """A notification without content; [Open] fills this very message."""
    _ = words
    return Card(_("Something is here for you."), (row(choice(_("Open"), opens, Style.PRIMARY)),))


def unknown_command(session: Session, reader: Reader, about: str) -> Card:
    """A command that the bot does not have."""
    _ = reader.words
    return Card(_("I don't know that command. /help lists those I know."))


def edited(session: Session, reader: Reader, about: str) -> Card:
    """An edited message changes nothing by itself."""
    _ = reader.words
    return Card(_("I keep what you first sent. To change it, press [Edit] under it."))


def name_of(session: Session, reader: Reader, person: Person) -> str:
    """How one of two is called on a card for the other."""
    _ = reader.words
    if person.id == reader.known.id:
        return _("You")
    try:
        return one_line(people.name(session, person), LONGEST_NAME) or _("Your partner")
    except KeyGone:  # they are leaving: the key goes first
        return _("Your partner")
