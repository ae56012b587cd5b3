"""Boundary cards, what is said to them, and the private marks of a decision."""

import json
from collections.abc import Sequence
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import Session, col, select

from storage import sealing
from storage.tables import BoundaryCard, PrivateMark, Response

Field: TypeAlias = Literal["words", "count_on", "stays", "bends"]


def card(session: Session, *, card_id: UUID) -> BoundaryCard | None:
    """The card with this id."""
    return session.get(BoundaryCard, card_id)


def add_card(
    session: Session, *, conversation_id: UUID, person_id: UUID, number: int, kind: str, agreement_id: UUID | None
) -> BoundaryCard:
    """Begin a card; it has no words yet."""
    new = BoundaryCard(
        conversation_id=conversation_id, person_id=person_id, number=number, kind=kind, agreement_id=agreement_id
    )
    session.add(new)
    session.flush()
    return new


def write(session: Session, on: BoundaryCard, field: Field, words: str) -> None:
    """Put words on a card, under its author's seal; whether to share it is to be decided again."""
    sealing.seal(session, on, f"{field}_sealed", words, owner=on.person_id)
    on.shared = on.decided = False
    session.add(on)
    session.flush()


def write_options(session: Session, on: BoundaryCard, options: Sequence[str]) -> None:
    """Put the options of a decision on a card."""
    sealing.seal(session, on, "options_sealed", json.dumps(list(options)), owner=on.person_id)
    on.shared = on.decided = False
    session.add(on)
    session.flush()


def drop_card(session: Session, card: BoundaryCard) -> None:
    """Remove a card that has not opened: nothing was said to it, and nothing points at it."""
    session.delete(card)
    session.flush()


def words_of(session: Session, of: BoundaryCard, field: Field = "words") -> str | None:
    """Words that stand on a card; None where nothing is written."""
    column = f"{field}_sealed"
    return sealing.opened(session, of, column, owner=of.person_id) if getattr(of, column) else None


def options_of(session: Session, of: BoundaryCard) -> list[str]:
    """The options of a decision, in their author's order."""
    if of.options_sealed is None:
        return []
    found: list[str] = json.loads(sealing.opened(session, of, "options_sealed", owner=of.person_id))
    return found


def mark_of(of: BoundaryCard) -> int:
    """A number that changes whenever the wording does, for the buttons under it."""
    nonces = ((getattr(of, f"{column}_sealed") or b"\0\0")[1:3] for column in ("words", "count_on", "options"))
    more = ((getattr(of, f"{column}_sealed") or b"\0\0")[1:2] for column in ("stays", "bends"))
    return int.from_bytes(b"".join((*nonces, *more)), "big") % 10**12


# -- what is said to it


def responses(session: Session, *, card_id: UUID) -> list[Response]:
    """All that was said to a card, in order."""
    return list(session.exec(select(Response).where(Response.card_id == card_id).order_by(col(Response.number))))


def respond(session: Session, to: BoundaryCard, *, person_id: UUID, kind: str, words: str | None = None) -> Response:
    """Say something to a card, under the seal of whoever says it."""
    number = len(responses(session, card_id=to.id)) + 1
    new = Response(card_id=to.id, person_id=person_id, number=number, kind=kind)
    if words is not None:
        sealing.seal(session, new, "words_sealed", words, owner=person_id)
    session.add(new)
    session.flush()
    return new


def said(session: Session, of: Response) -> str:
    """The words of a response."""
    return sealing.opened(session, of, "words_sealed", owner=of.person_id)


# -- private marks


def marks(session: Session, *, card_id: UUID) -> list[PrivateMark]:
    """What both have marked on a decision; for the use case that compares them, and for nobody's eyes."""
    return list(session.exec(select(PrivateMark).where(PrivateMark.card_id == card_id)))


def own_mark(session: Session, *, card_id: UUID, person_id: UUID) -> PrivateMark | None:
    """What this person has marked."""
    query = select(PrivateMark).where(PrivateMark.card_id == card_id, PrivateMark.person_id == person_id)
    return session.exec(query).first()


def add_mark(session: Session, *, card_id: UUID, person_id: UUID) -> PrivateMark:
    """Begin to mark; nothing is marked yet."""
    new = PrivateMark(card_id=card_id, person_id=person_id)
    session.add(new)
    session.flush()
    return new
