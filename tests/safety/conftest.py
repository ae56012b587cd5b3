"""What these tests can ask for."""

import pytest

from tests.conftest import make_place
from tests.inside import inside, sqlite_inside
from tests.lives import Lives

__all__ = ["inside", "lives", "sqlite_inside"]


@pytest.fixture(scope="module")
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """A couple that is copied for each life; the lives that others are compared with are lived once for a file."""
    return Lives(make_place(request, tmp_path_factory.mktemp("lives"), "sqlite"))
