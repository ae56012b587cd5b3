"""S13, S16, G12: deleting removes everything of a person's at once and for good, and says what stays.

The partner's own rows and words live on. Keys go first; an old backup of the database does not open, and who was
erased is erased again from it.
"""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.app import App
from bot.messages.card import Card
from storage import tables
from storage.erasing import ERASED, Stays
from storage.rows import core
from storage.tables import Block, Chat, Erasure, Person, Table
from tests.conftest import Hands, House, Place
from tests.couples import a_day_passes, couple, keep, open_answers, set_up
from tests.inside import Inside
from tests.phones import Phone
from tests.post import Post
from tests.sundays import WORDS, a_week_with_an_answer, approves, pictures, taps_the_pulse, to_sunday, wants

ANNS, BENS, KEPT, NOTE = "the lake at night", "a green umbrella", "soup without salt", "an empty train"


async def inside(house: House, work: Callable[[Session], Any]) -> Any:
    return await asyncio.wrap_future(house.app.units.submit(work))


async def a_life(house: House, ann: Phone, ben: Phone) -> None:
    """Two people with an open pair of answers, kept words, a note, and messages older than 48 hours."""
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await open_answers(ann, ben, words=(ANNS, BENS))
    await ann.tap("That stung")
    await ann.tap("Write it down just for you")
    await ann.say(NOTE)
    await a_day_passes(house, 3)
    await keep(ann, KEPT)


async def erase(house: House, phone: Phone) -> None:
    await phone.say("/delete")
    await phone.tap("Delete everything")
    await wait_for(house)


async def wait_for(house: House) -> None:
    """Until nothing is left to erase."""
    for _ in range(400):
        await house.pass_time(seconds=3)
        if not await inside(house, lambda session: session.exec(select(Erasure)).all()):
            return
    raise AssertionError("the erasure does not end")


def test_what_is_asked_before_fits_the_person(sqlite_inside: Inside) -> None:
    """Who was never linked reads nothing of a link, and who was left quietly reads what was true for them."""
    post = Post(sqlite_inside)
    ann, ben, cleo = post.person("Ann"), post.person("Ben"), post.person("Cleo")
    cleo.command("delete")
    assert "link" not in cleo.last.text
    assert "No longer shown" not in cleo.last.text
    couple_id = post.link(ann, ben)
    ann.command("delete")
    assert "The link ends" in ann.last.text
    assert "your partner's chat" in ann.last.text
    post.unlink(ann, couple_id)
    ann.command("delete")
    assert "The link ends" not in ann.last.text
    assert "a former partner's chat" in ann.last.text
    unaware = sqlite_inside.show("erasing.ask", ben.person_id)
    assert isinstance(unaware, Card)
    assert "The link ends" in unaware.text, "he has not learned it yet"


def rows(session: Session) -> dict[str, int]:
    counted = {table.__tablename__: session.connection().execute(select(core(table))).all() for table in ERASED}
    return {str(name): len(found) for name, found in counted.items() if found}


