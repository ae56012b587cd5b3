"""Who and where: users and chats, as the Bot API describes them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class User:
    """An account of Telegram, a person's or the bot's."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    is_deactivated: bool = False
    refuses_voice: bool = False

    def as_json(self) -> dict[str, Any]:
        """The `User` object that updates and answers carry."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language:
            user["language_code"] = self.language
        return user


@dataclass(slots=True)
class Chat:
    """A chat with the bot in it: private (its id is the person's), group, supergroup or channel.

    `bot_status` is "member", "administrator", "left" or "kicked"; in a private chat "kicked" means blocked.
    """

    id: int
    kind: str
    title: str | None = None
    username: str | None = None
    members: set[int] = field(default_factory=set)
    bot_status: str = "member"
    is_started: bool = True
    last_message_id: int = 0

    @property
    def is_private(self) -> bool:
        """Whether this is one person's chat with the bot."""
        return self.kind == "private"
