"""Steps 1 and 2 of the weekly conversation: one use case a step, and none of them ever waits for the other person."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session

from bot.practice import boundaries, daily, incoming, journal, times, weekly_words
from bot.practice.conversations import is_opened, open_if_both, own_part, preparing
from bot.practice.owing import owe
from bot.practice.partner_words import let_pass
from bot.practice.refusals import Closed, MostCards, Refusal
from bot.practice.topics import Topics
from bot.practice.weekly_words import Awaited, What
from storage import boundaries as stored
from storage import conversations
from storage.tables import Participation, Person

LONGEST_THANKS = 300  # UTF-16 units, here and below
LONGEST_TOPIC = 120
AGAIN_LASTS = timedelta(hours=12)
AFTER_THE_OPENING = ("save", "counter", "heard")
ASKED: Mapping[str, What] = MappingProxyType({"side": "thanks", "alone": "alone"})  # by the card of a step


# -- where a person is


def look(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """To where the person is: words are for what the card there asks for. Refuses: NotYours, Closed.

    What opened asks for nothing by itself, and a look at it keeps what was asked about one of its cards.
    """
    part = own_part(session, person, participation_id, now=now)
    opened = part.step != "closed" and is_opened(session, part)
    return part if opened else _await_here(session, person, part, now=now)


def awaited(session: Session, person: Person, *, replied_to: int | None = None, now: datetime) -> Awaited | None:
    """What typed words are for; None if a question came since, or it cannot be any more: then it is forgotten."""
    found = weekly_words.awaited(session, person, replied_to=replied_to, now=now)
    if found is None:
        return None
    card = stored.card(session, card_id=found.about)
    still = own_part if found.what in AFTER_THE_OPENING else preparing
    try:
        still(session, person, boundaries.part_of(session, person, card).id if card else found.about, now=now)
    except Refusal:
        weekly_words.forget(session, person)
        return None
    return found


def look_around(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Other topic] [From my list], as long as nothing is begun. Refuses: NotYours, Closed."""
    part = come_back(session, person, participation_id, now=now)
    if part.step != "invited":
        raise Closed
    return part


def _await_here(session: Session, person: Person, part: Participation, *, now: datetime) -> Participation:
    """Wait for what the card asks for on which a person is."""
    asked = ASKED.get(part.step)
    if part.step == "cards":
        boundaries.await_card(session, person, part, now=now)
    elif asked is not None:
        weekly_words.await_words(session, person, asked, part.id, now=now)
    else:
        weekly_words.forget(session, person)
    return part


# -- 1: the invitation


def say_yes(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Yes]: an appreciation is asked for first. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    part.step = "side"
    return _await_here(session, person, part, now=now)


def choose_topic(
    session: Session, person: Person, participation_id: UUID, topic: str, *, topics: Topics, now: datetime
) -> Participation:
    """Look at another topic; the one put aside is never named to anybody. Refuses: NotYours, Closed."""
    part = _invited(session, person, participation_id, now=now)
    if topic not in topics.offered(person.depth):
        raise Closed
    _put_aside(part)
    part.topic, part.topic_sealed = topic, None
    if part.passed == topic:  # thought better of it
        part.passed = ""
    return part


