"""The tour with the real bot: the longest walk through everything that there is."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.playground.hands import Missing, Pace
from bot.playground.stage import Stage
from bot.playground.tour import Tour, inviting, linking, setting_up

HOUSE = Path(__file__).parents[2]
LONGEST_TOUR = 600.0  # seconds; a tenth of it where the machine has nothing else to do


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(folder), "PLAYGROUND_PORT": "8790", "PYTHONPATH": str(HOUSE)}


async def run(folder: Path, *more: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "bot", "playground", "--no-browser", *more)
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment(folder), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


@pytest.mark.waits_for_check
async def test_the_tour_sees_everything_that_it_should(tmp_path: Path) -> None:
    process = await run(tmp_path, "--tour", "--fast")
    printed, complaints = await asyncio.wait_for(process.communicate(), LONGEST_TOUR)
    assert process.returncode == 0, complaints.decode()
    assert b"The tour has seen everything that it should." in printed


async def test_the_playground_says_where_it_is_and_ends_cleanly(tmp_path: Path) -> None:
    process = await run(tmp_path)
    assert process.stdout is not None
    while b"http://127.0.0.1:" not in (line := await asyncio.wait_for(process.stdout.readline(), 60)):
        assert process.returncode is None
    second = await run(tmp_path)
    _, refusal = await asyncio.wait_for(second.communicate(), 60)
    assert second.returncode == 1
    assert line.strip() in refusal
    process.send_signal(signal.SIGTERM)
    _, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert complaints == b""


async def test_hands_say_what_a_phone_does_not_show(stage: Stage) -> None:
    tour = Tour(stage, say=lambda _: None, pace=Pace.none())
    await setting_up(tour)
    with pytest.raises(Missing, match="Ann should see “never said” but sees"):
        tour.ann.must_see("never said")
    with pytest.raises(Missing, match=r"Ben should find \[Begin\] but sees: nothing"):
        await tour.ben.tap("Begin")
    with pytest.raises(Missing, match="should never have seen"):
        tour.ann.must_never_have_seen("question")


@pytest.mark.waits_for_check
async def test_a_bot_that_outlived_the_playground_is_ended(tmp_path: Path, stage: Stage) -> None:
    tour = Tour(stage, say=lambda _: None, pace=Pace.none())
    await setting_up(tour)
    await inviting(tour)
    await linking(tour)
    stage.save()
    orphan = stage.child
    second = Stage(stage.folder, random=stage._random)
    await second.open()
    assert await asyncio.wait_for(orphan.ended(), 60) == -signal.SIGKILL
    shown = [message["text"] for message in second.seats.messages(second.seats.pairs[0].people[1])]
    assert any(tour.first_answers[0] in text for text in shown)
    await second.close()
