"""The HTTP backend: python-telegram-bot's `BaseRequest` over aiohttp, and calls that need no objects built.

httpx's connection pool does bookkeeping that grows with the square of its connections; aiohttp's does not.
"""

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError, FormData, TCPConnector
from aiohttp.client_exceptions import ClientConnectorError
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
TOO_MANY = 429
REFUSED = 400
SERVER_ERROR = 500
MESSAGES = frozenset({"sendMessage", "sendPhoto", "sendVoice"})  # what Telegram counts, and may be paid for
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NotSent(NetworkError):
    """The request surely did not reach Telegram, so trying again is safe."""


class TooMany(TelegramError):
    """Telegram asked to wait `seconds` before the next call."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Flood control: wait {seconds} s")
        self.seconds = seconds


class Form:
    """Parameters of one call, plain values, bytes for a PNG; stands in for python-telegram-bot's `RequestData`."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self.multipart_data = {
            name: (f"{name}.png", value, "image/png") for name, value in values.items() if isinstance(value, bytes)
        }

    @property
    def contains_files(self) -> bool:
        """Whether a picture goes with it."""
        return bool(self.multipart_data)

    @property
    def json_parameters(self) -> dict[str, str]:
        """Strings as they are, everything else as JSON; None is left out."""
        return {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in self._values.items()
            if value is not None and name not in self.multipart_data
        }


class AiohttpRequest(BaseRequest):
    """What python-telegram-bot sends its requests through."""

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take unless a call says otherwise."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the connection pool."""
        if self._session is None:
            self._session = ClientSession(connector=TCPConnector(limit=self._connections))

    async def shutdown(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One HTTP request. Raises NotSent, TooMany, TimedOut or NetworkError."""
        session = self._session
        if session is None:
            raise NotSent("the connection pool is closed")
        seconds = READ_SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = ClientTimeout(sock_connect=CONNECT_SECONDS, sock_read=seconds)
        try:
            async with session.request(method, url, timeout=timeout, **_body(request_data)) as response:
                status, payload = response.status, await response.read()
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if status == TOO_MANY:
            raise TooMany(_retry_after(payload))
        is_file = method == "GET" and status < REFUSED
        if status >= SERVER_ERROR or not (is_file or _is_telegrams(payload, refusal=status >= REFUSED)):
            raise NetworkError(f"An answer with status {status} that is not the Bot API's")
        return status, payload


class DocumentForm:
    """Parameters of one call, and the document that goes with it."""

    contains_files = True

    def __init__(self, values: Mapping[str, object], *, name: str, content: bytes) -> None:
        self.json_parameters = Form(values).json_parameters
        self.multipart_data = {"document": (name, content, "application/zip")}


class Api:
    """Calls of the Bot API whose answers stay plain JSON: what the receiver and the sender use."""

    def __init__(
        self, request: AiohttpRequest, base_url: str, file_url: str = "", *, pays_for_pace: bool = False
    ) -> None:
        self._request = request
        self._base_url, self._file_url = base_url, file_url
        self._pays_for_pace = pays_for_pace

    async def call(self, method: str, parameters: Mapping[str, object], *, read_timeout: float = READ_SECONDS) -> Any:
        """The `result` of one call. Raises the errors of `telegram.error`, NotSent and TooMany."""
        if self._pays_for_pace and method in MESSAGES:
            parameters = {**parameters, "allow_paid_broadcast": True}
        form = cast(RequestData, Form(parameters))
        return await self._request.post(f"{self._base_url}/{method}", form, read_timeout=read_timeout)

    async def send_document(
        self, parameters: Mapping[str, object], *, name: str, content: bytes, seconds: float
    ) -> Any:
        """Send a file of our own; gives the message. Raises as `call` does."""
        form = cast(RequestData, DocumentForm(parameters, name=name, content=content))
        return await self._request.post(f"{self._base_url}/sendDocument", form, read_timeout=seconds)

    async def download(self, path: str) -> bytes:
        """A file that Telegram keeps, by the path that getFile gave. Raises as `call` does."""
        return bytes(await self._request.retrieve(f"{self._file_url}/{path}", read_timeout=READ_SECONDS))


def _body(data: RequestData | None) -> dict[str, Any]:
    """Fields alone as a plain form, with files as a multipart one."""
    fields = data.json_parameters if data is not None else {}
    if data is None or not data.contains_files:
        # not by FormData, which asks the system for a random boundary even where none is needed
        return {"data": urlencode(fields).encode(), "headers": FORM} if fields else {}
    form = FormData(fields)
    for name, part in data.multipart_data.items():
        filename, content, mime = part
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


def _is_telegrams(payload: bytes, *, refusal: bool) -> bool:
    """Whether this is the Bot API's own answer, not that of something between: a proxy's 403 tells of no person."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    if not isinstance(answer, dict):
        return False
    if not refusal:
        return answer.get("ok") is True and "result" in answer
    is_said = isinstance(answer.get("description"), str) and isinstance(answer.get("parameters", {}), dict)
    return answer.get("ok") is False and is_said


def _retry_after(payload: bytes) -> float:
    """The seconds that Telegram asked for; five if it did not say."""
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 5.0
