"""On which databases a test runs.

A test that only asks for a place can run on either database. With `--databases one`, for people who wait (`make test`),
it runs on the one that its name chooses, two of three times the faster; otherwise nothing is left out. What is marked
`every_database`, and what asks for its databases in any other way, always runs on both. A few of the latter are marked
`either_database`. What is marked `waits_for_check` waits for `make check`: what tries the tests themselves, every
benchmark, a page at every width, and what takes half a minute or more to try again what others try.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

DATABASES = ("sqlite", "postgresql")
EVERY, ONE = "every", "one"
LEFT_OUT = "left_out"
SHARE = 3  # one test of so many is for PostgreSQL, which takes longer to be made and asked


def add_option(parser: pytest.Parser) -> None:
    """`--databases`."""
    parser.addoption(
        "--databases",
        choices=(EVERY, ONE),
        default=EVERY,
        help="'one': a test that only asks for a place runs on one database, chosen by its name, instead of on both",
    )


def is_for_every(config: pytest.Config) -> bool:
    """Whether nothing is to be left out."""
    return bool(config.getoption("databases") == EVERY)


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs on the other database, and tell so."""
    if is_for_every(config):
        return
    left_out = [item for item in items if is_left_out(item)]
    if left_out:
        items[:] = [item for item in items if not is_left_out(item)]
        config.hook.pytest_deselected(items=left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput[LEFT_OUT] = [item.nodeid for item in left_out]


def is_left_out(item: pytest.Item) -> bool:
    """Whether the other database is the one for this test, or it waits for `make check`."""
    if item.get_closest_marker("waits_for_check"):
        return True
    kind = free_kind(item)
    return kind is not None and kind != chosen(item)


def free_kind(item: pytest.Item) -> str | None:
    """The database of a test that could as well run on the other one; None where both are wanted, or it needs none."""
    call: Any = getattr(item, "callspec", None)
    if call is None or item.get_closest_marker("every_database"):
        return None
    name = "runs" if item.get_closest_marker("either_database") else "place"
    return call.params.get(name)


def chosen(item: pytest.Item) -> str:
    """The database for a test, whichever of its two forms this is; always the same for the same name."""
    return DATABASES[int(sum(bare_name(item).encode()) % SHARE == 0)]


def bare_name(item: pytest.Item) -> str:
    """The name without the database."""
    name, _, parameters = item.nodeid.partition("[")
    return f"{name}[{parameters.replace(str(free_kind(item)), '', 1)}"


@dataclass
class LeftOut:
    """A test that a worker did not run, for whoever counts."""

    nodeid: str


class Teller:
    """Tells in the process that shows the results what its workers left out: pytest-xdist does not."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._is_told = config, False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        left_out: Sequence[str] = getattr(node, "workeroutput", {}).get(LEFT_OUT, ())
        if left_out and not self._is_told:
            self._is_told = True
            self._config.hook.pytest_deselected(items=[LeftOut(each) for each in left_out])
