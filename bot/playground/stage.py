"""The playground without its page: the loopback Telegram, the bot in its process, the clock, the people."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.clock import Clock
from bot.playground.chats import Change
from bot.playground.child import ChildBot, ChildEnded
from bot.playground.feed import Feed
from bot.playground.pairs import Pair
from bot.playground.passing import Passing
from bot.playground.seats import Seats
from bot.playground.server import BOT_ID, LoopbackTelegram
from bot.playground.storing import write_durably
from bot.playground.troubles import Panel
from bot.wire.control import ask, socket_path

VERSION = 1
RUN = (sys.executable, "-m", "bot", "run")
SAVE_WITHIN = 0.15
LOOK_EVERY = 0.5
UNSAVED_MARGIN = 1_000  # numbers that may have been given out after the last save of a killed process
MOST_LOG_BYTES = 1_000_000


class Stage:
    """One playground in one folder: `bot/` is the bot's own, `playground.json` is what Telegram would remember."""

    def __init__(self, folder: Path, *, random: Random, log_level: str = "INFO", command: Sequence[str] = RUN) -> None:
        self.folder = folder
        self.feed = Feed()
        self._random, self._log_level, self._command = random, log_level, command
        self._changing = asyncio.Lock()
        self._saving: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._looked_at: dict[str, Any] = {}
        self._next: str | None = None
        self._is_open = False
        self.caption = ""
        self._set_up()

    def _set_up(self) -> None:
        self.clock = Clock()
        token = f"{BOT_ID}:{secrets.token_urlsafe(32)}"
        self.telegram = LoopbackTelegram(now=self.clock.now, token=token, unlimited=True, keep_calls=200)
        self.seats = Seats(self.telegram, self.feed)
        self.panel = Panel(self.telegram.faults, self._random)
        self.child = ChildBot(self.telegram, self.folder / "bot", log=self.folder / "bot.log", command=self._command)
        self.time = Passing(self.clock, self.child, self.seats, self.feed)

    # -- life

    async def open(self) -> None:
        """Start Telegram and the bot, with all that was remembered. Raises ChildEnded if the bot does not start."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._restore()
        self.telegram.state.chats.subscribe(self._changed)
        await self.telegram.start()
        self._is_open = True
        await self._end_orphan()
        await self.start_bot()
        self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Stop the bot and Telegram, and remember everything."""
        if self._looking:
            self._looking.cancel()
            self._looking = None
        await self._stop_bot()
        if self._is_open:
            self.save(clean=True)
            self._is_open = False
        await self.telegram.stop()

    async def start_over(self) -> None:
        """Forget everybody and everything, and begin with one new pair."""
        gone = self.seats.people()
        await self.close()
        shutil.rmtree(self.folder / "bot", ignore_errors=True)
        self._path.unlink(missing_ok=True)
        self.child.log.unlink(missing_ok=True)
        self._set_up()
        await self.open()
        for person in {*gone, *self.seats.people()}:
            self.feed.whole_phone(person)
        self.feed.room()

    # -- the bot's process

    async def start_bot(self) -> None:
        """Start the bot unless it runs. Raises ChildEnded."""
        async with self._changing:
            if self.child.is_running:
                return
            self._trim_log()
            ahead = (self.clock.now() - Clock().now()).total_seconds()
            more = {"PLAYGROUND_AHEAD": f"{ahead:.3f}", "MESSAGES_PER_SECOND": "0", "LOG_LEVEL": self._log_level}
            self.child.settings.update(more)
            self.feed.room()
            try:
                await self.child.start()
            finally:
                self.feed.room()

    async def kill_bot(self) -> None:
        """SIGKILL."""
        await self.child.kill()
        self.feed.room()

    async def restart_bot(self) -> None:
        """Kill it and start it again. Raises ChildEnded."""
        await self.kill_bot()
        await self.start_bot()

    # -- what the page shows

    def room(self) -> dict[str, Any]:
        """Everything beside the phones; `now` and `next` are ISO instants, UTC."""
        return {"now": self.clock.now().isoformat(), **self._room_but_time()}

    def new_pair(self, names: tuple[str, str] | None = None) -> Pair:
        """Two more people."""
        return self.seats.add(names)

    # -- remembering

    def save(self, *, clean: bool = False) -> None:
        """Write everything down; `clean` says that nothing can happen after it."""
        if self._saving:
            self._saving.cancel()
            self._saving = None
        if not self._is_open:
            return
        ahead = (self.clock.now() - Clock().now()).total_seconds()
        everything = {
            "version": VERSION,
            "clean": clean,
            "ahead": ahead,
            **self.seats.to_json(),
            "telegram": self.telegram.to_json(),
        }
        write_durably(self._path, json.dumps(everything))

    @property
    def _path(self) -> Path:
        return self.folder / "playground.json"

    def _restore(self) -> None:
        if not self._path.exists():
            self.seats.add()
            return
        saved = self._saved()
        self.telegram.restore(saved["telegram"])
        self.seats.restore(saved)
        self.clock.move(timedelta(seconds=saved["ahead"]))
        if not saved["clean"]:
            self.telegram.state.updates.next_id += UNSAVED_MARGIN
            self.telegram.state.chats.last_message_id += UNSAVED_MARGIN

    def _saved(self) -> dict[str, Any]:
        """What was written down. Raises ValueError, with a sentence, if this version cannot read it."""
        try:
            saved: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            is_ours = saved["version"] == VERSION
        except (ValueError, LookupError, TypeError):
            raise ValueError(f"{self._path} cannot be read. Move {self.folder} away to begin anew.") from None
        if not is_ours:
            raise ValueError(f"another version saved {self._path}. Move {self.folder} away to begin anew.")
        return saved

    def _changed(self, change: Change) -> None:
        if change.chat_id in self.seats.people() or not change.chat_id:
            self.feed.change(change, self.seats.people())
        if self._saving is None:
            self._saving = asyncio.get_running_loop().call_later(SAVE_WITHIN, self.save)

    # -- looking after the process

    async def _look(self) -> None:
        """Notice what nobody announces: that the bot ended, that a fault struck, what is planned next."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self.feed.is_watched and self.child.is_running and not self.time.is_busy:
                at = await self.time.next_occasion()
                self._next = at.isoformat() if at else None
            room = self._room_but_time()
            if room != self._looked_at:
                self._looked_at = room
                self.feed.room()

    def _room_but_time(self) -> dict[str, Any]:
        running = self.child.is_running
        return {
            "pairs": [
                {"number": pair.number, "people": list(pair.people), "names": self._names(pair)}
                for pair in self.seats.pairs
            ],
            "running": running,
            "starting": self._changing.locked(),
            "pid": self.child.pid if running else None,
            "starts": self.child.starts,
            "troubles": self.panel.modes(),
            "busy": self.time.is_busy,
            "next": self._next,
            "caption": self.caption,
        }

    def _names(self, pair: Pair) -> list[str]:
        return [self.seats.account(person).name for person in pair.people]

    async def _stop_bot(self) -> None:
        with suppress(ChildEnded, TimeoutError):
            await self.child.stop()

    async def _end_orphan(self) -> None:
        """End a bot that outlived the playground before: it holds our database, and its Telegram is gone."""
        with suppress(ConnectionError, TimeoutError, ProcessLookupError):
            status = await ask(socket_path(self.child.data_dir), {"do": "status"}, seconds=2.0)
            os.kill(int(status["pid"]), signal.SIGKILL)
            for _ in range(100):
                os.kill(int(status["pid"]), 0)
                await asyncio.sleep(0.02)

    def _trim_log(self) -> None:
        if self.child.log.exists() and self.child.log.stat().st_size > MOST_LOG_BYTES:
            self.child.log.unlink()
