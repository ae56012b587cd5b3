"""A request without an answer: the bot's own words come again, a partner's words only ever by an edit."""

import asyncio
from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from bot.playground import faults
from bot.playground.faults import Fault
from bot.wire.request import Api
from storage.tables import Delivery
from tests.conftest import House
from tests.couples import couple
from tests.phones import Phone
from tests.waiting import Heard

UNKNOWN = "I don't know that command."
HERS, HIS = "Tea outside.", "The first coffee."
AFTER = [faults.server_error(502, after_effect=True), faults.server_error(500, after_effect=True)]
AFTER += [faults.reset(after_effect=True)]
IDS = ["502", "500", "reset"]


async def states(house: House, card: str) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.exec(select(Delivery.state).where(col(Delivery.card) == card)))

    return await asyncio.wrap_future(house.app.units.submit(read))


async def until_nobody_answered(
    house: House, heard: Heard, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], *, seconds: float
) -> None:
    """Do something whose request is never answered; only meanwhile the bot waits less than ten seconds."""
    before = heard.times("outcome_unknown")
    with monkeypatch.context() as shorter:
        shorter.setitem(Api.call.__kwdefaults__, "read_timeout", seconds)  # type: ignore[index]
        act()
        await heard.hears("outcome_unknown", times=before + 1)


@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_reply_that_nobody_answers_for_comes_again_after_a_minute(
    sqlite_house: House, heard: Heard, monkeypatch: pytest.MonkeyPatch, after_effect: bool
) -> None:
    house = sqlite_house
    ann = house.phone("Ann")
    await ann.start()
    house.telegram.faults.add(faults.unanswered(after_effect=after_effect), method="sendMessage", times=1)

    await until_nobody_answered(house, heard, monkeypatch, lambda: ann.account.write("/nosuch"), seconds=0.5)
    assert ann.times_shown(UNKNOWN) == int(after_effect)
    await house.pass_time(seconds=30)
    assert ann.times_shown(UNKNOWN) == int(after_effect)
    await house.pass_time(seconds=61)
    assert ann.times_shown(UNKNOWN) == 1 + after_effect
    await house.pass_time(minutes=10)
    assert ann.times_shown(UNKNOWN) == 1 + after_effect
    assert await states(house, "common.unknown_command") == ["sent"]


async def about_to_open(house: House) -> tuple[Phone, Phone]:
    """Ann has shared, and Ben's answer waits for his tap."""
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await couple(ann, ben)
    await ann.say(HERS)
    await ann.tap("Share")
    await ben.say(HIS)
    return ann, ben


def holding(phone: Phone, words: str) -> list[bool]:
    """Of the bot's messages, which ever held these words."""
    return [any(words in text for text in message.texts()) for message in phone.from_bot]


@pytest.mark.parametrize("fault", AFTER, ids=IDS)
async def test_a_nudge_in_doubt_comes_again_and_the_words_are_shown_once(sqlite_house: House, fault: Fault) -> None:
    house = sqlite_house
    ann, ben = await about_to_open(house)
    house.telegram.faults.add(fault, method="sendMessage", chat=ann.id, times=1)
    await ben.tap("Share")
    assert HIS not in ann.everything()
    await house.pass_time(seconds=61)
    await house.pass_time(minutes=10)
    assert sum(holding(ann, HIS)) == 1
    assert ann.times_shown("Something is here for you.") + ann.times_shown("Your two answers are open") >= 2
    assert not any(HIS in text for text in ann.notifications)
    assert await states(house, "daily.reveal") == ["sent", "sent"]


@pytest.mark.parametrize("fault", AFTER, ids=IDS)
async def test_a_nudge_that_the_bot_lost_track_of_is_filled_by_its_own_button(
    sqlite_house: House, fault: Fault
) -> None:
    house = sqlite_house
    ann, ben = await about_to_open(house)
    house.telegram.faults.add(fault, method="sendMessage", chat=ann.id, times=1)
    await ben.tap("Share")
    lost = ann.last
    assert lost.labels == ["Open"]
    await ann.tap("Open", on=lost)
    assert HIS in lost.text
    assert HIS in ann.last.text


@pytest.mark.parametrize("fault", AFTER, ids=IDS)
async def test_an_edit_in_doubt_is_repeated_and_changes_nothing_more(sqlite_house: House, fault: Fault) -> None:
    """Telegram says that the message is not modified: that is success."""
    house = sqlite_house
    ann, ben = await about_to_open(house)
    house.telegram.faults.add(fault, method="editMessageText", chat=ann.id, times=1)
    await ben.tap("Share")
    await house.pass_time(seconds=5)
    await house.pass_time(minutes=10)
    assert sum(holding(ann, HIS)) == 1
    assert "message is not modified" in str(house.telegram.calls.of("editMessageText", chat_id=ann.id)[-1].outcome)
    assert await states(house, "daily.reveal") == ["sent", "sent"]


async def test_an_edit_that_nobody_answers_for_is_repeated(
    sqlite_house: House, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    ann, ben = await about_to_open(house)
    house.telegram.faults.add(faults.unanswered(after_effect=False), method="editMessageText", chat=ann.id, times=1)

    share = next(button["callback_data"] for button in ben.last.buttons if button["text"] == "Share")
    await until_nobody_answered(house, heard, monkeypatch, lambda: ben.account.press(ben.last, share), seconds=3.0)
    await house.pass_time(seconds=5)
    assert sum(holding(ann, HIS)) == 1
    assert await states(house, "daily.reveal") == ["sent", "sent"]


async def test_a_tap_that_is_answered_too_late_has_its_effect_all_the_same(sqlite_house: House) -> None:
    house = sqlite_house
    ann, ben = await about_to_open(house)
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    house.telegram.faults.add(faults.refused(400, late), method="answerCallbackQuery")
    await ben.tap("Share")
    await ann.tap("I hear you")
    assert HIS in ann.last.text
    assert HERS in ben.last.text
    assert all(late in str(call.outcome) for call in house.telegram.calls.of("answerCallbackQuery")[-2:])
