"""The weekly conversation: who is invited when, where each person is in it, and when it opens for both.

Each of the two is invited on their own weekday and hour, and goes through the steps alone. It opens if both have
finished within 72 hours of the later invitation. A person's own cards stay usable for their own whole week: nobody can
read from them when the other was invited.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session

from bot.practice import incoming, reviews, times
from bot.practice.owing import REVEAL, owe, refresh
from bot.practice.planning import plan_weekly
from bot.practice.refusals import Closed, NotYours
from bot.practice.topics import Topics
from storage import apart, conversations, deliveries, people, planning, reveals
from storage.conversations import Both, Part
from storage.tables import BoundaryCard, Conversation, Participation, Person

WINDOW = timedelta(hours=72)  # after the later invitation
NEAR = timedelta(hours=86)  # two weekly times this close belong together: half a week, and a change of the clocks
OWN_WEEK = timedelta(days=7)
LATE = timedelta(hours=12)
AFTER_A_FAILURE = timedelta(minutes=10)
BEYOND_ANY_RHYTHM = timedelta(days=13)
MISSED_FOR = timedelta(days=30)  # after a week, what opened in it is still caught up with
MOST_MISSED = 2  # weeks in which one can finish before blocking the bot
CHUNK = 8
CLOSED_AT_ONCE = 50

# where a person can be, and the card that shows it
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "invited": "weekly.invitation",
        "side": "weekly.thanks",  # is asked for an appreciation
        "cards": "weekly.cards",
        "done": "weekly.done",  # has finished, and may come back
        "alone": "weekly.alone",
        "away": "weekly.away",
        "closed": "weekly.close",
    }
)


# -- when


def invite_due(session: Session, *, topics: Topics, now: datetime) -> bool:
    """Invite a chunk of those whose weekly time has come, and plan their next; tells whether more may wait."""
    due = conversations.with_weekly_due(session, now=now, limit=CHUNK)
    people.lock(session, *(person.id for person in due))
    still = [(each, each.next_weekly) for each in due]  # whom nobody else has invited while the lock was waited for
    apart.each(
        session,
        [(each, at) for each, at in still if at is not None and at <= now],
        lambda turn: _take_turn(session, *turn, topics=topics, now=now),
        failed=lambda turn: _put_off(turn[0], now),
    )
    return len(due) == CHUNK


def _put_off(person: Person, now: datetime) -> None:
    """Whoever cannot be invited now is tried again, and keeps nobody else waiting."""
    person.next_weekly = now + AFTER_A_FAILURE


def find_back(session: Session, *, now: datetime) -> bool:
    """Plan anew for those whose next week lies beyond any rhythm: a clock was wrong when it was planned."""
    strays = conversations.planned_after(session, at=now + BEYOND_ANY_RHYTHM, limit=CHUNK)
    people.lock(session, *(person.id for person in strays))
    for person in strays:
        today = times.local_date(now, person.zone or "UTC")
        person.weekly_on = min(person.weekly_on, today) if person.weekly_on else None
        plan_weekly(person, after=now)
    return len(strays) == CHUNK


def _take_turn(session: Session, person: Person, due: datetime, *, topics: Topics, now: datetime) -> None:
    """Invite, unless it is too late or nobody would get it; whoever is on their own waits until they are linked.

    Whoever was left quietly is invited until they learn of it: an invitation that stays away would tell them.
    """
    couple = planning.couple_of(session, person_id=person.id)
    couple_id = couple[0] if couple else planning.left_couple_of(session, person_id=person.id)
    if couple_id is None:
        person.next_weekly = None
        return
    wanted = person.ready and not person.unreachable and not incoming.is_paused(person, now)
    if wanted and now - due <= LATE:
        _invite(session, person, couple_id, due, topics=topics, now=now)
    plan_weekly(person, after=now)


def _invite(session: Session, person: Person, couple_id: UUID, due: datetime, *, topics: Topics, now: datetime) -> None:
    joined = conversations.to_join(session, couple_id=couple_id, person_id=person.id, since=due - NEAR)
    conversation = joined or _begin(session, couple_id, due, topics)
    if joined is not None:
        joined.closes = due + WINDOW
    theirs = conversations.other_part(session, conversation.id, person.id)
    topic = _topic_for(person, conversation, theirs, topics)
    mine = conversations.invite(session, conversation, person_id=person.id, topic=topic, closes=due + OWN_WEEK)
    person.weekly_on = times.local_date(due, person.zone or "UTC")
    reviews.ask(session, person, couple_id, on=person.weekly_on, now=now)
    expires = incoming.after_its_time(person, due, LATE)
    owe(session, person, "weekly.invitation", mine.id, due=now, key=f"weekly:{mine.id}:0", expires=expires)


def _begin(session: Session, couple_id: UUID, due: datetime, topics: Topics) -> Conversation:
    topic = topics.next_for(couple_id, conversations.recent_topics(session, couple_id=couple_id))
    closes = due + OWN_WEEK + WINDOW  # moves to WINDOW after the other's invitation
    return conversations.add_conversation(session, couple_id=couple_id, topic=topic, begins=due, closes=closes)


def _topic_for(person: Person, conversation: Conversation, theirs: Participation | None, topics: Topics) -> str:
    """What is proposed, unless the other has put it aside: then what they chose, if it suits this person's depth."""
    if theirs is not None and theirs.passed == conversation.topic and theirs.topic in topics.offered(person.depth):
        return theirs.topic
    return conversation.topic


def close_due(session: Session, *, now: datetime) -> bool:
    """Close a chunk of what is over; nothing is said. Tells whether more may wait."""
    due = conversations.closing(session, now=now, limit=CLOSED_AT_ONCE)
    for part in due:
        part.closed = True
    return len(due) == CLOSED_AT_ONCE


