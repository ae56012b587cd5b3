"""What opened in a week is taken back by whoever said it, at any time: “No longer shown” stands in its place for both.

A card, thanks, a topic in one's own words, another wording, and what was heard. What both agreed on stays in their
agreements.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice.conversations import opened_for
from bot.practice.refusals import Closed, NotYours
from bot.practice.responding import look_at, on_the_table
from bot.practice.showing import hide, hide_on_pages
from storage import boundaries, conversations
from storage.conversations import Both
from storage.tables import BoundaryCard, Person, Response


def own_open_card(session: Session, person: Person, card_id: UUID) -> BoundaryCard:
    """An own card that is open, taken back or not. Refuses: NotYours."""
    card = look_at(session, person, card_id)
    if card.person_id != person.id:
        raise NotYours
    return card


def take_card_back(session: Session, person: Person, card_id: UUID, *, now: datetime, key: str) -> BoundaryCard:
    """Show one's own card to nobody any more. Refuses: NotYours."""
    card = own_open_card(session, person, card_id)
    if not card.taken_back:
        card.taken_back = True
        session.flush()
        _hide_card(session, person, card, now=now, key=key)
    return card


def own_said(session: Session, person: Person, card_id: UUID, number: int) -> tuple[BoundaryCard, Response]:
    """Own words that were said to a card that is open, taken back or not. Refuses: NotYours, Closed."""
    card = look_at(session, person, card_id)
    said = boundaries.responses(session, card_id=card.id)
    found = next((each for each in said if each.number == number and each.kind in ("counter", "heard")), None)
    if found is None:
        raise Closed
    if found.person_id != person.id:
        raise NotYours
    return card, found


def take_said_back(
    session: Session, person: Person, card_id: UUID, number: int, *, now: datetime, key: str
) -> BoundaryCard:
    """Show another wording, or what one heard, to nobody any more. Refuses: NotYours, Closed.

    In the place of a wording on the table the one before it lies there again, and "not now" was not said to that
    one. Of what was heard only the last is shown, so that all of it is meant.
    """
    card, said = own_said(session, person, card_id, number)
    if said.taken_back:
        return card
    lay_there = on_the_table(session, card)
    for each in boundaries.responses(session, card_id=card.id):
        before = each.kind == "heard" == said.kind and each.person_id == person.id and each.number < number
        each.taken_back = each.taken_back or each is said or before
    if said is lay_there and card.outcome == "not_now":
        card.outcome = ""
    session.flush()
    _hide_card(session, person, card, now=now, key=key)
    return card


def take_thanks_back(session: Session, person: Person, conversation_id: UUID, *, now: datetime, key: str) -> None:
    """The same for an appreciation. Refuses: NotYours, Closed."""
    both = opened_for(session, person.id, conversation_id)
    thanks = conversations.appreciation(session, conversation_id=conversation_id, person_id=person.id)
    if thanks is None:
        raise Closed
    if not thanks.taken_back:
        thanks.taken_back = True
        session.flush()
        _hide_opening(session, both, now=now, key=key)
        for each in (both.mine, both.theirs):
            hide_on_pages(session, each.person, thanks.id, now=now, key=f"{key}:{each.person.id}")


def take_topic_back(session: Session, person: Person, conversation_id: UUID, *, now: datetime, key: str) -> None:
    """The same for a topic in one's own words. Refuses: NotYours, Closed."""
    both = opened_for(session, person.id, conversation_id)
    part = both.mine.participation
    if part.topic_sealed is None:
        raise Closed
    if not part.topic_taken_back:
        part.topic_taken_back = True
        session.flush()
        _hide_opening(session, both, now=now, key=key)


def _hide_card(session: Session, person: Person, card: BoundaryCard, *, now: datetime, key: str) -> None:
    """Let what is not shown any more stand on nobody's card; waits for no pause."""
    both = opened_for(session, person.id, card.conversation_id)
    _hide_opening(session, both, now=now, key=key)
    for each in (both.mine, both.theirs):
        hide(session, each.person, "weekly.card", card.id, now=now, key=f"{key}:{each.person.id}")


def _hide_opening(session: Session, both: Both, *, now: datetime, key: str) -> None:
    for each in (both.mine, both.theirs):
        hide(session, each.person, "weekly.opening", both.conversation.id, now=now, key=f"{key}:{each.person.id}")
