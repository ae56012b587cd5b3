"""What becomes of a message when Telegram refuses, doubts or is silent (the table of faults), over the wire."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.playground import faults
from bot.playground.server import LoopbackTelegram
from bot.wire import sender
from bot.wire.sender import CLAIM_SECONDS
from bot.wire.shared_pace import KEPT
from storage import deliveries
from storage.database import connect
from storage.tables import Chat, Checkin, Delivery, Person
from tests.conftest import House, Place
from tests.couples import couple, open_answers, set_up
from tests.hooked import running
from tests.phones import Phone
from tests.waiting import until

T = TypeVar("T")
AGAIN = col(Delivery.key).startswith("again:")
UNKNOWN = "I don't know that command."


async def rows(house: House, read: Callable[[Session], T]) -> T:
    return await asyncio.wrap_future(house.app.units.submit(read))


def states(session: Session) -> list[tuple[str, int]]:
    return [(row.state, row.attempts) for row in session.exec(select(Delivery).order_by(col(Delivery.id)))]


def owing(house: House, *keys: str, number: int = 0) -> Callable[[Session], None]:
    """A unit that owes so many messages to the first chat there is, or the one of that number."""
    now = house.now()

    def owe(session: Session) -> None:
        chats = session.exec(select(Delivery.chat_id).order_by(col(Delivery.id))).all()
        chat = list(dict.fromkeys(chats))[number]
        card = {"card": "common.unknown_command", "about": "", "language": "en", "due": now}
        for key in keys:
            deliveries.add(session, key=key, chat_id=chat, **card)

    return owe


@pytest.fixture
async def open_chat(house: House, ann: Phone) -> Phone:
    await ann.start()
    return ann


async def test_a_reply_leaves_without_waiting_for_a_tick(open_chat: Phone) -> None:
    await open_chat.say("/nosuch")
    assert UNKNOWN in open_chat.last.text


@pytest.fixture
def without_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender looks for what is due only when it has a reason to."""
    monkeypatch.setattr(sender, "LONGEST_REST", 600.0)


async def test_one_look_finds_a_reply_and_that_nothing_more_is_due(
    without_ticks: None, house: House, open_chat: Phone
) -> None:
    before = house.app.sender._looks
    for number in range(1, 4):
        await open_chat.say("/nosuch")
        assert open_chat.times_shown(UNKNOWN) == number
    assert house.app.sender._looks == before + 3


async def test_two_messages_to_one_chat_follow_each_other_at_once(
    without_ticks: None, house: House, open_chat: Phone
) -> None:
    await rows(house, owing(house, "one", "two", "three"))
    await house.settle()
    assert open_chat.times_shown(UNKNOWN) == 3


async def test_what_came_while_another_message_was_on_its_way_follows_at_once(
    without_ticks: None, house: House, open_chat: Phone
) -> None:
    gate, looks = asyncio.Event(), house.app.sender._looks
    house.telegram.faults.add(faults.held(gate), method="sendMessage", times=1)
    await rows(house, owing(house, "one"))
    await until(lambda: bool(house.app.sender._flying))
    await rows(house, owing(house, "two"))
    await until(lambda: house.app.sender._looks == looks + 2)
    gate.set()
    await house.settle()
    assert open_chat.times_shown(UNKNOWN) == 2


async def test_many_messages_to_one_chat_hide_no_other_one(
    without_ticks: None, house: House, open_chat: Phone, ben: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "MOST_AT_ONCE", 2)
    await ben.start()
    gate = asyncio.Event()
    house.telegram.faults.add(faults.held(gate), method="sendMessage", times=1)
    to_ann, to_ben = owing(house, "one", "two", "three"), owing(house, "four", number=1)
    await rows(house, lambda session: (to_ann(session), to_ben(session)))
    await until(lambda: ben.shows(UNKNOWN))
    assert not open_chat.shows(UNKNOWN)
    gate.set()
    await house.settle()
    assert open_chat.times_shown(UNKNOWN) == 3


