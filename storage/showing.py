"""Which messages show something, or are about to."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import holding
from storage.tables import Delivery, Message


def places(session: Session, *, person_id: UUID, card: str, about: str) -> list[tuple[int, str]]:
    """This person's messages that show a card about something that begins so, or are being filled with it."""
    holding.hold_of(session, person_id)
    stands = select(col(Message.message_id), col(Message.about)).where(
        Message.person_id == person_id, Message.card == card, col(Message.about).startswith(about, autoescape=True)
    )
    comes = select(func.coalesce(col(Delivery.nudge_id), col(Delivery.message_id)), col(Delivery.about)).where(
        Delivery.person_id == person_id,
        Delivery.card == card,
        col(Delivery.about).startswith(about, autoescape=True),
        Delivery.state == "waiting",
    )
    found = dict(session.exec(stands).all())
    found |= {message_id: whole for message_id, whole in session.exec(comes) if message_id is not None}
    return sorted(found.items())
