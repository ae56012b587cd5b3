"""A bare client of the Bot API: JSON, forms or multipart, nothing between the test and the wire."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, FormData

from bot.playground.server import LoopbackTelegram


@dataclass
class Raw:
    telegram: LoopbackTelegram
    session: ClientSession

    def address(self, method: str) -> str:
        return f"{self.telegram.url}/bot{self.telegram.token}/{method}"

    async def post(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The whole answer to a JSON call."""
        async with self.session.post(self.address(method), json=parameters) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    async def ok(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must succeed."""
        answer = await self.post(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **parameters: Any) -> str:
        """Code and words of a call that must be refused."""
        answer = await self.post(method, **parameters)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    async def form(self, method: str, **fields: str) -> dict[str, Any]:
        """The answer to an urlencoded call."""
        async with self.session.post(self.address(method), data=fields) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def upload(self, method: str, fields: dict[str, str], **files: bytes) -> dict[str, Any]:
        """The answer to a multipart call."""
        data = FormData(fields)
        for name, content in files.items():
            data.add_field(name, content, filename=f"{name}.bin", content_type="application/octet-stream")
        async with self.session.post(self.address(method), data=data) as response:
            answer: dict[str, Any] = await response.json()
            return answer


def keyboard(*labels: str) -> dict[str, Any]:
    """An inline keyboard with one button a row; each sends its label as data."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}


def png(width: int = 3, height: int = 2) -> bytes:
    """The beginning of a picture, enough to be taken for one."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(20)
