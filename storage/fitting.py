"""Whether a key store and a database are of one bot: with other keys, everybody in it would be a stranger."""

from sqlmodel import Session, select

from storage import claiming
from storage.keys import KeyStore
from storage.sealing import SealBroken
from storage.tables import Chat


def keeps_anybody(session: Session) -> bool:
    """Whether the database knows any chat."""
    return session.exec(select(Chat.id).limit(1)).first() is not None


def fits(session: Session, keys: KeyStore) -> bool:
    """Whether the keys are those of this database; of an empty one, any are. `session` carries the keys."""
    chat = session.exec(select(Chat).limit(1)).first()
    try:
        return chat is None or keys.lookup(claiming.address(session, chat)) == chat.lookup
    except SealBroken:
        return False
