"""Deleting everything."""

from sqlmodel import Session

from bot.messages.buttons import DeleteAll, WhereAmI
from bot.messages.card import Card, Reader, Style, choice, row
from bot.messages.chart import Blank
from bot.messages.markup import paragraphs
from storage import pairing, people


def ask(session: Session, reader: Reader, about: str) -> Card:
    """/delete: what goes, what stays, before the second tap."""
    _ = reader.words
    person_id = reader.known.id
    asked = _("Delete everything of yours, at once and for good?")
    theirs = None
    seems_linked = people.open_membership(session, person_id=person_id) is not None
    if seems_linked or pairing.untold_endings(session, person_id=person_id):
        asked = _(
            "Delete everything of yours, at once and for good? The link ends, and so does what you two agreed on."
        )
        theirs = _("Your words in your partner's chat become “No longer shown”. What your partner wrote stays theirs.")
    elif people.was_linked(session, person_id=person_id):
        theirs = _("Your words in a former partner's chat become “No longer shown”. What they wrote stays theirs.")
    return Card(
        paragraphs(
            asked,
            theirs,
            _("/export first, if you want to take something along."),
        ),
        (
            row(choice(_("Delete everything"), DeleteAll(), Style.DANGER)),
            row(choice(_("Back"), WhereAmI())),
        ),
    )


def closing(session: Session, reader: Reader, about: str) -> Card:
    """The last message: what has happened, and what nobody can undo."""
    _ = reader.words
    return Card(
        paragraphs(
            _("Everything of yours is deleted, and its key with it. My messages here go now; older ones are emptied."),
            _(
                "What I cannot take back: what was read, copied or photographed, voice notes and files older than two "
                "days, and your own older messages. “Delete chat” removes those here."
            ),
        )
    )


def gone(session: Session, reader: Reader, about: str) -> Card:
    """What stands where a message is too old to be removed."""
    _ = reader.words
    return Card(_("No longer shown"))


def blank(session: Session, reader: Reader, about: str) -> Card:
    """The same where a picture is."""
    _ = reader.words
    return Card(_("No longer shown"), picture=Blank())


def nothing(session: Session, reader: Reader, about: str) -> Card:
    """/delete by a stranger."""
    _ = reader.words
    return Card(_("There is nothing of yours here."))
