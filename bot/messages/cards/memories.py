"""Memories: what was opened, page by page in one message."""

from collections.abc import Sequence
from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import dates
from bot.messages.buttons import AskTakeBack, OpenMemories, PlayVoice, ReadMemory
from bot.messages.card import Card, Gone, Reader, Rows, choice, row
from bot.messages.cards import reveals
from bot.messages.cards.common import name_of
from bot.messages.cards.memory_parts import (
    arrows,
    asked,
    back,
    cut,
    digits,
    in_rows,
    one_row,
    start_of,
    turning,
    ways,
)
from bot.messages.cards.settings import theme_names
from bot.messages.markup import bold, italic, lines, paragraphs, spoiler
from bot.practice import memories
from bot.practice.memories import CHOOSE, JUMP, MONTH, MONTHS_ON_A_PAGE, ON_A_PAGE, THEME, View
from bot.practice.prompts import THEMES
from storage import daily
from storage import memories as stored
from storage import reveals as opened
from storage.keys import KeyGone
from storage.memories import Memory
from storage.reveals import Opened, Side


def page(session: Session, reader: Reader, about: str) -> Card:
    """A page of a month or a theme."""
    view = memories.read_view(about)
    found = memories.seen(session, reader.known, view, prompt_ids=_prompts_of(reader, view))
    start, number = start_of(view, len(found))
    shown = found[start : start + ON_A_PAGE]
    entries = [_entry(session, reader, place, memory) for place, memory in enumerate(shown, start=start + 1)]
    here = view.at(number)
    reads = [
        choice(digits(reader, place), ReadMemory(memory.reveal_id, str(here)))
        for place, memory in enumerate(shown, start=start + 1)
        if not memory.is_gone
    ]
    return Card(
        paragraphs(bold(_heading(reader, view)), *(entries or [_nothing_open(reader)])),
        (*one_row(reads), *_turning(session, reader, here, len(found)), *ways(reader)),
        private=bool(entries),
        protect=_is_protected(session, reader, shown),
    )


def entry(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One memory in full: the reveal itself, with a way back instead of reactions."""
    _ = reader.words
    row_id, _dot, way_back = about.partition(".")
    card = reveals.reveal(session, reader, str(UUID(row_id)))
    seen = opened.opened(session, reveal_id=UUID(row_id), person_id=reader.known.id)
    if isinstance(card, Gone) or seen is None:
        return Gone()
    theirs = seen.theirs.answer if seen.theirs else None
    play = theirs is not None and theirs.voice_sealed is not None and not theirs.taken_back
    mine = () if seen.mine.answer.taken_back else (row(choice(_("Take mine back"), AskTakeBack(seen.reveal.id))),)
    return Card(
        card.text,
        (*((row(choice(_("Play"), PlayVoice(seen.reveal.id))),) if play else ()), *mine, back(reader, way_back)),
        private=True,
        protect=card.protect,
    )


def months(session: Session, reader: Reader, about: str) -> Card:
    """Months to jump to, newest first."""
    _ = reader.words
    view = memories.read_view(about)
    found = stored.months(session, person_id=reader.known.id)
    start = view.page * MONTHS_ON_A_PAGE
    labels = [
        choice(_month(reader, month), OpenMemories(str(View(MONTH, month))))
        for month in found[start : start + MONTHS_ON_A_PAGE]
    ]
    turns = turning(view, has_more=len(found) > start + MONTHS_ON_A_PAGE)
    return Card(
        _("Which month?") if found else _nothing_open(reader),
        (*in_rows(labels), *turns, *ways(reader, without=JUMP)),
    )


def themes(session: Session, reader: Reader, about: str) -> Card:
    """Themes to choose from."""
    _ = reader.words
    names = theme_names(_)
    labels = [choice(names[theme], OpenMemories(str(View(THEME, place)))) for place, theme in enumerate(THEMES)]
    return Card(_("Which theme?"), (*in_rows(labels, 2), *ways(reader, without=CHOOSE)))


# -- one entry


def _entry(session: Session, reader: Reader, place: int, memory: Memory) -> Markup:
    """What was asked, and both answers as far as they are shown; undated where something is no longer shown."""
    _ = reader.words
    seen = None if memory.is_gone else opened.opened(session, reveal_id=memory.reveal_id, person_id=reader.known.id)
    if seen is None:
        return lines(digits(reader, place), _("No longer shown"))
    day = dates.in_full(reader.words, memory.on_date) if memory.is_whole else None
    heading = lines(bold(f"{digits(reader, place)}. {asked(reader, seen.mine.checkin.prompt_id)}"), day)
    return lines(heading, *(_side(session, reader, seen, side) for side in (seen.theirs, seen.mine)))


def _side(session: Session, reader: Reader, seen: Opened, side: Side | None) -> Markup:
    _ = reader.words
    if side is None:  # they have deleted everything
        return lines(italic(_("Your partner")), _("No longer shown"))
    name = italic(name_of(session, reader, side.person))
    try:
        words = daily.words_of(session, side.answer)
    except KeyGone:
        return lines(name, _("No longer shown"))
    if side.answer.taken_back:
        return lines(name, _("No longer shown"))
    return lines(name, italic(_("a voice note")) if words is None else spoiler(cut(words)))


def _month(reader: Reader, month: int) -> str:
    return dates.short_month(reader.words, memories.days_of(month)[0])


# -- what stands around


def _heading(reader: Reader, view: View) -> str:
    if view.kind == MONTH:
        return dates.month(reader.words, memories.days_of(view.which)[0])
    return theme_names(reader.words)[THEMES[view.which]]


def _nothing_open(reader: Reader) -> Markup:
    _ = reader.words
    return _("Nothing is open here yet. What you both share will be found here.")


def _prompts_of(reader: Reader, view: View) -> Sequence[str]:
    if view.kind != THEME:
        return ()
    return [each.id for each in reader.library.english.values() if each.theme == THEMES[view.which]]


def _is_protected(session: Session, reader: Reader, shown: Sequence[Memory]) -> bool:
    """Whether somebody whose words stand here does not want them forwarded."""
    seen = (opened.opened(session, reveal_id=each.reveal_id, person_id=reader.known.id) for each in shown)
    return any(each is not None and each.theirs is not None and each.theirs.person.protect for each in seen)


def _turning(session: Session, reader: Reader, view: View, count: int) -> Rows:
    """To the pages before and behind; a month goes over into the one before or behind it."""
    newer: View | None = view.at(view.page - 1) if view.page else None
    older: View | None = view.at(view.page + 1) if count > (view.page + 1) * ON_A_PAGE else None
    if view.kind == MONTH and (newer is None or older is None):
        months = stored.months(session, person_id=reader.known.id)
        later = [each for each in months if each > view.which]
        earlier = [each for each in months if each < view.which]
        newer = newer or (View(MONTH, later[-1]) if later else None)
        older = older or (View(MONTH, earlier[0]) if earlier else None)
    return arrows(newer, older)
