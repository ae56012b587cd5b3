"""Reads the prompts: one folder a language, one TOML file a theme, one `[[prompt]]` block a question.

A block in English holds

    id          small letters, digits and hyphens, at most 32; never used again, as answers refer to it
    depth       1 easy, 2 personal, 3 tender
    question    at most 240 characters
    choices     2 to 4 answers for one tap, each at most 24 characters, none better than another
    only        "shared": makes sense only for two; "solo": a private reflection, never asked of two
    paired      true: speaks of a partner, so it is not for a person on their own
    aloud       true: to be said to each other without the phone; takes none of the other flags
    first       true: may be the very first question of all
    retired     true: asked no more, but still shown with its old answers

and in another language `id`, `question` and as many `choices` as in English: what kind of question it is stands once.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

from bot.messages import topic_shelf
from bot.practice.prompts import DEPTHS, THEMES, Library, Prompt

FOLDER = Path(__file__).with_name("prompts")
LONGEST_ID = 32
LONGEST_QUESTION = 240
LONGEST_CHOICE = 24
FEWEST_CHOICES = 2
MOST_CHOICES = 4
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FLAGS = ("paired", "aloud", "first", "retired")
_TRANSLATED = frozenset({"id", "question", "choices"})
_FIELDS = _TRANSLATED | {"depth", "only", *_FLAGS}


class BrokenPrompt(Exception):
    """One sentence that names the file, the id and what is wrong."""


def load(folder: Path = FOLDER) -> Library:
    """The prompts of every language folder; raises BrokenPrompt."""
    if not (folder / "en").is_dir():
        raise BrokenPrompt(f"{folder} has no folder 'en' with the English prompts.")
    english: dict[str, Prompt] = {}
    for block in _blocks(folder / "en"):
        english[block.new_id(english)] = _prompt(block)
    languages = (each for each in sorted(folder.iterdir()) if each.is_dir() and each.name != "en")
    translated = {each.name: _translations(each, english) for each in languages}
    return Library(english, translated, topic_shelf.load())


def _translations(folder: Path, english: Mapping[str, Prompt]) -> dict[str, Prompt]:
    translated: dict[str, Prompt] = {}
    for block in _blocks(folder):
        translated[block.new_id(translated)] = _translation(block, english)
    return translated


@dataclass(frozen=True)
class _Block:
    """One block as it stands in its file."""

    path: Path
    number: int
    values: Mapping[str, Any]

    @property
    def id(self) -> str:
        found = self.values.get("id")
        if not (isinstance(found, str) and len(found) <= LONGEST_ID and _ID.fullmatch(found)):
            raise self.broken(f"the id has to be small letters, digits and hyphens, at most {LONGEST_ID}")
        return found

    def new_id(self, known: Mapping[str, Prompt]) -> str:
        if self.id in known:
            raise self.broken("this id is used twice")
        return self.id

    @property
    def question(self) -> str:
        found = self.values.get("question")
        if not _is_words(found, LONGEST_QUESTION):
            raise self.broken(f"the question has to be a text of at most {LONGEST_QUESTION} characters")
        return found

    @property
    def choices(self) -> tuple[str, ...]:
        if "choices" not in self.values:
            return ()
        found = self.values["choices"]
        several = isinstance(found, list) and FEWEST_CHOICES <= len(found) <= MOST_CHOICES
        if not (several and all(_is_words(each, LONGEST_CHOICE) for each in found)):
            raise self.broken(f"choices have to be 2 to 4 texts of at most {LONGEST_CHOICE} characters")
        if len(set(found)) < len(found):
            raise self.broken("a choice stands there twice")
        return tuple(found)

    @property
    def depth(self) -> int:
        found = self.values.get("depth")
        if type(found) is not int or found not in DEPTHS:  # true is an int as well
            raise self.broken("the depth has to be 1, 2 or 3")
        return found

    @property
    def only(self) -> str | None:
        found = self.values.get("only")
        if found not in (None, "shared", "solo"):
            raise self.broken("only has to be 'shared' or 'solo'")
        return found

    def flag(self, name: str) -> bool:
        found = self.values.get(name, False)
        if not isinstance(found, bool):
            raise self.broken(f"{name} has to be true or false")
        return found

    def check_fields(self, allowed: Set[str]) -> None:
        if unknown := sorted(self.values.keys() - allowed):
            raise self.broken(f"there is no field {', '.join(map(repr, unknown))} here")

    def broken(self, complaint: str) -> BrokenPrompt:
        name = self.values.get("id", f"block {self.number}")
        return BrokenPrompt(f"{self.path.parent.name}/{self.path.name}, {name}: {complaint}.")


def _blocks(folder: Path) -> Iterator[_Block]:
    for path in sorted(folder.glob("*.toml")):
        where = f"{folder.name}/{path.name}"
        if path.stem not in THEMES:
            raise BrokenPrompt(f"{where} is not named after a theme: {', '.join(THEMES)}.")
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BrokenPrompt(f"{where} cannot be read as TOML: {error}.") from error
        blocks = content.pop("prompt", [])
        if content or not isinstance(blocks, list) or not all(isinstance(each, dict) for each in blocks):
            raise BrokenPrompt(f"{where} may hold only [[prompt]] blocks.")
        yield from (_Block(path, number, values) for number, values in enumerate(blocks, start=1))


def _prompt(block: _Block) -> Prompt:
    block.check_fields(_FIELDS)
    paired, aloud, first, retired = (block.flag(name) for name in _FLAGS)
    if aloud and (paired or first or block.only or block.choices):
        raise block.broken("aloud goes with no choices, only, paired or first")
    if first and (paired or block.only or block.depth > 1):
        raise block.broken("first has to be of depth 1 and for everybody")
    return Prompt(
        id=block.id,
        theme=block.path.stem,
        depth=block.depth,
        question=block.question,
        choices=block.choices,
        solo=block.only != "shared" and not aloud,
        shared=block.only != "solo" and not aloud,
        alone=block.only != "shared" and not aloud and not paired,
        aloud=aloud,
        first=first,
        retired=retired,
    )


def _translation(block: _Block, english: Mapping[str, Prompt]) -> Prompt:
    block.check_fields(_TRANSLATED)
    original = english.get(block.id)
    if original is None or original.theme != block.path.stem:
        raise block.broken(f"en/{block.path.name} has no prompt with this id")
    if len(block.choices) != len(original.choices):
        raise block.broken("it needs as many choices as in English")
    return replace(original, question=block.question, choices=block.choices)


def _is_words(found: object, longest: int) -> TypeGuard[str]:
    return isinstance(found, str) and 0 < len(found.strip()) == len(found) <= longest
