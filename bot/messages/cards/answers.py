"""One's own answer to the daily question, and what can be done with it."""

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import (
    AddToAnswer,
    BackToQuestion,
    EditAnswer,
    KeepAnswer,
    LeaveAnswer,
    RemoveTyped,
    ReplaceAnswer,
    ShareAnswer,
    UnshareAnswer,
)
from bot.messages.card import Button, Card, Gone, Reader, Rows, Style, choice, row
from bot.messages.cards.daily import asked, own_checkin
from bot.messages.markup import italic, paragraphs, quote
from bot.practice import answering, daily
from storage import daily as kept
from storage import reveals
from storage.tables import Answer, Checkin


def mine(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One's own words back, and what can be done with them as long as they are not open."""
    checkin = own_checkin(session, reader, about)
    answer = kept.answer_to(session, checkin_id=checkin.id) if checkin else None
    if checkin is None or answer is None:
        return Gone()
    note, rows = _decisions(session, reader, checkin, answer)
    return Card(paragraphs(asked(session, reader, checkin), own_words(session, reader, answer), note), rows)


def edit(session: Session, reader: Reader, about: str) -> Card | Gone:
    """New words are awaited."""
    _ = reader.words
    checkin = own_checkin(session, reader, about)
    answer = _changeable(session, reader, checkin)
    if checkin is None or answer is None:
        return Gone()
    return Card(
        paragraphs(
            asked(session, reader, checkin),
            own_words(session, reader, answer),
            _("Send the new words, or a voice note. They take the place of these."),
            _("Nothing of it is shared meanwhile.") if daily.can_be_shared(checkin) else None,
        ),
        (row(choice(_("Back"), BackToQuestion(checkin.id))),),
    )


def replace(session: Session, reader: Reader, about: str) -> Card | Gone:
    """There is an answer already: where do the new words belong?"""
    _ = reader.words
    checkin = own_checkin(session, reader, about)
    answer = _changeable(session, reader, checkin)
    if checkin is None or answer is None:
        return _opened_meanwhile(session, reader, checkin)
    held = kept.held(session, person_id=reader.known.id, about=checkin.id)
    if held is None:
        return Gone()
    mark = kept.mark_of_held(session, person_id=reader.known.id, about=checkin.id)
    add = row(choice(_("Add to my answer"), AddToAnswer(checkin.id, mark)))
    return Card(
        paragraphs(
            asked(session, reader, checkin),
            _("You have answered this question already. What would you like me to do with these words?"),
            quote(held.words) if held.words else italic(_("your voice note")),
        ),
        (
            row(choice(_("Replace my answer"), ReplaceAnswer(checkin.id, mark))),
            *((add,) if answering.can_be_added(session, answer, held) else ()),
            row(choice(_("Leave it"), LeaveAnswer(checkin.id, mark))),
        ),
        passing=True,  # the answers may open while it is on its way
    )


def _opened_meanwhile(session: Session, reader: Reader, checkin: Checkin | None) -> Card | Gone:
    """Both answers opened before it was said where the new words belong."""
    _ = reader.words
    if checkin is None or not reveals.is_revealed(session, occasion_id=checkin.occasion_id):
        return Gone()
    said = _(
        "Your two answers have opened meanwhile, so nothing is added to yours. "
        "What you sent since stays in this chat alone."
    )
    return Card(paragraphs(asked(session, reader, checkin), said))


def own_words(session: Session, reader: Reader, answer: Answer) -> Markup:
    """What the reader gave, for their own eyes."""
    if kept.is_empty(answer) or answer.taken_back:
        return reader.words("No longer shown")
    words = kept.words_of(session, answer)
    return italic(reader.words("your voice note")) if words is None else quote(words)


def _changeable(session: Session, reader: Reader, checkin: Checkin | None) -> Answer | None:
    """The answer, as long as it can be changed."""
    if checkin is None or not daily.is_open(checkin, reader.now):
        return None
    is_revealed = reveals.is_revealed(session, occasion_id=checkin.occasion_id)
    return None if is_revealed else kept.answer_to(session, checkin_id=checkin.id)


def _decisions(session: Session, reader: Reader, checkin: Checkin, answer: Answer) -> tuple[Markup | None, Rows]:
    """What is said below one's own words, and the buttons."""
    _ = reader.words
    if reveals.is_revealed(session, occasion_id=checkin.occasion_id):
        return _("This is open for both of you."), ()
    if not daily.is_open(checkin, reader.now):
        return None, ()
    share = choice(_("Share"), ShareAnswer(checkin.id, kept.mark_of(answer)), Style.PRIMARY)
    keep, change = choice(_("Keep for me"), KeepAnswer(checkin.id)), choice(_("Edit"), EditAnswer(checkin.id))
    if answer.shared:
        return _shared(session, reader, checkin), (row(choice(_("Take back"), UnshareAnswer(checkin.id)), change),)
    if not answer.decided:
        said = _(
            "Not shared. If you both share, the two answers open together. If not, it tells you nothing about why."
        )
        return said, (row(share, keep), row(change))
    remove: Rows = (row(choice(_("Remove my message"), RemoveTyped(checkin.id))),) if answer.typed else ()
    first: tuple[Button, ...] = (share, change) if daily.can_be_shared(checkin) else (change,)
    return _("Kept for you."), (first, *remove)


def _shared(session: Session, reader: Reader, checkin: Checkin) -> Markup:
    _ = reader.words
    if checkin.occasion_id is None:
        return _("Shared. It waits until you are linked with somebody, and opens if both of you share.")
    return _("Shared. If you both share, the two answers open together. If not, it tells you nothing about why.")
