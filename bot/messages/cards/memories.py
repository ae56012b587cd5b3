"""Memories: what was opened, page by page in one message, and what one kept."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from babel.dates import format_date, format_skeleton
from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import AskTakeBack, OpenMemories, PlayVoice, ReadKept, ReadMemory, SearchMemories
from bot.messages.card import Button, Card, Gone, Reader, Rows, choice, row
from bot.messages.cards import reveals
from bot.messages.cards.common import name_of
from bot.messages.cards.settings import theme_names
from bot.messages.chart import numerals
from bot.messages.markup import bold, italic, lines, one_line, paragraphs, quote, spoiler
from bot.practice import memories
from bot.practice.memories import CHOOSE, HITS, JUMP, KEPT, MONTH, MONTHS_ON_A_PAGE, ON_A_PAGE, THEME, View
from bot.practice.prompts import THEMES
from storage import daily
from storage import memories as stored
from storage import reveals as opened
from storage.keys import KeyGone
from storage.memories import Memory
from storage.reveals import Opened, Side
from storage.tables import Answer, Checkin

LONGEST_WORDS = 280  # of an answer on a page with others; the whole is one tap away
LONGEST_QUESTION = 160
IN_A_ROW = 3


def page(session: Session, reader: Reader, about: str) -> Card:
    """A page of a month or a theme."""
    view = memories.read_view(about)
    found = memories.seen(session, reader.known, view, prompt_ids=_prompts_of(reader, view))
    start, number = _start(view, len(found))
    shown = found[start : start + ON_A_PAGE]
    entries = [_entry(session, reader, place, memory) for place, memory in enumerate(shown, start=start + 1)]
    here = view.at(number)
    reads = [
        choice(_number(reader, place), ReadMemory(memory.reveal_id, str(here)))
        for place, memory in enumerate(shown, start=start + 1)
        if not memory.is_gone
    ]
    return Card(
        paragraphs(bold(_heading(reader, view)), *(entries or [_nothing_open(reader)])),
        (*_one_row(reads), *_turning(session, reader, here, len(found)), *_ways(reader)),
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
        (*((row(choice(_("Play"), PlayVoice(seen.reveal.id))),) if play else ()), *mine, _back(reader, way_back)),
        private=True,
        protect=card.protect,
    )


def kept(session: Session, reader: Reader, about: str) -> Card:
    """The private tab: own answers that are not open."""
    _ = reader.words
    view = memories.read_view(about)
    found = stored.kept(session, person_id=reader.known.id, skip=view.page * ON_A_PAGE, limit=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    start = view.page * ON_A_PAGE
    blocks = [_own_entry(session, reader, start + place, *each) for place, each in enumerate(shown, start=1)]
    reads = [
        choice(_number(reader, start + place), ReadKept(answer.id, str(view)))
        for place, (answer, _checkin) in enumerate(shown, start=1)
    ]
    turns = _turns(view, has_more=len(found) > ON_A_PAGE)
    return Card(
        paragraphs(
            lines(bold(_("Kept, for you alone")), None if blocks else _("What you keep is found here.")), *blocks
        ),
        (*_one_row(reads), *turns, *_ways(reader)),
    )


def kept_entry(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One of the own answers in full."""
    row_id, _dot, way_back = about.partition(".")
    found = [each for each in stored.answers(session, ids=(UUID(row_id),)) if each[0].person_id == reader.known.id]
    if not found:
        return Gone()
    answer, checkin, _reveal = found[0]
    return Card(
        paragraphs(
            lines(bold(_question(reader, checkin.prompt_id)), _day(reader, checkin.on_date)),
            _own_words(session, reader, answer),
        ),
        (_back(reader, way_back),),
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
    turns = _turns(view, has_more=len(found) > start + MONTHS_ON_A_PAGE)
    return Card(
        _("Which month?") if found else _nothing_open(reader),
        (*_in_rows(labels), *turns, *_ways(reader, without=JUMP)),
    )


def themes(session: Session, reader: Reader, about: str) -> Card:
    """Themes to choose from."""
    _ = reader.words
    names = theme_names(_)
    labels = [choice(names[theme], OpenMemories(str(View(THEME, place)))) for place, theme in enumerate(THEMES)]
    return Card(_("Which theme?"), (*_in_rows(labels, 2), *_ways(reader, without=CHOOSE)))


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
    ids = stored.found_ids(going) if going else []
    start, number = _start(view, len(ids))
    shown = stored.answers(session, ids=ids[start : start + ON_A_PAGE])
    blocks, reads = [], []
    for place, (answer, checkin, reveal_id) in enumerate(shown, start=start + 1):
        way_back = str(view.at(number))
        blocks.append(_own_entry(session, reader, place, answer, checkin))
        read = ReadMemory(reveal_id, way_back) if reveal_id else ReadKept(answer.id, way_back)
        reads.append(choice(_number(reader, place), read))
    looked_for = quote(one_line(stored.wanted_words(session, going))) if going else None
    return Card(
        paragraphs(
            lines(bold(_("In your own words")), looked_for), *blocks, _how_far(reader, going is None or going.done, ids)
        ),
        (*_one_row(reads), *_turns(view.at(number), has_more=len(ids) > start + ON_A_PAGE), *_ways(reader)),
    )


def _how_far(reader: Reader, done: bool, ids: Sequence[UUID]) -> Markup | None:
    _ = reader.words
    if not done:
        return _("Still looking…")
    return None if ids else _("I found nothing with these words. Fewer or shorter ones find more.")


# -- one entry


def _entry(session: Session, reader: Reader, place: int, memory: Memory) -> Markup:
    """What was asked, and both answers as far as they are shown; undated where something is no longer shown."""
    _ = reader.words
    seen = None if memory.is_gone else opened.opened(session, reveal_id=memory.reveal_id, person_id=reader.known.id)
    if seen is None:
        return lines(_number(reader, place), _("No longer shown"))
    day = _day(reader, memory.on_date) if memory.is_whole else None
    heading = lines(bold(f"{_number(reader, place)}. {_question(reader, seen.mine.checkin.prompt_id)}"), day)
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
    return lines(name, italic(_("a voice note")) if words is None else spoiler(_cut(words)))


def _own_entry(session: Session, reader: Reader, place: int, answer: Answer, checkin: Checkin) -> Markup:
    words = daily.words_of(session, answer)
    said = italic(reader.words("your voice note")) if words is None else quote(_cut(words))
    question = bold(f"{_number(reader, place)}. {_question(reader, checkin.prompt_id)}")
    return lines(question, _day(reader, checkin.on_date), said)


def _own_words(session: Session, reader: Reader, answer: Answer) -> Markup:
    words = daily.words_of(session, answer)
    return italic(reader.words("your voice note")) if words is None else quote(words)


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…"


def _question(reader: Reader, prompt_id: str) -> str:
    return one_line(reader.library.prompt(prompt_id, reader.known.language).question, LONGEST_QUESTION)


def _day(reader: Reader, on: date) -> str:
    locale = reader.words.locale
    return numerals(format_date(on, "long", locale=locale), locale)


def _month(reader: Reader, month: int) -> str:
    locale = reader.words.locale
    return numerals(format_skeleton("yMMM", memories.days_of(month)[0], locale=locale), locale)


def _number(reader: Reader, place: int) -> str:
    return numerals(str(place), reader.words.locale)


# -- what stands around


def _heading(reader: Reader, view: View) -> str:
    if view.kind == MONTH:
        locale = reader.words.locale
        return numerals(format_skeleton("yMMMM", memories.days_of(view.which)[0], locale=locale), locale)
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


def _start(view: View, count: int) -> tuple[int, int]:
    """Where a page begins, and its number: the last one for a number beyond it."""
    number = min(view.page, max(0, (count - 1) // ON_A_PAGE))
    return number * ON_A_PAGE, number


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
    return _arrows(newer, older)


def _turns(view: View, *, has_more: bool) -> Rows:
    return _arrows(view.at(view.page - 1) if view.page else None, view.at(view.page + 1) if has_more else None)


def _arrows(newer: View | None, older: View | None) -> Rows:
    found = [choice(sign, OpenMemories(str(view))) for sign, view in (("‹", newer), ("›", older)) if view is not None]
    return _one_row(found)


def _ways(reader: Reader, without: str = "") -> Rows:
    """The other ways to look; topics saved for later will be one more."""
    _ = reader.words
    ways = {
        JUMP: choice(_("Months"), OpenMemories(str(View(JUMP)))),
        CHOOSE: choice(_("Themes"), OpenMemories(str(View(CHOOSE)))),
        HITS: choice(_("Search my words"), SearchMemories()),
        KEPT: choice(_("Kept for me"), OpenMemories(str(View(KEPT)))),
    }
    return _in_rows([button for name, button in ways.items() if name != without], 2)


def _back(reader: Reader, way_back: str) -> tuple[Button, ...]:
    return row(choice(reader.words("Back"), OpenMemories(way_back)))


def _one_row(buttons: Sequence[Button]) -> Rows:
    return (tuple(buttons),) if buttons else ()


def _in_rows(buttons: Sequence[Button], width: int = IN_A_ROW) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
