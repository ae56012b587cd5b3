"""Step 4 of the weekly conversation: what is said to a card that is open.

A request is answered, or countered twice at most and then parked; whoever said "not now" may still think better of it
while the week lasts. A limit is read, never voted on. A hope is welcomed.
A decision is marked privately. Whoever is to answer next follows from the counter-proposals alone.
"""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice import agreements, weekly_words
from bot.practice.answering import length
from bot.practice.conversations import opened_for, own_part
from bot.practice.owing import REVEAL, owe
from bot.practice.partner_words import let_pass
from bot.practice.preparing import LONGEST_TOPIC
from bot.practice.refusals import Closed, NotYours, Refusal
from bot.practice.showing import show_anew
from storage import boundaries, conversations
from storage.conversations import Both
from storage.tables import BoundaryCard, Person, Response

Answer: TypeAlias = Literal["agree", "week", "not_now", "park", "read", "differently", "too", "more"]
ANSWERS = {
    "request": ("agree", "week", "not_now", "park"),
    "limit": ("read", "differently"),
    "hope": ("too", "more"),
    "decision": (),
}
SAID = ("counter", "heard")  # what goes to the other without a [Share]
MOST_COUNTERS = 2
TRIAL_WEEKS = {"agree": 4, "week": 1}
DECISION_WEEKS = 1
LONGEST_COUNTER = 450  # UTF-16 units, here and below
LONGEST_HEARD = 450


# -- what stands


def open_card(session: Session, person: Person, card_id: UUID, *, now: datetime) -> tuple[BoundaryCard, Both]:
    """A card that is open, while this person's week lasts. Refuses: NotYours, Closed."""
    card = look_at(session, person, card_id)
    both = opened_for(session, person.id, card.conversation_id)
    own_part(session, person, both.mine.participation.id, now=now)
    if card.taken_back:
        raise Closed
    return card, both


def look_at(session: Session, person: Person, card_id: UUID) -> BoundaryCard:
    """A card that is open for this person, for as long as they are linked. Refuses: NotYours."""
    card = boundaries.card(session, card_id=card_id)
    if card is None or not card.shared:
        raise NotYours
    opened_for(session, person.id, card.conversation_id)
    return card


def can_be_said(session: Session, person: Person, card_id: UUID, what: str, *, now: datetime) -> bool:
    """Whether a card still takes what was asked for; else it is awaited no more."""
    try:
        card, _ = open_card(session, person, card_id, now=now)
        if what == "counter":
            _check_counter(session, card, person)
    except Refusal:
        weekly_words.forget(session, person)
        return False
    return True


def stop_asking(session: Session, person: Person, *, now: datetime) -> None:
    """Wait no more for what is said to a card: something else is looked at, or done."""
    found = weekly_words.awaited(session, person, now=now)
    if found is not None and found.what in SAID:
        weekly_words.forget(session, person)


def counters(session: Session, card: BoundaryCard) -> list[Response]:
    """The counter-proposals to a request, in order, also those that were taken back."""
    return [each for each in boundaries.responses(session, card_id=card.id) if each.kind == "counter"]


def on_the_table(session: Session, card: BoundaryCard) -> Response | None:
    """The counter-proposal that is to be answered; None if it is the card itself."""
    return next((each for each in reversed(counters(session, card)) if not each.taken_back), None)


def can_be_taken_back(session: Session, card: BoundaryCard, person_id: UUID) -> list[Response]:
    """A person's newest wording that still stands, on the table or not, and what they heard last."""
    newest = {each.kind: each for each in boundaries.responses(session, card_id=card.id) if _stands(each, person_id)}
    return [newest[kind] for kind in SAID if kind in newest]


def _stands(said: Response, person_id: UUID) -> bool:
    return said.person_id == person_id and said.kind in SAID and not said.taken_back


def turn_of(session: Session, card: BoundaryCard) -> int:
    """A number that grows whenever another wording lies on the table, for the buttons under it."""
    return sum(2 if each.taken_back else 1 for each in counters(session, card))


def proposer(session: Session, card: BoundaryCard) -> UUID:
    """Who proposed the wording that lies on the table; the other one is to answer."""
    last = on_the_table(session, card)
    return last.person_id if last else card.person_id


def wording(session: Session, card: BoundaryCard) -> str:
    """The wording that lies on the table."""
    last = on_the_table(session, card)
    return boundaries.said(session, last) if last else boundaries.words_of(session, card) or ""


