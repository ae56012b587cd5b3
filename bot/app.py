"""The only wiring: settings → storage, wire, doors; the order of starting and stopping."""

import asyncio
import gc
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import Session
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ExtBot

from bot.clock import Clock
from bot.commands import Commands
from bot.messages.i18n import Languages, load_languages
from bot.messages.library import load as load_prompts
from bot.messages.rendering import Rendering
from bot.opening import CannotStart, open_both, refusal, take_seat
from bot.practice import erasing, outages, zones
from bot.practice.prompts import Library
from bot.settings import Settings
from bot.wire import profile
from bot.wire.control import ControlSocket, socket_path
from bot.wire.exporter import Exporter
from bot.wire.groups import Farewells
from bot.wire.intake import Intake
from bot.wire.lease import Alone, PollLease
from bot.wire.pacing import Pace
from bot.wire.pictures import Pictures
from bot.wire.points import Points
from bot.wire.receiver import Receiver
from bot.wire.request import AiohttpRequest, Api
from bot.wire.sender import Sender
from bot.wire.shared_pace import SharedPace
from bot.wire.toasts import Toasts
from bot.wire.travel import Travel
from bot.wire.watch import Watch
from bot.wire.webhook import Webhook
from handlers.door import Door
from handlers.routing import register
from schedules import JOBS
from schedules.clock import AlarmClock
from storage import claiming, fitting, leases, updates
from storage.database import is_sqlite
from storage.failures import DatabaseAway
from storage.units import Units
from storage.whole_files import write_copy

WATCH_SECONDS = 1.0
NOTE_SECONDS = 60.0
LONGEST_PAUSE = 30.0
LOCKED_OUT = (
    "The master key was rotated to one that this process does not know, so it stopped; nothing is lost. "
    "Give it the new key: MASTER_KEYS, or the master.key of the process that rotated it."
)
ANOTHER_BOT = (
    "BOT_TOKEN: the people in this database talk to another bot, and this one could write to none of them. Use that "
    "bot's token; if it is gone for good, `python -m bot db forget-bot` lets this one take its place."
)
log = structlog.get_logger("app")