async def test_what_nobody_has_looked_for_yet_is_not_settled(
    house: House, open_chat: Phone, ben: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ben.start()
    gate = asyncio.Event()
    house.telegram.faults.add(faults.held(gate), method="sendMessage", times=1)
    await rows(house, owing(house, "one"))
    await until(lambda: bool(house.app.sender._flying))
    monkeypatch.setattr(sender, "IN_FLIGHT", 1)
    await rows(house, owing(house, "two", number=1))
    await until(lambda: not house.app.sender._woken.is_set())  # it has noticed, and waits for room
    gate.set()
    await house.settle()
    assert ben.times_shown(UNKNOWN) == 1


@pytest.mark.every_database
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_what_another_process_owes_to_a_chat_that_is_kept_here_follows_at_once(
    without_ticks: None, house: House, open_chat: Phone, place: Place
) -> None:
    house.app._pace.chats_kept = KEPT
    gate = asyncio.Event()
    house.telegram.faults.add(faults.held(gate), method="sendMessage", times=1)
    await rows(house, owing(house, "one"))
    await until(lambda: bool(house.app.sender._flying))
    elsewhere = connect(place.database_url)
    with Session(elsewhere) as session:
        owing(house, "two")(session)
        session.commit()
    elsewhere.dispose()
    gate.set()
    await house.settle()
    assert open_chat.times_shown(UNKNOWN) == 2


@pytest.mark.parametrize(
    "fault", [faults.server_error(502), faults.server_error(500), faults.reset(after_effect=False)]
)
async def test_a_doubtful_message_is_sent_again_after_a_minute(
    house: House, open_chat: Phone, fault: faults.Fault
) -> None:
    house.telegram.faults.add(fault, method="sendMessage", times=1)
    await open_chat.say("/nosuch")
    assert not open_chat.shows(UNKNOWN)
    await house.pass_time(seconds=61)
    assert open_chat.times_shown(UNKNOWN) == 1


async def test_a_message_that_arrived_without_an_answer_is_shown_twice_at_worst(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.reset(after_effect=True), method="sendMessage", times=1)
    await open_chat.say("/nosuch")
    await house.pass_time(seconds=61)
    await house.pass_time(minutes=10)
    assert open_chat.times_shown(UNKNOWN) == 2


async def test_a_message_in_doubt_three_times_is_given_up_and_counted(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.server_error(), method="sendMessage", times=10)
    await open_chat.say("/nosuch")
    for _ in range(5):
        await house.pass_time(seconds=61)
    assert (await rows(house, states))[-1] == ("failed", 4)
    assert len(house.telegram.calls.of("sendMessage")) == 1 + 3


async def test_telegram_asking_to_wait_is_obeyed(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.flood(1), method="sendMessage", times=1)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await open_chat.say("/nosuch")
    while not open_chat.shows(UNKNOWN):
        await asyncio.sleep(0.05)
        await house.pass_time(seconds=0.2)
        assert loop.time() - start < 10
    assert loop.time() - start >= 1.0
    assert open_chat.times_shown(UNKNOWN) == 1


async def test_what_telegram_puts_off_keeps_its_place_in_its_chat(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.flood(1), method="sendMessage", times=1)
    open_chat.account.write("/nosuch")
    open_chat.account.send("sticker")
    async with asyncio.timeout(60):
        while len(open_chat.from_bot) < 3:
            await house.pass_time(seconds=0.2)
            await asyncio.sleep(0.05)
    assert [message.text.split()[0] for message in open_chat.from_bot[-2:]] == ["I", "Press"]


@pytest.mark.every_database
async def test_a_person_who_blocked_the_bot_is_sent_nothing_more(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.blocked(), method="sendMessage", times=1)
    await open_chat.say("/nosuch")
    before = len(house.telegram.calls.of("sendMessage"))
    await house.pass_time(hours=72)
    assert len(house.telegram.calls.of("sendMessage")) == before
    assert all(state == "blocked" for state, _ in (await rows(house, states))[-1:])


async def test_a_sentence_that_telegram_cannot_take_ends_its_delivery(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(
        faults.refused(400, "Bad Request: can't parse entities: oh"), method="sendMessage", times=1
    )
    await open_chat.say("/nosuch")
    assert (await rows(house, states))[-1][0] == "failed"
    await open_chat.say("/nosuch")
    assert open_chat.shows(UNKNOWN)


async def test_replies_in_one_chat_come_in_the_order_of_the_messages(house: House, open_chat: Phone) -> None:
    open_chat.account.write("/nosuch")
    open_chat.account.send("sticker")
    open_chat.account.write("/nosuch")
    await house.settle()
    said = [message.text.split()[0] for message in open_chat.from_bot[-3:]]
    assert said == ["I", "Press", "I"]


async def test_telegram_being_away_loses_nothing(house: House, open_chat: Phone) -> None:
    open_chat.account.write("/nosuch")
    await house.telegram.stop()
    await asyncio.sleep(0.3)
    await house.telegram.start()
    await house.settle()
    await house.pass_time(seconds=61)
    assert open_chat.times_shown(UNKNOWN) >= 1


async def test_a_card_that_cannot_be_made_holds_nobody_up(house: House, open_chat: Phone, ben: Phone) -> None:
    await ben.start()
    now = house.now()

    def owe_a_broken_one(session: Session) -> None:
        chat = session.exec(select(Delivery.chat_id).order_by(col(Delivery.id)).limit(1)).one()
        broken = {"card": "refusal.said", "about": "nosuch", "language": "en", "due": now}
        deliveries.add(session, key="broken:1", chat_id=chat, **broken)

    await rows(house, owe_a_broken_one)
    await open_chat.say("/nosuch")
    await ben.say("/nosuch")
    assert open_chat.times_shown(UNKNOWN) == ben.times_shown(UNKNOWN) == 1
    assert ("failed", 1) in await rows(house, states)


@pytest.mark.every_database
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)  # one unit after the other
async def test_what_is_being_claimed_at_a_stop_is_still_sent(house: House, open_chat: Phone) -> None:
    may_go, sends = Event(), house.app.sender
    telegram = house.telegram
    held = house.app.units.submit(lambda _session: may_go.wait(30))
    house.app.units.submit(owing(house, "late:1"))
    sends.wake()
    await until(sends._claiming.locked)  # it asks for what is due, and waits behind the others
    telegram.faults.delay = 0.2
    stopping = asyncio.create_task(sends.stop())
    await asyncio.sleep(0)
    may_go.set()
    await stopping
    telegram.faults.delay = 0.0
    assert held.result(30)
    assert open_chat.times_shown(UNKNOWN) == 1
    assert ("sent", 1) in await rows(house, lambda session: states(session)[-1:])


@pytest.mark.every_database
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)  # PostgreSQL takes no such row
async def test_a_row_that_cannot_be_read_holds_up_nobody_whose_card_is_made_with_it(
    house: House, ann: Phone, ben: Phone
) -> None:
    await set_up(ann)
    await set_up(ben)
    now = house.now()

    def damage_one_and_owe_both(session: Session) -> None:
        both = session.exec(select(Checkin.id, Person.id, Person.chat_id).join(Person).order_by(col(Person.id))).all()
        for checkin_id, person_id, chat_id in both:
            whose = {"person_id": person_id, "chat_id": chat_id, "language": "en"}
            about = {"card": "daily.question", "about": str(checkin_id), "due": now}
            deliveries.add(session, key=f"again:{checkin_id}", **whose, **about)
        damaged = {"id": both[0][0].hex}
        session.connection().execute(text("UPDATE checkin SET closes = 'never' WHERE id = :id"), damaged)

    await rows(house, damage_one_and_owe_both)
    await house.pass_time(seconds=1)
    found = await rows(house, lambda session: session.exec(select(Delivery.state).where(AGAIN)).all())
    assert sorted(found) == ["failed", "sent"]


