"""What these tests can ask for."""

from tests.inside import inside, postgres_inside, sqlite_inside

__all__ = ["inside", "postgres_inside", "sqlite_inside"]