def is_to_answer(session: Session, card: BoundaryCard, person_id: UUID) -> bool:
    """Whether it is this person's turn; "not now", and what is said to a limit or a hope, can be said otherwise."""
    if card.kind == "request":
        return card.outcome in ("", "not_now") and proposer(session, card) != person_id
    return card.kind in ("limit", "hope") and card.person_id != person_id


def heard(session: Session, card: BoundaryCard) -> tuple[Response | None, Response | None]:
    """What the reader last heard, and the author's word on exactly that."""
    said = [each for each in boundaries.responses(session, card_id=card.id) if each.kind != "counter"]
    last = next((each for each in reversed(said) if each.kind == "heard"), None)
    reply = said[-1] if said and said[-1].kind != "heard" else None
    return last, reply


# -- answers


def answer(
    session: Session, person: Person, card_id: UUID, given: str, *, turn: int, now: datetime, key: str
) -> BoundaryCard:
    """One tap on a card. `turn` tells which wording the button stood under: an old one answers nothing.

    Refuses: NotYours, Closed.
    """
    card, both = open_card(session, person, card_id, now=now)
    allowed = given in ANSWERS[card.kind] and is_to_answer(session, card, person.id)
    if not allowed or (given == "park" and can_be_countered(session, card)):
        raise Closed
    if turn != turn_of(session, card) or card.outcome == given:
        return card
    weekly_words.forget(session, person)
    if weeks := TRIAL_WEEKS.get(given):
        _agree(session, card, both, weeks=weeks, now=now)
    else:
        card.outcome = "parked" if given == "park" else given
    if given == "park":
        _park(session, card)
    session.flush()
    _tell(session, both, card, now=now, key=key, aloud=card.kind == "request")
    return card


def ask_counter(session: Session, person: Person, card_id: UUID, *, turn: int, now: datetime) -> BoundaryCard:
    """[Counter]: wait for another wording. Refuses: NotYours, Closed."""
    card, _ = open_card(session, person, card_id, now=now)
    _check_counter(session, card, person)
    if turn == turn_of(session, card):
        weekly_words.await_words(session, person, "counter", card.id, now=now)
    return card


def write_counter(
    session: Session, person: Person, card_id: UUID, words: str, *, now: datetime, key: str
) -> BoundaryCard:
    """Another wording, for the other to answer. Refuses: NotYours, Closed, OnlyWords, TooLongForCard, Controls."""
    card, both = open_card(session, person, card_id, now=now)
    _check_counter(session, card, person)
    kept = let_pass(words, language=person.language, longest=LONGEST_COUNTER)
    weekly_words.forget(session, person)
    card.outcome = ""
    boundaries.respond(session, card, person_id=person.id, kind="counter", words=kept)
    _tell(session, both, card, now=now, key=key, aloud=True)
    return card


def _check_counter(session: Session, card: BoundaryCard, person: Person) -> None:
    can = card.kind == "request" and is_to_answer(session, card, person.id)
    if not can or not can_be_countered(session, card):
        raise Closed


def can_be_countered(session: Session, card: BoundaryCard) -> bool:
    """Whether there is another wording to come; one that was taken back has been one."""
    return len(counters(session, card)) < MOST_COUNTERS


def _agree(session: Session, card: BoundaryCard, both: Both, *, weeks: int, now: datetime) -> None:
    agreements.agree(session, card, both, words=wording(session, card), weeks=weeks, now=now)
    card.outcome = "agreed"


