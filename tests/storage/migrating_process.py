"""A process that migrates, and ends itself in the middle; forked from a server that has everything loaded."""

import importlib
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.wire.points import MIGRATING, Points
from storage import migrating
from storage.database import connect

LOADED = ("alembic.migration", "alembic.operations", "alembic.script", "psycopg", "sqlalchemy.dialects.postgresql")
NEVER = 1_000_000
for _name in LOADED:
    importlib.import_module(_name)


def migrate(address: str, folder: Path, countdown: int) -> None:
    """Migrate, until the moment has come so many times."""
    points = Points()
    points.die_at(MIGRATING, countdown)
    migrating.migrate(connect(address), folder=folder, point=points.reached)


def process(address: str, folder: Path, countdown: int = NEVER) -> ForkServerProcess:
    """Start it."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    started = context.Process(target=migrate, args=(address, folder, countdown))
    started.start()
    return started
