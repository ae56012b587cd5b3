"""Wherever something stands in a person's chat, or is just being put there: shown anew, or no more."""

from datetime import datetime

from sqlmodel import Session

from bot.practice.owing import overwrite
from storage import showing
from storage import summary as pages
from storage.reveals import Opened, Side
from storage.tables import Person

MONTH_PAGE, ENTRY, FOUND = "memories.page", "memories.entry", "memories.found"


def show_anew(
    session: Session, person: Person, card: str, about: str, *, now: datetime, key: str, shows: str | None = None
) -> None:
    """Owe a silent edit of all that shows this card, about something that begins so; `shows` names another card.

    It waits for no pause: nothing comes in by it.
    """
    for message_id, whole in showing.places(session, person_id=person.id, card=card, about=about):
        overwrite(session, person, shows or card, whole, message_id, due=now, key=f"{key}:{card}:{message_id}")


def show_answer_anew(session: Session, opened: Opened, side: Side, *, now: datetime, key: str) -> None:
    """The pages of one of the two on which the answers of a reveal stand, besides the reveal itself."""
    month = f"m{side.checkin.on_date:%Y%m}."
    for card, about in ((MONTH_PAGE, month), (MONTH_PAGE, "t"), (ENTRY, opened.reveal.id.hex), (FOUND, "f")):
        show_anew(session, side.person, card, about, now=now, key=key)
    for page in pages.pages_with(session, about=opened.mine.answer.id):
        show_anew(session, side.person, "summary.page", page.id.hex, now=now, key=key)
