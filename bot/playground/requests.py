"""The parameters of an HTTP request, in whichever of the four ways they came."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.web_request import FileField

from bot.playground.checks import Upload
from bot.playground.errors import bad_request

Given = tuple[dict[str, Any], dict[str, Upload]]


async def read_parameters(request: web.Request) -> Given:
    """Fields and uploaded files of a call: query, form, multipart or JSON."""
    fields: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return fields, {}
    kind = request.content_type
    if kind == "application/x-www-form-urlencoded":
        return {**fields, **_form(await request.read())}, {}
    if kind == "multipart/form-data":
        return await _multipart(request, fields)
    if kind == "application/json":
        return {**fields, **_json(await request.read())}, {}
    await request.read()
    return fields, {}


def chat_number(fields: Mapping[str, Any]) -> int | None:
    """The chat that a call is about, for limits and faults; None if it names none."""
    try:
        return int(fields["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def with_uploads(fields: Mapping[str, Any], uploads: Mapping[str, Upload]) -> dict[str, Any]:
    """Fields in which uploads stand where one says attach://<name>; those that a medium names stay apart."""
    attached = {name: uploads[_name(value)] for name, value in fields.items() if _name(value) in uploads}
    used = {_name(value) for value in fields.values()}
    medium = str(fields.get("media", ""))
    plain = {name: value for name, value in fields.items() if name not in used and f"attach://{name}" not in medium}
    return {**plain, **attached}


def _name(value: Any) -> str:
    return value.removeprefix("attach://") if isinstance(value, str) and value.startswith("attach://") else ""


def _form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def _json(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body) if body else {}
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(fields, dict):
        raise bad_request("can't parse JSON object: expected an Object")
    return {name: value for name, value in fields.items() if value is not None}


async def _multipart(request: web.Request, fields: dict[str, Any]) -> Given:
    uploads = {}
    for name, value in (await request.post()).items():
        if isinstance(value, FileField):
            uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            fields[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return fields, uploads
