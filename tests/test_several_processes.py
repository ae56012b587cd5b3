"""G4: any number of processes on one PostgreSQL; one polls, all send, nothing is lost and nothing comes twice."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.playground.server import LoopbackTelegram
from storage.keys import KeyStore
from storage.masters import Masters, masters_from
from tests.harness.nursery import Nursery
from tests.harness.places import Grounds
from tests.harness.several import DIED, Plan, through_troubles
from tests.harness.together import FROZEN
from tests.model_check import the_models
from tests.phones import Phone
from tests.postgres import Server
from tests.several import MASTER_KEYS, WITHIN, Machines, freeze, most_within, polls, thaw, until

NEW_KEY = b"n" * 32


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where all bots of this file come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
async def machines(tmp_path: Path, postgres: Server, nursery: Nursery) -> AsyncIterator[Machines]:
    telegram = LoopbackTelegram(now=lambda: datetime.now(UTC), unlimited=True)
    telegram.check = the_models()
    await telegram.start()
    rows, keys = postgres.fresh_database(), postgres.fresh_database(empty=True)
    machines = Machines(telegram, tmp_path, nursery, rows, keys)
    yield machines
    for bot in machines.bots:
        await bot.kill()
    await telegram.stop()
    for url in (rows, keys):
        postgres.drop_database(url)
    assert telegram.complaints == []


def write_all(people: list[Phone], times: int) -> None:
    """Everybody writes so many messages, each of which has one answer."""
    for _ in range(times):
        for person in people:
            person.account.write("/nosuch")


def written(person: Phone) -> int:
    return len(person.screen) - len(person.from_bot)


async def all_answered(machines: Machines, people: list[Phone]) -> None:
    """Wait until every message has its answer, and see that none has two."""
    await until(lambda: all(len(person.from_bot) >= written(person) for person in people), of=machines)
    await machines.telegram.state.updates.confirmed()
    await until(lambda: not any(each.state == "waiting" for each in machines.deliveries()), of=machines)
    assert all(len(person.from_bot) == written(person) for person in people)
    sent = machines.deliveries()
    assert len(sent) == sum(map(written, people))
    assert {(delivery.state, delivery.attempts) for delivery in sent} == {("sent", 1)}, "none is claimed twice"


async def test_what_one_receives_all_send_and_each_message_once(machines: Machines) -> None:
    await machines.start(3)
    people = machines.people(100)
    write_all(people, 4)
    await all_answered(machines, people)
    assert sum(map(polls, machines.bots)) == 1


@pytest.mark.parametrize(
    "is_hooked", [False, pytest.param(True, marks=pytest.mark.waits_for_check)], ids=["polling", "webhook"]
)
def test_some_die_and_freeze_and_every_message_is_answered_in_order(
    is_hooked: bool, tmp_path: Path, postgres: Server, nursery: Nursery
) -> None:
    """One round of the soak, small, and at a pace that a busy machine does not disturb."""
    plan = Plan(3, is_hooked, 1000, 0.06, 20, (DIED, FROZEN), messages=100, span=8.0)
    found = through_troubles(Grounds(tmp_path, postgres), nursery, plan, Random(7))
    assert found["deliveries"] == 120


async def test_when_the_one_that_polls_is_killed_another_does(machines: Machines) -> None:
    await machines.start(2)
    people = machines.people(10)
    await all_answered(machines, people)
    await (await machines.poller()).kill()
    write_all(people, 1)
    await all_answered(machines, people)


async def test_one_that_was_frozen_does_no_harm_when_it_wakes(machines: Machines) -> None:
    await machines.start(2)
    first = await machines.poller()
    people = machines.people(20)
    freeze(first)
    write_all(people, 2)
    await until(lambda: all(len(person.from_bot) == written(person) for person in people), of=machines)
    thaw(first)
    await until(lambda: not polls(first), of=machines)
    write_all(people, 2)
    await all_answered(machines, people)


async def test_one_after_the_other_is_replaced_while_people_write(machines: Machines) -> None:
    """Each message has one answer, and a copy at most for an attempt that the end of a process cut off."""
    await machines.start(2)
    people = machines.people(20)
    for old in tuple(machines.bots):
        write_all(people, 2)
        await machines.start()
        write_all(people, 2)
        assert await old.stop(within=30) == 0
        write_all(people, 1)
    await until(lambda: all(len(person.from_bot) >= written(person) for person in people), of=machines)
    await machines.telegram.state.updates.confirmed()
    await until(lambda: not any(each.state == "waiting" for each in machines.deliveries()), of=machines)
    sent = machines.deliveries()
    assert len(sent) == sum(map(written, people)), "no message was applied twice"
    assert {each.state for each in sent} == {"sent"}
    assert sum(len(person.from_bot) for person in people) <= sum(each.attempts for each in sent)


async def test_those_that_do_not_know_a_new_master_key_end_and_lose_nothing(machines: Machines) -> None:
    old = await machines.start(2)
    person = machines.people(1)[0]
    await all_answered(machines, [person])
    await person.tap("Begin")
    await until(lambda: person.offers("I agree"), of=machines)
    rotate(machines)
    await person.tap("I agree")
    assert [await asyncio.wait_for(bot.ended(), WITHIN) for bot in old] == [2, 2]
    assert all("master key was rotated" in bot.printed for bot in old)
    await machines.start(MASTER_KEYS=urlsafe_b64encode(NEW_KEY).decode())
    await until(lambda: person.shows("time zone") or person.shows("city"), of=machines)
    assert not person.shows("couldn't save that")


def rotate(machines: Machines) -> None:
    """Give the keys another master, as the command does for itself where no bot answers."""
    store = KeyStore(machines.keys_url, Masters((NEW_KEY, *masters_from(MASTER_KEYS).keys)))
    while store.rewrap():
        pass
    store.close()


def arrivals(machines: Machines, person: Phone | None = None) -> list[float]:
    """When messages reached Telegram, in seconds, in order."""
    calls = machines.telegram.calls.of("sendMessage", chat_id=person.id if person else None)
    return sorted(call.arrived for call in calls)


async def test_all_together_keep_the_pace(machines: Machines) -> None:
    """A second of slack for a machine so busy that messages arrive late; how close it is, `make bench` measures."""
    rate = 20
    await machines.start(3, MESSAGES_PER_SECOND=str(rate))
    people = machines.people(50)
    write_all(people, 3)
    await all_answered(machines, people)
    times = arrivals(machines)
    print(f"{len(times)} in {times[-1] - times[0]:.1f} s, at most {most_within(1.0, times)} in a second")
    assert most_within(2.0, times) <= 3 * rate
    assert times[-1] - times[0] >= len(times) / rate - 2


async def test_a_chat_has_one_allowance_whoever_writes_to_it(machines: Machines) -> None:
    await machines.start(3, MESSAGES_PER_SECOND="1000")
    people = machines.people(10)
    write_all(people, 8)
    await all_answered(machines, people)
    for person in people:
        times = arrivals(machines, person)
        assert times[-1] - times[0] >= 4.0, "nine messages: four at once, then one a second, and a second of slack"
