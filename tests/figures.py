"""How much a test tries: a little in `make test`, and as much as a soak asks for (`tests/harness/soak.py`)."""

import os
from pathlib import Path

TIMES, SEED, REACHED = "SOAK_TIMES", "SOAK_SEED", "SOAK_REACHED"


def times(small: int) -> int:
    """The small figure, or what a soak makes of it."""
    return small * int(os.environ.get(TIMES, "1"))


def is_soaked() -> bool:
    """Whether a soak runs this test: then everything is drawn from its seed instead of being always the same."""
    return SEED in os.environ


def drawn(usual: int) -> int:
    """The seed of this run."""
    return int(os.environ.get(SEED, usual))


def reached(what: str, count: int) -> None:
    """Let a soak know how much was tried: so many steps, races, kills …"""
    if path := os.environ.get(REACHED):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{what} {count}\n")
