"""What a chat shows: looked at, and changed, by one unit at a time.

The sender marks what stands and then looks at its card; a use case changes what the card shows and then looks at what
stands. On PostgreSQL, side by side, each would miss the other's change, and words that were withdrawn would stay.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage.rows import core
from storage.tables import Chat, Person

_chat, _person = core(Chat), core(Person)
# not FOR UPDATE, for which every unit that owes something to the chat would have to wait
_THESE = select(_chat.c.id).where(_chat.c.id.in_(bindparam("chats", expanding=True)))
_HOLD = _THESE.order_by(_chat.c.id).with_for_update(key_share=True)
_HOLD_FREE = _THESE.with_for_update(key_share=True, skip_locked=True)
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


def not_held(session: Session, chat_ids: Collection[UUID]) -> Collection[UUID]:
    """Hold those of these chats that no other unit holds, and give them: whoever waits for many may wait in a ring."""
    if session.get_bind().dialect.name != "postgresql":
        return chat_ids
    return set(session.connection().execute(_HOLD_FREE, {"chats": list(chat_ids)}).scalars())


def hold_of(session: Session, person_id: UUID) -> None:
    """The same for the chat of a person."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_HOLD_OF, {"person": person_id})
