"""What these tests can ask for."""

from tests.inside import inside, sqlite_inside

__all__ = ["inside", "sqlite_inside"]
