"""What these tests can ask for."""

import pytest

from tests.inside import Inside, inside, sqlite_inside
from tests.weeks import ASKED, Weeks, linked, open_with

__all__ = ["inside", "sqlite_inside"]


@pytest.fixture
def sunday(sqlite_inside: Inside) -> Weeks:
    """A couple, both invited to their first conversation."""
    weeks = linked(sqlite_inside)
    weeks.sunday()
    return weeks


@pytest.fixture
def request_(sunday: Weeks) -> Weeks:
    """Ann's request is open for both."""
    return open_with(sunday, "Request", ASKED)