async def test_it_takes_two_taps_and_the_person_is_a_stranger(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    await ann.say("/delete")
    assert "at once and for good" in ann.last.text
    await ann.tap("Back")
    assert ann.shows("You and Ben are linked")
    await erase(house, ann)
    assert "Everything of yours is deleted" in ann.last.text
    await ann.say("Is anybody there?")
    assert "Press /start first" in ann.last.text
    await ann.start()
    assert ann.offers("Begin")


async def test_the_chats_are_cleaned_and_the_partner_keeps_their_own(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    assert ben.shows(ANNS)
    await erase(house, ann)
    for secret in (ANNS, BENS, KEPT):
        assert not any(secret in message.text for message in ann.from_bot), secret
    in_sight = [message.text for message in ann.from_bot]
    assert all("No longer shown" in text or "Everything of yours" in text for text in in_sight), in_sight
    assert any("No longer shown" in text for text in in_sight), "what is older than 48 hours is overwritten"
    assert not ben.shows(ANNS)
    reveal = ben.find("Touch to read")
    assert BENS in reveal.text
    assert "No longer shown" in reveal.text
    assert "Ann" not in "".join(message.text for message in ben.from_bot)


async def test_the_partners_life_goes_on_and_nobody_told_them(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    notices = len(ben.account.handset.notices)
    await erase(house, ann)
    assert len(ben.account.handset.notices) == notices, "nothing came in"
    await ben.say("/help")
    assert ben.times_shown("no longer linked") == 1
    await a_day_passes(house)
    assert "Just for you" in "".join(message.text for message in ben.from_bot[-3:])
    reveal = ben.find("Touch to read")
    await ben.tap("Take mine back", on=reveal)
    await ben.tap("Take mine back")
    assert BENS not in reveal.text


async def test_a_weekly_page_and_its_picture_go_from_both_chats(house: House, ann: Phone, ben: Phone) -> None:
    await a_week_with_an_answer(house, ann, ben)
    await wants(ann)
    await wants(ben)
    await to_sunday(house)
    for phone in (ann, ben):
        await taps_the_pulse(phone, 2, 4, 3, 5)
        await approves(phone, pulse=True)
    await ben.say("/memories")
    page, picture = ben.find("Your week, "), pictures(ben)[0]
    before = picture.content["photo"][0]["file_id"]
    await house.pass_time(hours=50)
    await erase(house, ann)
    assert page.text == picture.text == "No longer shown"
    assert picture.content["photo"][0]["file_id"] != before
    assert not any(WORDS[0] in message.text for message in ben.from_bot)
    assert any(WORDS[1] in message.text for message in ben.from_bot), "what Ben wrote stays his"
    assert all(message.text in ("No longer shown", "") or "Everything of" in message.text for message in ann.from_bot)


@pytest.mark.every_database
async def test_no_row_of_theirs_is_left(house: House, ann: Phone, ben: Phone) -> None:
    await set_up(ben, "Berlin")
    alone = await inside(house, rows)
    await set_up(ann, "Berlin")
    await ann.say("/invite")
    await ann.say("/settings")
    await ann.say("not an answer to settings")
    await erase(house, ann)
    left = await inside(house, rows)
    stays = {str(table.__tablename__) for table, fate in ERASED.items() if isinstance(fate, Stays)} - {
        "chat",
        "erasure",
    }
    assert {name: count for name, count in left.items() if name not in stays} == {
        name: count for name, count in alone.items() if name not in stays
    }


@pytest.mark.every_database
async def test_when_both_are_gone_nothing_is_left_at_all(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    await erase(house, ann)
    await erase(house, ben)
    left = await inside(house, rows)
    assert set(left) <= {"processed_update", "lease", "bot_account"}, left


async def test_somebody_who_comes_back_at_once_begins_anew(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    await ann.say("/delete")
    await ann.tap("Delete everything")
    await set_up(ann, "Berlin")
    await ann.say("A new beginning.")
    await wait_for(house)
    assert ann.shows("A new beginning.")
    assert not any(KEPT in message.text for message in ann.from_bot)
    people = await inside(house, lambda session: session.exec(select(Person)).all())
    assert len(people) == 2


@pytest.mark.parametrize("when", ["stranger", "agreed", "invited", "accepted", "asked"])
async def test_it_works_in_every_state(house: House, ann: Phone, ben: Phone, when: str) -> None:
    await set_up(ben, "Berlin")
    await ben.say("/invite")
    if when == "stranger":
        await ann.open(ben.link("Copy link"))
        await ann.say("/delete")
        assert "nothing of yours" in ann.last.text
        return
    if when == "agreed":
        await ann.start()
        await ann.tap("Begin")
        await ann.tap("I agree")
    else:
        await set_up(ann, "Berlin")
    if when in ("invited", "accepted"):
        await ann.tap("Not today")
        await ann.open(ben.link("Copy link"))
    if when == "accepted":
        await ann.tap("Accept")
        assert ben.shows("Someone named Ann accepted")
    if when == "asked":
        await ann.say("/time")
    await erase(house, ann)
    assert "Everything of yours is deleted" in ann.last.text
    assert not ben.shows("Ann")
    assert len(await inside(house, lambda session: session.exec(select(Person)).all())) == 1


async def test_an_old_button_does_nothing_more(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("/delete")
    button = ann.last
    data = str(button.buttons[0]["callback_data"])
    await ann.tap("Delete everything")
    await ann.press(data, on=button)
    await wait_for(house)
    assert len(await inside(house, lambda session: session.exec(select(Person)).all())) == 1


async def test_who_was_blocked_stays_blocked(house: House, ann: Phone, ben: Phone) -> None:
    await set_up(ann, "Berlin")
    await set_up(ben, "Berlin")
    await ann.tap("Not today")
    await ann.say("/invite")
    await ben.tap("Not today")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Decline and block")
    await erase(house, ann)
    chats = await inside(house, lambda session: [chat.address_sealed for chat in session.exec(select(Chat))])
    assert b"" in chats, "the fingerprint that the block needs, and no address"
    await set_up(ann, "Berlin")
    await ann.tap("Not today")
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    assert "doesn't work any more" in ben.last.text
    assert len(await inside(house, lambda session: session.exec(select(Block)).all())) == 1


# -- G12: erasing is final


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def sealed_bytes(house: House) -> list[bytes]:
    """Every ciphertext of Ann's."""

    def find(session: Session) -> list[bytes]:
        ann = next(person for person in session.exec(select(Person)) if name_of(session, person) == "Ann")
        found = [ann.name_sealed]
        for table in (tables.Answer, tables.JournalNote):
            for row in session.exec(select(table).where(table.person_id == ann.id)):  # type: ignore[attr-defined]
                found += [row.words_sealed] if row.words_sealed else []
        return found

    return await inside(house, find)


def name_of(session: Session, person: Person) -> str:
    from storage import people

    return people.name(session, person)


async def test_not_a_byte_is_left_in_any_file(sqlite_house: House, ann_: Phone, ben_: Phone, tmp_path: Path) -> None:
    house, ann, ben = sqlite_house, ann_, ben_
    await a_life(house, ann, ben)
    sealed = await sealed_bytes(house)
    assert len(sealed) >= 4
    wrapped = wrapped_key(house, await ann_id(house))
    assert wrapped is not None
    before = content(tmp_path)
    assert all(each in before for each in sealed)
    assert wrapped in before
    await erase(house, ann)
    after = content(tmp_path)
    for each in (*sealed, wrapped):
        assert each not in after
        assert each[13:45] not in after


async def ann_id(house: House) -> Any:
    def find(session: Session) -> Any:
        return next(person.id for person in session.exec(select(Person)) if name_of(session, person) == "Ann")

    return await inside(house, find)


def wrapped_key(house: House, owner: Any) -> bytes | None:
    found = house.app.keys._rows.find(owner)
    return found[1] if found else None


async def test_an_old_backup_does_not_open_and_is_erased_again(
    sqlite_place: Place, telegram: Any, hands: Hands, tmp_path: Path
) -> None:
    app, house = await begin(sqlite_place, telegram, hands)
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await a_life(house, ann, ben)
    await app.stop()
    backup = tmp_path / "backup.db"
    shutil.copy(sqlite_place.folder / "side-by-side.db", backup)

    app, house = await begin(sqlite_place, telegram, hands)
    for phone in (ann, ben):
        phone._settle = house.settle
    await erase(house, ann)
    said = len(ann.from_bot)
    await app.stop()
    shutil.copy(backup, sqlite_place.folder / "side-by-side.db")

    app, house = await begin(sqlite_place, telegram, hands)
    ben._settle = house.settle
    await wait_for(house)
    names = await inside(house, lambda session: [name_of(session, person) for person in session.exec(select(Person))])
    assert names == ["Ben"]
    assert len(ann.from_bot) == said, "whoever left long ago is not written to"
    await ben.say("/today")
    assert not ben.shows(ANNS)
    await app.stop()


async def begin(place: Place, telegram: Any, hands: Hands) -> tuple[App, House]:
    from random import Random

    ahead = (hands.now() - hands_real()) if hands.read is not None else timedelta()
    app = App(place.settings(telegram, playground_ahead=ahead.total_seconds()), random=Random(7))
    await app.start()
    hands.read = app.now
    return app, House(app, telegram)


def hands_real() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


@pytest.fixture
async def sqlite_house(sqlite_place: Place, telegram: Any, hands: Hands) -> Any:
    app, house = await begin(sqlite_place, telegram, hands)
    yield house
    await app.stop()


@pytest.fixture
def ann_(sqlite_house: House) -> Phone:
    return sqlite_house.phone("Ann")


@pytest.fixture
def ben_(sqlite_house: House) -> Phone:
    return sqlite_house.phone("Ben")


def test_every_table_is_looked_at() -> None:
    assert {core(table) for table in ERASED} == set(Table.metadata.sorted_tables)
