"""Wherever something stands in a person's chat, or is just being put there: shown anew, or no more."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice.owing import REVEAL, overwrite, owe
from storage import agreements, showing
from storage import summary as pages
from storage.reveals import Opened, Side
from storage.tables import Agreement, Answer, Participation, Person

DRAFTS = ("weekly.draft", "weekly.write")  # cards that show what stands on one's own before it opens
OWN_WEEKS = ("summary.own", "summary.preview", "summary.lines")
CLOSED = "common.closed"
MONTH_PAGE, ENTRY, FOUND = "memories.page", "memories.entry", "memories.found"


def show_anew(session: Session, person: Person, card: str, about: UUID | str, *, now: datetime, key: str) -> None:
    """Owe a silent edit of all that shows this card, about something that begins so; in a pause it waits.

    Also of what is being filled right now with what was so before.
    """
    for message_id, whole, edit in _places(session, person, card, about, key):
        owe(session, person, card, whole, due=now, key=edit, urgency=REVEAL, message_id=message_id)


def hide(
    session: Session, person: Person, card: str, about: UUID | str, *, now: datetime, key: str, shows: str | None = None
) -> None:
    """Let nothing stand there that was shown before, but what the card, or another one, still shows.

    It waits for no pause: nothing comes in by it.
    """
    for message_id, whole, edit in _places(session, person, card, about, key):
        overwrite(session, person, shows or card, whole, message_id, due=now, key=edit)


def _places(session: Session, person: Person, card: str, about: UUID | str, key: str) -> Iterator[tuple[int, str, str]]:
    for message_id, whole in showing.places(session, person_id=person.id, card=card, about=str(about)):
        yield message_id, whole, f"{key}:{card}:{message_id}"


def hide_on_pages(session: Session, person: Person, about: UUID, *, now: datetime, key: str) -> None:
    """The same on the weekly pages on which this stands."""
    for page in pages.pages_with(session, about=about):
        hide(session, person, "summary.page", page.id.hex, now=now, key=key)


def close_own_weeks(session: Session, person: Person, *, but: UUID | None, now: datetime, key: str) -> None:
    """Let no words stand on what a person saw of their own weeks, but on one preview, which they may decide about."""
    for card in OWN_WEEKS:
        for message_id, whole, edit in _places(session, person, card, "", key):
            if but is None or not whole.startswith(but.hex):
                overwrite(session, person, CLOSED, "", message_id, due=now, key=edit)


def hide_kept(
    session: Session, person: Person, answer: Answer, *, now: datetime, key: str, shows: str | None = None
) -> None:
    """An answer that did not open and is gone, wherever its author read it; `shows` is what its own card shows now."""
    for card in ("daily.mine", "daily.edit", "daily.replace"):
        hide(session, person, card, answer.checkin_id, now=now, key=key, shows=shows)
    for card, about in (("memories.kept_entry", answer.id.hex), ("memories.kept", ""), (FOUND, "f")):
        hide(session, person, card, about, now=now, key=key)


def hide_draft(
    session: Session, person: Person, card_id: UUID, part: Participation, *, now: datetime, key: str
) -> None:
    """What stood on a card of a week before it opened, wherever its author read it."""
    for name, about in (*((each, card_id) for each in DRAFTS), ("weekly.cards", part.id)):
        hide(session, person, name, about, now=now, key=key)


def hide_note(session: Session, person: Person, note_id: UUID, *, now: datetime, key: str) -> None:
    """A note that is gone, wherever its author read it."""
    for card, about in (("memories.notes", ""), ("memories.note_entry", note_id.hex)):
        hide(session, person, card, about, now=now, key=key)


def hide_answer_on_pages(session: Session, opened: Opened, side: Side, *, now: datetime, key: str) -> None:
    """The pages of one of the two on which the answers of a reveal stand, besides the reveal itself."""
    month = f"m{side.checkin.on_date:%Y%m}."
    for card, about in ((MONTH_PAGE, month), (MONTH_PAGE, "t"), (ENTRY, opened.reveal.id.hex), (FOUND, "f")):
        hide(session, side.person, card, about, now=now, key=key)
    hide_on_pages(session, side.person, opened.mine.answer.id, now=now, key=key)


def show_agreement_anew(session: Session, person: Person, agreement: Agreement, *, now: datetime, key: str) -> None:
    """An agreement of one of the two; once it has ended, no wording of it stands on a weekly page."""
    show_anew(session, person, "agreements.one", agreement.id, now=now, key=key)
    for version in agreements.versions(session, agreement_id=agreement.id):
        hide_on_pages(session, person, version.id, now=now, key=key)
