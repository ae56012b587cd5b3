"""Memories: what was opened, by month and by theme; one's own kept answers; a search over one's own words;
saved topics and notes.

A view is named by a word: `m202603.0` the first page of a month, `t2.0` of the third theme, `k.0` of what was kept,
`f.0` of what was found, `s.0` of saved topics, `n.0` of notes, `j.0` of the months to jump to, `h` the themes to choose
from.
"""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from unicodedata import combining, normalize
from uuid import UUID

from sqlmodel import Session

from bot.practice.answering import check_length
from bot.practice.preferences import SEARCH, check_ready
from bot.practice.prompts import THEMES
from bot.practice.refusals import Closed, NotYours, OnlyWords
from bot.practice.showing import FOUND, hide
from storage import apart, conversations, daily, expectations, memories, people
from storage.keys import KeyGone
from storage.memories import Memory
from storage.tables import Answer, Checkin, MemorySearch, Person, SavedTopic

MONTH, THEME, KEPT, HITS, SAVED, NOTES, JUMP, CHOOSE = "m", "t", "k", "f", "s", "n", "j", "h"
ON_A_PAGE = 3
MONTHS_ON_A_PAGE = 12
CHUNK = 100  # answers opened in one unit
MOST_FOUND = 50
ANY = 1_000_000_000
LONGEST_SEARCH = 100  # characters
FIRST_YEAR, LAST_YEAR = 1970, 9999


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a kind, for months and themes which one, and the page."""

    kind: str
    which: int = 0
    page: int = 0

    def __str__(self) -> str:
        """The word for it."""
        if self.kind == CHOOSE:
            return self.kind
        return f"{self.kind}{self.which if self.kind in (MONTH, THEME) else ''}.{self.page}"

    def at(self, page: int) -> "View":
        """Another page of the same."""
        return View(self.kind, self.which, page)


def read_view(word: str) -> View:
    """The view of a word. Refuses: Closed, for a word that no button of ours carries."""
    kind, rest = word[:1], word[1:]
    which, dot, page = rest.partition(".")
    if word == CHOOSE:
        return View(CHOOSE)
    numbered = kind in (MONTH, THEME)
    if not dot or not _is_number(page) or numbered != _is_number(which) or (which and not numbered):
        raise Closed
    view = View(kind, int(which or 0), int(page))
    check_view(view)
    return view


def is_view(word: str) -> bool:
    """Whether a word names a view, and is spelled as we spell it."""
    try:
        return str(read_view(word)) == word
    except Closed:
        return False


def is_page(word: str) -> bool:
    """The same, of what is open in a month or of a theme."""
    return is_view(word) and word[0] in (MONTH, THEME)


def check_view(view: View) -> None:
    """Refuses: Closed, for a kind, month or theme that does not exist."""
    if view.kind not in (MONTH, THEME, KEPT, HITS, SAVED, NOTES, JUMP):
        raise Closed
    year, month = divmod(view.which, 100)
    if view.kind == MONTH and not (FIRST_YEAR <= year < LAST_YEAR and month in range(1, 13)):
        raise Closed
    if view.kind == THEME and view.which not in range(len(THEMES)):
        raise Closed


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6


def newest(session: Session, person: Person) -> View:
    """What /memories begins with: the newest month, or what was kept if nothing is open. Refuses: NotReady."""
    check_ready(person)
    months = memories.months(session, person_id=person.id)
    return View(MONTH, months[0]) if months else View(KEPT)


def seen(session: Session, person: Person, view: View, *, prompt_ids: Collection[str] = ()) -> list[Memory]:
    """All that a view of a month or a theme holds; a theme is named by the ids of its prompts."""
    if view.kind == THEME:
        return memories.of_prompts(session, person_id=person.id, prompt_ids=prompt_ids)
    first, last = days_of(view.which)
    return memories.between(session, person_id=person.id, first=first, last=last)


def days_of(month: int) -> tuple[date, date]:
    """The first and the last day of a month such as 202603."""
    year, number = divmod(month, 100)
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def own_answer(session: Session, person: Person, answer_id: UUID) -> tuple[Answer, Checkin, UUID | None]:
    """An own answer, what it answers, and the reveal if it is open. Refuses: NotYours, also for one that is removed."""
    found = memories.answers(session, ids=(answer_id,))
    if not found or found[0][0].person_id != person.id:
        raise NotYours
    return found[0]


# -- saved topics


def own_saved(session: Session, person: Person, saved_id: UUID) -> SavedTopic:
    """A topic on the person's own list. Refuses: Closed, also for one that is off it by now."""
    found = conversations.saved_topic(session, saved_id=saved_id, person_id=person.id)
    if found is None:
        raise Closed
    return found


def remove_saved(session: Session, person: Person, saved_id: UUID) -> None:
    """Take a topic off the list. Refuses: Closed."""
    conversations.drop_saved(session, saved_id=own_saved(session, person, saved_id).id)


# -- looking for words


def await_search(session: Session, person: Person) -> None:
    """The next typed words are looked for. Refuses: NotReady."""
    check_ready(person)
    expectations.await_words(session, person_id=person.id, kind=SEARCH)


def search(session: Session, person: Person, words: str) -> MemorySearch:
    """Begin to look for words in one's own answers, the newest first; the rest follows in chunks.

    Refuses: OnlyWords, TooLong.
    """
    if not folded(words):
        raise OnlyWords
    check_length(words)
    expectations.forget(session, person_id=person.id)
    wanted = words[:LONGEST_SEARCH]
    begun = memories.begin_search(session, person_id=person.id, words=wanted, below=ANY)
    look_further(session, begun)
    return begun


def go_on(session: Session, *, now: datetime) -> bool:
    """Look through one more chunk for somebody; tells whether more may wait."""
    going = memories.going_on(session)
    if going is None:
        return False
    people.lock(session, going.person_id)
    session.refresh(going)
    apart.each(
        session,
        [going],
        lambda going: _look_further_and_tell(session, going, now=now),
        failed=lambda going: _end(session, going),
    )
    return True


def _look_further_and_tell(session: Session, going: MemorySearch, *, now: datetime) -> None:
    if not going.done and look_further(session, going):
        person = people.person(session, going.person_id)
        hide(session, person, FOUND, HITS, now=now, key=f"found:{memories.mark_of(going)}")


def _end(session: Session, going: MemorySearch) -> None:
    """A search that cannot go on ends with what it has found."""
    going.done = True
    session.add(going)


def look_further(session: Session, going: MemorySearch) -> bool:
    """Open one chunk of answers and note those that hold all the words; tells whether that was the last."""
    try:
        wanted = folded(memories.wanted_words(session, going)).split()
    except KeyGone:  # the person is leaving
        going.done = True
        return True
    said = memories.said_below(session, person_id=going.person_id, turn=going.below, limit=CHUNK)
    memories.add_found(going, [answer.id for answer, _turn in said if _holds(session, answer, wanted)])
    going.below = said[-1][1] if said else 0
    going.done = len(said) < CHUNK or len(memories.found_ids(going)) >= MOST_FOUND
    going.found = ",".join(each.hex for each in memories.found_ids(going)[:MOST_FOUND])
    session.add(going)
    session.flush()
    return going.done


def _holds(session: Session, answer: Answer, wanted: Sequence[str]) -> bool:
    words = folded(daily.words_of(session, answer) or "")
    return all(each in words for each in wanted)


def folded(text: str) -> str:
    """Words as they are compared: without case and without marks above letters."""
    plain = (letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join("".join(plain).casefold().split())
