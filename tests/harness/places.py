"""Where a bot of the harness keeps its rows and keys."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storage import migrating
from storage.database import connect
from tests.postgres import Server

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Place:
    """A data folder and a migrated database, for one world."""

    kind: str
    folder: Path
    database: str

    @property
    def settings(self) -> Mapping[str, str]:
        """What the bot's environment says of it."""
        return {"DATABASE_URL": self.database, "KEYS_URL": f"sqlite:///{self.folder / 'keys.db'}"}


class Grounds:
    """Makes places, all in one folder; a database is a copy of one that was migrated."""

    def __init__(self, folder: Path, postgres: Server | None = None) -> None:
        self._folder, self._postgres = folder, postgres
        self._made = 0

    def place(self, kind: str) -> Place:
        """A new place with an empty database of this kind."""
        self._made += 1
        folder = self._folder / f"{kind}-{self._made}"
        folder.mkdir(mode=0o700, parents=True)
        if kind == POSTGRESQL:
            assert self._postgres is not None
            return Place(kind, folder, self._postgres.fresh_database())
        path = folder / "side-by-side.db"
        shutil.copy(self._template(), path)
        path.chmod(0o600)
        return Place(kind, folder, f"sqlite:///{path}")

    def remove(self, place: Place) -> None:
        """Forget a place that nobody needs for finding out what went wrong."""
        shutil.rmtree(place.folder, ignore_errors=True)
        if place.kind == POSTGRESQL and self._postgres is not None:
            self._postgres.drop_database(place.database)

    def shared_keys(self) -> str:
        """The address of an empty PostgreSQL, for the keys of several processes."""
        assert self._postgres is not None
        return self._postgres.fresh_database(empty=True)

    def drop(self, url: str) -> None:
        """Remove what `shared_keys` gave."""
        assert self._postgres is not None
        self._postgres.drop_database(url)

    def _template(self) -> Path:
        path = self._folder / "template.db"
        if not path.exists():
            engine = connect(f"sqlite:///{path}")
            migrating.migrate(engine)
            engine.dispose()
        return path
