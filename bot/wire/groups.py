"""Groups and channels: the bot says that it talks privately, and leaves."""

from bot.wire.toasts import FireAndForget

PRIVATELY = "I only talk with people privately, each on their own. Please write to me in a private chat."


class Farewells(FireAndForget):
    """Leaves whatever is not a private chat."""

    def leave(self, chat_id: int, kind: str) -> None:
        """Say why, where people talk, and go."""
        said = [("sendMessage", {"chat_id": chat_id, "text": PRIVATELY})] if kind != "channel" else []
        self._fire(*said, ("leaveChat", {"chat_id": chat_id}))
