import asyncio
from random import Random

import pytest
from aiohttp import ClientOSError, ClientTimeout, ServerDisconnectedError

from bot.playground import faults
from bot.playground.limits import Limits
from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.raw import Raw, keyboard


async def shortly(raw: Raw, ann: Phone, words: str) -> None:
    """Send with little patience."""
    body = {"chat_id": ann.id, "text": words}
    async with raw.session.post(raw.address("sendMessage"), json=body, timeout=ClientTimeout(total=0.1)):
        raise AssertionError("this should not be answered")


async def test_a_refusal_happens_as_often_as_told(raw: Raw, telegram: LoopbackTelegram, ann: Phone, ben: Phone) -> None:
    telegram.faults.add(faults.flood(7), method="sendMessage", chat=ann.id, times=2)
    for _ in range(2):
        answer = await raw.post("sendMessage", chat_id=ann.id, text="x")
        assert (answer["error_code"], answer["parameters"]["retry_after"]) == (429, 7)
    await raw.ok("sendMessage", chat_id=ben.id, text="x")
    await raw.ok("sendMessage", chat_id=ann.id, text="x")
    assert ann.times_shown("x") == 1


async def test_a_gateway_error_may_come_after_the_effect(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    telegram.faults.add(faults.server_error(502, after_effect=True), times=1)
    body = {"chat_id": ann.id, "text": "x"}
    async with raw.session.post(raw.address("sendMessage"), json=body) as response:
        assert (response.status, response.content_type) == (502, "text/html")
    assert ann.times_shown("x") == 1
    telegram.faults.add(faults.server_error(500), times=1)
    assert await raw.refusal("getMe") == "500 Internal Server Error"


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_call_may_never_be_answered(
    raw: Raw, telegram: LoopbackTelegram, ann: Phone, after_effect: bool
) -> None:
    telegram.faults.add(faults.unanswered(after_effect=after_effect), times=1)
    with pytest.raises(TimeoutError):
        await shortly(raw, ann, "x")
    assert ann.times_shown("x") == int(after_effect)
    (call,) = telegram.calls
    assert (call.outcome, call.took_effect) == ("unanswered", after_effect)
    assert telegram.calls.active == 0


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_connection_may_break(raw: Raw, telegram: LoopbackTelegram, ann: Phone, after_effect: bool) -> None:
    telegram.faults.add(faults.reset(after_effect=after_effect), times=1)
    with pytest.raises((ClientOSError, ServerDisconnectedError)):
        await raw.post("sendMessage", chat_id=ann.id, text="x")
    assert ann.times_shown("x") == int(after_effect)
    await raw.ok("getMe")


async def test_a_slow_call_is_carried_out_late(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    telegram.faults.add(faults.slow(0.1), times=1)
    sending = asyncio.create_task(raw.ok("sendMessage", chat_id=ann.id, text="x"))
    await asyncio.sleep(0.03)
    assert ann.from_bot == []
    await sending
    assert ann.shows("x")


async def test_chance_is_drawn_from_what_is_given(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    telegram.faults.add(faults.blocked(), chance=0.5, random=Random(5))
    outcomes = [(await raw.post("sendMessage", chat_id=ann.id, text="x"))["ok"] for _ in range(30)]
    chances = Random(5)
    assert outcomes == [chances.random() >= 0.5 for _ in range(30)]
    telegram.faults.clear()
    await raw.ok("sendMessage", chat_id=ann.id, text="x")
    with pytest.raises(ValueError, match="needs a Random"):
        telegram.faults.add(faults.blocked(), chance=0.5)


async def test_polls_are_struck_only_if_named(raw: Raw, telegram: LoopbackTelegram) -> None:
    rule = telegram.faults.add(faults.server_error(500))
    assert await raw.ok("getUpdates") == []
    telegram.faults.remove(rule)
    telegram.faults.add(faults.server_error(500), method="getUpdates", times=1)
    assert await raw.refusal("getUpdates") == "500 Internal Server Error"


async def test_the_network_takes_its_time(raw: Raw, telegram: LoopbackTelegram) -> None:
    telegram.faults.delay = 0.1
    begin = asyncio.get_running_loop().time()
    await raw.ok("getMe")
    assert asyncio.get_running_loop().time() - begin >= 0.095


async def test_every_call_is_recorded(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="x")
    await raw.refusal("sendMessage", chat_id=5, text="x")
    await raw.ok("getUpdates")
    first, second = telegram.calls.of("sendMessage")
    assert first.parameters == {"chat_id": ann.id, "text": "x"}
    assert (first.outcome, second.outcome) == ("ok", "Bad Request: chat not found")
    assert first.arrived < second.arrived
    assert len(telegram.calls) == 2
    assert telegram.calls.of("sendMessage", chat_id=5) == [second]


class Ticks:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0


@pytest.fixture
def ticks(telegram: LoopbackTelegram) -> Ticks:
    ticks = Ticks()
    telegram.limits = Limits()
    telegram._monotonic = lambda: ticks.seconds
    return ticks


async def test_one_chat_takes_a_burst_and_then_one_a_second(
    raw: Raw, telegram: LoopbackTelegram, ann: Phone, ben: Phone, ticks: Ticks
) -> None:
    outcomes = [(await raw.post("sendMessage", chat_id=ann.id, text="x"))["ok"] for _ in range(7)]
    assert outcomes == [True] * 5 + [False] * 2
    await raw.ok("sendMessage", chat_id=ben.id, text="x")
    await raw.ok("editMessageText", chat_id=ann.id, message_id=ann.last.id, text="y")
    ticks.seconds += 1.0
    await raw.ok("sendMessage", chat_id=ann.id, text="x")
    answer = await raw.post("sendMessage", chat_id=ann.id, text="x")
    assert answer["parameters"] == {"retry_after": 1}
    assert answer["description"] == "Too Many Requests: retry after 1"


async def test_thirty_a_second_overall(raw: Raw, telegram: LoopbackTelegram, ticks: Ticks) -> None:
    people = [telegram.person(f"P{number}") for number in range(31)]
    for each in people:
        each.start()
    outcomes = [(await raw.post("sendMessage", chat_id=each.id, text="x"))["ok"] for each in people]
    assert outcomes == [True] * 30 + [False]
    ticks.seconds += 0.96
    await raw.ok("sendMessage", chat_id=people[30].id, text="x")


async def test_a_thousand_a_second_for_a_bot_that_pays(raw: Raw, telegram: LoopbackTelegram, ticks: Ticks) -> None:
    telegram.limits = Limits(paid=40)
    people = [telegram.person(f"P{number}") for number in range(41)]
    for each in people:
        each.start()
    paid = [
        (await raw.post("sendMessage", chat_id=each.id, text="x", allow_paid_broadcast=True))["ok"] for each in people
    ]
    assert paid == [True] * 40 + [False]
    assert not (await raw.post("sendMessage", chat_id=people[40].id, text="x"))["ok"]
    ticks.seconds += 0.96
    await raw.ok("sendMessage", chat_id=people[40].id, text="x")


async def test_twenty_a_minute_to_a_group(raw: Raw, telegram: LoopbackTelegram, ann: Phone, ticks: Ticks) -> None:
    group = telegram.group("Family")
    ann.account.add_bot(group)
    outcomes = [(await raw.post("sendMessage", chat_id=group.id, text="x"))["ok"] for _ in range(21)]
    assert outcomes == [True] * 20 + [False]
    ticks.seconds += 60.0
    await raw.ok("sendMessage", chat_id=group.id, text="x")


async def test_a_fault_of_a_chat_also_strikes_its_toasts(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("Open"))
    query = await ann.tap("Open")
    assert query is not None
    telegram.faults.add(faults.server_error(500), chat=ann.id, times=1)
    assert "500" in await raw.refusal("answerCallbackQuery", callback_query_id=query.id, text="Done")
    await raw.ok("answerCallbackQuery", callback_query_id=query.id, text="Done")


async def test_telegram_can_be_away_and_come_back(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    port = telegram.port
    await telegram.stop()
    with pytest.raises(ClientOSError):
        await raw.post("getMe")
    await ann.say("while away")
    await telegram.start()
    assert telegram.port == port
    assert len(await raw.ok("getUpdates")) == 1


async def test_limits_are_on_unless_switched_off(telegram: LoopbackTelegram) -> None:
    assert LoopbackTelegram(now=telegram.state.now).limits is not None
    assert telegram.limits is None
