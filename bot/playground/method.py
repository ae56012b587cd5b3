"""A method of the Bot API: what it takes and what it does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.checks import Check, Parameters
from bot.playground.state import State

Run = Callable[[State, dict[str, Any]], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """`run` gets the checked parameters and gives the `result`, or something to await for it."""

    run: Run
    parameters: Parameters


def method(run: Run, required: Mapping[str, Check] | None = None, /, **optional: Check) -> Method:
    """A method with its required and optional parameters."""
    return Method(run, Parameters(required or {}, optional))
