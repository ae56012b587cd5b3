"""Exports: read in chunks, put together beside the database's thread, sent as one file, kept nowhere.

The file on disk has no name from the moment it is made, so that it is gone with this process, however that ends.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Protocol, TypeVar
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import structlog
from sqlmodel import Session
from telegram.error import BadRequest, Forbidden

from bot.clock import Clock
from bot.messages import export_file
from bot.messages.cards import pulse
from bot.messages.i18n import Languages
from bot.practice import exporting
from bot.practice.exporting import Wish
from bot.practice.prompts import Library
from bot.wire.pictures import Draws, NotDrawn
from bot.wire.request import Api
from storage import deliveries
from storage.failures import DatabaseAway

T = TypeVar("T")
LOOKS_EVERY = 2.0  # seconds
TRIES_AGAIN = timedelta(minutes=2)
MOST_BYTES = 45_000_000  # Telegram takes files of 50 MB from bots
SENDING = 120.0  # seconds
NAME = "side-by-side.zip"
log = structlog.get_logger("exporter")


class RunsUnits(Protocol):
    """What an export needs of `storage.units.Units`."""

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Run `work` as one unit."""


class Exporter:
    """Makes one export after the other until it is told to stop."""

    def __init__(
        self,
        *,
        units: RunsUnits,
        api: Api,
        clock: Clock,
        languages: Languages,
        library: Library,
        draws: Draws,
        folder: Path,
    ) -> None:
        self._units, self._api, self._clock = units, api, clock
        self._languages, self._library, self._draws, self._folder = languages, library, draws, folder
        self._stopping = asyncio.Event()
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Look for wishes until `stop`."""
        while not self._stopping.is_set():
            await self.settle()
            try:
                await asyncio.wait_for(self._stopping.wait(), LOOKS_EVERY)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopping.set()

    async def settle(self) -> None:
        """Make every export that is due."""
        try:
            async with self._turn:
                while not self._stopping.is_set() and (wish := await self._take()) is not None:
                    await self._fulfil(wish)
        except DatabaseAway as error:
            log.warning("exports_wait", error=type(error).__name__)

    async def _take(self) -> Wish | None:
        return await self._unit(partial(exporting.take_wish, now=self._clock.now()))

    async def _fulfil(self, wish: Wish) -> None:
        """Make it and send it; what becomes of the sending decides."""
        try:
            with self._nameless_file() as file:
                await self._put_together(wish, file)
                wanted = await self._unit(partial(exporting.is_wanted, wish=wish))
                sent = await self._send(wish, file) if wanted else None
            await self._unit(partial(exporting.done, wish=wish, message_id=sent, now=self._clock.now()))
        except Forbidden:
            await self._unit(lambda session: deliveries.mark_unreachable(session, person_id=wish.person_id))
        except DatabaseAway:
            raise
        except Exception as error:  # of Telegram, the disk, or a row of theirs: nobody else may have to wait for it
            log.warning("export_waits", error=type(error).__name__)
            due = self._clock.now() + TRIES_AGAIN
            await self._unit(lambda session: exporting.try_later(session, wish, due=due))

    @contextmanager
    def _nameless_file(self) -> Iterator[IO[bytes]]:
        with TemporaryFile(dir=self._folder) as file:
            yield file

    async def _put_together(self, wish: Wish, file: IO[bytes]) -> None:
        content = {section: await self._read(wish, section) for section in exporting.SECTIONS}
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            await self._add_voices(archive, file, content["answers"])
            picture = await self._drawn_trend(wish)
            await asyncio.to_thread(self._write, archive, content, wish.language, picture)

    async def _read(self, wish: Wish, section: str) -> list[dict[str, Any]]:
        """A whole section, a chunk in each unit."""
        found: list[dict[str, Any]] = []
        after: UUID | None = None
        while records := await self._unit(partial(exporting.next_records, wish=wish, section=section, after=after)):
            found += records
            after = records[-1]["id"]
        return found

    async def _add_voices(self, archive: ZipFile, file: IO[bytes], answers: list[dict[str, Any]]) -> None:
        """Fetch the person's voice notes, as long as Telegram has them and the file may grow."""
        for record in answers:
            if record["voice"] is None:
                continue
            sound = await self._fetched(record["voice"], most=MOST_BYTES - file.tell())
            record["voice"] = True
            if sound is not None:
                record["file"] = f"voice/{record['date']}-{record['id'].hex[:8]}.ogg"
                await asyncio.to_thread(archive.writestr, record["file"], sound)

    async def _fetched(self, file_id: str, *, most: int) -> bytes | None:
        try:
            found: Mapping[str, Any] = await self._api.call("getFile", {"file_id": file_id})
            if int(found.get("file_size", 0)) > most or "file_path" not in found:
                return None
            return await self._api.download(str(found["file_path"]))
        except BadRequest:  # Telegram does not keep files for ever
            return None

    async def _drawn_trend(self, wish: Wish) -> bytes | None:
        """The person's own trend as a PNG; None without one, or if it cannot be drawn."""
        weeks = await self._unit(partial(exporting.own_trend, wish=wish, now=self._clock.now()))
        if not weeks:
            return None
        try:
            return await self._draws.draw(pulse.picture(self._languages.speak(wish.language), weeks))
        except NotDrawn:  # it has been logged; the values are in the file all the same
            return None

    def _write(
        self, archive: ZipFile, content: Mapping[str, list[dict[str, Any]]], language: str, picture: bytes | None
    ) -> None:
        words = self._languages.speak(language)
        made = self._clock.now().date().isoformat()
        archive.writestr("side-by-side.json", export_file.as_json(content, made=made))
        if picture is not None:
            archive.writestr(export_file.TREND, picture)
        page = export_file.as_page(content, words, self._library, has_trend=picture is not None)
        archive.writestr("side-by-side.html", page)
        archive.writestr("side-by-side.txt", export_file.as_list(content, words, self._library))

    async def _send(self, wish: Wish, file: IO[bytes]) -> int:
        """The number of the message that holds it."""
        file.seek(0)
        content = await asyncio.to_thread(file.read)
        _ = self._languages.speak(wish.language)
        caption = str(_("This is yours. Whoever opens it can read it."))
        sent = await self._api.send_document(
            {"chat_id": wish.address, "caption": caption}, name=NAME, content=content, seconds=SENDING
        )
        return int(sent["message_id"])

    async def _unit(self, work: Callable[[Session], T]) -> T:
        return await asyncio.wrap_future(self._units.submit(work))
