"""Marking what stands: together where that is possible, and nobody waits for, or falls with, another."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.messages.card import Gone
from bot.wire.marking import Marking
from storage import claiming, holding, people
from storage.claiming import URGENCIES, Claimed
from storage.deliveries import Standing
from storage.rows import change
from storage.tables import Chat, Delivery, Message
from tests.inside import NOON, Inside, inside, postgres_inside

__all__ = ["inside", "postgres_inside"]
MANY = 6
TOO_LARGE = 2**70  # no database keeps such a message number


class Counted:
    """Runs units of the real kind, and counts them; the first one waits until it is let go."""

    def __init__(self, inside: Inside) -> None:
        self._inside, self.count, self.may_go = inside, 0, Event()

    async def unit(self, work: Callable[[Session], Any]) -> Any:
        self.count += 1
        waits = self.count == 1

        def run(session: Session) -> Any:
            if waits:
                assert self.may_go.wait(30)
            return work(session)

        future: Future[Any] = self._inside.units.submit(run)
        return await asyncio.wrap_future(future)


def claimed(inside: Inside, count: int = MANY) -> Sequence[Claimed]:
    """So many deliveries on their way, each to another person."""
    for number in range(count):
        inside.person(f"Person {number}")
    until = inside.now + timedelta(seconds=20)
    found = inside.do(
        lambda session: (
            claiming.claim(
                session, holder="me", now=inside.now, until=until, limit=count, busy=(), urgencies=URGENCIES
            ).found
        )
    )
    assert len(found) == count
    return found


def standing(inside: Inside, one: Claimed, message_id: int | None = None) -> Standing:
    return Standing(one, one.id + 1000 if message_id is None else message_id, inside.now)


def marking(counted: Counted) -> Marking:
    return Marking(counted.unit, lambda _session, _claimed: Gone())


def sent(inside: Inside) -> set[int]:
    """The deliveries that are marked, whose chats are free and whose messages are remembered."""

    def look(session: Session) -> set[int]:
        query = (
            select(Delivery.id)
            .join(Chat, col(Chat.id) == col(Delivery.chat_id))
            .join(Message, (col(Message.chat_id) == col(Chat.id)) & (col(Message.message_id) == Delivery.message_id))
            .where(Delivery.state == "sent", col(Chat.claimed_by).is_(None))
        )
        return {each for each in session.exec(query) if each is not None}

    return inside.do(look)


async def test_what_arrives_while_one_is_marked_is_marked_in_one_unit(inside: Inside) -> None:
    on_the_way, counted = claimed(inside), Counted(inside)
    marks = marking(counted)
    first = asyncio.create_task(marks.mark(standing(inside, on_the_way[0]), None))
    await asyncio.sleep(0)
    rest = [asyncio.create_task(marks.mark(standing(inside, one), None)) for one in on_the_way[1:]]
    await asyncio.sleep(0)
    counted.may_go.set()
    await asyncio.gather(first, *rest)
    assert counted.count == 2
    assert sent(inside) == {one.id for one in on_the_way}
    await marks.mark(standing(inside, on_the_way[0]), None)  # once more, when everything was quiet
    assert counted.count == 3


async def test_one_that_cannot_be_marked_takes_nobody_with_it(inside: Inside) -> None:
    on_the_way, counted = claimed(inside), Counted(inside)
    marks = marking(counted)
    counted.may_go.set()
    strange, *others = on_the_way
    outcomes = await asyncio.gather(
        marks.mark(standing(inside, strange, TOO_LARGE), None),
        *(marks.mark(standing(inside, one), None) for one in others),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Exception)
    assert outcomes[1:] == [None] * len(others)
    assert sent(inside) == {one.id for one in others}


async def test_who_does_not_wait_any_more_is_marked_all_the_same(inside: Inside) -> None:
    on_the_way, counted = claimed(inside, 2), Counted(inside)
    marks = marking(counted)
    tasks = [asyncio.create_task(marks.mark(standing(inside, one), None)) for one in on_the_way]
    await asyncio.sleep(0)
    tasks[0].cancel()
    counted.may_go.set()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    await tasks[1]
    assert sent(inside) == {one.id for one in on_the_way}


async def test_what_gathers_at_a_stop_is_handed_in_at_once(inside: Inside) -> None:
    on_the_way, counted = claimed(inside, 3), Counted(inside)
    marks = marking(counted)
    tasks = [asyncio.create_task(marks.mark(standing(inside, on_the_way[0]), None))]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(marks.mark(standing(inside, one), None)) for one in on_the_way[1:]]
    await asyncio.sleep(0)
    assert counted.count == 1
    await marks.hand_in()
    assert counted.count == 2
    await marks.hand_in()  # nothing is left
    assert counted.count == 2
    counted.may_go.set()
    await asyncio.gather(*tasks)
    assert sent(inside) == {one.id for one in on_the_way}


def hold_chat(session: Session, one: Claimed) -> None:
    holding.hold(session, one.chat_id)


def lock_person(session: Session, one: Claimed) -> None:
    assert one.person_id is not None
    people.lock(session, one.person_id)


def change_delivery(session: Session, one: Claimed) -> None:
    change(session, Delivery, one.id, {"wanted": NOON})


@pytest.mark.parametrize("lock", [hold_chat, lock_person, change_delivery])
async def test_what_another_unit_has_locked_is_waited_for_alone(
    postgres_inside: Inside, lock: Callable[[Session, Claimed], None]
) -> None:
    """Whoever waited for one chat while holding others could wait for somebody who waits for those."""
    inside = postgres_inside
    on_the_way, counted = claimed(inside), Counted(inside)
    marks = marking(counted)
    counted.may_go.set()
    held, *others = on_the_way
    is_held, may_end = Event(), Event()

    def hold(session: Session) -> None:
        lock(session, held)
        is_held.set()
        assert may_end.wait(30)

    holder = inside.units.submit(hold)
    assert await asyncio.to_thread(is_held.wait, 30)
    waits = asyncio.create_task(marks.mark(standing(inside, held), None))
    await asyncio.gather(*(marks.mark(standing(inside, one), None) for one in others))
    assert sent(inside) == {one.id for one in others}
    assert not waits.done()
    may_end.set()
    await waits
    assert holder.result(30) is None
    assert sent(inside) == {one.id for one in on_the_way}
