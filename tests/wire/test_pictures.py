"""Pictures on their way: drawn apart, sent or edited in, and what happens when one cannot be drawn."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.messages.card import Card
from bot.messages.chart import Blank, Chart, Moments
from bot.messages.drawing import MOST
from bot.messages.markup import bold
from bot.playground import faults
from bot.wire import outgoing, pictures
from bot.wire.pictures import NotDrawn, Pictures
from bot.wire.request import Form
from storage.tables import Delivery
from tests.conftest import House
from tests.couples import couple
from tests.phones import Phone
from tests.sundays import a_week_with_an_answer, approves, taps_the_pulse, to_sunday, wants
from tests.sundays import pictures as drawn_on

PNG = b"\x89PNG\r\n\x1a\n"
CARD = Card(bold("A & B"), picture=Blank())


DRAWN = r"b'\0\0\0\4\x89PNG'"  # a short picture and its size


def python(code: str) -> tuple[str, ...]:
    return sys.executable, "-c", code


async def once(picture: Chart, folder: Path, code: str) -> bytes:
    """What a process with this code draws."""
    drawing = Pictures(folder, command=python(code))
    try:
        return await drawing.draw(picture)
    finally:
        await drawing.close()


async def test_the_process_that_draws_is_told_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "secret")
    wrote = tmp_path / "environment"
    code = f"import os; input(); open({str(wrote)!r}, 'w').write(str(dict(os.environ))); os.write(1, {DRAWN})"
    assert await once(Blank(), tmp_path, code) == b"\x89PNG"
    assert "secret" not in wrote.read_text()


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(3)",
        "print('no picture')",
        r"import os, time; os.write(1, b'\0\0\0\4text'); time.sleep(60)",
        "raise ValueError('Ann and Ben')",
    ],
    ids=["ends", "says", "gives something else", "fails"],
)
async def test_what_is_no_picture_is_not_drawn(tmp_path: Path, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotDrawn):
        await once(Blank(), tmp_path, code)
    told = capsys.readouterr().out
    assert "drawing_failed" in told
    assert "Ann" not in told


async def test_a_command_that_is_not_there_and_one_that_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotDrawn):
        await Pictures(tmp_path, command=(str(tmp_path / "nothing"),)).draw(Blank())
    monkeypatch.setattr(pictures, "DRAWN_WITHIN", 0.2)
    with pytest.raises(NotDrawn):
        await once(Blank(), tmp_path, "import time; time.sleep(60)")
    with pytest.raises(NotDrawn):
        await once(Blank(), tmp_path, "import os, time; os.close(1); time.sleep(60)")


async def test_drawing_that_is_not_wanted_any_more_leaves_no_process(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    code = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    task = asyncio.create_task(Pictures(tmp_path, command=python(code)).draw(Blank()))
    while not (started.exists() and started.read_text()):
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{started.read_text()}").exists()


async def test_another_attempt_need_not_draw_again_and_only_a_few_are_kept(tmp_path: Path) -> None:
    """A slow machine may draw until the claim is over: the next attempt has the picture at once."""
    count = tmp_path / "count"
    code = f"import os; input(); open({str(count)!r}, 'a').write('x'); os.write(1, {DRAWN})"
    drawing = Pictures(tmp_path, command=python(code))
    for _ in range(3):
        await drawing.draw(Blank())
    assert count.read_text() == "x"
    for number in range(pictures.KEPT + 1):
        await drawing.draw(Moments(str(number), ()))
    await drawing.draw(Blank())
    assert len(count.read_text()) == pictures.KEPT + 3
    await drawing.close()


async def test_a_process_that_has_drawn_draws_the_next_ones_and_ends_by_itself(tmp_path: Path) -> None:
    """The real one, given twenty-one pictures: the start of a process takes longer than they do."""
    drawing = Pictures(tmp_path)
    drawn = [await drawing.draw(Moments(str(number), ("Sea",))) for number in range(2)]
    assert drawn[0] != drawn[1]
    (first,) = drawing._waiting
    for number in range(2, MOST + 1):
        await drawing.draw(Moments(str(number), ("Sea",)))
    (second,) = drawing._waiting
    assert second is not first
    assert first._process.returncode == 0
    await drawing.close()
    assert second._process.returncode is not None


async def test_a_process_that_is_not_asked_for_a_while_ends_and_the_next_picture_is_drawn_by_another(
    tmp_path: Path,
) -> None:
    impatient = "from bot.messages import drawing; drawing.PATIENCE = 0.5; drawing.main()"
    drawing = Pictures(tmp_path, command=python(impatient))
    await drawing.draw(Blank())
    (first,) = drawing._waiting
    assert await asyncio.wait_for(first._process.wait(), 30) == 0
    assert await drawing.draw(Moments("1", ()))
    assert drawing._waiting[0] is not first
    await drawing.close()


async def test_a_process_that_was_killed_while_it_waited_costs_nobody_a_picture(tmp_path: Path) -> None:
    drawing = Pictures(tmp_path)
    await drawing.draw(Blank())
    drawing._waiting[0]._process.kill()
    assert (await drawing.draw(Moments("1", ()))).startswith(PNG)
    await drawing.close()


async def test_much_that_it_complains_of_holds_nothing_up(tmp_path: Path) -> None:
    code = (
        f"import os, sys; sys.stderr.write('x' * 1_000_000); sys.stderr.flush(); os.write(1, {DRAWN}); input(); input()"
    )
    assert await asyncio.wait_for(once(Blank(), tmp_path, code), 30) == b"\x89PNG"


def test_a_picture_is_sent_with_its_caption_and_edited_in_with_a_cover() -> None:
    method, sent = outgoing.new_message(7, CARD, PNG)
    assert (method, sent["photo"], sent["caption"]) == ("sendPhoto", PNG, "<b>A &amp; B</b>")
    method, edited = outgoing.edit(7, 8, Card(CARD.text, private=True), PNG)
    assert method == "editMessageMedia"
    assert edited["media"]["has_spoiler"] is True  # type: ignore[index]
    form = Form(edited)
    assert form.contains_files
    assert "picture" not in form.json_parameters
    assert form.multipart_data["picture"] == ("picture.png", PNG, "image/png")
    assert not Form({"text": "x"}).contains_files


# -- over the wire


async def draws_with(house: House, *command: str) -> None:
    house.app.sender._travel._draws = Pictures(house.app._settings.data_dir, command=command)  # type: ignore[assignment]


async def states(house: House, card: str) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.exec(select(Delivery.state).where(Delivery.card == card).order_by(col(Delivery.id))))

    return await asyncio.wrap_future(house.app.units.submit(read))


async def test_a_picture_that_cannot_be_drawn_holds_nothing_up_and_comes_later(
    house: House, ann: Phone, ben: Phone
) -> None:
    await a_week_with_an_answer(house, ann, ben)
    await wants(ann)
    await wants(ben)
    await to_sunday(house)
    good = house.app.sender._travel._draws
    await draws_with(house, *python("raise SystemExit(1)"))
    await approves(ann)
    await approves(ben)
    assert ann.shows("Your week, ")
    assert drawn_on(ann) == []
    await ann.say("/today")
    assert ann.from_bot
    house.app.sender._travel._draws = good
    await house.pass_time(minutes=2)
    assert len(drawn_on(ann)) == len(drawn_on(ben)) == 1
    assert await states(house, "summary.picture") == ["sent", "sent"]


async def test_a_bot_that_stops_leaves_no_drawing_process(house: House) -> None:
    await house.app._pictures.draw(Blank())
    (waiting,) = house.app._pictures._waiting
    assert waiting._process.returncode is None
    await house.app.stop()
    assert waiting._process.returncode is not None


async def test_an_ambiguous_edit_is_repeated_and_shows_one_picture(house: House, ann: Phone, ben: Phone) -> None:
    await a_week_with_an_answer(house, ann, ben)
    await wants(ann)
    await wants(ben)
    await to_sunday(house)
    await approves(ann)
    house.telegram.faults.add(faults.reset(after_effect=True), method="editMessageMedia", times=2)
    await approves(ben)
    await house.pass_time(minutes=2)
    assert len(drawn_on(ann)) == len(drawn_on(ben)) == 1
    nudges = [each for each in ann.from_bot if each.versions[0].text == "Something is here for you."]
    assert all(len(each.versions) > 1 for each in nudges)


async def test_a_trend_that_is_given_up_is_not_sent_for_ever(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await taps_the_pulse(ann, 1, 2, 3, 4)
    await house.pass_time(days=8)
    await taps_the_pulse(ann, 1, 2, 3, 4)
    await draws_with(house, *python("raise SystemExit(1)"))
    await ann.tap("My trend")
    for _ in range(6):
        await house.pass_time(minutes=1)
    assert await states(house, "pulse.trend") == ["failed"]
    assert drawn_on(ann) == []


async def test_a_text_cannot_take_the_place_of_a_picture_so_the_picture_goes(
    house: House, ann: Phone, ben: Phone
) -> None:
    """Somebody presses an old button on a picture, as a forged client could."""
    await couple(ann, ben)
    await taps_the_pulse(ann, 1, 2, 3, 4)
    await house.pass_time(days=8)
    await taps_the_pulse(ann, 1, 2, 3, 4)
    await ann.tap("My trend")
    (picture,) = drawn_on(ann)
    await ann.press("1:yo", on=picture)
    assert drawn_on(ann) == []
    assert "The weekly page" in ann.last.text
