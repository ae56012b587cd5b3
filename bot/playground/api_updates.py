"""Methods by which the bot learns what people did."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.playground.checks import boolean, file, integer, string, strings
from bot.playground.errors import bad_request
from bot.playground.method import Method, method
from bot.playground.state import State
from bot.playground.updates import CONNECTIONS, MOST_AT_ONCE

_SECRET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_MOST_SECRET = 256
_MOST_TOAST = 200
_MOST_CONNECTIONS = 100
_PORTS = frozenset({80, 88, 443, 8443})
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


async def get_updates(state: State, given: dict[str, Any]) -> list[Any]:
    """Long polling."""
    limit = given.get("limit", MOST_AT_ONCE)
    if "allowed_updates" in given:
        state.updates.allowed = frozenset(given["allowed_updates"])
    return await state.updates.poll(
        offset=given.get("offset", 0),
        limit=limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE,
        timeout=max(given.get("timeout", 0), 0),
    )


def set_webhook(state: State, given: dict[str, Any]) -> bool:
    """Push updates to an address from now on; plain HTTP is taken for this machine only."""
    url, secret = given.get("url", ""), given.get("secret_token", "")
    if url and not _is_webhook(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if url and not _is_open_port(url):
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > _MOST_SECRET or not set(secret) <= _SECRET:
        raise bad_request("secret token contains unallowed characters")
    if given.get("drop_pending_updates"):
        state.updates.clear()
    if "allowed_updates" in given:
        state.updates.allowed = frozenset(given["allowed_updates"])
    connections = given.get("max_connections", CONNECTIONS)
    state.updates.point_to(url, secret, min(max(connections, 1), _MOST_CONNECTIONS))
    state.updates.heard()
    return True


def delete_webhook(state: State, given: dict[str, Any]) -> bool:
    """Back to getUpdates."""
    if given.get("drop_pending_updates"):
        state.updates.clear()
    state.updates.point_to("", "")
    return True


def get_webhook_info(state: State, _given: dict[str, Any]) -> dict[str, Any]:
    """Where updates are pushed, and how many wait."""
    updates = state.updates
    info: dict[str, Any] = {
        "url": updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": updates.pending,
    }
    if updates.webhook_url:
        info["max_connections"] = updates.webhook_connections
    if updates.allowed:
        info["allowed_updates"] = sorted(updates.allowed)
    if updates.webhook_error:
        info.update(updates.webhook_error)
    return info


def answer_callback_query(state: State, given: dict[str, Any]) -> bool:
    """Answer a tap, once and in time; with a text the phone shows a toast or an alert."""
    text = given.get("text", "")
    if len(text) > _MOST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    if (url := given.get("url")) and f"t.me/{state.bot.username}?start=" not in url:
        raise bad_request("URL_INVALID")
    query = state.queries.answer(given["callback_query_id"], state.now())
    query.text, query.is_alert, query.url = text, given.get("show_alert", False), url or ""
    if text:
        state.chats.toast(query.user_id, text, is_alert=query.is_alert)
    return True


def _is_webhook(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)


def _is_open_port(url: str) -> bool:
    parts = urlsplit(url)
    try:
        return parts.scheme == "http" or (parts.port or 443) in _PORTS
    except ValueError:
        return False


METHODS: Mapping[str, Method] = {
    "getUpdates": method(get_updates, offset=integer, limit=integer, timeout=integer, allowed_updates=strings),
    "setWebhook": method(
        set_webhook,
        url=string,
        certificate=file,
        ip_address=string,
        max_connections=integer,
        allowed_updates=strings,
        drop_pending_updates=boolean,
        secret_token=string,
    ),
    "deleteWebhook": method(delete_webhook, drop_pending_updates=boolean),
    "getWebhookInfo": method(get_webhook_info),
    "answerCallbackQuery": method(
        answer_callback_query,
        {"callback_query_id": string},
        text=string,
        show_alert=boolean,
        url=string,
        cache_time=integer,
    ),
}
