"""Moments of a life in which what people wrote stands on every card that can show it.

A couple lives through everything once. Of each moment at which a card shows a name or words for the first time, a copy
is kept, so that a test may put other words there and look at the card again.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from bot.messages.card import Card, Gone
from bot.messages.i18n import load_languages
from bot.messages.markup import clean, one_line
from bot.messages.rendering import Rendering
from bot.practice import card_words
from bot.practice.answering import LONGEST_ANSWER
from bot.practice.memories import LONGEST_SEARCH
from bot.practice.preparing import LONGEST_THANKS, LONGEST_TOPIC
from bot.practice.responding import LONGEST_COUNTER
from handlers.door import Handler
from storage import sealing
from storage.claiming import Claimed
from storage.daily import Given
from storage.tables import (
    Agreement,
    AgreementVersion,
    Answer,
    Appreciation,
    BoundaryCard,
    Expectation,
    JournalNote,
    MemorySearch,
    Participation,
    Person,
    Response,
    SavedTopic,
    Table,
)
from tests.conftest import Place
from tests.inside import LIBRARY, Inside
from tests.post import Mailbox, Post
from tests.weeks import Weeks, everything

BOT_NAME = "side_by_side_bot"
LANGUAGES = load_languages()
# where words stand, and how many UTF-16 units the bot takes there
LONGEST: dict[tuple[type[Table], str], int] = {
    (Person, "name_sealed"): 64,
    (Answer, "words_sealed"): LONGEST_ANSWER,
    (JournalNote, "words_sealed"): LONGEST_ANSWER,
    (MemorySearch, "words_sealed"): LONGEST_SEARCH,
    (Participation, "topic_sealed"): LONGEST_TOPIC,
    (SavedTopic, "words_sealed"): LONGEST_TOPIC,
    (Appreciation, "words_sealed"): LONGEST_THANKS,
    (BoundaryCard, "words_sealed"): card_words.LONGEST["words"],
    (BoundaryCard, "count_on_sealed"): card_words.LONGEST["count_on"],
    (BoundaryCard, "stays_sealed"): card_words.LONGEST["stays"],
    (BoundaryCard, "bends_sealed"): card_words.LONGEST["bends"],
    (BoundaryCard, "options_sealed"): card_words.LONGEST["option"],
    (Response, "words_sealed"): LONGEST_COUNTER,
    (AgreementVersion, "words_sealed"): card_words.LONGEST["words"],
    (Expectation, "words_sealed"): LONGEST_ANSWER,
}


@dataclass(frozen=True)
class Slot:
    """One sealed column of one row."""

    table: type[Table]
    row_id: UUID
    column: str
    owner: UUID

    @property
    def longest(self) -> int:
        """UTF-16 units."""
        return LONGEST[self.table, self.column]

    def write(self, session: Session, text: str) -> str:
        """Put a text of at most that length there as the bot would have; gives what was kept."""
        kept = clean(text) or "?"
        if self.table is Person or self.column == "options_sealed":
            kept = one_line(text) or "?"
        whole = kept
        if self.column == "options_sealed":
            whole = json.dumps([kept, "Hills"])
        elif self.table is Expectation:
            whole = json.dumps(asdict(Given(words=kept)))
        row = session.get_one(self.table, self.row_id)
        sealing.seal(session, row, self.column, whole, owner=self.owner)
        session.add(row)
        return kept


@dataclass(frozen=True)
class Moment:
    """A copy of everything at an instant, and the deliveries whose cards it is kept for."""

    place: Place
    now: datetime
    claims: Sequence[Claimed]

    def cards(self, session: Session) -> Iterator[tuple[Claimed, Card]]:
        """What these cards show at that instant."""
        rendering = Rendering(LANGUAGES, LIBRARY, lambda: self.now, BOT_NAME)
        for claimed in self.claims:
            card = rendering.card(session, claimed)
            if isinstance(card, Card):
                yield claimed, card


def slots(session: Session) -> Iterator[Slot]:
    """Wherever words stand."""
    for table, column in LONGEST:
        for row in session.exec(select(table)):
            if getattr(row, column):
                yield Slot(table, row.id, column, _owner(session, row))  # type: ignore[attr-defined]


def _owner(session: Session, row: Table) -> UUID:
    if isinstance(row, Person):
        return row.id
    if isinstance(row, AgreementVersion):
        return session.get_one(Agreement, row.agreement_id).couple_id
    owner: UUID = row.person_id  # type: ignore[attr-defined]
    return owner


class _Noting(Rendering):
    """Notes whatever it renders."""

    def __init__(self, rendering: Rendering) -> None:
        super().__init__(rendering.languages, rendering.library, rendering.now, BOT_NAME)
        self.rendered: list[tuple[Claimed, Card]] = []

    def card(self, session: Session, claimed: Claimed) -> Card | Gone:
        card = super().card(session, claimed)
        if isinstance(card, Card):
            self.rendered.append((claimed, card))
        return card


class Life(Post):
    """Two people's post; copies everything whenever a card shows one of them somebody's words for the first time."""

    def __init__(self, place: Place) -> None:
        super().__init__(Inside(place))
        self.rendering = self._noting = _Noting(self.rendering)
        self._place, self.words = place, {"Ann", "Ben", "Cid"}  # all that they wrote, line by line
        self._copies: list[Moment] = []
        self.delivered: set[str] = set()  # names of cards

    def arrive(self, box: Mailbox, handler: Handler, *, text: str = "", **given: Any) -> int:
        self.words |= {line for line in text.splitlines() if line}
        return super().arrive(box, handler, text=text, **given)

    def deliver(self) -> None:
        super().deliver()
        known = {(each.card, each.person_id) for moment in self._copies for each in moment.claims}
        new: dict[tuple[str, UUID | None], Claimed] = {}
        for claimed, card in self._noting.rendered:
            self.delivered.add(claimed.card)
            if self._shows_words(card):
                new[claimed.card, claimed.person_id] = claimed
        self._noting.rendered.clear()
        if claims := [claimed for key, claimed in new.items() if key not in known]:
            self._copies.append(Moment(self._copy(), self.clock.now(), claims))

    def moments(self) -> Iterator[Moment]:
        """As few as show every card, the last one first."""
        left = {(each.card, each.person_id): each for moment in self._copies for each in moment.claims}
        for copy in reversed(self._copies):
            inside = Inside(copy.place)
            moment = Moment(copy.place, copy.now, list(left.values()))
            here = inside.do(lambda session, moment=moment: list(moment.cards(session)))  # type: ignore[misc]
            inside.close()
            showing = [claimed for claimed, card in here if self._shows_words(card)]
            if showing:
                yield Moment(copy.place, copy.now, showing)
                for each in showing:
                    del left[each.card, each.person_id]

    def _shows_words(self, card: Card) -> bool:
        shown = [card.text.unescape(), *(button.label for row in card.rows for button in row)]
        return any(words in text for words in self.words for text in shown)

    def _copy(self) -> Place:
        folder = self._place.folder / f"moment-{len(self._copies)}"
        folder.mkdir(mode=0o700)
        for path in self._place.folder.iterdir():
            if path.is_file():
                shutil.copy(path, folder / path.name)
        return Place("sqlite", folder, f"sqlite:///{folder / 'side-by-side.db'}", f"sqlite:///{folder / 'keys.db'}")


def live(life: Life) -> None:
    """From two strangers to the end of an agreement, past every card that can show what they wrote."""
    ann, ben = life.person("Ann"), life.person("Ben")
    _block_somebody(life, ann)
    ann.command("invite")
    invite_id, token = life.inside.invite(ann.person_id)
    ben.command("start", token)
    ben.tap("Accept")
    ann.tap("Yes, link us")
    weeks = Weeks(life.inside, life, ann, ben, invite_id)
    ann.command("start")
    _open_answers(ann, ben)
    _open_a_page(weeks)
    _look_back(ann)
    everything(weeks)
    weeks.sunday()
    ann.tap("A topic of my own", on=ann.tap("Other topic"))
    ann.say("How we say goodbye")
    ann.tap("Just for me")
    ann.command("memories")
    ann.tap("1", on=ann.tap("Saved topics"))
    ann.command("memories")
    ann.tap("Remove", on=ann.tap("1", on=ann.tap("My notes")))


def _block_somebody(life: Life, ann: Mailbox) -> None:
    _, token = life.inside.invite(life.person("Cid").person_id)
    ann.command("start", token)
    ann.tap("Decline and block")
    ann.command("settings")
    ann.tap("Blocked people")


def _open_answers(ann: Mailbox, ben: Mailbox) -> None:
    for box in (ann, ben):
        box.say("A warm kitchen")
        box.tap("Edit")
        box.say("The sea in winter")
        box.say("And the harbour")
        box.tap("Add to my answer")
        box.tap("Share")
    ann.tap("That stung")
    ann.tap("Write it down just for you")
    ann.say("It stung.")
    ann.tap("Back", on=ann.tap("Take mine back"))


def _open_a_page(weeks: Weeks) -> None:
    for box in (weeks.ann, weeks.ben):
        box.command("summary")
        box.tap("Turn it on")
        box.tap("My week so far")
    weeks.sunday(minute=20 * 60)
    for box in (weeks.ann, weeks.ben):
        box.command("pulse")
        for value in "2345":
            box.tap(value)
        box.tap("Look")
        box.tap("Back", on=box.tap("Remove a line"))
        box.tap("Add my pulse")
        box.tap("Approve")
    weeks.ann.tap("Back", on=weeks.ann.tap("Withdraw this page"))


def _look_back(box: Mailbox) -> None:
    box.say("Something for later")
    if "Keep for me" in box.last.labels:
        box.tap("Keep for me")
    box.command("memories")
    box.tap("Remove", on=box.tap("1", on=box.tap("Kept for me")))
    box.command("memories")
    box.tap("1")
    box.command("memories")
    box.tap("Search my words")
    box.say("winter")
