"""Bringing a database to the schema of the program."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.command import check, revision
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from storage.database import connect
from storage.migrating import MIGRATIONS, SchemaMismatch, check_schema, migrate
from tests.postgres import Server
from tests.storage.children import child, line, output_of, tell

FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(8)))
    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", name="fk", ondelete="CASCADE"), nullable=False),
    )
"""

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    with op.batch_alter_table("parent", recreate="auto") as batch:
        batch.alter_column("name", existing_type=sa.String(8), type_=sa.String(16))
"""

BROKEN = """
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.drop_table("child")
    op.execute("SELECT nonsense")
"""

ORPHANING = """
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.execute("DELETE FROM parent")
"""


MIGRATE = """
import sys
import alembic.migration, alembic.operations, alembic.script
from storage import migrating
from storage.database import connect
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrating.migrate(engine)
migrating.check_schema(engine)
print("done", flush=True)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a table, of either kind."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres")
    url = server.fresh_database(empty=True)
    engine = connect(url)
    yield engine
    engine.dispose()
    server.drop_database(url)


def folder_with(tmp_path: Path, *scripts: str) -> Path:
    """A folder with these migrations, one after the other."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    for number, script in enumerate(scripts, 1):
        (versions / f"{number:04}_step.py").write_text(script)
    return versions.parent


def family(engine: Engine) -> None:
    """A row that points at another."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO parent VALUES (1, 'Ann')"))
        connection.execute(text("INSERT INTO child VALUES (1, 1)"))


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_an_empty_database_gets_all_tables(empty_engine: Engine) -> None:
    migrate(empty_engine)
    check_schema(empty_engine)
    assert {"person", "couple", "delivery"} <= set(inspect(empty_engine).get_table_names())
    migrate(empty_engine)


def test_it_works_from_any_folder(empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    migrate(empty_engine)
    check_schema(empty_engine)


def test_a_schema_that_is_as_it_should_be_is_found_without_loading_alembic(tmp_path: Path) -> None:
    program = """
import sys
from storage import migrating
from storage.database import connect
engine = connect(sys.argv[1])
if len(sys.argv) > 2:
    migrating.migrate(engine)
else:
    migrating.migrate(engine)
    migrating.check_schema(engine)
    print("alembic" in sys.modules)
"""
    address = f"sqlite:///{tmp_path / 'own.db'}"
    output_of(program, address, "first")
    assert output_of(program, address).strip() == "False"


def test_an_empty_database_is_told_what_to_do(empty_engine: Engine) -> None:
    with pytest.raises(SchemaMismatch, match=r"^The database has no tables yet\. Run `python -m bot migrate`\.$"):
        check_schema(empty_engine)


def test_an_older_schema_is_told_what_to_do(empty_engine: Engine, tmp_path: Path) -> None:
    migrate(empty_engine, folder=folder_with(tmp_path, FIRST))
    with pytest.raises(
        SchemaMismatch,
        match=r"^The database has an older schema \(0001\) than this program \(0002\)\. Run `python -m bot migrate`\.$",
    ):
        check_schema(empty_engine, folder=folder_with(tmp_path, FIRST, REBUILD))


@pytest.mark.parametrize("action", [migrate, check_schema])
def test_a_newer_schema_is_refused_and_left_alone(engine: Engine, action: object) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        SchemaMismatch, match=r"^The database has a newer schema \(9999\) than this program \(\d{4}\)\. Update .*\.$"
    ):
        action(engine)  # type: ignore[operator]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_a_step_that_fails_leaves_the_database_as_it_was(empty_engine: Engine, tmp_path: Path) -> None:
    migrate(empty_engine, folder=folder_with(tmp_path, FIRST))
    family(empty_engine)
    with pytest.raises(Exception, match="nonsense"):
        migrate(empty_engine, folder=folder_with(tmp_path, FIRST, BROKEN))
    check_schema(empty_engine, folder=folder_with(tmp_path / "again", FIRST))
    assert (count(empty_engine, "parent"), count(empty_engine, "child")) == (1, 1)


def test_nothing_is_begun_if_a_later_step_fails(empty_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="nonsense"):
        migrate(empty_engine, folder=folder_with(tmp_path, FIRST, BROKEN))
    assert not inspect(empty_engine).get_table_names()


def test_rebuilding_a_table_keeps_the_rows_that_point_at_it(empty_engine: Engine, tmp_path: Path) -> None:
    migrate(empty_engine, folder=folder_with(tmp_path, FIRST))
    family(empty_engine)
    migrate(empty_engine, folder=folder_with(tmp_path, FIRST, REBUILD))
    assert (count(empty_engine, "parent"), count(empty_engine, "child")) == (1, 1)
    with pytest.raises(Exception, match=r"(?i)foreign key"), empty_engine.begin() as connection:
        connection.execute(text("INSERT INTO child VALUES (2, 7)"))


def test_a_step_that_would_leave_rows_pointing_at_nothing_is_undone(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'rows.db'}")
    migrate(engine, folder=folder_with(tmp_path, FIRST))
    family(engine)
    with pytest.raises(SchemaMismatch, match=r"point at nothing \(child → parent\); nothing was changed\.$"):
        migrate(engine, folder=folder_with(tmp_path, FIRST, ORPHANING))
    assert count(engine, "parent") == 1
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_two_processes_on_postgresql_can_migrate_at_once(postgres: Server) -> None:
    url = postgres.fresh_database(empty=True)
    with child(MIGRATE, url) as one, child(MIGRATE, url) as two:
        both = (one, two)
        assert [line(process) for process in both] == ["ready", "ready"]
        for process in both:
            tell(process, "go")
        assert [line(process) for process in both] == ["done", "done"]
    postgres.drop_database(url)


def alembic(**options: str) -> Config:
    """Alembic as its command line sees it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    for name, value in options.items():
        config.set_main_option(name, value)
    return config


def test_the_command_line_finds_nothing_to_migrate() -> None:
    check(alembic())


def test_a_new_migration_gets_the_next_number(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    config = alembic(
        path_separator="os",
        version_locations=f"{MIGRATIONS / 'versions'}:{versions}",
        file_template="%%(rev)s_%%(slug)s",
        revision_environment="true",
    )
    number = len(list((MIGRATIONS / "versions").glob("*.py"))) + 1
    revision(config, "Add a mood", autogenerate=True, version_path=str(versions))
    assert [path.name for path in versions.glob("*.py")] == [f"{number:04}_add_a_mood.py"]
    assert f'down_revision = "{number - 1:04}"' in next(versions.glob("*.py")).read_text().replace("'", '"')
