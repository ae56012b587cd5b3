"""Memories of a year: how long a page takes from the tap to the edit, and a search over all one's own words."""

import asyncio
import time
from collections.abc import Sequence

from benchmarks import year
from benchmarks.figures import Figure, median_run
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import WITHIN, Answered, Broken, accounts, loopback, running
from benchmarks.worlds import worlds
from bot.playground.child import ChildBot
from bot.playground.messages import Message
from bot.playground.people import Account
from bot.playground.server import LoopbackTelegram

FOUND = "In your own words"


async def measure(scale: Scale) -> list[Figure]:
    """Pages of a year, one after the other; then a word that was said once, on the first of many days."""
    return [await _pages(scale), await _search(scale)]


async def _pages(scale: Scale) -> Figure:
    with worlds() as made:
        data_dir = made.fresh(Wish(2))
        year.live(data_dir, days=scale.days_of_memories)
        async with loopback() as telegram, running(telegram, data_dir) as child:
            ann = accounts(telegram, 2, asked=True)[0]
            page = await _open(telegram, child, ann)
            took = [await _tap(telegram, ann, page, "›") for _ in range(scale.pages_of_memories)]
    slowest = 1000 * max(took)
    return Figure(
        f"a page of /memories over {scale.days_of_memories} days of answers",
        1000 * median_run(took),
        "ms",
        target=100,
        dream=30,
        at_most=True,
        runs=took,
        note=f"from the tap to the edit; the slowest of {len(took)} took {slowest:.0f} ms",
    )


async def _search(scale: Scale) -> Figure:
    with worlds() as made:
        data_dir = made.fresh(Wish(2))
        year.live(data_dir, days=scale.answers_to_search)
        async with loopback() as telegram, running(telegram, data_dir) as child:
            ann = accounts(telegram, 2, asked=True)[0]
            page = await _open(telegram, child, ann)
            await _tap(telegram, ann, page, "Search my words")
            took = await _find(ann, year.RARE)
    return Figure(
        f"a search over {scale.answers_to_search:,} own answers",
        took,
        "s",
        target=1,
        at_most=True,
        note="from the message to the answer that was given on the first of all days",
    )


async def _open(telegram: LoopbackTelegram, child: ChildBot, account: Account) -> Message:
    answered = Answered([account], telegram)
    account.write("/memories")
    await answered.wait()
    await child.settle()
    return account.messages[-1]


async def _tap(telegram: LoopbackTelegram, account: Account, page: Message, label: str) -> float:
    """Seconds from the tap to the edit."""
    data = [button["callback_data"] for button in page.buttons if button["text"] == label]
    if not data:
        raise Broken(f"no [{label}] under: {page.text[:200]}")
    answered = Answered([account], telegram)
    started = time.monotonic()
    account.press(page, data[0])
    await answered.wait()
    return answered.at - started


async def _find(account: Account, words: str) -> float:
    """Seconds from the message until the newest of the bot shows what was looked for."""
    started = time.monotonic()
    account.write(words)
    while time.monotonic() - started < WITHIN:
        if _shows(account.messages, words):
            return time.monotonic() - started
        await asyncio.sleep(0.005)
    raise Broken(f"the search found nothing: {account.messages[-1].text[:300]}")


def _shows(messages: Sequence[Message], words: str) -> bool:
    last = messages[-1]
    return FOUND in last.text and last.text.count(words) > 1  # what was looked for, and where it was said
