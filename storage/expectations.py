"""What a person's next typed message would answer; kept in a row, never in memory."""

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select
from sqlmodel import Session, col, delete

from storage.rows import core, find, insert_or_update
from storage.tables import Expectation

_KIND = select(core(Expectation).c.kind).where(core(Expectation).c.person_id == bindparam("person_id"))
_FORGET_KINDS = (
    core(Expectation)
    .delete()
    .where(
        core(Expectation).c.person_id.in_(bindparam("person_ids", expanding=True)),
        core(Expectation).c.kind.in_(bindparam("kinds", expanding=True)),
    )
)


def awaited(session: Session, *, person_id: UUID) -> Expectation | None:
    """What the bot has asked this person for, if anything."""
    return find(session, Expectation, person_id=person_id)


def kind_awaited(session: Session, *, person_id: UUID) -> str | None:
    """What kind of words the bot has asked this person for, if any."""
    session.flush()
    found: str | None = session.connection().execute(_KIND, {"person_id": person_id}).scalar()
    return found


def await_words(session: Session, *, person_id: UUID, kind: str, about: UUID | str = "") -> None:
    """Ask for words; an earlier wish is replaced."""
    insert_or_update(
        session,
        Expectation,
        ("person_id",),
        id=uuid4(),
        person_id=person_id,
        kind=kind,
        about=str(about),
        words_sealed=None,
    )


def forget_kinds(session: Session, kinds: Collection[str], *, person_ids: Collection[UUID]) -> None:
    """Wait for nothing of these kinds any more."""
    session.flush()
    session.connection().execute(_FORGET_KINDS, {"person_ids": list(person_ids), "kinds": list(kinds)})


def forget(session: Session, *, person_id: UUID) -> bool:
    """Wait for nothing any more; tells whether something was awaited."""
    found = awaited(session, person_id=person_id) is not None
    session.execute(delete(Expectation).where(col(Expectation.person_id) == person_id))
    return found
