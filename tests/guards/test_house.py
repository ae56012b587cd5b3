"""The house itself: names, sizes, and rules that a linter does not know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "schedules", "storage")
ASYNC_ROOMS = (
    "bot/wire/",
    "bot/app.py",
    "bot/commands.py",
    "bot/playground/",
    "bot/__main__.py",
    "bot/terminal.py",
    "schedules/clock.py",
    "handlers/door.py",
)
UNWANTED_NAMES = ("utils", "helpers", "manager", "misc", "common_utils")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(sources()), ids=name)
def test_async_stays_at_the_edges(path: Path) -> None:
    if name(path).startswith(ASYNC_ROOMS):
        return
    found = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    assert found == []


@pytest.mark.parametrize("path", list(sources()), ids=name)
def test_no_module_keeps_state(path: Path) -> None:
    """A constant is fine; a list, dict or set that could change at run time is not, unless typed as read-only."""
    tree = ast.parse(path.read_text("utf-8"))
    mutable = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    found = [node.lineno for node in tree.body if isinstance(node, ast.Global | ast.Nonlocal)]
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, mutable):
            targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
            found += [node.lineno for target in targets if not target.strip("_").isupper() and target != "__all__"]
    assert found == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in sources() if path.stem in UNWANTED_NAMES] == []


def test_words_are_escaped_by_type_and_never_marked_safe_by_hand() -> None:
    """`Markup(...)` around anything but a literal belongs to the two modules that build it."""
    allowed = ("bot/messages/markup.py", "bot/messages/i18n.py", "bot/messages/cards/refusal.py")
    found = []
    for path in sources():
        if name(path) in allowed or name(path).startswith("bot/playground/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_markup = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
            if is_markup and node.args and not isinstance(node.args[0], ast.Constant):
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_the_lock_files_have_hashes_and_no_addresses() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "http" not in text.replace("httpcore", "").replace("httpx", "").replace("aiohttp", "")
        assert "index-url" not in text
