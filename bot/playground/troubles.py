"""The panel of faults: each can be off, strike the next call, half of them, or all."""

from collections.abc import Callable, Mapping
from random import Random

from bot.playground.faults import Fault, Faults, Rule, flood, reset, slow, unanswered

OFF, NEXT, HALF, ALL = MODES = ("off", "next", "half", "all")
_SECONDS = 3
TROUBLES: Mapping[str, Callable[[], Fault]] = {
    "slow": lambda: slow(_SECONDS),
    "refuse": lambda: flood(_SECONDS),
    "time-out": lambda: unanswered(after_effect=True),
    "drop": lambda: reset(after_effect=False),
}


class Panel:
    """Switches faults of the loopback Telegram on and off."""

    def __init__(self, faults: Faults, random: Random) -> None:
        self._faults, self._random = faults, random
        self._rules: dict[str, tuple[str, Rule]] = {}

    def switch(self, name: str, mode: str) -> None:
        """Put one trouble into a mode. Raises KeyError for an unknown one, ValueError for an unknown mode."""
        make = TROUBLES[name]
        if mode not in MODES:
            raise ValueError(mode)
        if name in self._rules:
            self._faults.remove(self._rules.pop(name)[1])
        if mode == OFF:
            return
        chance, times = (0.5 if mode == HALF else 1.0), (1 if mode == NEXT else None)
        rule = self._faults.add(make(), chance=chance, times=times, random=self._random)
        self._rules[name] = (mode, rule)

    def modes(self) -> dict[str, str]:
        """How each trouble is switched now; one that was to strike once and did is off."""
        return {name: self._mode(name) for name in TROUBLES}

    def _mode(self, name: str) -> str:
        mode, rule = self._rules.get(name, (OFF, None))
        return OFF if rule is None or rule.times == 0 else mode
