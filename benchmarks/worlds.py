"""Data for bots to be measured with: made once, copied for each run; a million people are kept for all parts."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bot
from benchmarks import people, postgres
from benchmarks.bulk import IntoPostgres, IntoSqlite
from benchmarks.people import Asked, Wish
from benchmarks.postgres import Server
from storage.database import connect
from storage.keys import KeyStore
from storage.masters import MASTER_KEY_FILE, masters_in
from storage.migrating import MIGRATIONS, migrate

ROOT = Path(bot.__file__).parents[1]
BUILD = ROOT / "build"
FAST_DISK = Path("/dev/shm")  # where it exists and has room, nothing need wait for a disk while people are made
BYTES_OF_A_PERSON = 10_000  # more than it takes
MADE = "made.json"
WORTH_KEEPING = 100_000
FORM = 1  # of what is kept; another one is made anew
KEPT = timedelta(hours=12)  # then the kept people's own times would come near
FIRST_ASKED = timedelta(hours=16)  # when a part of them is asked, after they were made


class Worlds:
    """Data folders of people who are made once and copied for each run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[Wish, Path] = {}

    def fresh(self, wish: Wish) -> Path:
        """A new data folder with these people."""
        if wish not in self._made:
            self._made[wish] = Path(tempfile.mkdtemp(dir=self.folder, prefix="world-"))
            settle_folder(wish, self._made[wish])
        return self.copy(self._made[wish])

    def copy(self, made: Path) -> Path:
        """A new data folder with the same in it."""
        return Path(shutil.copytree(made, self.empty(), dirs_exist_ok=True))

    def empty(self) -> Path:
        """A new data folder with nobody."""
        return Path(tempfile.mkdtemp(dir=self.folder, prefix="run-"))


@contextmanager
def worlds() -> Iterator[Worlds]:
    """For as long as a part runs; on the disk of this checkout, so that what is durable costs what it costs."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        yield Worlds(Path(folder))


def settle_folder(wish: Wish, folder: Path) -> None:
    """Make a data folder for a bot that knows these people, its database and its keys in files."""
    with tempfile.TemporaryDirectory(dir=_workplace(wish.people)) as made:
        place = Path(made)
        masters = masters_in(place)
        keys = KeyStore(f"sqlite:///{place / 'keys.db'}", masters)
        engine = connect(f"sqlite:///{place / 'side-by-side.db'}")
        migrate(engine)
        crowd = people.Crowd(wish, keys, masters)
        keys.close()  # so that it can be written in bulk
        bulk = IntoSqlite(engine, [place / "keys.db", place / "keys.backup.db"])
        people.settle(crowd, bulk)
        bulk.close()
        engine.dispose()
        shutil.copytree(place, folder, dirs_exist_ok=True)


@dataclass(frozen=True)
class Databases:
    """People in PostgreSQL: the names of their database and key store, and the master key's text."""

    server: Server
    rows: str
    keys: str
    master: str

    @property
    def settings(self) -> Mapping[str, str]:
        """What a bot's environment must say."""
        return {
            "DATABASE_URL": self.server.url(self.rows),
            "KEYS_URL": self.server.url(self.keys),
            "MASTER_KEYS": self.master,
        }

    @contextmanager
    def copy(self) -> Iterator["Databases"]:
        """The same rows once more, for one run; keys are only read, so they are shared."""
        rows = self.server.copy(self.rows)
        try:
            yield Databases(self.server, rows, self.keys, self.master)
        finally:
            self.server.drop(rows)


def settle_databases(wish: Wish, server: Server, name: str, folder: Path) -> Databases:
    """Make these people in PostgreSQL; their master key is kept in `folder`."""
    masters = masters_in(folder)
    rows_url, keys_url = server.create(name, migrated=True), server.create(f"{name}_keys", migrated=False)
    keys = KeyStore(keys_url, masters)
    bulk = IntoPostgres(rows_url, keys_url)
    people.settle(people.Crowd(wish, keys, masters), bulk)
    bulk.close()
    keys.close()
    return Databases(server, name, f"{name}_keys", (folder / MASTER_KEY_FILE).read_text().strip())


# -- many people, kept


@dataclass(frozen=True)
class Kept:
    """Where many people are kept; so many of them are `due` at the instant `asked`."""

    folder: Path
    due: int
    asked: datetime
    seconds: float  # that it took to make them


def many(count: int, made: Worlds, *, one_in: int) -> Kept:
    """A data folder with so many people, one in so many couples asked next. Copy it before anything changes it."""
    folder = _place(count, made) / f"bench-people-{count}"
    return _kept(folder, count, one_in) or _make(folder, count, one_in, lambda wish: settle_folder(wish, folder))


@contextmanager
def many_in_postgres(count: int, made: Worlds, *, one_in: int) -> Iterator[tuple[Kept, Databases]]:
    """The same in a PostgreSQL that runs as long as this."""
    place, name = _place(count, made), f"people_{count}"
    folder = place / f"bench-postgres-people-{count}"
    with postgres.server(place / "bench-postgres") as server:
        found = _kept(folder, count, one_in) if server.has(name) else None
        found = found or _make(folder, count, one_in, lambda wish: settle_databases(wish, server, name, folder))
        yield found, Databases(server, name, f"{name}_keys", (folder / MASTER_KEY_FILE).read_text().strip())


def _place(count: int, made: Worlds) -> Path:
    """Many are kept beside what is built; a few are not worth it."""
    return BUILD if count >= WORTH_KEEPING else made.folder


def _kept(folder: Path, count: int, one_in: int) -> Kept | None:
    """What stands there, if it is of today and fits this program."""
    path = folder / MADE
    found = json.loads(path.read_text()) if path.exists() else {"form": None}
    if found["form"] != _form(one_in):
        return None
    at = datetime.fromisoformat(found["at"])
    return (
        Kept(folder, _due(count, one_in), at + FIRST_ASKED, found["seconds"]) if datetime.now(UTC) - at < KEPT else None
    )


def _make(folder: Path, count: int, one_in: int, settle: Callable[[Wish], object]) -> Kept:
    """Make them, and note how; a run that was broken off has noted nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    at, started = datetime.now(UTC), time.monotonic()
    settle(Wish(count, asked=Asked(at + FIRST_ASKED, one_in)))
    seconds = time.monotonic() - started
    (folder / MADE).write_text(json.dumps({"form": _form(one_in), "at": at.isoformat(), "seconds": seconds}))
    return Kept(folder, _due(count, one_in), at + FIRST_ASKED, seconds)


def _due(count: int, one_in: int) -> int:
    return 2 * -(-(count // 2) // one_in)


def _form(one_in: int) -> str:
    """What must be the same for people to be used again: the schema, and how they are made."""
    return f"{FORM}:{one_in}:{max(path.name for path in (MIGRATIONS / 'versions').glob('[0-9]*_*.py'))}"


def _workplace(count: int) -> Path:
    """Memory, if it has room for them."""
    if FAST_DISK.exists() and shutil.disk_usage(FAST_DISK).free > 2 * count * BYTES_OF_A_PERSON:
        return FAST_DISK
    return BUILD
