"""Answers to a poll that lead no further: the bot says so, asks again after growing pauses, and goes on by itself."""

import json

import pytest

from bot.playground import faults
from tests.conftest import House
from tests.waiting import Heard

UNKNOWN = "I don't know that command."
NO_LISTS = ('{"ok": true, "result": 5}', '{"ok": true, "result": null}', '{"ok": true, "result": {}}', '{"ok": true}')
NO_NUMBERS = (5, {}, {"update_id": "x"}, {"update_id": True}, {"update_id": 2**200}, {"update_id": -5})
BODIES = (*NO_LISTS, *(json.dumps({"ok": True, "result": [update]}) for update in NO_NUMBERS))


def poll_answers(house: House, body: str, *, times: int) -> None:
    house.telegram.faults.add(faults.nonsense(body), method="getUpdates", times=times)


@pytest.mark.parametrize("body", BODIES)
async def test_whatever_it_is_nothing_is_lost(sqlite_house: House, heard: Heard, body: str) -> None:
    ann = sqlite_house.phone("Ann")
    await ann.start()
    poll_answers(sqlite_house, body, times=1)
    await ann.say("/nosuch")
    await ann.say("/nosuch")
    await heard.hears("poll_failed")
    assert ann.times_shown(UNKNOWN) == 2
    assert heard.times("part_broke") == 0


@pytest.mark.parametrize("body", [NO_LISTS[0], BODIES[-1]])
async def test_the_pauses_grow_until_all_is_well_again(sqlite_house: House, heard: Heard, body: str) -> None:
    ann = sqlite_house.phone("Ann")
    await ann.start()
    poll_answers(sqlite_house, body, times=3)
    await ann.say("/nosuch")
    await heard.hears("pause=2.0")
    assert [heard.times(f"pause={seconds}") for seconds in (0.5, 1.0, 2.0)] == [1, 1, 1]
    await ann.say("/nosuch")
    poll_answers(sqlite_house, body, times=1)
    await ann.say("/nosuch")
    await ann.say("/nosuch")
    await heard.hears("pause=0.5", times=2)
    assert ann.times_shown(UNKNOWN) == 4
