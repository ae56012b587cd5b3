"""How much Telegram lets a bot write: 30 messages a second overall, 1,000 paid ones, about one a second to a chat."""

from collections import deque
from collections.abc import Collection
from math import ceil

from bot.playground.errors import too_many_requests

SENDING = frozenset({"sendMessage", "sendVoice", "sendPhoto", "sendDocument"})
_WINDOW = 1.0
_GROUP_WINDOW = 60.0
_REMEMBERED = 10_000


class Limits:
    """Counts messages on the monotonic clock, in seconds; refuses with 429 what is too much.

    `overall` messages in any second (less `tolerance` for jitter of arrival), `paid` if the bot pays for one that is
    too much, `chat_burst` at once to one chat and `per_chat` a second from then on, `group_per_minute` to one group.
    """

    def __init__(
        self,
        *,
        overall: int = 30,
        paid: int = 1000,
        per_chat: float = 1.0,
        chat_burst: int = 5,
        group_per_minute: int = 20,
        tolerance: float = 0.05,
        counted: Collection[str] = SENDING,
    ) -> None:
        self.overall = overall
        self.paid = paid
        self.per_chat = per_chat
        self.chat_burst = chat_burst
        self.group_per_minute = group_per_minute
        self.tolerance = tolerance
        self.counted = frozenset(counted)
        self._sent: deque[float] = deque(maxlen=max(overall, paid))
        self._allowances: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}

    def check(self, method: str, chat_id: int | None, at: float, *, pays: bool = False) -> None:
        """Count a call. Refuses it, uncounted, if it is one too many."""
        if method not in self.counted or chat_id is None:
            return
        most = self.paid if pays else self.overall
        if len(self._sent) >= most and at - self._sent[-most] < _WINDOW - self.tolerance:
            raise too_many_requests(ceil(_WINDOW - (at - self._sent[-most])))
        if chat_id < 0:
            self._check_group(chat_id, at)
        else:
            self._check_chat(chat_id, at)
        self._sent.append(at)

    def _check_chat(self, chat_id: int, at: float) -> None:
        allowance, counted_at = self._allowances.get(chat_id, (float(self.chat_burst), at))
        allowance = min(float(self.chat_burst), allowance + (at - counted_at) * self.per_chat)
        if allowance + self.tolerance < 1.0:
            raise too_many_requests(max(1, ceil((1.0 - allowance) / self.per_chat)))
        self._allowances[chat_id] = (allowance - 1.0, at)
        if len(self._allowances) > _REMEMBERED:
            del self._allowances[next(iter(self._allowances))]

    def _check_group(self, chat_id: int, at: float) -> None:
        sent = self._groups.setdefault(chat_id, deque(maxlen=self.group_per_minute))
        if len(sent) == self.group_per_minute and at - sent[0] < _GROUP_WINDOW:
            raise too_many_requests(ceil(_GROUP_WINDOW - (at - sent[0])))
        sent.append(at)
