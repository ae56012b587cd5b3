"""The agreement book: what two people agreed on, in frozen wordings, on trial until a review; either ends it alone."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from bot.practice.owing import REVEAL, owe
from bot.practice.refusals import Closed, NotYours
from bot.practice.showing import show_agreement_anew
from storage import agreements, daily, people
from storage.conversations import Both
from storage.tables import Agreement, BoundaryCard, Person


def agree(session: Session, card: BoundaryCard, both: Both, *, words: str, weeks: int, now: datetime) -> Agreement:
    """Put exactly these words into the book, accepted by both: a new agreement, or a new version of the one changed."""
    on = now.astimezone(UTC).date()
    review_on = on + timedelta(weeks=weeks)
    changed = agreements.agreement(session, agreement_id=card.agreement_id) if card.agreement_id else None
    if changed is None or changed.state != "current":
        couple_id = both.conversation.couple_id
        changed = agreements.add_agreement(session, couple_id=couple_id, weeks=weeks, review_on=review_on)
    changed.weeks, changed.review_on, changed.agenda = weeks, review_on, False
    agreements.forget_wishes(session, agreement_id=changed.id)
    accepted_by = (both.mine.person, both.theirs.person)
    agreements.add_version(session, changed, words=words, since=on, accepted_by=accepted_by)
    card.agreement_id = changed.id
    return changed


def own_agreement(session: Session, person: Person, agreement_id: UUID) -> Agreement:
    """An agreement of the couple that this person is in. Refuses: NotYours."""
    found = agreements.agreement(session, agreement_id=agreement_id)
    membership = people.open_membership(session, person_id=person.id)
    if found is None or membership is None or found.couple_id != membership.couple_id:
        raise NotYours
    return found


def current_agreement(session: Session, person: Person, agreement_id: UUID) -> Agreement:
    """One that holds now. Refuses: NotYours, Closed."""
    found = own_agreement(session, person, agreement_id)
    if found.state != "current":
        raise Closed
    return found


def end(session: Session, person: Person, agreement_id: UUID, *, now: datetime, key: str) -> Agreement:
    """End an agreement alone, at once; that it ended is all that is shown. Refuses: NotYours.

    A second tap, or the other's, changes nothing.
    """
    found = own_agreement(session, person, agreement_id)
    if found.state == "current":
        close(session, found)
        for each in daily.people_of(session, couple_id=found.couple_id):
            show_agreement_anew(session, each, found, now=now, key=f"{key}:{each.id}")
            if each.id != person.id:
                about = f"outcome:{found.id}:ended:{each.id}"
                owe(session, each, "agreements.outcome", found.id, due=now, key=about, urgency=REVEAL)
    return found


def put_on_agenda(session: Session, person: Person, agreement_id: UUID) -> Agreement:
    """[Change]: to be talked about in the next conversation. Refuses: NotYours, Closed."""
    found = current_agreement(session, person, agreement_id)
    found.agenda = True
    return found


def close(session: Session, agreement: Agreement) -> None:
    """It holds no more, and nobody can look up why."""
    agreement.state, agreement.agenda = "ended", False
    agreements.forget_wishes(session, agreement_id=agreement.id)
    session.flush()


def end_for_couple(session: Session, couple_id: UUID) -> None:
    """Two have parted: what they had agreed on holds no more."""
    for each in agreements.current_of(session, couple_id=couple_id):
        close(session, each)


def wording(session: Session, agreement: Agreement) -> str:
    """What holds now, or held last."""
    return agreements.words_of(session, agreement, agreements.versions(session, agreement_id=agreement.id)[0])


def in_place_of(session: Session, card: BoundaryCard) -> str | None:
    """What holds now and would not any more if both agreed to this card, as long as they have not."""
    agreement = agreements.agreement(session, agreement_id=card.agreement_id) if card.agreement_id else None
    if agreement is None or agreement.state != "current" or card.outcome == "agreed":
        return None
    return wording(session, agreement)


def history(session: Session, agreement: Agreement) -> list[tuple[date, str]]:
    """Earlier wordings with the date from which each held, newest first."""
    _, *earlier = agreements.versions(session, agreement_id=agreement.id)
    return [(each.since, agreements.words_of(session, agreement, each)) for each in earlier]
