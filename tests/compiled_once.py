"""What SQLAlchemy compiles for one database serves all others of its kind in this process.

It keeps what it has compiled with each engine. A bot opens one and compiles each statement once; tests open thousands,
and compiling the same statements for each of them was a tenth of what they cost.
"""

from typing import Any

from sqlalchemy import Dialect, Engine

from storage import database

_FIRST: dict[tuple[str, str], tuple[Dialect, Any]] = {}  # by dialect and driver
_create = database.create_engine


def compile_once() -> None:
    """Let engines that are opened from now on share what is compiled."""
    database.create_engine = _create_sharing  # type: ignore[assignment]


def _create_sharing(*args: Any, **kwargs: Any) -> Engine:
    """The first engine's dialect goes with its cache: the statement and the dialect are what it goes by.

    No event is listened to for it: SQLAlchemy would look for listeners at each statement.
    """
    engine = _create(*args, **kwargs)
    kind = (engine.dialect.name, engine.dialect.driver)
    engine.dialect, engine._compiled_cache = _FIRST.setdefault(kind, (engine.dialect, engine._compiled_cache))
    return engine
