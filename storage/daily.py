"""Check-ins, the questions that couples share, and what people answered."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, or_
from sqlmodel import Session, col, select

from storage import sealing
from storage.rows import core, find, insert, is_not, is_there
from storage.tables import (
    HELD,
    HELD_KIND,
    Answer,
    Checkin,
    Delivery,
    Expectation,
    Membership,
    Message,
    Occasion,
    Person,
    Reveal,
)

# the cards that show a check-in; each is about its id, perhaps with a number behind a colon
CARDS = (
    "daily.question",
    "daily.mine",
    "daily.skipped",
    "daily.later",
    "daily.put_off",
    "daily.edit",
    "daily.replace",
    "daily.snoozed",
)
_MOST_OPEN = 8
_delivery, _message = core(Delivery), core(Message)
# statements of every update and every question, built once
_WITH_ANSWERS = select(Checkin, Answer).outerjoin(Answer, col(Answer.checkin_id) == col(Checkin.id))
_OPEN = (
    _WITH_ANSWERS.where(col(Checkin.person_id) == bindparam("person_id"), col(Checkin.closed).is_(False))
    .where(or_(col(Checkin.closes).is_(None), col(Checkin.closes) > bindparam("now")))
    .order_by(col(Checkin.turn).desc())
    .limit(_MOST_OPEN)
)
_THESE = _WITH_ANSWERS.where(col(Checkin.id).in_(bindparam("ids", expanding=True)))
_SHOWN = select(_message.c.card, _message.c.about).where(
    _message.c.chat_id == bindparam("chat_id"), _message.c.message_id == bindparam("message_id")
)
_ASKED = select(_delivery.c.state, _delivery.c.attempts).where(_delivery.c.key == bindparam("key"))
_STANDS = (
    select(_message.c.id)
    .where(_message.c.person_id == bindparam("person_id"), _message.c.card.in_(CARDS))
    .where(_message.c.about == bindparam("about"))
    .limit(1)
)
_HELD = select(Expectation).where(
    # in the very words of the partial index
    col(Expectation.person_id) == bindparam("person_id"),
    col(Expectation.about) == bindparam("about"),
    HELD,
)
_NEWEST_TURN = select(func.max(core(Checkin).c.turn)).where(core(Checkin).c.person_id == bindparam("person_id"))


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave as an answer: words or a voice note, and the messages that it was typed in."""

    words: str = ""
    voice: str = ""  # Telegram's file id
    typed: str = ""  # comma-separated message ids


def read_together(session: Session, checkin_ids: Collection[UUID]) -> None:
    """Read these check-ins and their answers at once, so that nobody has to ask for each in the rest of the unit.

    What was read stays at hand until the unit ends: an answer is added by `add_answer` alone, and changed as an object.
    """
    _at_hand(session, session.execute(_THESE, {"ids": list(checkin_ids)}))


def checkin(session: Session, *, checkin_id: UUID) -> Checkin | None:
    """The check-in with this id."""
    return session.get(Checkin, checkin_id)


def occasion(session: Session, *, occasion_id: UUID) -> Occasion:
    """The occasion with this id."""
    return session.get_one(Occasion, occasion_id)


def open_checkins(session: Session, *, person_id: UUID, now: datetime) -> list[Checkin]:
    """The person's check-ins that can still be answered or changed, newest first."""
    return _at_hand(session, session.execute(_OPEN, {"person_id": person_id, "now": now}))


def add_checkin(
    session: Session,
    *,
    person_id: UUID,
    kind: str,
    on: date,
    prompt_id: str,
    occasion_id: UUID | None,
    closes: datetime | None,
) -> Checkin:
    """Begin a person's newest check-in."""
    new = Checkin(
        person_id=person_id,
        kind=kind,
        on_date=on,
        turn=next_turn(session, person_id=person_id),
        prompt_id=prompt_id,
        occasion_id=occasion_id,
        closes=closes,
    )
    session.add(new)
    session.flush()
    return new


def next_turn(session: Session, *, person_id: UUID) -> int:
    """The number that makes a check-in the person's newest."""
    session.flush()
    newest: int | None = session.connection().execute(_NEWEST_TURN, {"person_id": person_id}).scalar()
    return (newest or 0) + 1


def shown_in(session: Session, *, person: Person, message_id: int) -> tuple[str, str]:
    """The card that a message of the bot shows, and what it is about; two empty strings for any other message."""
    session.flush()
    given = {"chat_id": person.chat_id, "message_id": message_id}
    found = session.connection().execute(_SHOWN, given).first()
    return (found[0], found[1]) if found else ("", "")


