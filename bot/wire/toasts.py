"""Answers to presses of buttons: fire and forget, the only words that are no deliveries."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog
from telegram.error import TelegramError

from bot.wire.request import Api

MOST_UNITS = 200  # what Telegram shows of a toast
log = structlog.get_logger("toasts")


class Toast(Protocol):
    """What is shown over the chat."""

    @property
    def text(self) -> str:
        """Plain text, maybe none."""

    @property
    def alert(self) -> bool:
        """Whether it waits for a tap."""


class FireAndForget:
    """Calls whose outcome changes nothing; their tasks are owned here."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._tasks: set[asyncio.Task[None]] = set()

    async def settle(self) -> None:
        """Wait until all calls have ended."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Give up on calls that still run."""
        for task in self._tasks:
            task.cancel()

    def _fire(self, *calls: tuple[str, Mapping[str, object]]) -> None:
        task = asyncio.create_task(self._call(*calls))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, *calls: tuple[str, Mapping[str, object]]) -> None:
        for method, parameters in calls:
            try:
                await self._api.call(method, parameters, read_timeout=5)
            except TelegramError as error:
                log.info("not_answered", method=method, error=type(error).__name__)


class Toasts(FireAndForget):
    """Answers callback queries, each once."""

    def answer(self, callback_id: str, toast: Toast) -> None:
        """End the waiting sign on a button, with a text if there is one."""
        text = toast.text[:MOST_UNITS] or None
        self._fire(
            (
                "answerCallbackQuery",
                {"callback_query_id": callback_id, "text": text, "show_alert": toast.alert or None},
            )
        )
