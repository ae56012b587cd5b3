"""Where calls are answered: parameters, faults, limits, the method itself, and a record of it all."""

import asyncio
import inspect
import json
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.playground.api import all_methods
from bot.playground.calls import Call, Calls
from bot.playground.checks import Upload
from bot.playground.errors import ApiError, bad_request
from bot.playground.faults import Fault, Faults, Trouble
from bot.playground.limits import Limits
from bot.playground.requests import chat_number, read_parameters, with_uploads
from bot.playground.state import State

Check = Callable[[str, Mapping[str, Any]], None]

BAD_GATEWAY = 502
_NO_LINGER = struct.pack("ii", 1, 0)


class Desk:
    """Answers HTTP requests for one bot.

    `limits` may be set to None at any time; `check` is asked about every call, and what it raises is kept in
    `complaints` and refused; `monotonic` gives seconds for limits and the record of calls.
    """

    def __init__(
        self, state: State, token: str, *, limits: Limits | None, keep_calls: int, monotonic: Callable[[], float]
    ) -> None:
        self.state = state
        self.token = token
        self.faults = Faults()
        self.limits = limits
        self.calls = Calls(keep_calls)
        self.check: Check | None = None
        self.complaints: list[str] = []
        self._monotonic = monotonic
        self._methods = all_methods()
        self._stopped = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the Bot API."""
        arrived = self._monotonic()
        if request.match_info["token"] != self.token:
            return refusal(ApiError(401, "Unauthorized"))
        try:
            fields, uploads = await read_parameters(request)
        except ApiError as error:
            return refusal(error)
        call = Call(request.match_info["method"], {**fields, **uploads}, arrived, self._chat(fields))
        half = self.faults.delay / 2
        if half:
            await asyncio.sleep(half)
        response = await self._recorded(request, call, uploads)
        if half:
            await asyncio.sleep(half)
        return response

    async def download(self, request: web.Request) -> web.Response:
        """The content of a file."""
        if request.match_info["token"] != self.token:
            return refusal(ApiError(401, "Unauthorized"))
        stored = self.state.files.at(request.match_info["path"])
        if stored is None:
            return refusal(ApiError(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")

    def _chat(self, fields: Mapping[str, Any]) -> int | None:
        """The chat that a call is about, that of the tap if it answers one."""
        query = self.state.queries.by_id.get(str(fields.get("callback_query_id", "")))
        return query.chat_id if query else chat_number(fields)

    async def _recorded(self, request: web.Request, call: Call, uploads: dict[str, Upload]) -> web.StreamResponse:
        if call.method == "getUpdates":
            return await self._through_faults(request, call, uploads)
        self.calls.begin(call)
        try:
            return await self._through_faults(request, call, uploads)
        finally:
            self.calls.end(call, self._monotonic())

    async def _through_faults(self, request: web.Request, call: Call, uploads: dict[str, Upload]) -> web.StreamResponse:
        fault = self.faults.strike(call.method, call.chat_id) if self.faults.rules else None
        if fault is None:
            return await self._performed(call, uploads)
        if fault.trouble is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
            return await self._performed(call, uploads)
        if fault.gate is not None:
            await fault.gate.wait()
            return await self._performed(call, uploads)
        if fault.after_effect:
            await self._performed(call, uploads)
        return await self._strike(request, call, fault)

    async def _strike(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.error is not None:
            call.outcome = fault.error.description
            return refusal(fault.error)
        call.outcome = fault.trouble.value
        if fault.trouble is Trouble.NONSENSE:
            return web.Response(text=fault.body, content_type="application/json")
        if fault.trouble is Trouble.UNANSWERED:
            self.calls.end(call, self._monotonic())
            await self._stopped.wait()
        _break(request)
        return web.Response()

    async def _performed(self, call: Call, uploads: dict[str, Upload]) -> web.Response:
        try:
            result = await self._perform(call, uploads)
        except ApiError as error:
            call.outcome = error.description
            return refusal(error)
        call.outcome = "ok"
        call.took_effect = True
        return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")

    async def _perform(self, call: Call, uploads: dict[str, Upload]) -> Any:
        method = self._methods.get(call.method)
        if method is None:
            raise ApiError(404, "Not Found")
        given = method.parameters.bind(with_uploads(call.parameters, uploads) if uploads else call.parameters)
        if self.check is not None:
            self._ask(self.check, call.method, given)
        if self.limits is not None:
            pays = bool(given.get("allow_paid_broadcast"))
            self.limits.check(call.method, call.chat_id, self._monotonic(), pays=pays)
        if uploads:
            given["uploads"] = uploads
        result = method.run(self.state, given)
        return await result if inspect.isawaitable(result) else result

    def _ask(self, check: Check, method: str, given: Mapping[str, Any]) -> None:
        try:
            check(method, given)
        except (AssertionError, TypeError, ValueError) as error:
            self.complaints.append(f"{method}: {error}")
            raise bad_request(f"check failed: {error}") from None


def refusal(error: ApiError) -> web.Response:
    """The answer that Telegram, or the gateway before it, gives."""
    if error.code == BAD_GATEWAY:
        page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
        return web.Response(status=BAD_GATEWAY, text=page, content_type="text/html")
    body = json.dumps(error.as_json()).encode()
    return web.Response(status=error.code, body=body, content_type="application/json")


def _break(request: web.Request) -> None:
    """Drop the connection so that the other side reads a reset."""
    if request.transport is None:
        return
    connection = request.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    request.transport.abort()
