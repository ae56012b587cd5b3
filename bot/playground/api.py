"""The table of all methods."""

from collections.abc import Mapping

from bot.playground import api_chats, api_edits, api_messages, api_profile, api_updates
from bot.playground.method import Method


def all_methods() -> Mapping[str, Method]:
    """Every method of the loopback by its name."""
    modules = (api_chats, api_edits, api_messages, api_profile, api_updates)
    return {name: method for module in modules for name, method in module.METHODS.items()}
