"""Sealed words open for their owner's key, in their own place, and nowhere else."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlmodel import Session, SQLModel

from storage.keys import KeyGone, KeyStore
from storage.sealing import SealBroken, opened, seal
from storage.tables import Chat, JournalNote

ANN, BEN = UUID(int=0xA), UUID(int=0xB)
WORDS = "The way you waited for me."


class Diary(SQLModel):
    """A row with two sealed columns, and another unique name than its id."""

    sealed_by: ClassVar[str] = "name"
    __tablename__ = "diary"
    id: int | None = None
    name: str | None = None
    words_sealed: bytes | None = None
    title_sealed: bytes | None = None


class Letter(SQLModel):
    """Another table with a column of the same name as a note's."""

    __tablename__ = "letter"
    id: UUID
    words_sealed: bytes | None = None


@pytest.fixture
def session(keys: KeyStore) -> Iterator[Session]:
    for owner in (ANN, BEN):
        keys.create(owner)
    with Session(info={"keys": keys}) as session:
        yield session


def note(number: int = 1) -> JournalNote:
    return JournalNote(id=UUID(int=number), person_id=ANN, on_date=date(2030, 1, 1), words_sealed=b"")


@given(words=some.text(some.characters()))
def test_any_text_comes_back_as_it_was(session: Session, words: str) -> None:
    row = note()
    seal(session, row, "words_sealed", words, owner=ANN)
    assert opened(session, row, "words_sealed", owner=ANN) == words


def test_half_a_surrogate_pair_comes_back_too(session: Session) -> None:
    row = note()
    seal(session, row, "words_sealed", "\ud83d", owner=ANN)
    assert opened(session, row, "words_sealed", owner=ANN) == "\ud83d"


def test_the_words_are_not_in_what_is_kept_and_never_look_the_same(session: Session) -> None:
    one, two = note(), note()
    for row in (one, two):
        seal(session, row, "words_sealed", WORDS, owner=ANN)
        assert WORDS.encode() not in row.words_sealed
    assert one.words_sealed[13:] != two.words_sealed[13:]


def places() -> list[tuple[SQLModel, str, UUID]]:
    """Places that differ in their table, row, column or owner alone."""
    chat = Chat(id=UUID(int=1), lookup=b"", address_sealed=b"")
    diaries = [Diary(id=1, name=name) for name in ("one", "one", "two")]
    return [
        (note(1), "words_sealed", ANN),
        (note(1), "words_sealed", BEN),
        (note(2), "words_sealed", ANN),
        (Letter(id=UUID(int=1)), "words_sealed", ANN),
        (chat, "address_sealed", ANN),
        (diaries[0], "words_sealed", ANN),
        (diaries[1], "title_sealed", ANN),
        (diaries[2], "words_sealed", ANN),
    ]


def test_words_do_not_open_in_any_other_place(session: Session) -> None:
    tried = 0
    for (row, column, owner), (other, other_column, other_owner) in permutations(places(), 2):
        seal(session, row, column, WORDS, owner=owner)
        setattr(other, other_column, getattr(row, column))
        with pytest.raises(SealBroken):
            opened(session, other, other_column, owner=other_owner)
        tried += 1
    assert tried == 56


def test_words_with_one_bit_changed_do_not_open(session: Session) -> None:
    row = note()
    seal(session, row, "words_sealed", WORDS, owner=ANN)
    sealed = row.words_sealed
    for place in range(len(sealed)):
        row.words_sealed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            opened(session, row, "words_sealed", owner=ANN)


@given(garbage=some.none() | some.binary() | some.binary().map(lambda rest: b"\x01" + rest))
def test_what_was_never_sealed_does_not_open(session: Session, garbage: bytes | None) -> None:
    row = Diary(name="one", words_sealed=garbage)
    with pytest.raises(SealBroken):
        opened(session, row, "words_sealed", owner=ANN)


def test_after_an_erasure_nothing_of_the_owner_opens_and_nothing_can_be_sealed(
    session: Session, keys: KeyStore
) -> None:
    anns, bens = note(1), note(2)
    seal(session, anns, "words_sealed", WORDS, owner=ANN)
    seal(session, bens, "words_sealed", WORDS, owner=BEN)
    keys.erase(ANN)
    with pytest.raises(KeyGone):
        opened(session, anns, "words_sealed", owner=ANN)
    with pytest.raises(KeyGone):
        seal(session, anns, "words_sealed", WORDS, owner=ANN)
    assert opened(session, bens, "words_sealed", owner=BEN) == WORDS


def test_nobody_elses_key_is_made_by_sealing(session: Session) -> None:
    with pytest.raises(KeyGone):
        seal(session, note(), "words_sealed", WORDS, owner=uuid4())


def test_a_row_without_an_id_cannot_carry_sealed_words(session: Session) -> None:
    with pytest.raises(ValueError, match="without an id"):
        seal(session, Diary(id=1), "words_sealed", WORDS, owner=ANN)
