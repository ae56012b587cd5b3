"""What changed, for each page that looks on.

A page that is slow gets the latest state of what changed, not every step; only gestures are passed on one by one.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.playground.chats import Change

MOST_GESTURES = 50
WHOLE = frozenset({"chat", "clear"})


@dataclass(slots=True)
class News:
    """What one page has not been told yet. `whole` are phones to be shown anew, messages and all."""

    room: bool = False
    phones: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)
    messages: set[tuple[int, int]] = field(default_factory=set)
    gestures: list[dict[str, Any]] = field(default_factory=list)


class Watcher:
    """One page's place at the feed."""

    def __init__(self) -> None:
        self._news = News()
        self._arrived = asyncio.Event()

    def tell(self, note: Callable[[News], None]) -> None:
        """Add to what this page does not know yet."""
        note(self._news)
        self._arrived.set()

    async def wait(self, seconds: float) -> News | None:
        """What is new; None if nothing happened for so long."""
        try:
            await asyncio.wait_for(self._arrived.wait(), seconds)
        except TimeoutError:
            return None
        self._arrived.clear()
        news, self._news = self._news, News()
        return news


class Feed:
    """Passes changes on to every watcher."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []
        self._joined = asyncio.Event()

    @property
    def is_watched(self) -> bool:
        """Whether any page looks on."""
        return bool(self._watchers)

    @contextmanager
    def watched(self) -> Iterator[Watcher]:
        """A place at the feed, for as long as the block lasts."""
        watcher = Watcher()
        self._watchers.append(watcher)
        self._joined.set()
        try:
            yield watcher
        finally:
            self._watchers.remove(watcher)

    async def joined(self) -> None:
        """Wait until somebody looks on for the first time."""
        await self._joined.wait()

    def room(self) -> None:
        """Something beside the phones changed: clock, bot, faults, pairs."""
        self._tell(_note_room)

    def phone(self, person: int) -> None:
        """Something about a phone changed, apart from its messages."""
        self._tell(lambda news: news.phones.add(person))

    def whole_phone(self, person: int) -> None:
        """Everything on a phone may have changed."""
        self._tell(lambda news: news.whole.add(person))

    def gesture(self, **what: Any) -> None:
        """Something fleeting to be seen: a finger on a button, words being typed."""
        self._tell(lambda news: news.gestures.append(what) if len(news.gestures) < MOST_GESTURES else None)

    def change(self, change: Change, people: list[int]) -> None:
        """What the loopback Telegram announces; a change of no chat concerns all `people`."""
        if change.kind in WHOLE and change.chat_id:
            self.whole_phone(change.chat_id)
            return
        for person in [change.chat_id] if change.chat_id else people:
            self.phone(person)
        if change.message_id is not None:
            place = (change.chat_id, change.message_id)
            self._tell(lambda news: news.messages.add(place))

    def _tell(self, note: Callable[[News], None]) -> None:
        for watcher in self._watchers:
            watcher.tell(note)


def _note_room(news: News) -> None:
    news.room = True
