"""G13: a process that migrates is killed at each step and at any moment; nothing is half done, the next one goes on."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text

from bot.settings import Settings
from storage import migrating
from storage.database import connect
from tests.figures import drawn, reached, times
from tests.storage.children import ROOT
from tests.storage.migrating_process import process
from tests.storage.test_migrating import FIRST, folder_with

ROWS = 200
STEPS = 3
KILLED = -9
NEW = (
    """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("child", sa.Column("mood", sa.String(8), server_default="calm", nullable=False))
    op.execute("UPDATE child SET mood = 'glad' WHERE id % 2 = 0")
""",
    """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade():
    with op.batch_alter_table("parent", recreate="auto") as batch:
        batch.alter_column("name", existing_type=sa.String(8), type_=sa.String(16))
    op.execute("UPDATE parent SET name = name || '!'")
""",
    """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade():
    op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("of", sa.Integer()))
    op.execute("INSERT INTO note SELECT id, parent_id FROM child")
""",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases of either kind, and gives their addresses."""
    made: list[str] = []

    def make() -> str:
        if request.param == "sqlite":
            made.append(f"sqlite:///{tmp_path / f'{len(made)}.db'}")
        else:
            made.append(request.getfixturevalue("postgres").fresh_database(empty=True))
        return made[-1]

    yield make
    if request.param == "postgresql":
        for address in made:
            request.getfixturevalue("postgres").drop_database(address)


@pytest.fixture
def scripts(tmp_path: Path) -> tuple[Path, Path]:
    """The migrations that a database has had, and those of the newer program."""
    return folder_with(tmp_path / "old", FIRST), folder_with(tmp_path / "new", FIRST, *NEW)


def filled(address: str, old: Path) -> None:
    """An old database with rows that point at each other."""
    engine = connect(address)
    migrating.migrate(engine, folder=old)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO parent VALUES (:id, :name)"), [{"id": n, "name": "Ann"} for n in LINES])
        connection.execute(text("INSERT INTO child VALUES (:id, :id)"), [{"id": n} for n in LINES])
    engine.dispose()


LINES = range(1, ROWS + 1)


def killed_at(address: str, new: Path, step: int) -> None:
    migrates = process(address, new, step)
    migrates.join(60)
    assert migrates.exitcode == KILLED
    reached("kills", 1)


def check_untouched(address: str, old: Path) -> None:
    engine = connect(address)
    migrating.check_schema(engine, folder=old)
    assert values(engine, "SELECT name FROM parent") == ["Ann"] * ROWS
    assert len(values(engine, "SELECT id FROM child")) == ROWS
    engine.dispose()


def check_finished(address: str, new: Path) -> None:
    engine = connect(address)
    migrating.migrate(engine, folder=new)
    migrating.check_schema(engine, folder=new)
    assert values(engine, "SELECT name FROM parent") == ["Ann!"] * ROWS
    moods = ["glad" if number % 2 == 0 else "calm" for number in LINES]
    assert values(engine, "SELECT mood FROM child ORDER BY id") == moods
    assert values(engine, "SELECT id FROM note ORDER BY id") == list(LINES)
    engine.dispose()


def revision(address: str) -> object:
    """The revision of a database, once nobody else is connected: a server goes on for a moment with a commit."""
    engine = connect(address)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + 60
    while engine.dialect.name == "postgresql" and values(engine, others) != [0]:
        assert time.monotonic() < until, "the killed process is still connected"
        time.sleep(0.01)
    found = values(engine, "SELECT version_num FROM alembic_version")
    engine.dispose()
    return found[0]


def values(engine: Engine, query: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def test_killed_after_any_step_nothing_is_half_done(fresh: Callable[[], str], scripts: tuple[Path, Path]) -> None:
    old, new = scripts
    address = fresh()
    filled(address, old)
    for step in range(1, STEPS + 1):
        killed_at(address, new, step)
        check_untouched(address, old)
    check_finished(address, new)


def test_the_operators_command_migrates_what_a_kill_has_left(fresh: Callable[[], str], tmp_path: Path) -> None:
    address = fresh()
    newest = len(list((migrating.MIGRATIONS / "versions").glob("*.py")))
    for step in {1, newest}:
        killed_at(address, migrating.MIGRATIONS, step)
    others = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    own = {"DATABASE_URL": address, "DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "bot", "migrate"], check=True, env=others | own, cwd=tmp_path)
    engine = connect(address)
    migrating.check_schema(engine)
    engine.dispose()


def test_killed_at_any_moment_it_is_as_before_or_finished(fresh: Callable[[], str], scripts: tuple[Path, Path]) -> None:
    old, new = scripts
    random = Random(drawn(1))
    for _ in range(times(2)):
        address = fresh()
        filled(address, old)
        migrates = process(address, new)
        time.sleep(random.uniform(0, 0.2))
        migrates.kill()
        migrates.join(60)
        reached("kills", 1)
        if revision(address) == "0001":
            check_untouched(address, old)
        check_finished(address, new)
