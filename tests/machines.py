"""Runs state machines of two people, on either database."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Place, make_place
from tests.databases import is_for_every
from tests.figures import is_soaked, reached, times

ENOUGH = 8


def run_machine(
    machine: Callable[[Callable[[], Place], Counter[str]], Any],
    request: pytest.FixtureRequest,
    kind: str,
    *,
    examples: int,
    steps: int,
) -> Counter[str]:
    """Give the machine an empty place for each run; gives what it counted in all of them.

    A soak gives it more runs, and whoever waits for `make test` a third, as long as those are enough.
    """
    examples = examples if is_for_every(request.config) else max(min(examples, ENOUGH), examples // 3)
    folder = request.getfixturevalue("tmp_path")
    places = count()

    def fresh() -> Place:
        own = folder / str(next(places))
        own.mkdir()
        return make_place(request, own, kind)

    chosen = settings(
        max_examples=times(examples),
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=not is_soaked(),  # what people do is always the same; ids, and so what days are for, are not
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    done: Counter[str] = Counter()
    run_state_machine_as_test(partial(machine, fresh, done), settings=chosen)  # type: ignore[arg-type]
    for what, number in done.items():
        reached(what, number)
    done["examples"] = examples
    return done


def check_enough(done: Counter[str], **each: float) -> None:
    """Fail where too little happened in each run, as a mean, to prove anything, in runs that are always the same.

    A soak draws its runs, and one round of it may hold little: it says what all rounds reached.
    """
    for what, few in each.items():
        assert is_soaked() or done[what] >= max(1, few * done["examples"]), (
            f"too little happened to prove anything: {dict(done)}"
        )
