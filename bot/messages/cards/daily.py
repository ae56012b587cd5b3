"""The daily question and one's own answer to it."""

from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import (
    AnotherQuestion,
    AnswerLater,
    BackToQuestion,
    NotToday,
    PickChoice,
    PutOff,
)
from bot.messages.card import Card, Gone, Reader, Rows, choice, row
from bot.messages.markup import bold, italic, lines, paragraphs
from bot.practice import daily, incoming
from bot.practice.prompts import Prompt
from storage import daily as kept
from storage.tables import Checkin

CHOICES_IN_A_ROW = 2


def question(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The question with all that can be done about it, until it is answered."""
    checkin = _unanswered(session, reader, about)
    if checkin is None:
        return Gone()
    return Card(paragraphs(asked(session, reader, checkin), _how(reader, checkin)), _question_rows(reader, checkin))


def snoozed(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The question once more, as its reader wished; gone if it was put off again, passed over or superseded."""
    checkin_id, _colon, snoozes = about.partition(":")
    checkin = _unanswered(session, reader, checkin_id)
    if checkin is None or checkin.skipped or snoozes != str(checkin.snoozes):
        return Gone()
    if daily.is_superseded(session, checkin, now=reader.now):
        return Gone()
    return question(session, reader, checkin_id)


def later(session: Session, reader: Reader, about: str) -> Card | Gone:
    """When should it come back?"""
    _ = reader.words
    checkin = _unanswered(session, reader, about)
    if checkin is None:
        return Gone()
    labels = {"hour": _("In an hour"), "evening": _("This evening"), "tomorrow": _("Tomorrow")}
    offered = daily.later_times(checkin, reader.known.zone or "UTC", now=reader.now)
    return Card(
        paragraphs(asked(session, reader, checkin), _("When would be good?")),
        (
            *(row(choice(labels[until], PutOff(checkin.id, until))) for until in offered),
            row(choice(_("Back"), BackToQuestion(checkin.id))),
        ),
    )


def put_off(session: Session, reader: Reader, about: str) -> Card | Gone:
    """It will come back; it can be answered before."""
    _ = reader.words
    checkin = _unanswered(session, reader, about)
    if checkin is None:
        return Gone()
    return Card(
        paragraphs(asked(session, reader, checkin), _("I will bring it back then. You can write here before, too.")),
        (row(choice(_("Back"), BackToQuestion(checkin.id))),),
    )


def skipped(session: Session, reader: Reader, about: str) -> Card | Gone:
    """[Not today]."""
    _ = reader.words
    checkin = _unanswered(session, reader, about)
    if checkin is None:
        return Gone()
    return Card(
        _("Not today, then. Nobody is told, and the next question comes at its time."),
        (row(choice(_("Back"), BackToQuestion(checkin.id))),),
    )


def nothing(session: Session, reader: Reader, about: str) -> Card:
    """/today when nothing is open."""
    _ = reader.words
    return Card(paragraphs(_("Nothing is open at the moment."), _coming(reader)))


def parsed_id(about: str) -> UUID | None:
    """The id in a card's `about`; None for anything else, since buttons can be forged."""
    try:
        return UUID(about)
    except ValueError:
        return None


def own_checkin(session: Session, reader: Reader, about: str) -> Checkin | None:
    """The reader's own check-in; None for somebody else's."""
    checkin_id = parsed_id(about)
    found = kept.checkin(session, checkin_id=checkin_id) if checkin_id else None
    return found if found is not None and found.person_id == reader.known.id else None


def _unanswered(session: Session, reader: Reader, about: str) -> Checkin | None:
    found = own_checkin(session, reader, about)
    if found is None or not daily.is_open(found, reader.now):
        return None
    return None if kept.answer_to(session, checkin_id=found.id) else found


def asked(session: Session, reader: Reader, checkin: Checkin) -> Markup:
    """The question, and for whom it is if that is the reader alone."""
    _ = reader.words
    prompt = _prompt(reader, checkin)
    mark = None
    if not daily.can_be_shared(checkin):
        mark = italic(_("Just for you"))
    elif prompt.aloud:
        mark = italic(_("One to say aloud, to each other, without the phone"))
    return lines(mark, bold(prompt.question))


def _how(reader: Reader, checkin: Checkin) -> Markup:
    _ = reader.words
    prompt = _prompt(reader, checkin)
    if prompt.aloud and daily.can_be_shared(checkin):
        return _("There is nothing to write. A line or a voice note here is welcome, too.")
    if prompt.choices:
        return _("Tap one, or answer in your own words or with a voice note.")
    return _("Answer in your own words, or with a voice note.")


def _question_rows(reader: Reader, checkin: Checkin) -> Rows:
    _ = reader.words
    changes = daily.times_changed(checkin)
    choices = [
        choice(label, PickChoice(checkin.id, changes, number))
        for number, label in enumerate(_prompt(reader, checkin).choices)
    ]
    another = row(choice(_("Another question"), AnotherQuestion(checkin.id, changes)))
    return (
        *(tuple(choices[at : at + CHOICES_IN_A_ROW]) for at in range(0, len(choices), CHOICES_IN_A_ROW)),
        *((another,) if changes < daily.MOST_CHANGES else ()),
        row(choice(_("Later"), AnswerLater(checkin.id)), choice(_("Not today"), NotToday(checkin.id))),
    )


def _coming(reader: Reader) -> Markup | None:
    """When the next question comes, by the reader's own clock; in a pause none does."""
    _ = reader.words
    at = reader.known.next_question
    if at is None or incoming.is_paused(reader.known, at):
        return None
    time = reader.clock(reader.known.daily_minute)
    return _("Your next question comes on {day} at {time}.", day=reader.day(at), time=time)


def _prompt(reader: Reader, checkin: Checkin) -> Prompt:
    return reader.library.prompt(checkin.prompt_id, reader.known.language)
