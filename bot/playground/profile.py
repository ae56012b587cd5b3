"""What the bot says about itself: command menus by scope and language, descriptions, name, menu button."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Command = dict[str, str]


@dataclass(slots=True)
class Profile:
    """Texts and menus that the bot has set; keys are (scope or kind, language code or "")."""

    commands: dict[tuple[str, str], list[Command]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)

    def text(self, kind: str, language: str = "") -> str:
        """The name or description for a language, or else the one for everybody."""
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")

    def set_text(self, kind: str, language: str, text: str) -> None:
        """Set or, with an empty text, take away a name or description."""
        if text:
            self.texts[kind, language] = text
        else:
            self.texts.pop((kind, language), None)

    def menu(self, chat_id: int, language: str) -> list[Command]:
        """The commands that a person with this app language sees in their private chat."""
        return next((self.commands[key] for key in self._narrowing(chat_id, language) if key in self.commands), [])

    def _narrowing(self, chat_id: int, language: str) -> Iterator[tuple[str, str]]:
        for scope in (f"chat {chat_id}", "all_private_chats", "default"):
            yield scope, language
            yield scope, ""
