"""What tests of the storage can ask for: each database, migrated and empty, and the units that run on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database import connect
from storage.keys import KeyStore
from storage.masters import masters_in
from storage.units import Units
from tests.inside import inside, postgres_inside, sqlite_inside

__all__ = ["inside", "postgres_inside", "sqlite_inside"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Here it is the databases that are tested."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.every_database)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated: Path) -> str:
    """A migrated file."""
    shutil.copy(migrated, tmp_path / "rows.db")
    return f"sqlite:///{tmp_path / 'rows.db'}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of the shared server."""
    server = request.getfixturevalue("postgres")
    url = server.fresh_database()
    yield url
    server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of either kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = connect(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = connect(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", masters_in(tmp_path))
    yield keys
    keys.close()


@pytest.fixture
def units(engine: Engine, keys: KeyStore) -> Iterator[Units]:
    units = Units(engine, keys=keys)
    yield units
    units.close()
