"""Whether a key store, a database and a token are of one bot.

With other keys, everybody in a database would be a stranger. With the token of another bot, nobody could be written to,
and all would seem to have blocked it.
"""

from sqlmodel import Session, select

from storage import claiming
from storage.keys import KeyStore
from storage.rows import insert_if_new
from storage.sealing import SealBroken
from storage.tables import BotAccount, Chat


def keeps_anybody(session: Session) -> bool:
    """Whether the database knows any chat."""
    return session.exec(select(Chat.id).limit(1)).first() is not None


def belongs_to(session: Session, bot_id: int) -> bool:
    """Whether the people here talk to the bot with this Telegram id; the first one that asks is theirs."""
    lookup: bytes = session.info["keys"].lookup(bot_id)
    insert_if_new(session, BotAccount, id=1, lookup=lookup)
    return session.exec(select(BotAccount)).one().lookup == lookup


def forget_bot(session: Session) -> bool:
    """Let the bot that starts next be the one of these people; tells whether there was another."""
    found = session.get(BotAccount, 1)
    if found is not None:
        session.delete(found)
        session.flush()
    return found is not None


def fits(session: Session, keys: KeyStore) -> bool:
    """Whether the keys are those of this database; of an empty one, any are. `session` carries the keys."""
    with_address = select(Chat).where(Chat.address_sealed != b"").limit(1)  # erased chats are kept for a block without
    chat = session.exec(with_address).first()
    try:
        return chat is None or keys.lookup(claiming.address(session, chat)) == chat.lookup
    except SealBroken:
        return False