async def two_open(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben, words=("Tea outside.", "The first coffee."))
    await house.pass_time(minutes=5)


async def reveals(house: House) -> list[str]:
    query = select(Delivery.state).where(Delivery.card == "daily.reveal", Delivery.mode == "send")
    return await rows(house, lambda session: list(session.exec(query)))


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (faults.server_error(502), 2),
        (faults.refused(400, "Bad Request: message to edit not found"), 2),
    ],
)
async def test_words_are_filled_in_soon_though_the_first_edit_after_the_nudge_fails(
    house: House, ann: Phone, ben: Phone, fault: faults.Fault, times: int
) -> None:
    await couple(ann, ben)
    await ann.say("Tea outside.")
    await ann.tap("Share")
    await ben.say("The first coffee.")
    for phone in (ann, ben):
        house.telegram.faults.add(fault, method="editMessageText", chat=phone.id, times=times)
    await ben.tap("Share")
    await house.pass_time(seconds=5)
    assert "coffee" in ann.everything(own=False)
    assert "Tea outside." in ben.everything(own=False)
    assert await reveals(house) == ["sent", "sent"]


async def test_a_message_that_is_never_there_to_be_filled_is_given_up_after_a_few_nudges(
    house: House, ann: Phone, ben: Phone
) -> None:
    await couple(ann, ben)
    await ann.say("Tea outside.")
    await ann.tap("Share")
    await ben.say("The first coffee.")
    refused = faults.refused(400, "Bad Request: message to edit not found")
    house.telegram.faults.add(refused, method="editMessageText", chat=ann.id)
    await ben.tap("Share")
    for _ in range(10):
        await house.pass_time(minutes=1)
    assert 1 <= ann.times_shown("Something is here for you.") <= 4
    assert sorted(await reveals(house)) == ["failed", "sent"]