def was_asked(session: Session, of: Checkin) -> bool:
    """Whether its question has reached the chat, or may have: what was tried last may have arrived unnoticed."""
    session.flush()
    found = session.connection().execute(_ASKED, {"key": question_key(of.id)}).first()
    if found is None:  # owed with another card, or pruned
        return True
    state, attempts = found
    return (
        state in ("sent", "failed")
        or (state == "waiting" and attempts > 0)
        or stands(session, person_id=of.person_id, checkin_id=of.id)
    )


def times_come_back(session: Session, of: Checkin) -> int:
    """How often its question has come back after it was put off."""
    if not of.snoozes:
        return 0
    session.flush()
    found = session.connection().execute(_ASKED, {"key": snoozed_key(of.id, of.snoozes)}).first()
    has_come = found is None or found[0] in ("sent", "failed") or (found[0] == "waiting" and found[1] > 0)
    return of.snoozes if has_come else of.snoozes - 1


def stands(session: Session, *, person_id: UUID, checkin_id: UUID) -> bool:
    """Whether a message in the person's chat shows this check-in."""
    session.flush()
    given = {"person_id": person_id, "about": str(checkin_id)}
    return session.connection().execute(_STANDS, given).first() is not None


def question_key(checkin_id: UUID) -> str:
    """The key of the delivery that asks the question."""
    return snoozed_key(checkin_id, 0)


def snoozed_key(checkin_id: UUID, times: int) -> str:
    """The key of the delivery that brings it back for the first, second … time."""
    return f"daily:{checkin_id}:{times}"


def answer_to(session: Session, *, checkin_id: UUID) -> Answer | None:
    """What was given to a check-in."""
    if (read := _read(session).get(checkin_id)) is not None:
        return read[1]
    return find(session, Answer, checkin_id=checkin_id)


def is_answered(session: Session, *, checkin_id: UUID) -> bool:
    """Whether anything was given to a check-in."""
    if (read := _read(session).get(checkin_id)) is not None:
        return read[1] is not None
    return is_there(session, Answer, checkin_id=checkin_id)


def add_answer(session: Session, to: Checkin, given: Given) -> None:
    """Keep the first answer to a check-in under its author's seal; it is not shared."""
    new = uuid4()
    _read(session).pop(to.id, None)
    insert(
        session,
        Answer,
        id=new,
        checkin_id=to.id,
        person_id=to.person_id,
        **_kept(session, to, given, new),
        taken_back=False,
        typed=_last_ids(given.typed),
    )


def change_answer(session: Session, answer: Answer, to: Checkin, given: Given) -> None:
    """Keep an answer in the place of an earlier one; it is not shared."""
    for column, value in _kept(session, to, given, answer.id).items():
        setattr(answer, column, value)
    answer.typed = _last_ids(answer.typed, given.typed)
    session.add(answer)
    session.flush()


def drop_answer(session: Session, answer: Answer) -> None:
    """Remove an answer that did not open; its question has none then."""
    _read(session).pop(answer.checkin_id, None)
    session.delete(answer)
    session.flush()


def _kept(session: Session, to: Checkin, given: Given, answer_id: UUID) -> Mapping[str, Any]:
    """The columns of an answer that nobody but its author may read yet."""
    column, text = ("voice_sealed", given.voice) if given.voice else ("words_sealed", given.words)
    sealed = sealing.sealed_for(session, Answer, column, answer_id, text, owner=to.person_id)
    decided = to.kind == "daily" and to.occasion_id is None
    return {"words_sealed": None, "voice_sealed": None, column: sealed, "shared": False, "decided": decided}


def mark_of(of: Answer) -> int:
    """A number that changes whenever what was given does, for the buttons under it."""
    return _mark(of.words_sealed or of.voice_sealed)


def _mark(sealed: bytes | None) -> int:
    return int.from_bytes((sealed or b"")[1:4], "big")  # of the nonce, which is drawn with each sealing


def is_empty(of: Answer) -> bool:
    """Whether what was given is not kept any more, as its author wished for words of that age."""
    return of.words_sealed is None and of.voice_sealed is None


def words_of(session: Session, of: Answer) -> str | None:
    """The words of an answer; None for a voice note."""
    return sealing.opened(session, of, "words_sealed", owner=of.person_id) if of.words_sealed else None


def voice_of(session: Session, of: Answer) -> str | None:
    """Telegram's file id of a voice note."""
    return sealing.opened(session, of, "voice_sealed", owner=of.person_id) if of.voice_sealed else None


