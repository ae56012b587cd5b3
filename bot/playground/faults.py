"""Trouble on demand: what may go wrong between the bot and Telegram, and when."""

from asyncio import Event
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from random import Random

from bot.playground.errors import ApiError, too_many_requests


class Trouble(Enum):
    """What happens to a call."""

    REFUSED = "refused"
    SLOW = "slow"
    HELD = "held"
    UNANSWERED = "unanswered"
    RESET = "reset"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble. `after_effect`: the call is carried out, but the bot does not learn of it."""

    trouble: Trouble
    error: ApiError | None = None
    seconds: float = 0.0
    gate: Event | None = None
    body: str = ""
    after_effect: bool = False


def flood(seconds: int = 1) -> Fault:
    """429 with whole seconds to wait."""
    return Fault(Trouble.REFUSED, too_many_requests(seconds))


def refused(code: int, description: str) -> Fault:
    """Any refusal, in Telegram's full words."""
    return Fault(Trouble.REFUSED, ApiError(code, description))


def blocked() -> Fault:
    """403, as if the person had blocked the bot."""
    return refused(403, "Forbidden: bot was blocked by the user")


def server_error(code: int = 502, *, after_effect: bool = False) -> Fault:
    """500 or 502, which leave open what happened."""
    words = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
    return Fault(Trouble.REFUSED, ApiError(code, words.get(code, "Error")), after_effect=after_effect)


def slow(seconds: float) -> Fault:
    """The call is carried out and answered, but late."""
    return Fault(Trouble.SLOW, seconds=seconds)


def held(gate: Event) -> Fault:
    """The call is carried out and answered once the gate is open."""
    return Fault(Trouble.HELD, gate=gate)


def unanswered(*, after_effect: bool) -> Fault:
    """The connection is held and never answered."""
    return Fault(Trouble.UNANSWERED, after_effect=after_effect)


def reset(*, after_effect: bool) -> Fault:
    """The connection breaks."""
    return Fault(Trouble.RESET, after_effect=after_effect)


def nonsense(body: str) -> Fault:
    """The call is not carried out, and answered by something that Telegram would not say."""
    return Fault(Trouble.NONSENSE, body=body)


@dataclass(slots=True)
class Rule:
    """When a fault happens: to which methods and chats (None: all), how often, with what chance."""

    fault: Fault
    methods: frozenset[str] | None
    chats: frozenset[int] | None
    times: int | None
    chance: float
    random: Random | None

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether it happens to this call; counts it if so. Polls are struck only if named."""
        named = method != "getUpdates" if self.methods is None else method in self.methods
        if not named or self.times == 0 or (self.chats is not None and chat_id not in self.chats):
            return False
        if self.random is not None and self.random.random() >= self.chance:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The rules in force, and the network's delay in seconds for every call there and back."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.rules: list[Rule] = []

    def add(
        self,
        fault: Fault,
        *,
        method: str | Collection[str] | None = None,
        chat: int | Collection[int] | None = None,
        times: int | None = None,
        chance: float = 1.0,
        random: Random | None = None,
    ) -> Rule:
        """A new rule; the first that strikes counts. A chance below 1 needs `random`."""
        if chance < 1.0 and random is None:
            raise ValueError("a chance needs a Random")
        methods = frozenset([method]) if isinstance(method, str) else method
        chats = frozenset([chat]) if isinstance(chat, int) else chat
        rule = Rule(
            fault,
            None if methods is None else frozenset(methods),
            None if chats is None else frozenset(chats),
            times,
            chance,
            random,
        )
        self.rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Take a rule back."""
        self.rules.remove(rule)

    def clear(self) -> None:
        """Everything works again; the delay stays."""
        self.rules.clear()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that happens to this call."""
        return next((rule.fault for rule in self.rules if rule.strikes(method, chat_id)), None)
