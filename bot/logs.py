"""Logs: event names and internal ids, never words, tokens or Telegram ids."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

NOISY = ("httpx", "httpcore", "aiohttp", "telegram", "sqlalchemy", "apscheduler", "asyncio", "alembic", "tzlocal")
ALLOWED = frozenset(
    {"event", "level", "timestamp", "logger", "update", "delivery", "card", "error", "attempt", "pause", "job", "count"}
    | {"address", "version", "database", "seconds", "point", "where", "unit", "gap_hours", "port", "pid", "method"}
)
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_NUMBER = re.compile(r"(?<![\w.:-])\d{7,}(?![\w.:-])")


def start_logs(level: str, form: str, to: TextIO | None = None) -> None:
    """Send everything that is logged, by us or by a library, through one filter to standard error."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_private,
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_ours_or_bare)
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.getLevelName(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def drop_private(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep only fields that are known to be harmless, and mask what looks like a token or a Telegram id."""
    kept = {name: value for name, value in event.items() if name in ALLOWED or name.startswith("_")}
    for name, value in kept.items():
        if isinstance(value, str) and not name.startswith("_") and name != "timestamp":
            kept[name] = _NUMBER.sub("<number>", _TOKEN.sub("<token>", value))
    return kept


def _ours_or_bare(record: logging.LogRecord) -> bool:
    """Let a library's record through without its arguments and traceback, which may hold words."""
    if not hasattr(record, "_logger") and not isinstance(record.msg, dict):
        where = f"{record.name}:{record.lineno}"
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        record.msg = f"{record.levelname.lower()} in {where} {error}".strip()
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
    return True