def hold(session: Session, *, person_id: UUID, about: UUID, given: Given) -> None:
    """Hold what a person gave, while the bot asks where it belongs."""
    row = _held(session, person_id, about)
    row = row or Expectation(person_id=person_id, kind=HELD_KIND, about=str(about))
    sealing.seal(session, row, "words_sealed", json.dumps(asdict(given)), owner=person_id)
    session.add(row)
    session.flush()


def held(session: Session, *, person_id: UUID, about: UUID) -> Given | None:
    """What is held for this check-in."""
    row = _held(session, person_id, about)
    if row is None:
        return None
    return Given(**json.loads(sealing.opened(session, row, "words_sealed", owner=person_id)))


def mark_of_held(session: Session, *, person_id: UUID, about: UUID) -> int:
    """A number that changes whenever what is held does, for the buttons under it."""
    row = _held(session, person_id, about)
    return _mark(row.words_sealed if row else None)


def let_go(session: Session, *, person_id: UUID, about: UUID) -> bool:
    """Hold nothing for this check-in any more; tells whether anything was held."""
    row = _held(session, person_id, about)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def newest_held(session: Session, *, person_id: UUID) -> UUID | None:
    """The newest check-in for which something is held."""
    held_for = select(Expectation.about).where(Expectation.person_id == person_id, HELD)
    ids = [UUID(about) for about in session.exec(held_for)]
    newest = select(Checkin.id).where(col(Checkin.id).in_(ids)).order_by(col(Checkin.turn).desc()).limit(1)
    return session.exec(newest).first()


def _held(session: Session, person_id: UUID, about: UUID) -> Expectation | None:
    return session.scalars(_HELD, {"person_id": person_id, "about": str(about)}).first()


def add_occasion(
    session: Session, *, couple_id: UUID, kind: str, on: date, prompt_id: str, closes: datetime
) -> Occasion:
    """Begin what two share."""
    new = Occasion(couple_id=couple_id, kind=kind, on_date=on, prompt_id=prompt_id, closes=closes)
    session.add(new)
    session.flush()
    return new


def waiting_first(session: Session, *, person_id: UUID) -> Checkin | None:
    """The first question that waits for a partner."""
    query = (
        select(Checkin)
        .where(Checkin.person_id == person_id, Checkin.kind == "first", col(Checkin.occasion_id).is_(None))
        .where(col(Checkin.closed).is_(False))
        .order_by(col(Checkin.turn).desc())
    )
    return session.exec(query).first()


def unopened_of(session: Session, *, person_id: UUID, couple_id: UUID) -> list[Checkin]:
    """A person's check-ins of a couple's occasions that have not opened and are not closed yet."""
    query = (
        select(Checkin)
        .join(Occasion, col(Occasion.id) == col(Checkin.occasion_id))
        .outerjoin(Reveal, col(Reveal.occasion_id) == col(Occasion.id))
        .where(Checkin.person_id == person_id, Occasion.couple_id == couple_id)
        .where(col(Checkin.closed).is_(False), col(Reveal.id).is_(None))
    )
    return list(session.exec(query))


def closing(session: Session, *, now: datetime, limit: int) -> list[Checkin]:
    """Check-ins whose window is over and that nobody has closed yet, earliest first."""
    query = (
        select(Checkin)
        .where(is_not(Checkin.closed), col(Checkin.closes) <= now)
        .order_by(col(Checkin.closes))
        .limit(limit)
    )
    return list(session.exec(query))


def people_of(session: Session, *, couple_id: UUID) -> list[Person]:
    """Both people of a couple that is linked, lowest id first."""
    query = (
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.couple_id == couple_id, col(Membership.open))
        .order_by(col(Person.id))
    )
    return list(session.exec(query))


def _read(session: Session) -> dict[UUID, tuple[Checkin, Answer | None]]:
    """The check-ins that this unit has read with their answers; held here, so that the session finds them again."""
    found: dict[UUID, tuple[Checkin, Answer | None]] = session.info.setdefault("read", {})
    return found


def _at_hand(session: Session, rows: Iterable[Any]) -> list[Checkin]:
    pairs: list[tuple[Checkin, Answer | None]] = [(checkin, answer) for checkin, answer in rows]
    _read(session).update((each[0].id, each) for each in pairs)
    return [checkin for checkin, _ in pairs]


def _last_ids(*ids: str, longest: int = 200) -> str:
    """The newest ids that fit into the column."""
    joined = ",".join(part for part in ids if part)
    return joined if len(joined) <= longest else joined[-longest:].partition(",")[2]
