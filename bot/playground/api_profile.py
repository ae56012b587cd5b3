"""Methods by which the bot describes itself."""

import re
from collections.abc import Mapping
from typing import Any

from bot.playground.checks import chat, fields, integer, json_list, json_object, string
from bot.playground.errors import bad_request
from bot.playground.method import Method, Run, method
from bot.playground.state import State
from bot.playground.targets import known_chat

MOST_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_MOST_DESCRIPTION = 256
_LANGUAGE = re.compile(r"(?:[a-z]{2})?\Z")
_LENGTHS = {"name": 64, "description": 512, "short_description": 120}
_PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
_MENU_BUTTONS = frozenset({"default", "commands", "web_app"})


def language(name: str, value: Any) -> str:
    """A two-letter code, or nothing for everybody."""
    code = string(name, value)
    if not _LANGUAGE.match(code):
        raise bad_request("invalid language code specified")
    return code


def set_commands(state: State, given: dict[str, Any]) -> bool:
    """The command menu of a scope and a language."""
    commands = given["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    key = (_scope(state, given), given.get("language_code", ""))
    state.profile.commands[key] = [
        {"command": each["command"].removeprefix("/"), "description": each["description"]} for each in commands
    ]
    state.chats.announce("menu", 0)
    return True


def get_commands(state: State, given: dict[str, Any]) -> Any:
    """The commands of exactly this scope and language."""
    return state.profile.commands.get((_scope(state, given), given.get("language_code", "")), [])


def delete_commands(state: State, given: dict[str, Any]) -> bool:
    """Forget the commands of a scope and a language."""
    state.profile.commands.pop((_scope(state, given), given.get("language_code", "")), None)
    state.chats.announce("menu", 0)
    return True


def set_menu_button(state: State, given: dict[str, Any]) -> bool:
    """What the button beside the input field opens."""
    button = given.get("menu_button") or {"type": "default"}
    if button.get("type") not in _MENU_BUTTONS:
        raise bad_request("MenuButton has unsupported type")
    state.profile.menu_buttons[given.get("chat_id", 0)] = button
    return True


def get_menu_button(state: State, given: dict[str, Any]) -> dict[str, Any]:
    """The menu button of a chat, or the one for all."""
    buttons = state.profile.menu_buttons
    return buttons.get(given.get("chat_id", 0)) or buttons.get(0) or {"type": "commands"}


def _setter(kind: str) -> Run:
    def run(state: State, given: dict[str, Any]) -> bool:
        text = given.get(kind, "")
        if len(text) > _LENGTHS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        state.profile.set_text(kind, given.get("language_code", ""), text)
        return True

    return run


def _getter(kind: str) -> Run:
    def run(state: State, given: dict[str, Any]) -> dict[str, str]:
        text = state.profile.text(kind, given.get("language_code", ""))
        return {kind: text or (state.bot.first_name if kind == "name" else "")}

    return run


def _check_command(command: Any) -> None:
    required = frozenset({"command", "description"})
    fields("BotCommand", command, {"command": string, "description": string}, required=required)
    if not _COMMAND.match(command["command"].removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= _MOST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _scope(state: State, given: dict[str, Any]) -> str:
    """The scope as one word, "chat 123" for that of one chat."""
    given_scope = given.get("scope") or {"type": "default"}
    scope = fields("BotCommandScope", given_scope, {"type": string, "chat_id": chat, "user_id": integer})
    kind = scope.get("type")
    if kind in _PLAIN_SCOPES:
        return str(kind)
    if kind not in _CHAT_SCOPES or "chat_id" not in scope:
        raise bad_request("can't parse BotCommandScope")
    found = known_chat(state, chat("chat_id", scope["chat_id"]))
    return f"{kind} {found.id}" if kind != "chat_member" else f"{kind} {found.id} {scope.get('user_id')}"


METHODS: Mapping[str, Method] = {
    "setMyCommands": method(set_commands, {"commands": json_list}, scope=json_object, language_code=language),
    "getMyCommands": method(get_commands, scope=json_object, language_code=language),
    "deleteMyCommands": method(delete_commands, scope=json_object, language_code=language),
    "setMyDescription": method(_setter("description"), description=string, language_code=language),
    "getMyDescription": method(_getter("description"), language_code=language),
    "setMyShortDescription": method(_setter("short_description"), short_description=string, language_code=language),
    "getMyShortDescription": method(_getter("short_description"), language_code=language),
    "setMyName": method(_setter("name"), name=string, language_code=language),
    "getMyName": method(_getter("name"), language_code=language),
    "setChatMenuButton": method(set_menu_button, chat_id=integer, menu_button=json_object),
    "getChatMenuButton": method(get_menu_button, chat_id=integer),
}
