"""What the page sends along with an act, looked at before anything is done with it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from bot.playground.messages import Message
from bot.playground.people import Account, NotPossible
from bot.playground.stage import Stage


class Given:
    """What the page sent along with an act. Raises NotPossible where it does not fit."""

    def __init__(self, stage: Stage, fields: Mapping[str, Any]) -> None:
        self._stage, self._fields = stage, fields

    @property
    def person(self) -> int:
        """Whose phone it is."""
        person = self.whole("phone")
        if person not in self._stage.seats.people():
            raise NotPossible("There is no such phone.")
        return person

    @property
    def account(self) -> Account:
        """The account on that phone."""
        return self._stage.seats.account(self.person)

    @property
    def message(self) -> Message:
        """The message that is meant."""
        found = self._stage.telegram.state.chats.message(self.person, self.whole("message"))
        if found is None:
            raise NotPossible("This message is gone.")
        return found

    @property
    def reply_to(self) -> Message | None:
        """The message that is replied to, if there is one."""
        number = self._fields.get("replyTo")
        return self._stage.telegram.state.chats.message(self.person, number) if isinstance(number, int) else None

    def text(self, name: str, *, longest: int = 20_000) -> str:
        """A text that is not empty."""
        value = self._fields.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise NotPossible(f"“{name}” needs some text.")
        return value

    def whole(self, name: str) -> int:
        """A whole number."""
        value = self._fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotPossible(f"“{name}” needs a number.")
        return value

    def has(self, name: str) -> bool:
        """Whether this was sent along at all."""
        return self._fields.get(name) is not None

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return self._fields.get(name) is True


Act: TypeAlias = Callable[[Stage, Given], Awaitable[None] | None]
