"""Two answers that opened together, and what can be said about them."""

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import (
    AskTakeBack,
    BackToReveal,
    LeaveNote,
    PlayVoice,
    React,
    Stung,
    TakeMineBack,
    WriteNote,
)
from bot.messages.card import Button, Card, Gone, Reader, Rows, choice, row
from bot.messages.cards.common import name_of
from bot.messages.cards.daily import parsed_id
from bot.messages.i18n import Words
from bot.messages.markup import LONGEST_MESSAGE, bold, italic, lines, one_line, paragraphs, shown_units, spoiler
from bot.practice.reveals import KINDS
from storage import daily
from storage import reveals as opened
from storage.keys import KeyGone
from storage.reveals import Opened, Side

QUESTION_CUTS = (1000, 160, 80)  # what is shown of a question, should the whole be too long for one message


def reveal(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Both answers, behind spoilers; a voice note behind [Play]."""
    seen = _opened(session, reader, about)
    if seen is None:
        return Gone()
    texts = (_text(session, reader, seen, cut) for cut in QUESTION_CUTS)
    return Card(
        next(text for text in texts if shown_units(text) <= LONGEST_MESSAGE),
        _rows(session, reader, seen),
        private=True,
        protect=_is_protected(seen),
    )


def take_back(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before one's own words are shown to nobody any more."""
    _ = reader.words
    seen = _opened(session, reader, about)
    if seen is None or seen.mine.answer.taken_back:
        return Gone()
    reveal_id, is_voice = seen.reveal.id, seen.mine.answer.voice_sealed is not None
    return Card(
        paragraphs(
            _("Take your words back? In both of your chats, “No longer shown” will stand in their place."),
            _("I cannot take back what was read, or saved elsewhere."),
            _("A voice note that was played more than two days ago stays in that chat.") if is_voice else None,
        ),
        (row(choice(_("Take mine back"), TakeMineBack(reveal_id)), choice(_("Back"), BackToReveal(reveal_id))),),
        protect=_is_protected(seen),
    )


def voice(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The partner's voice note, asked for with [Play]."""
    seen = _opened(session, reader, about)
    theirs = seen.theirs.answer if seen and seen.theirs else None
    note = daily.voice_of(session, theirs) if theirs and not theirs.taken_back else None
    if seen is None or note is None:
        return Gone()
    return Card(Markup(""), voice=note, protect=_is_protected(seen))


def stung(session: Session, reader: Reader, about: str) -> Card:
    """[That stung]: said to this person alone."""
    _ = reader.words
    return Card(
        paragraphs(
            _("That can sting. Nothing has to happen with it now, and nobody else sees that you pressed this."),
            _("If it helps, you can put it into words, for your own eyes only."),
        ),
        (
            row(choice(_("Write it down just for you"), WriteNote())),
            row(choice(_("Not now"), LeaveNote())),
        ),
    )


def _opened(session: Session, reader: Reader, about: str) -> Opened | None:
    reveal_id = parsed_id(about)
    return opened.opened(session, reveal_id=reveal_id, person_id=reader.known.id) if reveal_id else None


def _is_protected(seen: Opened) -> bool:
    return seen.theirs is not None and seen.theirs.person.protect


def _text(session: Session, reader: Reader, seen: Opened, cut: int) -> Markup:
    _ = reader.words
    mine, asked_me = _part(session, reader, seen.mine), _question(reader, seen.mine, cut)
    heading = _("Your two answers are open. Touch to read.")
    if seen.theirs is None:
        return paragraphs(heading, asked_me, lines(italic(_("Your partner")), _("No longer shown")), mine)
    theirs, asked_them = _part(session, reader, seen.theirs), _question(reader, seen.theirs, cut)
    reactions = _reactions(session, reader, seen)
    if seen.mine.checkin.prompt_id == seen.theirs.checkin.prompt_id:
        return paragraphs(heading, asked_me, theirs, mine, reactions)
    return paragraphs(heading, lines(asked_them, theirs), lines(asked_me, mine), reactions)


def _question(reader: Reader, side: Side, cut: int) -> Markup:
    question = reader.library.prompt(side.checkin.prompt_id, reader.known.language).question
    return bold(one_line(question, cut))


def _part(session: Session, reader: Reader, side: Side) -> Markup:
    return lines(italic(name_of(session, reader, side.person)), _answer(session, reader, side))


def _answer(session: Session, reader: Reader, side: Side) -> Markup:
    _ = reader.words
    if side.answer.taken_back or daily.is_empty(side.answer):
        return _("No longer shown")
    try:
        words = daily.words_of(session, side.answer)
    except KeyGone:
        return _("No longer shown")
    return spoiler(words) if words is not None else italic(_("a voice note"))


def _reactions(session: Session, reader: Reader, seen: Opened) -> Markup | None:
    given = opened.reactions(session, reveal_id=seen.reveal.id)
    labels = _labels(reader.words)
    said = [
        lines(f"{name_of(session, reader, side.person)}: {labels[given[side.person.id]]}")
        for side in filter(None, (seen.theirs, seen.mine))
        if side.person.id in given
    ]
    return lines(*said) if said else None


def _rows(session: Session, reader: Reader, seen: Opened) -> Rows:
    _ = reader.words
    reveal_id, theirs = seen.reveal.id, seen.theirs.answer if seen.theirs else None
    rows: list[tuple[Button, ...]] = []
    if theirs is not None and theirs.voice_sealed is not None and not theirs.taken_back:
        rows.append(row(choice(_("Play"), PlayVoice(reveal_id))))
    if theirs is not None and opened.seems_linked(session, couple_id=seen.couple_id, person_id=reader.known.id):
        heard, thanks, more = (choice(label, React(reveal_id, kind)) for kind, label in _labels(_).items())
        rows += [row(heard, thanks), row(more)]
    private = [choice(_("That stung"), Stung(reveal_id))]
    if not (seen.mine.answer.taken_back or daily.is_empty(seen.mine.answer)):
        private.append(choice(_("Take mine back"), AskTakeBack(reveal_id)))
    return (*rows, tuple(private))


def _labels(_: Words) -> dict[str, Markup]:
    return dict(zip(KINDS, (_("I hear you"), _("Thank you"), _("More, when you like")), strict=True))
