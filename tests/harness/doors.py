"""A Telegram with a door for each of several processes: it is known who wrote what, and what was really carried out."""

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.calls import Call
from bot.playground.checks import Upload
from bot.playground.server import HOST, LoopbackTelegram

ASKED_BY = re.compile(r'"1:cl:(\d+)"')  # [Clear this] knows the message that asked for its card
START = 0  # what is answered without saying which message asked for it


@dataclass(frozen=True, slots=True)
class Written:
    """A request to write a message: through which door it came, and the message that asked for it."""

    door: int
    answers: int
    call: Call

    @property
    def at(self) -> float:
        """When it came, on the monotonic clock."""
        return self.call.arrived

    @property
    def chat(self) -> int:
        """To whom."""
        return self.call.chat_id or 0


class Doors(LoopbackTelegram):
    """One Telegram behind several ports."""

    def __init__(self, **given: Any) -> None:
        super().__init__(unlimited=True, **given)
        self.written: list[Written] = []

    async def open_door(self) -> int:
        """One port more; it is there until Telegram stops."""
        assert self._runner is not None
        known = len(self._runner.addresses)
        await web.TCPSite(self._runner, HOST, 0).start()
        port: int = self._runner.addresses[known][1]
        return port

    async def _recorded(self, request: web.Request, call: Call, uploads: dict[str, Upload]) -> web.StreamResponse:
        if call.method == "sendMessage":
            asked_by = ASKED_BY.search(str(call.parameters.get("reply_markup", "")))
            door = int(request.host.rpartition(":")[2])
            self.written.append(Written(door, int(asked_by[1]) if asked_by else START, call))
        return await super()._recorded(request, call, uploads)
