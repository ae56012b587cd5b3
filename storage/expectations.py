"""What a person's next typed message would answer; kept in a row, never in memory.

Words that are held until their author says where they belong have rows of their own in the same table (see
`storage.daily`): they wait for as long as their question, whatever is asked for meanwhile.
"""

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select
from sqlmodel import Session
from sqlmodel import select as select_rows

from storage.rows import core, insert_or_update
from storage.tables import AWAITED, Expectation

_AWAITED = select_rows(Expectation).where(core(Expectation).c.person_id == bindparam("person_id"), AWAITED)
_KIND = select(core(Expectation).c.kind).where(core(Expectation).c.person_id == bindparam("person_id"), AWAITED)
_FORGET = core(Expectation).delete().where(core(Expectation).c.person_id == bindparam("person_id"), AWAITED)
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
    return session.scalars(_AWAITED, {"person_id": person_id}).first()


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
        among=AWAITED,
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
    found = kind_awaited(session, person_id=person_id) is not None
    session.execute(_FORGET, {"person_id": person_id})
    return found