@pytest.mark.parametrize("left", [False, True])
async def test_a_silent_change_brings_nothing_back_to_whoever_deleted_the_card(
    house: House, ann: Phone, ben: Phone, left: bool
) -> None:
    await two_open(house, ann, ben)
    for message in list(ben.from_bot):
        await ben.delete(message)
    before = len(ben.notifications)
    if left:
        await ann.say("/unlink")
        await ann.tap("Leave quietly")
    else:
        await ann.tap("I hear you")
        await ann.tap("Thank you")
    await ann.tap("Take mine back")
    await ann.tap("Take mine back")
    assert ben.notifications[before:] == []
    assert ben.screen == [message for message in ben.screen if message.sender_id == ben.id]


def newest_data(phone: Phone, label: str) -> str:
    """What the newest button with this label says to the bot."""
    found = [b["callback_data"] for m in phone.from_bot for b in m.buttons if b["text"] == label]
    return str(found[-1])


async def test_a_voice_note_that_is_taken_back_on_its_way_does_not_stay(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.speak()
    await ann.tap("Share")
    await ben.say("The first coffee.")
    await ben.tap("Share")
    gate = asyncio.Event()
    house.telegram.faults.add(faults.held(gate), method="sendVoice")
    ben.account.press(ben.from_bot[-1], newest_data(ben, "Play"))
    async with asyncio.timeout(60):
        while not house.telegram.calls.of("sendVoice"):
            await asyncio.sleep(0.01)
    asks = newest_data(ann, "Take mine back")
    ann.account.press(ann.from_bot[-1], asks)
    async with asyncio.timeout(60):
        while newest_data(ann, "Take mine back") == asks:
            await asyncio.sleep(0.01)
    ann.account.press(ann.from_bot[-1], newest_data(ann, "Take mine back"))
    await house.telegram.state.updates.confirmed()
    gate.set()
    await house.settle()
    assert not any("voice" in message.content for message in ben.from_bot)


@pytest.mark.every_database
async def test_what_opened_while_somebody_had_blocked_the_bot_is_there_when_they_are_back(
    house: House, ann: Phone, ben: Phone
) -> None:
    await couple(ann, ben)
    await ann.say("Tea outside.")
    await ann.tap("Share")
    await ann.block()
    await ben.say("The first coffee.")
    await ben.tap("Share")
    assert "Tea outside." in ben.everything()
    await house.pass_time(hours=49)
    await ann.unblock()
    assert "coffee" in ann.last.text
    await ann.block()
    await ann.unblock()
    assert ann.times_shown("Your two answers are open.") == 1


def claimed_until(session: Session) -> datetime:
    return max(at for at in session.exec(select(Chat.claimed_until)) if at is not None)


async def test_what_waits_longer_than_its_claim_lasts_takes_no_place_in_the_pace_and_is_sent_once(
    sqlite_place: Place, telegram: LoopbackTelegram
) -> None:
    async with running(sqlite_place, telegram, messages_per_second=30) as house:
        ann, pace = house.phone("Ann"), house.app._pace
        await ann.start()
        async with pace._line:
            ann.account.write("/nosuch")
            await until(lambda: pace._waiting == 1)
            house.app._clock.move(timedelta(seconds=CLAIM_SECONDS))
            moved_at, gate = house.now(), asyncio.Event()
            house.telegram.faults.add(faults.held(gate), method="sendMessage")
        await until(lambda: len(house.telegram.calls.of("sendMessage")) == 2)
        assert await rows(house, claimed_until) > moved_at, "it was claimed anew before it was sent"
        gate.set()
        await house.settle()
        assert ann.times_shown(UNKNOWN) == 1
        assert len(pace._written) == len(house.telegram.calls.of("sendMessage"))
        assert {attempts for _, attempts in await rows(house, states)} == {1}