def ask_own_topic(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[A topic of my own]: wait for it. Refuses: NotYours, Closed."""
    part = _invited(session, person, participation_id, now=now)
    weekly_words.await_words(session, person, "topic", part.id, now=now)
    return part


def write_own_topic(
    session: Session, person: Person, participation_id: UUID, words: str, *, now: datetime
) -> Participation:
    """A topic in one's own words. Refuses: NotYours, Closed, OnlyWords, TooLongForCard, Controls."""
    part = _invited(session, person, participation_id, now=now)
    conversations.keep_own_topic(session, part, let_pass(words, language=person.language, longest=LONGEST_TOPIC))
    _put_aside(part)
    weekly_words.forget(session, person)
    return part


def take_saved_topic(
    session: Session, person: Person, participation_id: UUID, saved_id: UUID, *, now: datetime
) -> Participation:
    """A topic from one's own list, on which it stays until a week opens with it.

    Refuses: NotYours, Closed, TooLongForCard, Controls.
    """
    part = _invited(session, person, participation_id, now=now)
    saved = conversations.saved_topic(session, saved_id=saved_id, person_id=person.id)
    if saved is None:
        raise Closed
    words = conversations.saved_words(session, saved)
    conversations.keep_own_topic(session, part, let_pass(words, language=person.language, longest=LONGEST_TOPIC))
    _put_aside(part)
    return part


def _invited(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    part = preparing(session, person, participation_id, now=now)
    if part.step != "invited":
        raise Closed
    return part


def _put_aside(part: Participation) -> None:
    """Remember the topic that was proposed, so that the two do not settle on it."""
    part.passed = part.passed or part.topic


# -- not taking part, or later: to the other all of these look like silence


def go_alone(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Just for me]: the same topic, ending in a private note. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    part.step = "alone"
    return _await_here(session, person, part, now=now)


def write_alone(session: Session, person: Person, participation_id: UUID, words: str, *, now: datetime) -> None:
    """Keep a private note. Refuses: NotYours, Closed, OnlyWords, TooLong."""
    part = preparing(session, person, participation_id, now=now)
    if part.step != "alone":
        raise Closed
    journal.write_note(session, person, words, now=now)


def leave(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Not this week], and leaving later on: nothing of it opens. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    part.step = "away"
    weekly_words.forget(session, person)
    return part


def come_back(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Back]: to the cards, once something was begun, else to the invitation. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    mine = {"conversation_id": part.conversation_id, "person_id": person.id}
    begun = conversations.cards_of(session, **mine) or conversations.appreciation(session, **mine)
    part.step = "cards" if begun or part.step in ("cards", "done") else "invited"
    return _await_here(session, person, part, now=now)


def put_off(session: Session, person: Person, participation_id: UUID, until: str, *, now: datetime) -> Participation:
    """Bring it back "hour", "evening" or "tomorrow", wherever the person is in it. Refuses: NotYours, Closed."""
    part = own_part(session, person, participation_id, now=now)
    due = later_times(part, person.zone or "UTC", now=now).get(until)
    if due is None:
        raise Closed
    part.snoozes += 1
    weekly_words.forget(session, person)
    about = f"{part.id}:{part.snoozes}"
    expires = incoming.after_its_time(person, due, AGAIN_LASTS)
    owe(session, person, "weekly.again", about, due=due, key=f"weekly:{about}", expires=expires)
    return part


def later_times(part: Participation, zone: str, *, now: datetime) -> dict[str, datetime]:
    """When it could come back, as far as the person's week allows (UTC)."""
    today = times.local_date(now, zone)
    found = {"hour": now + timedelta(hours=1)}
    if now < times.instant(today, daily.EVENING_ENDS, zone):
        found["evening"] = times.instant(today, daily.EVENING, zone)
    found["tomorrow"] = times.instant(today + timedelta(days=1), daily.MORNING, zone)
    return {until: at for until, at in found.items() if at < part.closes}


# -- 2: my side


def write_thanks(
    session: Session, person: Person, participation_id: UUID, words: str, *, now: datetime
) -> Participation:
    """An appreciation. Refuses: NotYours, Closed, OnlyWords, TooLongForCard, Controls."""
    part = preparing(session, person, participation_id, now=now)
    kept = let_pass(words, language=person.language, longest=LONGEST_THANKS)
    conversations.keep_appreciation(session, conversation_id=part.conversation_id, person_id=person.id, words=kept)
    return go_on(session, person, part.id, now=now)


def ask_thanks(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Change my thanks]: wait for new words; nothing opens meanwhile. Refuses: NotYours, Closed."""
    return say_yes(session, person, participation_id, now=now)


def pass_over(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Pass over], to what asks for an appreciation: what was written is kept. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    return go_on(session, person, part.id, now=now) if part.step == "side" else part


def drop_thanks(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Remove my thanks], where they are shown and changed. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    if part.step != "side":
        return part
    conversations.drop_appreciation(session, conversation_id=part.conversation_id, person_id=person.id)
    return go_on(session, person, part.id, now=now)


def drop_topic(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Leave my topic out], where it is shown: what was proposed takes its place again. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    if part.step == "cards" and part.topic_sealed is not None:
        part.topic_sealed = None
        session.info["erases"] = True
    return part


def go_on(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """To the cards; whoever had finished has not, as long as they look at it again. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    part.step = "cards"
    return _await_here(session, person, part, now=now)


def add_card(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Add another]: a kind, or words at once. Refuses: NotYours, Closed, MostCards."""
    part = go_on(session, person, participation_id, now=now)
    if len(boundaries.written(session, person, part)) >= boundaries.MOST_CARDS:
        raise MostCards
    return part


def finish(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[I'm finished], also with nothing to say: opens for both if both have. Refuses: NotYours, Closed."""
    part = preparing(session, person, participation_id, now=now)
    if part.step not in ("cards", "done"):
        raise Closed
    weekly_words.forget(session, person)
    part.step = "done"
    session.flush()
    open_if_both(session, part.conversation_id, now=now)
    return part


# -- 5: what comes next time


def ask_saved_topic(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Save a topic]: wait for it. Refuses: NotYours, Closed."""
    part = own_part(session, person, participation_id, now=now)
    weekly_words.await_words(session, person, "save", part.id, now=now)
    return part


def save_topic(session: Session, person: Person, participation_id: UUID, words: str, *, now: datetime) -> Participation:
    """A topic for another week, on one's own list. Refuses: NotYours, Closed, OnlyWords, TooLongForCard, Controls."""
    part = own_part(session, person, participation_id, now=now)
    kept = let_pass(words, language=person.language, longest=LONGEST_TOPIC)
    conversations.save_topic(session, person_id=person.id, words=kept)
    weekly_words.forget(session, person)
    return part
