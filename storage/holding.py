"""What a chat shows: looked at, and changed, by one unit at a time.

The sender marks what stands and then looks at its card; a use case changes what the card shows and then looks at what
stands. On PostgreSQL, side by side, each would miss the other's change, and words that were withdrawn would stay.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage.rows import core
from storage.tables import Chat, Delivery, Person

_chat, _delivery, _person = core(Chat), core(Delivery), core(Person)
# not FOR UPDATE, for which every unit that owes something to the chat would have to wait
_HOLD = (
    select(_chat.c.id)
    .where(_chat.c.id.in_(bindparam("chats", expanding=True)))
    .order_by(_chat.c.id)
    .with_for_update(key_share=True)
)
_HOLD_FREE = (
    select(_delivery.c.id)
    .join(_chat, _chat.c.id == _delivery.c.chat_id)
    .where(_delivery.c.id.in_(bindparam("deliveries", expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)
# as a row does that refers to a person: it waits for whoever has locked them
_KEEP_FREE = (
    select(_person.c.id)
    .where(_person.c.id.in_(bindparam("people", expanding=True)))
    .with_for_update(read=True, key_share=True, skip_locked=True)
)
_HOLD_OF = (
    select(_chat.c.id)
    .join(_person, _person.c.chat_id == _chat.c.id)
    .where(_person.c.id == bindparam("person"))
    .with_for_update(key_share=True, of=_chat)
)


def hold(session: Session, *chat_ids: UUID) -> None:
    """Let no other unit mark or look at what these chats show until this one ends; one writer of SQLite is alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_HOLD, {"chats": chat_ids})


def not_held(
    session: Session, delivery_ids: Collection[int], person_ids: Collection[UUID]
) -> tuple[set[int], set[UUID]]:
    """Hold those of these deliveries, with their chats, and keep those of these people, that no other unit has locked.

    Gives both. Whoever waits for many, holding some of them, could wait for somebody who waits for those.
    """
    if session.get_bind().dialect.name != "postgresql":
        return set(delivery_ids), set(person_ids)
    connection = session.connection()
    free = set(connection.execute(_HOLD_FREE, {"deliveries": list(delivery_ids)}).scalars())
    return free, set(connection.execute(_KEEP_FREE, {"people": list(person_ids)}).scalars())


def hold_of(session: Session, person_id: UUID) -> None:
    """The same for the chat of a person."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_HOLD_OF, {"person": person_id})
