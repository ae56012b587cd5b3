"""G8, G9: a copy of the files shows no words and no Telegram ids; logs show neither, nor the token."""

import asyncio
import io
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.logs import start_logs
from bot.playground import faults
from storage.tables import Table
from storage.whole_files import write_copy
from tests.conftest import House, Place
from tests.couples import a_day_passes, couple, keep, open_answers
from tests.phones import Phone
from tests.wordy import Life
from tests.wordy import live as live_through_everything

pytestmark = pytest.mark.every_database

LONG_ENOUGH = 8  # letters: shorter ones could stand anywhere
WORDS = ("a-marmalade-secret", "a-thunderstorm-secret", "a-velvet-secret", "a-cinnamon-secret")


@pytest.fixture
def logged() -> io.StringIO:
    out = io.StringIO()
    start_logs("DEBUG", "json", to=out)
    return out


async def live(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    for trouble in (faults.server_error(), faults.reset(after_effect=True)):
        house.telegram.faults.add(trouble, method="editMessageText", times=1)
    await open_answers(ann, ben, words=WORDS[:2])
    await ben.tap("Thank you")
    await ann.tap("That stung")
    await ann.tap("Write it down just for you")
    await ann.say(WORDS[2])
    await a_day_passes(house)
    await keep(ben, WORDS[3])


async def test_logs_hold_no_words_no_ids_and_no_token(
    logged: io.StringIO, house: House, ann: Phone, ben: Phone
) -> None:
    ann.account.user.first_name = "Annabellina"
    house.telegram.inject({"message": {"text": WORDS[0], "chat": 5}})
    await live(house, ann, ben)
    text = logged.getvalue()
    assert "outcome_unknown" in text or "malformed_update" in text
    for planted in (*WORDS, "Annabellina", str(ann.id), str(ben.id), house.telegram.token):
        assert planted not in text


async def test_the_files_show_no_words_and_no_telegram_ids(
    place: Place, house: House, ann: Phone, ben: Phone, tmp_path: Path
) -> None:
    await live(house, ann, ben)
    planted = [*WORDS, "Ann", "Ben", str(ann.id), str(ben.id)]
    numbers = [number.to_bytes(8, order) for number in (ann.id, ben.id) for order in ("big", "little")]
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    if place.kind == "postgresql":
        content += await dumped(house)
    assert b"daily.reveal" in content, "what may be read is found, so what is not found is not there"
    for text in planted[:4] + planted[6:]:
        assert text.encode() not in content, text
    for number in numbers:
        assert number not in content


async def dumped(house: House) -> bytes:
    """Every value of every table as text, the way a dump shows them."""

    def read(session: Session) -> bytes:
        tables = (session.connection().execute(select(table)) for table in Table.metadata.sorted_tables)
        return b"|".join(_as_bytes(value) for rows in tables for row in rows for value in row)

    return await asyncio.wrap_future(house.app.units.submit(read))


def test_no_file_and_no_backup_shows_a_line_of_all_that_two_people_write(sqlite_place: Place) -> None:
    """Weeks of every kind of words: answers, cards, agreements, notes, searches."""
    life = Life(sqlite_place)
    live_through_everything(life)
    write_copy(life.inside.engine).rename(sqlite_place.folder / "backup.db")
    content = {path.name: path.read_bytes() for path in sqlite_place.folder.iterdir() if path.is_file()}
    life.inside.close()
    assert b"weekly.opening" in content["backup.db"]
    assert content.keys() >= {"side-by-side.db", "side-by-side.db-wal", "keys.db", "keys.backup.db"}
    lines = [line for line in life.words if len(line) >= LONG_ENOUGH]
    assert len(lines) > 15
    assert [(name, line) for line in lines for name, found in content.items() if line.encode() in found] == []


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
