"""Wherever something stands in a person's chat, or is just being put there: shown anew, or no more."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice.owing import REVEAL, owe
from storage import agreements, showing
from storage import summary as pages
from storage.reveals import Opened, Side
from storage.tables import Agreement, Person

MONTH_PAGE, ENTRY, FOUND = "memories.page", "memories.entry", "memories.found"


def show_anew(
    session: Session, person: Person, card: str, about: UUID | str, *, now: datetime, key: str, shows: str | None = None
) -> None:
    """Owe a silent edit of all that shows this card, about something that begins so; `shows` names another card.

    Also of what is being filled right now with what was so before.
    """
    for message_id, whole in showing.places(session, person_id=person.id, card=card, about=str(about)):
        edit = f"{key}:{card}:{message_id}"
        owe(session, person, shows or card, whole, due=now, key=edit, urgency=REVEAL, message_id=message_id)


def show_pages_anew(session: Session, person: Person, about: UUID, *, now: datetime, key: str) -> None:
    """The weekly pages on which this stands."""
    for page in pages.pages_with(session, about=about):
        show_anew(session, person, "summary.page", page.id.hex, now=now, key=key)


def show_answer_anew(session: Session, opened: Opened, side: Side, *, now: datetime, key: str) -> None:
    """The pages of one of the two on which the answers of a reveal stand, besides the reveal itself."""
    month = f"m{side.checkin.on_date:%Y%m}."
    for card, about in ((MONTH_PAGE, month), (MONTH_PAGE, "t"), (ENTRY, opened.reveal.id.hex), (FOUND, "f")):
        show_anew(session, side.person, card, about, now=now, key=key)
    show_pages_anew(session, side.person, opened.mine.answer.id, now=now, key=key)


def show_agreement_anew(session: Session, person: Person, agreement: Agreement, *, now: datetime, key: str) -> None:
    """An agreement of one of the two, and the weekly pages on which a wording of it stands."""
    show_anew(session, person, "agreements.one", agreement.id, now=now, key=key)
    for version in agreements.versions(session, agreement_id=agreement.id):
        show_pages_anew(session, person, version.id, now=now, key=key)
