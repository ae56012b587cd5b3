"""A person's words are removed when they are older than that person wishes: here, and wherever they are shown."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlmodel import Session

from bot.practice import reveals, showing
from bot.practice.control import RETENTIONS
from storage import daily, people, retention
from storage import reveals as opened
from storage.retention import EXPIRING, Kept
from storage.tables import Answer, Table

CHUNK = 20

Show: TypeAlias = Callable[[Session, Any, datetime], None]


def let_go(session: Session, *, now: datetime) -> bool:
    """Remove a chunk of what is too old; tells whether more may wait."""
    for days in filter(None, RETENTIONS):
        before = (now - timedelta(days=days)).date()
        for table, rule in EXPIRING.items():
            if isinstance(rule, Kept):
                continue
            old = retention.expired(session, table, days=days, before=before, limit=CHUNK)
            for row in old:
                retention.let_go(session, row)
                _show_anew(session, row, now)
            if old:
                session.info["erases"] = True
                return True
    return False


def _show_anew(session: Session, row: Table, now: datetime) -> None:
    if show := SHOWN.get(type(row)):
        show(session, row, now)


def _hide_answer(session: Session, answer: Answer, now: datetime) -> None:
    """An answer that opened reads as one that was taken back, whatever the cause; one that did not is gone."""
    key = f"expired:{answer.id}"
    author = people.person(session, answer.person_id)
    checkin = daily.checkin(session, checkin_id=answer.checkin_id)
    reveal = opened.reveal_of(session, occasion_id=checkin.occasion_id) if checkin else None
    answer.typed, answer.taken_back = "", True
    session.flush()
    if reveal is not None:
        reveals.hide_answer(session, reveals.own_reveal(session, author.id, reveal.id), now=now, key=key)
    else:
        session.delete(answer)
        session.flush()
    places = (("daily.mine", str(answer.checkin_id)), ("memories.kept_entry", answer.id.hex), ("memories.kept", ""))
    for card, about in places:
        showing.show_anew(session, author, card, about, now=now, key=key)


# whatever shows words that expire; the rest is shown nowhere
SHOWN: Mapping[type[Table], Show] = MappingProxyType({Answer: _hide_answer})
