"""All that the loopback remembers, in one place."""

from collections.abc import Callable
from datetime import datetime

from bot.playground.accounts import User
from bot.playground.chats import Chats
from bot.playground.files import Files
from bot.playground.profile import Profile
from bot.playground.queries import Queries
from bot.playground.updates import Updates


class State:
    """Chats, updates, taps, files and the bot's profile; `now` gives aware UTC datetimes and may be replaced."""

    def __init__(self, bot: User, *, now: Callable[[], datetime], keep: int | None = None) -> None:
        self.bot = bot
        self.now = now
        self.chats = Chats(bot, now=self._tell, keep=keep)
        self.updates = Updates(now=self._tell)
        self.queries = Queries()
        self.files = Files()
        self.profile = Profile()

    def _tell(self) -> datetime:
        return self.now()