# -- where a person is


def own_part(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """The person's part while their week lasts and they are linked. Refuses: NotYours, Closed."""
    found = conversations.participation(session, participation_id=participation_id)
    if found is None or found.person_id != person.id:
        raise NotYours
    conversation = conversations.conversation(session, conversation_id=found.conversation_id)
    linked = reveals.is_linked(session, couple_id=conversation.couple_id, person_id=person.id)
    if not is_open(found, now) or not linked:
        raise Closed
    return found


def preparing(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """The person's part as long as nothing is open for both. Refuses: NotYours, Closed."""
    found = own_part(session, person, participation_id, now=now)
    if is_opened(session, found):
        raise Closed
    return found


def is_open(part: Participation, now: datetime) -> bool:
    """Whether the person's own week lasts."""
    return not part.closed and part.closes > now


def is_opened(session: Session, part: Participation) -> bool:
    """Whether the conversation is open for both."""
    return conversations.conversation(session, conversation_id=part.conversation_id).opened


def current_part(session: Session, person: Person, *, now: datetime) -> Participation | None:
    """The person's newest part, if its week lasts and they are still linked."""
    newest = conversations.newest_part(session, person_id=person.id)
    if newest is None or not is_open(newest, now):
        return None
    conversation = conversations.conversation(session, conversation_id=newest.conversation_id)
    linked = reveals.is_linked(session, couple_id=conversation.couple_id, person_id=person.id)
    return newest if linked else None


def state_card(session: Session, part: Participation) -> tuple[str, UUID]:
    """The card that shows where a person is, and what it is about."""
    if part.step == "closed" or not is_opened(session, part):
        return STEPS[part.step], part.id
    return "weekly.opening", part.conversation_id


# -- the opening


def open_if_both(session: Session, conversation_id: UUID, *, now: datetime) -> None:
    """Open for both what each has shared, if both have finished in time and there is anything to open."""
    conversation = conversations.conversation(session, conversation_id=conversation_id)
    parts = conversations.parts(session, conversation_id=conversation_id)
    finished = len(parts) == 2 and all(each.participation.step == "done" for each in parts)
    if conversation.opened or not finished or now >= conversation.closes:
        return
    if not any(has_something(session, each) for each in parts):
        return
    conversation.opened = True
    session.flush()
    for each in parts:
        _take_off_the_list(session, each)
        key = f"opening:{conversation_id}:{each.person.id}"
        owe(session, each.person, "weekly.opening", conversation_id, due=now, key=key, urgency=REVEAL)
        refresh(session, each.person, "weekly.done", each.participation.id, now=now, key=f"{key}:done")


def _take_off_the_list(session: Session, part: Part) -> None:
    """A topic of one's own that opens waits for no other week."""
    topic = conversations.own_topic(session, part.participation)
    for each in conversations.saved_topics(session, person_id=part.person.id) if topic else ():
        if conversations.saved_words(session, each) == topic:
            conversations.drop_saved(session, saved_id=each.id)


def catch_up(session: Session, person: Person, *, now: datetime, key: str) -> None:
    """Owe what opened while this person had blocked the bot: it is open for both, so both can read it."""
    for conversation_id in conversations.newest_opened(
        session, person_id=person.id, since=now - MISSED_FOR, limit=MOST_MISSED
    ):
        about = str(conversation_id)
        if not deliveries.standing(session, person_id=person.id, card="weekly.opening", about=about):
            owe(session, person, "weekly.opening", about, due=now, key=f"{key}:{about}", urgency=REVEAL)


def has_something(session: Session, part: Part) -> bool:
    """Whether this person shares anything: an appreciation, or a card."""
    conversation_id, person_id = part.participation.conversation_id, part.person.id
    if conversations.appreciation(session, conversation_id=conversation_id, person_id=person_id):
        return True
    cards = conversations.cards_of(session, conversation_id=conversation_id, person_id=person_id)
    return any(card.shared for card in cards)


def opened_for(session: Session, person_id: UUID, conversation_id: UUID) -> Both:
    """A conversation that is open for this person and their partner. Refuses: NotYours."""
    both = conversations.both(session, conversation_id=conversation_id, person_id=person_id)
    if both is None or not both.conversation.opened:
        raise NotYours
    return both


def settled_topic(both: Both) -> str | None:
    """The topic that both could live with: one that neither put aside; None if there is none, or it is in own words."""
    parts = (both.mine.participation, both.theirs.participation)
    passed = {each.passed for each in parts}
    topics = [each.topic for each in sorted(parts, key=lambda each: each.id.int) if each.topic_sealed is None]
    return next((topic for topic in topics if topic not in passed), None)


def close_week(session: Session, person: Person, conversation_id: UUID, *, now: datetime) -> Participation:
    """[Close the week]: the person's own last step. Refuses: NotYours, Closed."""
    both = opened_for(session, person.id, conversation_id)
    part = own_part(session, person, both.mine.participation.id, now=now)
    part.step = "closed"
    return part


def open_again(session: Session, person: Person, participation_id: UUID, *, now: datetime) -> Participation:
    """[Back] from the close. Refuses: NotYours, Closed."""
    part = own_part(session, person, participation_id, now=now)
    if part.step == "closed":
        part.step = "done"
    return part


def shared_cards(session: Session, part: Part) -> list[BoundaryCard]:
    """The cards of one of the two that are open."""
    cards = conversations.cards_of(
        session, conversation_id=part.participation.conversation_id, person_id=part.person.id
    )
    return [card for card in cards if card.shared]
