"""A database is opened with its own key store alone."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

from storage import fitting
from storage.keys import KeyStore
from storage.masters import masters_in
from storage.tables import Chat
from tests.inside import Inside, inside

__all__ = ["inside"]


@pytest.fixture
def foreign(tmp_path: Path) -> KeyStore:
    """The key store of another bot."""
    folder = tmp_path / "foreign"
    folder.mkdir(mode=0o700)
    return KeyStore(f"sqlite:///{folder / 'keys.db'}", masters_in(folder))


def fits(inside: Inside, keys: KeyStore) -> bool:
    with Session(inside.engine, info={"keys": keys}) as session:
        return fitting.fits(session, keys)


def test_an_empty_database_takes_any_key_store(inside: Inside, foreign: KeyStore) -> None:
    assert fits(inside, foreign)
    foreign.close()


def test_another_key_store_does_not_fit(inside: Inside, foreign: KeyStore) -> None:
    inside.person("Ann")
    inside.units.close()
    assert fits(inside, inside.keys)
    assert not fits(inside, foreign)
    foreign.close()


def test_a_chat_that_is_kept_for_a_block_without_its_address_says_nothing(inside: Inside, foreign: KeyStore) -> None:
    """Whoever blocked somebody and deleted everything leaves one; the bot starts all the same."""
    kept = Chat(id=UUID(int=0), lookup=b"kept for a block", address_sealed=b"")
    inside.do(lambda session: session.add(kept))
    assert inside.do(lambda session: fitting.fits(session, session.info["keys"]))
    inside.person("Ann")
    inside.units.close()
    assert fits(inside, inside.keys)
    assert not fits(inside, foreign)
    foreign.close()


def test_a_database_is_the_first_bots_until_that_one_is_forgotten(inside: Inside) -> None:
    def belongs(bot_id: int) -> bool:
        return inside.do(lambda session: fitting.belongs_to(session, bot_id))

    assert not inside.do(fitting.forget_bot)
    assert [belongs(bot_id) for bot_id in (7, 7, 8)] == [True, True, False]
    assert inside.do(fitting.forget_bot)
    assert [belongs(bot_id) for bot_id in (8, 7)] == [True, False]
