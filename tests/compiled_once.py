"""What SQLAlchemy compiles for one database serves all others of its kind in this process.

It keeps what it has compiled with each engine. A bot opens one and compiles each statement once; tests open thousands,
and compiling the same statements for each of them was a tenth of what they cost.
"""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event

_FIRST: dict[tuple[str, str], tuple[Dialect, Any]] = {}  # by dialect and driver


def compile_once() -> None:
    """Let engines that are opened from now on share what is compiled."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    """The first engine's dialect goes with its cache: the statement and the dialect are what it goes by."""
    engine = connection.engine
    kind = (engine.dialect.name, engine.dialect.driver)
    engine.dialect, engine._compiled_cache = _FIRST.setdefault(kind, (engine.dialect, engine._compiled_cache))
    connection.dialect = engine.dialect
