"""Memories that are one person's alone: kept answers, own words that were looked for, saved topics, notes."""

from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import dates
from bot.messages.buttons import (
    AskRemoveKept,
    AskRemoveNote,
    DropKept,
    DropNote,
    OpenMemories,
    ReadKept,
    ReadMemory,
    ReadNote,
    ReadSaved,
    RemoveSaved,
)
from bot.messages.card import Card, Gone, Reader, choice, row
from bot.messages.cards.memory_parts import asked, back, cut, digits, one_row, start_of, turning, ways
from bot.messages.markup import bold, italic, lines, one_line, paragraphs, quote
from bot.messages.payload import Payload
from bot.practice import memories
from bot.practice.memories import NOTES, ON_A_PAGE, SAVED
from storage import conversations, daily, journal
from storage import memories as stored
from storage.tables import Answer, Checkin, JournalNote


def kept(session: Session, reader: Reader, about: str) -> Card:
    """The private tab: own answers that are not open."""
    _ = reader.words
    view = memories.read_view(about)
    count = stored.count_kept(session, person_id=reader.known.id)
    start, page = start_of(view, count)
    here = view.at(page)
    found = stored.kept(session, person_id=reader.known.id, skip=start, limit=ON_A_PAGE)
    shown = list(enumerate(found, start=start + 1))
    blocks = [_own_entry(session, reader, place, *each) for place, each in shown]
    reads = [choice(digits(reader, place), ReadKept(answer.id, str(here))) for place, (answer, _checkin) in shown]
    turns = turning(here, has_more=count > start + ON_A_PAGE)
    return Card(
        paragraphs(
            lines(bold(_("Kept, for you alone")), None if blocks else _("What you keep is found here.")), *blocks
        ),
        (*one_row(reads), *turns, *ways(reader)),
    )


