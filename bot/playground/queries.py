"""Taps on inline buttons: each is answered once, and not after a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.errors import bad_request

ANSWERED_WITHIN = timedelta(seconds=60)
_REMEMBERED = 10_000
_FIRST_ID = 4_611_686_018_427_387_904


@dataclass(slots=True)
class Query:
    """One tap: who, on which message, with which data, and what came back."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: datetime
    is_answered: bool = False
    text: str = ""
    is_alert: bool = False
    url: str = ""


class Queries:
    """The taps that the bot may still answer."""

    def __init__(self, lifetime: timedelta = ANSWERED_WITHIN) -> None:
        self.lifetime = lifetime
        self.by_id: dict[str, Query] = {}
        self.count = 0

    def add(self, user_id: int, chat_id: int, message_id: int, data: str, at: datetime) -> Query:
        """Note a tap."""
        self.count += 1
        query = Query(str(_FIRST_ID + self.count * 7919), user_id, chat_id, message_id, data, at)
        self.by_id[query.id] = query
        if len(self.by_id) > _REMEMBERED:
            del self.by_id[next(iter(self.by_id))]
        return query

    def answer(self, query_id: str, at: datetime) -> Query:
        """The tap to be answered now. Refuses one that is unknown, old or answered already."""
        query = self.by_id.get(query_id)
        if query is None or query.is_answered or at - query.at > self.lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.is_answered = True
        return query
