"""Help in danger: numbers to remember instead of links, and what can be watched."""

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import ClearThis, HelpElsewhere, HelpIn
from bot.messages.card import Button, Card, Reader, choice, row
from bot.messages.helplines import Helpline, country_of, helplines
from bot.messages.markup import bold, lines, paragraphs

IN_A_ROW = 3


def help_card(session: Session, reader: Reader, about: str) -> Card:
    """Whom to call where the reader lives, or in the country that they chose.

    `about` is the message that asked for it, and behind a colon the two letters of a country.
    """
    _ = reader.words
    asked, _colon, chosen = about.partition(":")
    country = chosen or country_of(reader.person.zone if reader.person else None)
    found = helplines().countries.get(country)
    return Card(
        paragraphs(
            _("I am neither therapy nor an emergency service."),
            _numbers(reader, country, found) if found else _anywhere(reader),
            _("Phones, other logged-in devices and notifications can be watched. A friend's phone may be safer."),
            _as_of(reader, found),
        ),
        (row(choice(_("Clear this"), ClearThis(_number(asked)))), row(_elsewhere(reader, asked))),
    )


def countries(session: Session, reader: Reader, about: str) -> Card:
    """The countries that numbers are known for; `about` is the message that asked for help."""
    _ = reader.words
    names = {code: reader.words.locale.territories.get(code, code) for code in helplines().countries}
    known = sorted(names, key=lambda code: names[code])
    buttons = [choice(names[code], HelpIn(code, _number(about))) for code in known]
    rows = (tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))
    back = row(
        choice(_("None of these"), HelpIn("", _number(about))), choice(_("Clear this"), ClearThis(_number(about)))
    )
    return Card(_("Help in which country?"), (*rows, back))


def offer(session: Session, reader: Reader, about: str) -> Card:
    """After words that may speak of danger: said to their author alone, who can clear it away."""
    _ = reader.words
    return Card(
        _("If something at home is ever not safe: /safety shows what help there is. Nobody is told of it."),
        (row(choice(_("Clear this"), ClearThis(0))),),
    )


def _numbers(reader: Reader, country: str, line: Helpline) -> Markup:
    _ = reader.words
    name = reader.words.locale.territories.get(country, country)
    spoken = _("Languages: {languages}", languages=line.languages) if line.languages else None
    return lines(
        bold(name),
        _("{number}: in immediate danger", number=bold(line.emergency)),
        _("{number}: {name}, {hours}", number=bold(line.number), name=line.name, hours=line.hours),
        spoken,
    )


def _anywhere(reader: Reader) -> Markup:
    """For a country that no number is known for."""
    _ = reader.words
    return lines(
        _("{number}: EU, most mobile networks", number=bold("112")),
        _("{number}: USA", number=bold("911")),
        _("{number}: UK", number=bold("999")),
        _("{number}: Australia", number=bold("000")),
        _("Helplines elsewhere are listed by the {directory}.", directory=helplines().directory),
    )


def _as_of(reader: Reader, line: Helpline | None) -> Markup:
    _ = reader.words
    checked = helplines().checked
    if line is None or not line.source_date:
        return _("Numbers as of {month}.", month=checked)
    return _("Numbers as of {month}; looked up again in {checked}.", month=line.source_date, checked=checked)


def _elsewhere(reader: Reader, asked: str) -> Button:
    _ = reader.words
    return choice(_("Another country"), HelpElsewhere(_number(asked)))


def _number(about: str) -> int:
    return int(about) if about.isdecimal() else 0