def kept_entry(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One of the own answers in full."""
    found, way_back = _own_answer(session, reader, about)
    if found is None:
        return Gone()
    answer, checkin, reveal_id = found
    remove = row(choice(reader.words("Remove"), AskRemoveKept(answer.id, way_back)))
    return Card(
        paragraphs(
            lines(bold(asked(reader, checkin.prompt_id)), dates.in_full(reader.words, checkin.on_date)),
            _own_words(session, reader, answer),
        ),
        (*((remove,) if reveal_id is None else ()), back(reader, way_back)),
    )


def kept_removal(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before a kept answer is gone for good."""
    _ = reader.words
    found, way_back = _own_answer(session, reader, about)
    if found is None or found[2] is not None:
        return Gone()
    answer = found[0]
    stays = _("Remove this answer for good? What you sent in this chat stays until you remove it there.")
    goes = _("Remove this answer for good? What you sent in this chat for it goes, too.")
    return _removal(
        reader,
        goes if answer.typed else stays,
        DropKept(answer.id, daily.mark_of(answer), way_back),
        ReadKept(answer.id, way_back),
    )


def _own_answer(session: Session, reader: Reader, about: str) -> tuple[tuple[Answer, Checkin, UUID | None] | None, str]:
    row_id, _dot, way_back = about.partition(".")
    found = [each for each in stored.answers(session, ids=(UUID(row_id),)) if each[0].person_id == reader.known.id]
    return (found[0] if found else None), way_back


def _removal(reader: Reader, question: Markup, drop: Payload, read: Payload) -> Card:
    _ = reader.words
    return Card(question, (row(choice(_("Remove for good"), drop)), row(choice(_("Back"), read))))


# -- topics saved for a weekly conversation


def saved(session: Session, reader: Reader, about: str) -> Card:
    """Topics that the person put aside for another week."""
    _ = reader.words
    view = memories.read_view(about)
    found = conversations.saved_topics(session, person_id=reader.known.id)
    start, page = start_of(view, len(found))
    shown = list(enumerate(found[start : start + ON_A_PAGE], start=start + 1))
    here = view.at(page)
    blocks = [
        lines(f"{digits(reader, place)}.", quote(conversations.saved_words(session, each))) for place, each in shown
    ]
    reads = [choice(digits(reader, place), ReadSaved(each.id, str(here))) for place, each in shown]
    empty = None if blocks else _("What you save at the close of a week is found here.")
    return Card(
        paragraphs(lines(bold(_("Saved topics, for you alone")), empty), *blocks),
        (*one_row(reads), *turning(here, has_more=len(found) > start + ON_A_PAGE), *ways(reader, without=SAVED)),
    )


def saved_entry(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One of them, to keep or to remove."""
    _ = reader.words
    row_id, _dot, way_back = about.partition(".")
    found = conversations.saved_topic(session, saved_id=UUID(row_id), person_id=reader.known.id)
    if found is None:
        return Gone()
    return Card(
        quote(conversations.saved_words(session, found)),
        (row(choice(_("Remove"), RemoveSaved(found.id, way_back))), back(reader, way_back)),
    )


# -- notes


def notes(session: Session, reader: Reader, about: str) -> Card:
    """What the person wrote down for themselves."""
    _ = reader.words
    view = memories.read_view(about)
    count = journal.count_notes(session, person_id=reader.known.id)
    start, page = start_of(view, count)
    here = view.at(page)
    found = journal.notes(session, person_id=reader.known.id, skip=start, limit=ON_A_PAGE)
    shown = list(enumerate(found, start=start + 1))
    blocks = [
        lines(
            bold(f"{digits(reader, place)}. {dates.in_full(_, each.on_date)}"),
            quote(cut(journal.words_of(session, each))),
        )
        for place, each in shown
    ]
    reads = [choice(digits(reader, place), ReadNote(each.id, str(here))) for place, each in shown]
    empty = None if blocks else _("What you write down just for you is found here.")
    return Card(
        paragraphs(lines(bold(_("Notes, for you alone")), empty), *blocks),
        (*one_row(reads), *turning(here, has_more=count > start + ON_A_PAGE), *ways(reader, without=NOTES)),
    )


def note_entry(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One of them in full, to keep or to remove."""
    found, way_back = _note(session, reader, about)
    if found is None:
        return Gone()
    return Card(
        paragraphs(bold(dates.in_full(reader.words, found.on_date)), quote(journal.words_of(session, found))),
        (row(choice(reader.words("Remove"), AskRemoveNote(found.id, way_back))), back(reader, way_back)),
    )


def note_removal(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before a note is gone for good."""
    _ = reader.words
    found, way_back = _note(session, reader, about)
    if found is None:
        return Gone()
    return _removal(
        reader,
        _("Remove this note for good? What you sent in this chat stays until you remove it there."),
        DropNote(found.id, way_back),
        ReadNote(found.id, way_back),
    )


def _note(session: Session, reader: Reader, about: str) -> tuple[JournalNote | None, str]:
    row_id, _dot, way_back = about.partition(".")
    return journal.note(session, note_id=UUID(row_id), person_id=reader.known.id), way_back


# -- looking for words


def ask(session: Session, reader: Reader, about: str) -> Card:
    """Words to look for are awaited."""
    _ = reader.words
    return Card(
        _("Which words shall I look for? I look through your own answers only."),
        (row(choice(_("Back"), OpenMemories(str(memories.newest(session, reader.known))))),),
    )


def hits(session: Session, reader: Reader, about: str) -> Card:
    """Own answers that hold the words that were looked for."""
    _ = reader.words
    view = memories.read_view(about)
    going = stored.search_of(session, person_id=reader.known.id)
    found = stored.answers(session, ids=stored.found_ids(going)) if going else []
    found = [each for each in found if not each[0].taken_back]  # since it was found
    start, number = start_of(view, len(found))
    shown = found[start : start + ON_A_PAGE]
    blocks, reads = [], []
    for place, (answer, checkin, reveal_id) in enumerate(shown, start=start + 1):
        way_back = str(view.at(number))
        blocks.append(_own_entry(session, reader, place, answer, checkin))
        read = ReadMemory(reveal_id, way_back) if reveal_id else ReadKept(answer.id, way_back)
        reads.append(choice(digits(reader, place), read))
    looked_for = quote(one_line(stored.wanted_words(session, going))) if going else None
    done = going is None or going.done
    return Card(
        paragraphs(
            lines(bold(_("In your own words")), looked_for), *blocks, _how_far(reader, done, any_found=bool(found))
        ),
        (*one_row(reads), *turning(view.at(number), has_more=len(found) > start + ON_A_PAGE), *ways(reader)),
        passing=not done,
    )


def _how_far(reader: Reader, done: bool, *, any_found: bool) -> Markup | None:
    _ = reader.words
    if not done:
        return _("Still looking…")
    return None if any_found else _("I found nothing with these words. Fewer or shorter ones find more.")


# -- one answer


def _own_entry(session: Session, reader: Reader, place: int, answer: Answer, checkin: Checkin) -> Markup:
    words = daily.words_of(session, answer)
    said = italic(reader.words("your voice note")) if words is None else quote(cut(words))
    question = bold(f"{digits(reader, place)}. {asked(reader, checkin.prompt_id)}")
    return lines(question, dates.in_full(reader.words, checkin.on_date), said)


def _own_words(session: Session, reader: Reader, answer: Answer) -> Markup:
    words = daily.words_of(session, answer)
    return italic(reader.words("your voice note")) if words is None else quote(words)
