"""A Bot API server that shares nothing with the loopback Telegram: as little as a bot can work with."""

import asyncio
import json
from typing import Any

from aiohttp import web


class BareServer:
    """Hands out updates and remembers calls; what it does not know it answers with `true`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.polls = 0
        self.hangs = False
        self.asked = 0  # answered or not
        self.url = ""
        self._updates: list[dict[str, Any]] = []
        self._count = 0
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "BareServer":
        application = web.Application()
        application.router.add_route("*", "/some/where/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(application, handler_cancellation=True, access_log=None, shutdown_timeout=0.02)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/some/where"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def person_says(self, number: int, text: str) -> None:
        """A private message to the bot."""
        self._count += 1
        person = {"id": number, "first_name": "Noor", "language_code": "en"}
        message: dict[str, Any] = {
            "message_id": self._count,
            "date": 1_760_000_000,
            "chat": {"id": number, "type": "private", "first_name": "Noor"},
            "from": {**person, "is_bot": False},
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        self._updates.append({"update_id": 9_000 + self._count, "message": message})
        self._changed.set()

    async def texts(self, number: int, *, at_least: int, within: float = 60.0) -> list[str]:
        """What the bot wrote to somebody, once there is enough of it."""
        async with asyncio.timeout(within):
            while len(found := self._written(number)) < at_least:
                await asyncio.sleep(0.02)
        return found

    async def polled(self, times: int = 1) -> None:
        """Wait until the bot has asked for updates so often."""
        while self.polls < times:
            await asyncio.sleep(0.02)

    async def reached(self) -> None:
        """Wait until the bot has asked for anything at all."""
        while not self.asked:
            await asyncio.sleep(0.02)

    async def calm(self, seconds: float = 0.3) -> None:
        """Wait until nothing was asked for so long."""
        seen = -1
        while seen != (seen := len(self.calls) + self.polls):
            await asyncio.sleep(seconds)

    def _written(self, number: int) -> list[str]:
        return [
            given["text"] for name, given in self.calls if name == "sendMessage" and int(given["chat_id"]) == number
        ]

    async def _answer(self, request: web.Request) -> web.Response:
        assert request.match_info["token"] == self.token
        given = dict(await request.post())
        method = request.match_info["method"]
        self.asked += 1
        if method == "getUpdates":
            self.polls += 1
        if self.hangs:
            await asyncio.sleep(3600)
        if method != "getUpdates":
            self.calls.append((method, given))
        result = await self._result(method, given)
        return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")

    async def _result(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": int(self.token.partition(":")[0]), "is_bot": True, "first_name": "S", "username": "s_bot"}
        if method == "getUpdates":
            return await self._poll(int(given.get("offset", 0)), float(given.get("timeout", 0)))
        if method in ("sendMessage", "editMessageText"):
            self._count += 1
            chat = {"id": int(given["chat_id"]), "type": "private"}
            return {"message_id": int(given.get("message_id", self._count)), "date": 1_760_000_000, "chat": chat}
        return [] if method == "getMyCommands" else {} if method.startswith("getMy") else True

    async def _poll(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        self._updates = [each for each in self._updates if each["update_id"] >= offset]
        self._changed.clear()
        if not self._updates and timeout:
            try:
                await asyncio.wait_for(self._changed.wait(), timeout)
            except TimeoutError:
                return []
        return list(self._updates)
