"""S23: invite tokens have at least 128 random bits, are stored as hashes, work once, for 48 hours."""

from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from tests.conftest import Place
from tests.inside import Inside, inside

__all__ = ["inside"]


@pytest.fixture
def ann(inside: Inside) -> UUID:
    return inside.person("Ann")


def test_a_token_has_128_random_bits_and_no_two_are_alike(inside: Inside, ann: UUID) -> None:
    tokens = set()
    for _ in range(50):
        _, token = inside.invite(ann)
        tokens.add(token)
        assert len(urlsafe_b64decode(token + "==")) == 16
        inside.later(hours=48)
    assert len(tokens) == 50


def test_no_row_and_no_file_holds_the_token(inside: Inside, ann: UUID, place: Place) -> None:
    invite_id, token = inside.invite(ann)
    inside.show("pairing.invite", ann, invite_id)

    def every_value(session: Session) -> bytes:
        rows: list[Any] = []
        for table in ("invite", "opening", "delivery", "message", "expectation", "person"):
            rows += session.connection().execute(text(f"SELECT * FROM {table}")).all()
        values = [value for row in rows for value in row]
        return b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)

    assert token.encode() not in inside.do(every_value)
    assert sha256(token.encode()).digest() in inside.do(every_value)
    for path in place.folder.iterdir():
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path.name


def test_a_token_works_once_and_for_48_hours(inside: Inside, ann: UUID) -> None:
    ben, cleo = inside.person("Ben"), inside.person("Cleo")
    _, token = inside.invite(ann)
    inside.accepted(ann, ben)
    assert inside.open(cleo, token) is None
    dee = inside.person("Dee")
    _, token = inside.invite(dee)
    inside.later(hours=48)
    assert inside.open(cleo, token) is None
