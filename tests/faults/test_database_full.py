"""A disk that is full: nobody is told what is not kept, and everything goes on by itself once there is room."""

import asyncio
import errno

import pytest
from sqlmodel import Session, select

from bot.wire import exporter
from storage import sealing
from storage.tables import Answer
from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone
from tests.waiting import Heard

PEOPLE = 6
LONG = "Nothing of this may be lost. " * 50  # two of them fill a page of the file
NO_LIMIT = 1_073_741_823


async def give_pages(house: House, more: int | None) -> None:
    """Let the file grow by so many pages from now on, or as it likes."""

    def limit(session: Session) -> None:
        connection = session.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = NO_LIMIT if more is None else pages + more
        assert connection.exec_driver_sql(f"PRAGMA max_page_count={most}").scalar_one() == most

    await asyncio.wrap_future(house.app.units.submit(limit))


async def answers(house: House) -> list[str]:
    def read(session: Session) -> list[str]:
        found = session.exec(select(Answer))
        return [sealing.opened(session, each, "words_sealed", owner=each.person_id) for each in found]

    return await asyncio.wrap_future(house.app.units.submit(read))


async def all_answer(house: House) -> list[Phone]:
    """Several people answer in the same moment, more than the file has room for."""
    phones = [house.phone(f"Person {number}") for number in range(PEOPLE)]
    for phone in phones:
        await set_up(phone)
    await give_pages(house, 1)
    for phone in phones:
        phone.account.write(f"{phone.name}: {LONG}")
    return phones


def shown(phones: list[Phone]) -> list[int]:
    return [phone.times_shown(f"{phone.name}: Nothing") for phone in phones]


async def test_a_full_disk_delays_and_loses_nothing(sqlite_house: House, heard: Heard) -> None:
    phones = await all_answer(sqlite_house)
    await heard.hears("database_away", times=2)
    told = {phone.name for phone, times in zip(phones, shown(phones), strict=True) if times}
    kept = {words.partition(":")[0] for words in await answers(sqlite_house)}
    assert told <= kept < {phone.name for phone in phones}
    assert sqlite_house.telegram.pending, "what is not kept was acknowledged"
    await give_pages(sqlite_house, None)
    await sqlite_house.settle()
    assert sorted(await answers(sqlite_house)) == sorted(f"{phone.name}: {LONG}".strip() for phone in phones)
    assert shown(phones) == [1] * PEOPLE


async def test_an_export_that_finds_no_room_comes_later_and_nobody_else_waits(
    sqlite_house: House, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await set_up(ann)

    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(exporter, "TemporaryFile", no_room)
        await ann.say("/export")
        await heard.hears("export_waits")
        await ben.start()
        assert "want to be close" in ben.last.text
    assert not files(ann)
    await house.pass_time(minutes=3)
    assert files(ann) == 1
    assert heard.times("part_broke") == 0


def files(phone: Phone) -> int:
    return sum("document" in message.content for message in phone.from_bot)
