"""The door for people: runs each handler as one unit and reports what became of it.

python-telegram-bot's `Application` dispatches and would swallow a handler's failure; so each wrapped handler notes its
outcome here, and `process` raises it to the receiver.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

import structlog
from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from bot.clock import Clock
from bot.messages.i18n import Languages
from bot.practice import conversations, outages, pairing, reveals
from bot.practice.prompts import Library
from bot.practice.refusals import Refusal
from handlers import errors, safety
from handlers.arrivals import arrived
from handlers.context import Arrived, Context, Toast
from handlers.flood import Flood, Verdict, say_too_many
from storage import deliveries, people, updates
from storage.tables import Person
from storage.units import Units

Handler: TypeAlias = Callable[[Context], None]
Callback: TypeAlias = Callable[[Update, Any], Coroutine[Any, Any, None]]
Answer: TypeAlias = Callable[[str, Toast], None]
Leave: TypeAlias = Callable[[int, str], None]
GONE_FROM = ("left", "kicked")
log = structlog.get_logger("door")


def blocked(context: Context) -> None:
    """The person blocked the bot: leave them alone, and cancel what waits."""
    deliveries.mark_blocked(context.session, chat_id=context.chat.id)


def unblocked(context: Context) -> None:
    """The person is back; `_recognize` has noted it, and owes them what opened meanwhile."""


class Door:
    """Where updates come in and become units."""

    def __init__(
        self,
        *,
        units: Units,
        clock: Clock,
        languages: Languages,
        library: Library,
        random: Random,
        answer: Answer,
        leave: Leave,
    ) -> None:
        self._units, self._clock, self._languages = units, clock, languages
        self._library, self._random, self._answer, self._leave = library, random, answer, leave
        self._outcomes: dict[int, Exception] = {}
        self._flood = Flood(clock.now)
        self.application: Application[Any, Any, Any, Any, Any, Any] | None = None
        self.away_since: datetime | None = None  # UTC; after an outage in which Telegram dropped updates
        self.back_since: datetime | None = None

    async def process(self, update: Update) -> None:
        """Dispatch one update; raises what its unit raised."""
        assert self.application is not None
        await self.application.process_update(update)
        if (failure := self._outcomes.pop(update.update_id, None)) is not None:
            raise failure

    async def park(self, update: Update, failure: str) -> None:
        """Set an update aside that keeps failing, and tell its sender that it was not saved."""
        come = arrived(update)
        await self._run(lambda session: self._park(session, come, failure))
        log.error("parked", update=update.update_id)

    def wrap(self, handler: Handler) -> Callback:
        """A callback for python-telegram-bot that runs `handler` in a unit; a flood is not let in."""

        async def opened(update: Update, _: object) -> None:
            come = arrived(update)
            verdict = self._verdict(update, come, handler)
            if verdict is Verdict.OUT:
                return
            fitting = handler if verdict is Verdict.IN else say_too_many
            try:
                toast = await self._run(lambda session: self.unit(session, come, fitting))
            except Exception as failure:  # handed to the receiver by `process`
                self._outcomes[update.update_id] = failure
                return
            if come.callback_id is not None and toast is not None:
                self._answer(come.callback_id, toast)

        return opened

    def _verdict(self, update: Update, come: Arrived, handler: Handler) -> Verdict:
        """Whether the person sends too much; that they block the bot, or let it in again, is never too much."""
        if handler in (blocked, unblocked):
            return Verdict.IN
        message = update.message or update.edited_message
        return self._flood.verdict(come.telegram_id, come.update_id, message.date if message else None)

    def wrap_press(self, handler_of: Callable[[str], Handler]) -> Callback:
        """The same for a button: its data says which handler."""

        async def pressed(update: Update, context: object) -> None:
            query = update.callback_query
            await self.wrap(handler_of(query.data or "" if query else ""))(update, context)

        return pressed

    async def other(self, update: Update, _: object) -> None:
        """What no handler takes: groups and channels are left, the rest is passed over."""
        chat = update.effective_chat
        left = update.my_chat_member is not None and update.my_chat_member.new_chat_member.status in GONE_FROM
        if chat is not None and chat.type != "private" and not left:
            self._leave(chat.id, chat.type)
        elif update.my_chat_member is not None and chat is not None:
            await self.wrap(unblocked if not left else blocked)(update, _)

    async def failed(self, update: object, context: Any) -> None:
        """A failure in the dispatch itself, handed to the receiver as well."""
        assert isinstance(update, Update)  # nothing else is ever given to `process`
        self._outcomes[update.update_id] = context.error

    def unit(self, session: Session, come: Arrived, handler: Handler) -> Toast | None:
        """Handle one update in its unit; None if it was handled before."""
        now = self._clock.now()
        if not updates.take(session, update_id=come.update_id, now=now):
            return None
        context = self._recognize(session, come)
        try:
            with session.begin_nested():
                handler(context)
        except Refusal as refusal:
            errors.say(context, refusal)
        safety.listen(context)
        return context.toast

    def _recognize(self, session: Session, come: Arrived) -> Context:
        chat, person = people.known(session, telegram_id=come.telegram_id)
        context = Context(
            session=session,
            arrived=come,
            now=self._clock.now(),
            chat=chat,
            stranger=person,
            languages=self._languages,
            library=self._library,
            random=self._random,
        )
        if person is not None:
            if person.unreachable:
                person.unreachable = False
                for opened in (reveals, conversations):
                    opened.catch_up(session, person, now=context.now, key=f"u{come.update_id}:back")
            if come.is_own_act and pairing.learn_farewell(session, person):
                context.send("pairing.farewell")
            self._tell_gap(context, person)
        return context

    def _tell_gap(self, context: Context, person: Person) -> None:
        if self.away_since and self.back_since and context.now - self.back_since < outages.TOLD_FOR:
            outages.tell_gap(context.session, person, since=self.away_since, now=context.now)

    def _park(self, session: Session, come: Arrived, failure: str) -> None:
        now = self._clock.now()
        updates.park(session, update_id=come.update_id, failure=failure, now=now)
        if updates.take(session, update_id=come.update_id, now=now):
            self._recognize(session, come).send("refusal.said", "not_saved")

    async def _run(self, work: Callable[[Session], Any]) -> Any:
        return await asyncio.wrap_future(self._units.submit(work))
