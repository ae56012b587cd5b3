"""Every text the bot says: found by the extraction, plain, kind, with the same placeholders in every language."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.messages.i18n import LOCALES, load_languages
from tests.guards.tone import complaints

ROOT = Path(__file__).parents[2]
TAG = re.compile(r"</?[a-z-]+[^>]*>")


def texts() -> Iterator[str]:
    for _, _, message, _, _ in extract_from_dir(
        ROOT / "bot" / "messages", keywords={"_": None, "plural": (1, 2), "ngettext": (1, 2)}
    ):
        yield from [message] if isinstance(message, str) else message


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def catalogues() -> list[Path]:
    return sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))


def test_the_extraction_finds_the_texts() -> None:
    found = set(texts())
    assert len(found) > 100
    assert "Keep for me" in found


@pytest.mark.parametrize("text", sorted(set(texts())))
def test_a_text_is_plain_and_presses_nobody(text: str) -> None:
    assert complaints(text) == []


def test_only_literals_are_translated() -> None:
    """A text that is put together at run time would never reach a translator."""
    found = []
    for path in (ROOT / "bot" / "messages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_text = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            if is_text and not (node.args and isinstance(node.args[0], ast.Constant)):
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_every_catalogue_can_be_read_and_keeps_placeholders_and_tags() -> None:
    assert "en" in load_languages().words
    for path in catalogues():
        for message in read_po(BytesIO(path.read_bytes())):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for string in filter(None, strings):
                assert placeholders(str(string)) <= placeholders(str(ids[-1])), (path, ids[0])
                assert sorted(TAG.findall(str(string))) == sorted(TAG.findall(str(ids[-1]))), (path, ids[0])
