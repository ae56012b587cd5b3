"""What the bot says about itself, about privacy and about help in danger."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import menu
from bot.messages.buttons import ClearThis, Welcome
from bot.messages.card import Card, Reader, choice, row
from bot.messages.markup import bold, lines, paragraphs

SAFETY_AS_OF = "2026-11"  # when the numbers were last looked at


def help_card(session: Session, reader: Reader, about: str) -> Card:
    """Every command, grouped."""
    words = menu.descriptions(reader.words)
    return Card(
        paragraphs(
            *(lines(bold(heading), *_commands(names, words)) for heading, names in menu.groups(reader.words).items())
        )
    )


def _commands(names: tuple[str, ...], words: Mapping[str, Markup]) -> list[Markup]:
    """A line each; shortcuts share one."""
    said = [Markup("/{} {}").format(name, words[name]) for name in names if name not in menu.SHORTCUTS]
    short = [Markup("/{}").format(name) for name in names if name in menu.SHORTCUTS]
    return [*said, Markup(" ").join(short)] if short else said


def privacy(session: Session, reader: Reader, about: str) -> Card:
    """What is stored and who can read it, in ten lines; with `about`, there is a way back to the first card."""
    _ = reader.words
    back = row(choice(_("Back"), Welcome()))
    return Card(
        lines(
            _("Stored: name, language, time zone, settings, answers."),
            _("What you write is stored encrypted."),
            _("Your partner sees only what opened."),
            _("Kept and skipped answers: you alone."),
            _("Never stored: location, contacts, when you read."),
            _("Bot chats are not end-to-end encrypted."),
            _("Telegram can read them."),
            _("Whoever runs this bot technically could."),
            _("Nothing goes to anybody else."),
            _("Seen screens and shared phones: /safety"),
        ),
        (back,) if about else (),
    )


def safety(session: Session, reader: Reader, about: str) -> Card:
    """Numbers to remember, and what can be watched; `about` is the message that asked for it."""
    _ = reader.words
    return Card(
        paragraphs(
            _("I am neither therapy nor an emergency service."),
            lines(
                _("{number}: EU, UK, most mobile networks", number=bold("112")),
                _("{number}: USA, Canada", number=bold("911")),
                _("{number}: UK", number=bold("999")),
                _("{number}: Australia", number=bold("000")),
            ),
            _("Phones, other logged-in devices and notifications can be watched. A friend's phone may be safer."),
            _("Numbers as of {month}.", month=SAFETY_AS_OF),
        ),
        (row(choice(_("Clear this"), ClearThis(int(about or 0)))),),
    )


def left_question(session: Session, reader: Reader, about: str) -> Card:
    """/cancel, and what it left; see `bot.practice.setup.leave`."""
    _ = reader.words
    said = {
        "setup": _("That is fine; nothing is linked. /start goes on from here whenever you like."),
        "question": _("Left. Nothing was changed."),
        "invite": _("Taken back. Nobody is linked, and nobody is told."),
        "nothing": _("There is nothing to leave at the moment. /today shows where you are."),
    }
    return Card(said[about])


def away(session: Session, reader: Reader, about: str) -> Card:
    """After an outage in which Telegram dropped what people sent; `about` is its beginning, ISO, UTC."""
    _ = reader.words
    since = reader.day(datetime.fromisoformat(about))
    return Card(_("I was away for more than a day. What you sent since {day} may be missing here.", day=since))
