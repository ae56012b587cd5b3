"""What the bot says about itself, about privacy and about help in danger."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import menu
from bot.messages.buttons import HelpOn, Welcome
from bot.messages.card import Card, Reader, choice, row
from bot.messages.markup import bold, lines, paragraphs


def help_card(session: Session, reader: Reader, about: str) -> Card:
    """Every command, grouped; with the number of a group as `about`, what each of its commands does."""
    _ = reader.words
    groups = list(menu.groups(_).items())
    if not (about.isdecimal() and int(about) < len(groups)):
        told = [
            lines(bold(heading), Markup(" ").join(Markup("/{}").format(each) for each in names))
            for heading, names in groups
        ]
        return Card(
            paragraphs(*told), tuple(row(choice(heading, HelpOn(at))) for at, (heading, _names) in enumerate(groups))
        )
    heading, names = groups[int(about)]
    words = menu.descriptions(_)
    told = [Markup("/{} {}").format(name, words[name]) for name in names]
    return Card(lines(bold(heading), *told), (row(choice(_("Back"), HelpOn(len(groups)))),))


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
            _("Stored: name, language, zone, settings, words."),
            _("Your words are encrypted, with your own key."),
            _("Your partner sees only what opened."),
            _("Kept and skipped answers: you alone."),
            _("Never stored: location, contacts, when you read."),
            _("Bot chats are not end-to-end encrypted."),
            _("Telegram can read. Whoever runs this bot could."),
            _("Nothing goes to anybody else."),
            _("/export takes along, /delete removes."),
            _("Watched screens: /safety"),
        ),
        (back,) if about else (),
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
