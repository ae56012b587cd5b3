"""Buttons: which reply markups Telegram takes, and what it says about the others."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.playground.checks import Check, boolean, fields, json_object, one_of, string
from bot.playground.errors import bad_request

_MOST_BUTTONS = 100
_MOST_IN_A_ROW = 8
_MOST_DATA_BYTES = 64
_MOST_COPIED = 256
_MOST_PLACEHOLDER = 64
_HOST = re.compile(r"(?:localhost|(?:[\w-]+\.)+[\w-]{2,}|\[[0-9a-fA-F:]+\])(?::[0-9]+)?\Z")
_STYLE = one_of("danger", "success", "primary")


def _anything(_name: str, value: Any) -> Any:
    return value


_LOOK: Mapping[str, Check] = {"text": string, "icon_custom_emoji_id": string, "style": _STYLE}
_ACTIONS: Mapping[str, Check] = {
    "url": string,
    "callback_data": string,
    "web_app": json_object,
    "login_url": json_object,
    "switch_inline_query": string,
    "switch_inline_query_current_chat": string,
    "switch_inline_query_chosen_chat": json_object,
    "copy_text": json_object,
    "callback_game": json_object,
    "pay": boolean,
}
_REQUESTS: Mapping[str, Check] = {
    "request_users": json_object,
    "request_chat": json_object,
    "request_managed_bot": json_object,
    "request_contact": boolean,
    "request_location": boolean,
    "request_poll": json_object,
    "web_app": json_object,
}
_BUTTON = {**_LOOK, **_ACTIONS}
_KEY = {**_LOOK, **_REQUESTS}
_KEYBOARD: Mapping[str, Check] = {
    "keyboard": _anything,
    "is_persistent": boolean,
    "resize_keyboard": boolean,
    "one_time_keyboard": boolean,
    "input_field_placeholder": string,
    "selective": boolean,
}
_REMOVE: Mapping[str, Check] = {"remove_keyboard": boolean, "selective": boolean}
_FORCE: Mapping[str, Check] = {"force_reply": boolean, "input_field_placeholder": string, "selective": boolean}
_TEXT = frozenset({"text"})


def reply_markup(name: str, value: Any) -> dict[str, Any]:
    """Any of the four reply markups, checked."""
    markup = json_object(name, value)
    if "inline_keyboard" in markup:
        return inline_markup(name, markup)
    if "keyboard" in markup:
        return _reply_keyboard(markup)
    if "remove_keyboard" in markup:
        return _true("remove_keyboard", fields("reply keyboard remove", markup, _REMOVE))
    if "force_reply" in markup:
        return _true("force_reply", _with_placeholder(fields("force reply", markup, _FORCE)))
    if not markup:
        return markup
    raise bad_request("object expected as reply markup")


def inline_markup(name: str, value: Any) -> dict[str, Any]:
    """An inline keyboard, the only markup that can be edited in."""
    markup = json_object(name, value)
    fields("inline keyboard", markup, {"inline_keyboard": _anything})
    rows = _rows(markup.get("inline_keyboard", []), "inline keyboard")
    for row in rows:
        for button in row:
            _check_button(button)
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else {}


def is_inline(markup: Mapping[str, Any] | None) -> bool:
    """Whether this is an inline keyboard."""
    return bool(markup) and "inline_keyboard" in (markup or {})


def _reply_keyboard(markup: dict[str, Any]) -> dict[str, Any]:
    _with_placeholder(fields("reply keyboard", markup, _KEYBOARD))
    rows = _rows(markup["keyboard"], "reply keyboard")
    keys = [[_key(each) for each in row] for row in rows if row]
    if not keys:
        raise bad_request("keyboard must be non-empty")
    return {**markup, "keyboard": keys}


def _rows(value: Any, what: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f"can't parse {what}: expected an Array of Arrays")
    if sum(len(row) for row in value) > _MOST_BUTTONS or any(len(row) > _MOST_IN_A_ROW for row in value):
        raise bad_request("too many buttons in the keyboard")
    return value


def _key(given: Any) -> dict[str, Any]:
    key = {"text": given} if isinstance(given, str) else given
    fields("keyboard button", key, _KEY, required=_TEXT)
    if not key["text"].strip() or sum(name in _REQUESTS for name in key) > 1:
        raise bad_request("can't parse keyboard button")
    return dict(key)


def _check_button(button: Any) -> None:
    what = "inline keyboard button"
    fields(what, button, _BUTTON, required=_TEXT)
    if not button["text"].strip():
        raise bad_request(f"can't parse {what}: button text must be non-empty")
    actions = [name for name in button if name in _ACTIONS]
    if not actions:
        raise bad_request(f"can't parse {what}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse {what}: exactly one action is allowed, got {', '.join(actions)}")
    _check_action(actions[0], button[actions[0]])


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data" and not 1 <= len(value.encode("utf-8", "surrogatepass")) <= _MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        _check_url(value)
    if action == "copy_text":
        copied = fields("copy text button", value, {"text": string}, required=_TEXT)
        if not 1 <= len(copied["text"]) <= _MOST_COPIED:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action in ("callback_game", "pay"):
        raise bad_request("BUTTON_TYPE_INVALID")


def _check_url(url: str) -> None:
    if url.startswith(("tg://", "ton://")) and len(url) > len("tg://"):
        return
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        valid = parts.scheme in ("http", "https") and bool(_HOST.match(parts.netloc)) and " " not in url
    except ValueError:
        valid = False
    if not valid:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _true(name: str, markup: dict[str, Any]) -> dict[str, Any]:
    if boolean(name, markup[name]) is not True:
        raise bad_request(f'"{name}" must be True')
    return markup


def _with_placeholder(markup: dict[str, Any]) -> dict[str, Any]:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= _MOST_PLACEHOLDER:
        raise bad_request("invalid input_field_placeholder specified")
    return markup
