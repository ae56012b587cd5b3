"""Collects as pytest would with these words, and writes to a file what runs and what is left out, as JSON."""

import json
import sys
from pathlib import Path

import pytest


class Notes:
    def __init__(self) -> None:
        self.runs: list[str] = []
        self.left_out: list[str] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out += [item.nodeid for item in items]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.runs += [item.nodeid for item in session.items]


if __name__ == "__main__":
    notes = Notes()
    code = pytest.main(["--collect-only", "-qq", *sys.argv[2:]], plugins=[notes])
    Path(sys.argv[1]).write_text(json.dumps(vars(notes)), encoding="utf-8")
    sys.exit(code)
