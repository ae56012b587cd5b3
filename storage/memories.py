"""What was opened for a person, month by month and by its questions, and the answers that they kept."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, extract, func, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage import sealing
from storage.rows import is_not
from storage.tables import Answer, Checkin, MemorySearch, Reveal

_MINE, _THEIRS = aliased(Checkin), aliased(Checkin)
_SAID, _HEARD = aliased(Answer), aliased(Answer)
_GOING_ON = select(MemorySearch).where(is_not(MemorySearch.done)).limit(1)
_MEMORIES = (
    columns(
        col(Reveal.id),
        col(_MINE.prompt_id),
        col(_MINE.on_date),
        col(_MINE.turn),
        col(_SAID.taken_back),
        col(_HEARD.taken_back),
    )
    .select_from(Reveal)
    .join(_MINE, col(_MINE.occasion_id) == col(Reveal.occasion_id))
    .join(_SAID, col(_SAID.checkin_id) == col(_MINE.id))
    .outerjoin(_THEIRS, and_(col(_THEIRS.occasion_id) == col(Reveal.occasion_id), col(_THEIRS.id) != col(_MINE.id)))
    .outerjoin(_HEARD, col(_HEARD.checkin_id) == col(_THEIRS.id))
)


@dataclass(frozen=True, slots=True)
class Memory:
    """Something that is open for a person; `on_date` is their own local date."""

    reveal_id: UUID
    prompt_id: str
    on_date: date
    is_whole: bool  # nothing of it was taken back or is gone
    is_gone: bool  # neither side of it is shown any more


def months(session: Session, *, person_id: UUID) -> list[int]:
    """The months in which something was asked that is open now, newest first, as 202603."""
    year, month = extract("year", col(Checkin.on_date)), extract("month", col(Checkin.on_date))
    query = (
        select(year, month)
        .join(Reveal, col(Reveal.occasion_id) == col(Checkin.occasion_id))
        .where(Checkin.person_id == person_id)
        .distinct()
    )
    return sorted((int(row[0]) * 100 + int(row[1]) for row in session.exec(query)), reverse=True)


def between(session: Session, *, person_id: UUID, first: date, last: date) -> list[Memory]:
    """What was asked on these local dates and is open; whole ones first, each newest first."""
    return _read(session, _of(person_id).where(col(_MINE.on_date).between(first, last)))


def of_prompts(session: Session, *, person_id: UUID, prompt_ids: Collection[str]) -> list[Memory]:
    """What was opened to these questions; whole ones first, each newest first."""
    return _read(session, _of(person_id).where(col(_MINE.prompt_id).in_(prompt_ids)))


def _of(person_id: UUID) -> Any:
    return _MEMORIES.where(col(_MINE.person_id) == person_id).order_by(col(_MINE.turn).desc())


def _read(session: Session, query: Any) -> list[Memory]:
    found = [
        Memory(reveal_id, prompt_id, on_date, not mine and theirs is False, mine and theirs is not False)
        for reveal_id, prompt_id, on_date, _turn, mine, theirs in session.execute(query)
    ]
    return sorted(found, key=lambda one: not one.is_whole)


# -- what a person kept


def kept(session: Session, *, person_id: UUID, skip: int, limit: int) -> list[tuple[Answer, Checkin]]:
    """The person's own answers that are not open and wait for nothing, newest first."""
    query = _kept_by(select(Answer, Checkin), person_id).order_by(col(Checkin.turn).desc())
    return [(row[0], row[1]) for row in session.exec(query.offset(skip).limit(limit))]


def count_kept(session: Session, *, person_id: UUID) -> int:
    """How many these are."""
    count: int = session.exec(_kept_by(select(func.count(col(Answer.id))), person_id)).one()
    return count


def _kept_by(query: Any, person_id: UUID) -> Any:
    return (
        query.join(Checkin, col(Checkin.id) == col(Answer.checkin_id))
        .outerjoin(Reveal, col(Reveal.occasion_id) == col(Checkin.occasion_id))
        .where(Answer.person_id == person_id, col(Reveal.id).is_(None))
        .where(or_(col(Answer.decided) & ~col(Answer.shared), col(Checkin.closed)))
    )


def answers(session: Session, *, ids: Collection[UUID]) -> list[tuple[Answer, Checkin, UUID | None]]:
    """These answers with their check-ins and reveals, newest first."""
    query = (
        select(Answer, Checkin, Reveal.id)
        .join(Checkin, col(Checkin.id) == col(Answer.checkin_id))
        .outerjoin(Reveal, col(Reveal.occasion_id) == col(Checkin.occasion_id))
        .where(col(Answer.id).in_(ids))
        .order_by(col(Checkin.turn).desc())
    )
    return [(row[0], row[1], row[2]) for row in session.exec(query)]


# -- looking for words


def search_of(session: Session, *, person_id: UUID) -> MemorySearch | None:
    """What the person looks for, or looked for last."""
    return session.exec(select(MemorySearch).where(MemorySearch.person_id == person_id)).first()


def begin_search(session: Session, *, person_id: UUID, words: str, below: int) -> MemorySearch:
    """Look for these words, in the place of others, in check-ins of a turn below this."""
    row = search_of(session, person_id=person_id) or MemorySearch(person_id=person_id, words_sealed=b"", below=below)
    sealing.seal(session, row, "words_sealed", words, owner=person_id)
    row.below, row.found, row.done = below, "", False
    session.add(row)
    session.flush()
    return row


def wanted_words(session: Session, of: MemorySearch) -> str:
    """What is looked for; raises KeyGone."""
    return sealing.opened(session, of, "words_sealed", owner=of.person_id)


def mark_of(of: MemorySearch) -> str:
    """What tells this search from another one of the same person."""
    return of.words_sealed[1:13].hex()  # the nonce, which is drawn with each sealing


def found_ids(of: MemorySearch) -> list[UUID]:
    """The answers found so far, newest first."""
    return [UUID(each) for each in of.found.split(",") if each]


def add_found(of: MemorySearch, ids: Iterable[UUID]) -> None:
    """Note more answers, older than those before."""
    of.found = ",".join([*(each for each in of.found.split(",") if each), *(each.hex for each in ids)])


def going_on(session: Session) -> MemorySearch | None:
    """A search that has not come to its end."""
    return session.scalars(_GOING_ON).first()


def said_below(session: Session, *, person_id: UUID, turn: int, limit: int) -> Sequence[tuple[Answer, int]]:
    """The person's answers in words to check-ins of a lower turn, the newest first, each with its turn."""
    query = (
        select(Answer, Checkin.turn)
        .join(Checkin, col(Checkin.id) == col(Answer.checkin_id))
        .where(Checkin.person_id == person_id, Checkin.turn < turn)
        .where(col(Answer.words_sealed).is_not(None), col(Answer.taken_back).is_(False))
        .order_by(col(Checkin.turn).desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.exec(query)]
