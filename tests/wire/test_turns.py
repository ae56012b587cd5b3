"""One at a time in a chat, the lowest number first, and others are not held up."""

import asyncio
from collections.abc import Callable

from bot.wire.turns import Turns


class Work:
    """Updates that take as long as the test wants."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.begun: list[tuple[int, int]] = []
        self._ends: dict[tuple[int, int], asyncio.Event] = {}

    async def come(self, chat: int, number: int) -> "asyncio.Task[None]":
        """One more update arrives."""
        end = self._ends[chat, number] = asyncio.Event()

        async def work() -> None:
            async with self.turns.turn(chat, number):
                self.begun.append((chat, number))
                await end.wait()

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        return task

    async def end(self, chat: int, number: int) -> None:
        """It is done."""
        count = len(self.begun)
        self._ends[chat, number].set()
        await until(lambda: len(self.begun) > count)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


async def test_of_those_that_wait_the_lowest_goes_next_and_other_chats_go_on() -> None:
    work = Work()
    for number in (10, 14, 12, 13, 11):
        await work.come(1, number)
    await work.come(2, 99)
    assert work.begun == [(1, 10), (2, 99)]
    for number in (10, 11, 12, 13):
        await work.end(1, number)
    assert work.begun[2:] == [(1, 11), (1, 12), (1, 13), (1, 14)]


async def test_whoever_does_not_wait_any_more_is_passed_over() -> None:
    work = Work()
    async with work.turns.turn(1, 1):
        tasks = [await work.come(1, number) for number in (2, 3, 4)]
        tasks[0].cancel()
        await asyncio.wait({tasks[0]})
    tasks[1].cancel()  # it was given the turn just now, and has not taken it yet
    await until(lambda: bool(work.begun))
    assert work.begun == [(1, 4)]


async def test_nothing_is_kept_of_a_chat_in_which_nobody_is_at_work() -> None:
    work = Work()
    tasks = [await work.come(1, number) for number in (1, 2)]
    for number in (1, 2):
        work._ends[1, number].set()
    await asyncio.gather(*tasks)
    assert work.turns._chats == {}