def _park(session: Session, card: BoundaryCard) -> None:
    """For another week: it returns to its author's own list."""
    words = " ".join((boundaries.words_of(session, card) or "").split())
    while length(words) > LONGEST_TOPIC:
        words = words[: LONGEST_TOPIC // 2].rstrip() + "…"
    conversations.save_topic(session, person_id=card.person_id, words=words)


# -- saying what was heard


def ask_heard(session: Session, person: Person, card_id: UUID, *, now: datetime) -> BoundaryCard:
    """[Say what I heard], on a card of the other. Refuses: NotYours, Closed."""
    card, _ = _card_of_other(session, person, card_id, now=now)
    weekly_words.await_words(session, person, "heard", card.id, now=now)
    return card


def write_heard(
    session: Session, person: Person, card_id: UUID, words: str, *, now: datetime, key: str
) -> BoundaryCard:
    """What was heard, in one's own words. Refuses: NotYours, Closed, OnlyWords, TooLongForCard, Controls."""
    card, both = _card_of_other(session, person, card_id, now=now)
    kept = let_pass(words, language=person.language, longest=LONGEST_HEARD)
    weekly_words.forget(session, person)
    boundaries.respond(session, card, person_id=person.id, kind="heard", words=kept)
    _tell(session, both, card, now=now, key=key, aloud=True)
    return card


def _card_of_other(session: Session, person: Person, card_id: UUID, *, now: datetime) -> tuple[BoundaryCard, Both]:
    card, both = open_card(session, person, card_id, now=now)
    if card.person_id == person.id:
        raise Closed
    return card, both


def confirm_heard(
    session: Session, person: Person, card_id: UUID, word: str, *, turn: int, now: datetime, key: str
) -> BoundaryCard:
    """[You got it] [Almost], by the card's author, once for each time.

    `turn` is the number of the words under which the button stood: an old one confirms nothing.
    Refuses: NotYours, Closed.
    """
    card, both = open_card(session, person, card_id, now=now)
    last, reply = heard(session, card)
    if card.person_id != person.id or last is None or last.taken_back or word not in ("got_it", "almost"):
        raise Closed
    if reply is None and turn == last.number:
        boundaries.respond(session, card, person_id=person.id, kind=word)
        _tell(session, both, card, now=now, key=key, aloud=False)
    return card


# -- deciding together


def mark_option(
    session: Session, person: Person, card_id: UUID, option: int, *, on: bool, now: datetime
) -> BoundaryCard:
    """Mark an option that one could live with; nobody else ever sees it. Refuses: NotYours, Closed."""
    card, _ = open_card(session, person, card_id, now=now)
    if card.kind != "decision" or option not in range(len(boundaries.options_of(session, card))):
        raise Closed
    mark = boundaries.own_mark(session, card_id=card.id, person_id=person.id)
    mark = mark or boundaries.add_mark(session, card_id=card.id, person_id=person.id)
    if not mark.done:
        mark.options = mark.options | 1 << option if on else mark.options & ~(1 << option)
    return card


def finish_marking(
    session: Session, person: Person, card_id: UUID, *, shown: int, now: datetime, key: str
) -> tuple[BoundaryCard, bool]:
    """[These I could live with], for good: only what both marked appears; tells whether it is done.

    `shown` is what was marked where the button stood: with other marks, set in another message, nothing is done.
    Refuses: NotYours, Closed.
    """
    card, both = open_card(session, person, card_id, now=now)
    mark = boundaries.own_mark(session, card_id=card.id, person_id=person.id)
    if card.kind != "decision" or mark is None or not mark.options:
        raise Closed
    if mark.done or mark.options != shown:
        return card, mark.done
    mark.done = True
    session.flush()
    if common := overlap(session, card):
        agreements.agree(session, card, both, words=decided(session, card, common[0]), weeks=DECISION_WEEKS, now=now)
        card.outcome = "agreed"
        session.flush()
        _tell(session, both, card, now=now, key=key, aloud=True)
    return card, True


def overlap(session: Session, card: BoundaryCard) -> list[str]:
    """The options that both could live with, in their author's order; nothing as long as only one has marked."""
    marks = boundaries.marks(session, card_id=card.id)
    if len(marks) < 2 or not all(mark.done for mark in marks):
        return []
    common = marks[0].options & marks[1].options
    return [each for number, each in enumerate(boundaries.options_of(session, card)) if common >> number & 1]


def decided(session: Session, card: BoundaryCard, option: str) -> str:
    """A decision in words: the question, and what both could live with."""
    return f"{boundaries.words_of(session, card)}\n{option}"


def _tell(session: Session, both: Both, card: BoundaryCard, *, now: datetime, key: str, aloud: bool) -> None:
    """Let the other's cards show it without a sound; `aloud` adds a notification without content."""
    for each in (both.mine, both.theirs):
        for name, about in (("weekly.opening", card.conversation_id), ("weekly.card", card.id)):
            show_anew(session, each.person, name, about, now=now, key=f"{key}:{each.person.id}")
    if aloud:
        other = both.theirs.person
        owe(session, other, "weekly.card", card.id, due=now, key=f"{key}:{other.id}:new", urgency=REVEAL)
