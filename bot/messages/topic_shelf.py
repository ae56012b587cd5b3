"""Reads the topics of the weekly conversation: one TOML file a language, one `[[topic]]` block a topic.

A block holds

    id                                       small letters; never used again, as conversations refer to it
    name                                     at most 24 characters, for a button
    room, contact                            the two voices, at most 140 characters each
    limits, requests, hopes, decisions       three samples each, at most 140 characters; a decision has its question
                                             on the first line and two to four options below
    together, aloud, alone                   at most 140 characters
    deep                                     true: comes only to those who choose it, at the deepest level

Another language has the same blocks, without `deep`; what it leaves out is shown in English.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.practice.topics import Topic, Topics

FOLDER = Path(__file__).with_name("topics")
SAMPLES = {"limit": "limits", "request": "requests", "hope": "hopes", "decision": "decisions"}
LONGEST = 140
LONGEST_NAME = 24
HOW_MANY = 3
_TEXTS = ("room", "contact", "together", "aloud", "alone")
_FIELDS = {"id", "name", "deep", *_TEXTS, *SAMPLES.values()}


class BrokenTopic(Exception):
    """One sentence that names the file, the topic and what is wrong."""


def load(folder: Path = FOLDER) -> Topics:
    """The topics of every language; raises BrokenTopic."""
    english = _topics(folder / "en.toml")
    others = (path for path in sorted(folder.glob("*.toml")) if path.stem != "en")
    return Topics(english, {path.stem: _translated(path, english) for path in others})


def _translated(path: Path, english: Mapping[str, Topic]) -> Mapping[str, Topic]:
    found = _topics(path)
    for name, topic in found.items():
        if name not in english or topic.deep:
            raise BrokenTopic(f"{path.name}, {name}: en.toml has no such topic, or it says again that it is deep.")
    return found


def _topics(path: Path) -> Mapping[str, Topic]:
    try:
        blocks = tomllib.loads(path.read_text(encoding="utf-8"))["topic"]
    except (OSError, ValueError, KeyError) as error:
        raise BrokenTopic(f"{path.name} cannot be read as a list of [[topic]] blocks: {error}.") from error
    found: dict[str, Topic] = {}
    for block in blocks:
        name = str(block.get("id", ""))
        if name in found or not name.isalpha() or not name.islower():
            raise BrokenTopic(f"{path.name}, {name!r}: an id is a word in small letters, used once.")
        found[name] = _topic(path, block)
    return found


def _topic(path: Path, block: Mapping[str, Any]) -> Topic:
    if unknown := block.keys() - _FIELDS:
        raise BrokenTopic(f"{path.name}, {block['id']}: there is no field {', '.join(sorted(unknown))}.")
    texts = {name: _text(path, block, name, block.get(name), LONGEST) for name in _TEXTS}
    return Topic(
        id=block["id"],
        name=_text(path, block, "name", block.get("name"), LONGEST_NAME),
        samples={kind: _samples(path, block, name) for kind, name in SAMPLES.items()},
        deep=block.get("deep", False) is True,
        **texts,
    )


def _samples(path: Path, block: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = block.get(name)
    if not isinstance(found, list) or len(found) != HOW_MANY:
        raise BrokenTopic(f"{path.name}, {block['id']}: {name} has to be {HOW_MANY} texts.")
    return tuple(_text(path, block, name, each, LONGEST) for each in found)


def _text(path: Path, block: Mapping[str, Any], name: str, value: object, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) == len(value) <= longest:
        raise BrokenTopic(f"{path.name}, {block['id']}: {name} has to be a text of at most {longest} characters.")
    return value
