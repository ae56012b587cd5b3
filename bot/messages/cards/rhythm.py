"""How often to be asked; said to one person alone."""

from sqlmodel import Session

from bot.messages.buttons import ChooseRhythm
from bot.messages.card import Card, Gone, Reader, choice, row
from bot.messages.i18n import Words
from bot.messages.markup import paragraphs
from bot.practice import rhythm
from storage import people


def offer(session: Session, reader: Reader, about: str) -> Card | Gone:
    """After the first reveal; not for somebody who is on their own again."""
    _ = reader.words
    if people.open_membership(session, person_id=reader.known.id) is None:
        return Gone()
    names = _names(_)
    return Card(
        paragraphs(
            _(
                "How often would you like a question? A question is shared on the days that both of you chose, and "
                "just for you on the others."
            ),
            _("/settings changes it whenever you like."),
        ),
        (*(row(choice(names[each], ChooseRhythm(each))) for each in ("every", "three", "weekly")),),
    )


def lighter(session: Session, reader: Reader, about: str) -> Card | Gone:
    """After three quiet days."""
    _ = reader.words
    names, fewer = _names(_), rhythm.lighter(reader.known.days)
    if not fewer:
        return Gone()
    return Card(
        _("Would a lighter rhythm suit you for now? Only you see this, and both ways are fine."),
        (*(row(choice(names[each], ChooseRhythm(each))) for each in (*fewer, "same")),),
    )


def chosen(session: Session, reader: Reader, about: str) -> Card:
    """A rhythm was chosen, or left as it is."""
    _ = reader.words
    name = _names(_).get(about)
    if name is None or about == "same":
        return Card(_("It stays as it is. /settings changes it whenever you like."))
    return Card(_("{rhythm}, then. /settings changes it whenever you like.", rhythm=name))


def patience(session: Session, reader: Reader, about: str) -> Card:
    """Said once to a person whose shared answers have not opened for a while."""
    _ = reader.words
    return Card(
        paragraphs(
            _(
                "You have shared for a while, and nothing has opened. That can have many reasons: a full week, a phone "
                "in a drawer, a wish for quiet, words that take their time. I cannot tell you which."
            ),
            _("Your answers are yours either way."),
        )
    )


def _names(_: Words) -> dict[str, str]:
    return {
        "every": _("Every day"),
        "three": _("Three a week"),
        "weekly": _("Weekly only"),
        "same": _("As it is"),
    }
