"""Words under seal: only their owner's key opens them, and only in the row and column they were written for."""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session, SQLModel

from storage.keys import KeyStore

_VERSION = b"\x01"
_NONCE = 12


class SealBroken(Exception):
    """What stands in the column was not sealed for this row, column and owner."""


def seal(session: Session, row: SQLModel, column: str, text: str, *, owner: UUID) -> None:
    """Put `text` into a column, sealed for exactly this place; raises KeyGone."""
    setattr(row, column, sealed_for(session, type(row), column, _identity(row), text, owner=owner))


def opened(session: Session, row: SQLModel, column: str, *, owner: UUID) -> str:
    """The text of a sealed column; raises KeyGone, SealBroken."""
    return opened_from(session, type(row), column, _identity(row), getattr(row, column), owner=owner)


def sealed_for(
    session: Session, table: type[SQLModel], column: str, identity: UUID | str, text: str, *, owner: UUID
) -> bytes:
    """The same for a row that is no object, by its id or what else identifies it; raises KeyGone."""
    nonce = os.urandom(_NONCE)
    # Telegram's JSON may carry half of a surrogate pair: what was written must come back as it was.
    words = text.encode("utf-8", "surrogatepass")
    return _VERSION + nonce + AESGCM(_key(session, owner)).encrypt(nonce, words, _place(table, column, identity, owner))


def opened_from(
    session: Session, table: type[SQLModel], column: str, identity: UUID | str, sealed: bytes | None, *, owner: UUID
) -> str:
    """The same for a row that is no object; raises KeyGone, SealBroken."""
    sealed = sealed or b""
    key = _key(session, owner)
    if not sealed.startswith(_VERSION):
        raise SealBroken("There is nothing that this version can open.")
    nonce, words = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return (
            AESGCM(key).decrypt(nonce, words, _place(table, column, identity, owner)).decode("utf-8", "surrogatepass")
        )
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The words were not sealed for this place.") from error


def _key(session: Session, owner: UUID) -> bytes:
    keys: KeyStore = session.info["keys"]
    return keys.data_key(owner)


def _identity(row: SQLModel) -> UUID | str:
    """What tells this row from all others. A table names another column in `sealed_by` if its id is the database's."""
    identity: UUID | str | None = getattr(row, getattr(row, "sealed_by", "id"))
    if identity is None:
        raise ValueError("a row without an id cannot carry sealed words")
    return identity


def _place(table: type[SQLModel], column: str, identity: UUID | str, owner: UUID) -> bytes:
    """What the seal is bound to."""
    return owner.bytes + "\0".join((str(table.__tablename__), column, str(identity))).encode()
