"""The page about faults names tests that exist, and log events that are written."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
LEAST = 20  # faults


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_fault_has_tests_and_each_of_them_is_there() -> None:
    assert len(rows()) >= LEAST
    for fault, _does, _seen, tests in rows():
        paths = re.findall(r"`([^`]+)`", tests)
        assert paths, fault
        assert [path for path in paths if not (ROOT / path).is_file()] == [], fault


def test_every_test_of_a_fault_stands_on_the_page() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "faults").glob("test_*.py")}
    assert {path for path in files if f"`{path}`" not in PAGE} == set()


def test_every_log_event_is_one_that_the_bot_writes() -> None:
    sources = "".join(
        path.read_text("utf-8") for package in ("bot", "handlers") for path in (ROOT / package).rglob("*.py")
    )
    for fault, does, *_ in rows():
        missing = [event for event in re.findall(r"`([a-z_]+)`", does) if f'"{event}"' not in sources]
        assert missing == [], fault