class App:
    """One running bot."""

    def __init__(self, settings: Settings, *, library: Library | None = None, random: Random | None = None) -> None:
        self._settings = settings
        self._clock = Clock()
        if settings.playground:
            self._clock.move(timedelta(seconds=settings.playground_ahead))
        self._random = random or SystemRandom()
        self._points = Points()
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._broken: BaseException | None = None
        self._noted = float("-inf")
        self._loop = asyncio.get_running_loop()
        self._languages: Languages = load_languages()
        self._library: Library = library or load_prompts()
        self._engine, self.keys = open_both(settings)
        self._seat = take_seat(settings)
        self._holder = self._seat.name
        self.units = Units(self._engine, keys=self.keys, after_commit=self._committed, point=self._points.reached)
        api = self._open_telegram()
        self._open_ways_out(api)
        self._open_doors(api)
        self._open_control()

    # -- wiring

    def _open_telegram(self) -> Api:
        """How Telegram is reached."""
        settings = self._settings
        token = settings.bot_token.get_secret_value()
        calls, files = f"{settings.bot_api_url}/bot", f"{settings.bot_api_url}/file/bot"
        self._request = AiohttpRequest()
        self.bot: Bot = ExtBot(
            token,
            base_url=calls,
            base_file_url=files,
            request=self._request,
            get_updates_request=AiohttpRequest(),
        )
        return Api(self._request, f"{calls}{token}", file_url=f"{files}{token}", pays_for_pace=settings.paid_broadcasts)

    def _open_ways_out(self, api: Api) -> None:
        """What the bot says: messages, files, toasts."""
        self._watch = Watch(self._clock.now, self._loop.time)
        self._clock.subscribe(self._watch.moved)
        self._rendering = Rendering(self._languages, self._library, self._clock.now)
        self._pace, self._pictures = self._new_pace(), Pictures(self._settings.data_dir)
        travel = Travel(
            units=self.units,
            api=api,
            clock=self._clock,
            pace=self._pace,
            renders=self._rendering,
            draws=self._pictures,
            point=self._points.reached,
        )
        self.sender = Sender(
            travel=travel,
            clock=self._clock,
            pace=self._pace,
            renders=self._rendering,
            holder=self._holder,
            is_steady=self._watch.is_steady,
        )
        self._clock.subscribe(self.sender.wake)
        self._exporter = Exporter(
            units=self.units,
            api=api,
            clock=self._clock,
            languages=self._languages,
            library=self._library,
            draws=self._pictures,
            folder=self._settings.data_dir,
        )
        self._toasts, self._farewells = Toasts(api), Farewells(api)

    def _open_doors(self, api: Api) -> None:
        """What people do, and what time brings."""
        self._door = Door(
            units=self.units,
            clock=self._clock,
            languages=self._languages,
            library=self._library,
            random=self._random,
            answer=self._toasts.answer,
            leave=self._farewells.leave,
        )
        self._application = Application.builder().bot(self.bot).updater(None).job_queue(None).build()
        self._door.application = self._application
        register(self._application, self._door)
        self.receiver = self._way_in(api)
        self.alarms = AlarmClock(
            JOBS,
            units=self.units,
            clock=self._clock,
            library=self._library,
            random=self._random,
            is_steady=self._watch.is_steady,
        )

    def _open_control(self) -> None:
        """What can be asked of it on this machine."""
        settings = self._settings
        given = bool(settings.master_keys.get_secret_value())
        self.commands = Commands(
            self,
            points=self._points,
            folder=settings.data_dir,
            has_given_keys=given,
            copies={"database": lambda: write_copy(self._engine), "keys": self.keys.write_copy},
        )
        self._control = ControlSocket(
            socket_path(settings.data_dir), self.commands.by_name(playground=settings.playground)
        )

    def _way_in(self, api: Api) -> Receiver | Webhook:
        """How updates come in: polled for, unless there is an address to which Telegram sends them."""
        settings, url = self._settings, self._settings.webhook_url
        self.intake = Intake(bot=self.bot, door=self._door, point=self._points.reached, is_patient=not url)
        alone = bool(url) or is_sqlite(self._engine)
        self._lease = None if alone else PollLease(units=self.units, holder=self._holder)
        if url:
            return Webhook(
                api=api,
                intake=self.intake,
                url=url,
                secret=settings.webhook_secret.get_secret_value(),
                host=settings.http_host,
                port=settings.http_port,
                reached=self._note_poll,
            )
        receiver = Receiver(api=api, intake=self.intake, polled=self._note_poll, turn=self._lease or Alone())
        if self._lease is not None:
            self._lease.lost = receiver.give_way
        return receiver

    def _new_pace(self) -> Pace:
        """One that is shared where other processes may use the same database, and there is a limit at all."""
        per_second = self._settings.messages_per_second
        shared = per_second > 0 and not is_sqlite(self._engine)
        return SharedPace(per_second) if shared else Pace(per_second)

    # -- life

    async def start(self) -> None:
        """Start everything; waits for Telegram if it is away. Raises CannotStart."""
        await self._open_for_commands()
        if is_sqlite(self._engine):
            await self._unit(claiming.release_all)
        await self._request.initialize()
        await self._meet_telegram()
        if not await self._unit_at_last(partial(fitting.belongs_to, bot_id=self.bot.id)):
            raise CannotStart(ANOTHER_BOT, 2)
        await self._look_back()
        await self._replay_erasures()
        await self._open_for_updates()
        if self._lease is not None:
            self._rely_on(self._lease.run())
        self._rely_on(self.receiver.run())
        self._rely_on(self.sender.run())
        self._rely_on(self._watch_clock())
        self._rely_on(self._exporter.run())
        self._start(profile.tidy(self.bot, self._languages))
        self._start(asyncio.to_thread(zones.warm, self.now()))
        self.alarms.start()
        log.info("started", pid=os.getpid(), database="sqlite" if is_sqlite(self._engine) else "postgresql")

    async def run(self) -> None:
        """Start, work until `ask_to_stop`, stop. Raises CannotStart, also when a part broke that all depends on."""
        try:
            meeting = asyncio.ensure_future(self.start())
            stopped = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait({meeting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if meeting.done():
                meeting.result()
                spare_the_collector()
                await stopped
            meeting.cancel()
            stopped.cancel()
        finally:
            await self.stop()
        if isinstance(self._broken, CannotStart):
            raise self._broken
        if self._broken is not None:
            raise CannotStart("A part of the bot broke, so it stopped; nothing is lost. See the log.", 1)

    def ask_to_stop(self) -> None:
        """End `run`."""
        self._stopping.set()

    async def stop(self) -> None:
        """Let updates and messages in flight end, then close everything; a few seconds at most."""
        self._stopping.set()
        await self.alarms.come_to_rest()
        self.alarms.stop()
        self._exporter.stop()
        await self.receiver.stop()
        if self._lease is not None:
            self._lease.stop()
        await self.sender.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=1.0)
            for task in late:
                task.cancel()
        await self.receiver.confirm()
        if self._lease is not None:
            await self._lease.give_back()
        await self._toasts.close()
        await self._farewells.close()
        await self._pictures.close()
        await self._control.close()
        await self._application.shutdown()
        await self._request.shutdown()
        await asyncio.to_thread(self.units.close)
        self.keys.close()
        self._engine.dispose()
        self._seat.leave()
        log.info("stopped")

    def now(self) -> datetime:
        """The bot's time, UTC."""
        return self._clock.now()

    async def settle(self) -> None:
        """Wait until everything that has arrived is handled, and everything due is sent that Telegram lets be sent."""
        await self.receiver.settle()
        await self.sender.settle()
        await self._exporter.settle()
        await self._toasts.settle()

    async def move_clock(self, by: timedelta) -> None:
        """Move the clock, ring every job and send what is due; for the playground and tests."""
        self._clock.move(by)
        await self.alarms.ring_all()
        await self.settle()

    # -- parts

    async def _meet_telegram(self) -> None:
        """Learn who the bot is; tries until Telegram answers."""
        pause = 0.25
        while True:
            try:
                await self._application.initialize()
                self._rendering.bot_name = self.bot.username
                return
            except InvalidToken:
                raise CannotStart(
                    "BOT_TOKEN: Telegram does not know this token; @BotFather shows the right one.", 2
                ) from None
            except TelegramError as error:
                log.warning("telegram_away", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _open_for_commands(self) -> None:
        try:
            if not await self._control.open():
                log.info("control_socket_taken")
                self._start(self._control.succeed())
        except OSError as error:
            raise refusal(error, self._settings) from None

    async def _open_for_updates(self) -> None:
        try:
            await self.receiver.open()
        except (OSError, UnicodeError) as error:
            where = f"{self._settings.http_host}:{self._settings.http_port}"
            reason = str(getattr(error, "strerror", "it is no name of a machine")).rpartition(": ")[2]
            raise CannotStart(f"HTTP_HOST, HTTP_PORT: {where} cannot be used: {reason}.", 2) from None

    async def _look_back(self) -> None:
        """Notice an outage after which Telegram has dropped updates."""
        now = self._clock.unmoved()
        since = await self._unit_at_last(lambda session: outages.gap_before(session, now=now))
        if since is not None:
            self._was_away(since, now)

    def _was_away(self, since: datetime, until: datetime) -> None:
        """Whoever writes next is told."""
        log.warning("updates_may_be_missing", gap_hours=round((until - since) / timedelta(hours=1)))
        self._door.away_since, self._door.back_since = since, self._clock.now()

    async def _replay_erasures(self) -> None:
        """Whoever was erased stays erased, also when the database is an old backup."""
        after = await self._unit_at_last(partial(_replay_some, after=None, now=self.now()))
        while after is not None:
            after = await self._unit_at_last(partial(_replay_some, after=after, now=self.now()))

    def _start(self, work: Any) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    def _rely_on(self, work: Any) -> None:
        """Start a part without which the bot only seems to work: if it breaks, the process ends."""
        self._start(work).add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not self._stopping.is_set():
            log.critical("part_broke", error=type(error).__name__)
            self._broken = error
            self._stopping.set()

    def _committed(self) -> None:
        """A commit owes something; called from a thread of the database."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.sender.wake)

    async def _note_poll(self) -> None:
        """Telegram reached us, or was reached; now and then that is kept."""
        quiet = self._loop.time() - self._noted
        if quiet < NOTE_SECONDS:
            return
        self._noted = self._loop.time()
        now = self._clock.unmoved()
        if outages.KEPT_BY_TELEGRAM.total_seconds() < quiet < float("inf"):  # it lived on, and nothing came
            self._was_away(now - timedelta(seconds=quiet), now)
        try:
            await self._unit(lambda session: updates.note_poll(session, holder=self._holder, now=now))
        except DatabaseAway as error:
            log.warning("poll_not_noted", error=type(error).__name__)

    async def _watch_clock(self) -> None:
        while not await self._stops_within(WATCH_SECONDS):
            if self.keys.is_locked_out:
                raise CannotStart(LOCKED_OUT, 2)
            self.keys.forget_old()
            if jump := self._watch.jumped():
                log.warning("clock_jumped", seconds=round(jump))
                self.alarms.reschedule()
                self._noted = float("-inf")
                await self._note_poll()  # a jump is no outage

    async def _stops_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _unit_at_last(self, work: Callable[..., Any]) -> Any:
        """The same at the start, which waits for a database that has gone away meanwhile."""
        pause = 0.25
        while True:
            try:
                return await self._unit(work)
            except DatabaseAway as error:
                log.warning("database_away", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _unit(self, work: Callable[..., Any]) -> Any:
        return await asyncio.wrap_future(self.units.submit(work))


def _replay_some(session: Session, *, after: UUID | None, now: datetime) -> UUID | None:
    leases.await_turn(session)  # others may start at the same time
    return erasing.replay_list(session, after=after, now=now)


def spare_the_collector() -> None:
    """What is loaded by now stays, and rows come and go in thousands: looking less often saves a tenth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 5, 5)
