"""The library of questions, and which one comes next."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from random import Random
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

from bot.practice.topics import Topics

Kind: TypeAlias = Literal["shared", "solo", "aloud", "alone"]
Shelf: TypeAlias = Mapping[str, Mapping[int, tuple["Prompt", ...]]]  # theme -> depth -> prompts

THEMES = ("self-awareness", "appreciation", "support", "vulnerability", "ritual", "individuality", "play")
DEPTHS = (1, 2, 3)
REST = timedelta(days=180)
_EASIER_SHARE: Mapping[int, float] = {1: 0.0, 2: 1 / 3, 3: 2 / 3}  # by the depth allowed; at 3 each has its third
_LONGEST_RESTED = 3


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the library in one language. `alone`: it fits a person who has no partner here."""

    id: str
    theme: str
    depth: int
    question: str
    choices: tuple[str, ...] = ()
    solo: bool = True
    shared: bool = True
    alone: bool = True
    aloud: bool = False
    first: bool = False
    retired: bool = False

    def fits(self, kind: Kind) -> bool:
        """Whether it may be asked as: shared by two, just for you, to be said aloud, or to a person on their own."""
        if self.retired or self.aloud != (kind == "aloud"):
            return False
        return {"shared": self.shared, "solo": self.solo, "aloud": True, "alone": self.solo and self.alone}[kind]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a question is wanted for; see `Library.choose`."""

    depth: int
    themes_off: Set[str]
    seen: Mapping[str, date]
    recent_themes: Sequence[str]
    on: date
    kind: Kind
    without: Collection[str] = ()

    def rested(self, prompt: Prompt) -> bool:
        last = self.seen.get(prompt.id)
        return last is None or self.on - last > REST


@dataclass(frozen=True)
class Library:
    """All prompts: in English by id, and by language what is translated; and all topics. An immutable value."""

    english: Mapping[str, Prompt]
    translated: Mapping[str, Mapping[str, Prompt]] = field(default_factory=dict)
    topics: Topics = field(default_factory=Topics)  # of the weekly conversation
    _shelves: Mapping[Kind, tuple[Shelf, ...]] = field(init=False, repr=False, compare=False)
    _firsts: tuple[tuple[Prompt, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Copy what was given and sort it once, so that choosing is quick."""
        prompts = tuple(self.english.values())
        languages = {_tag(language): MappingProxyType(dict(each)) for language, each in self.translated.items()}
        object.__setattr__(self, "english", MappingProxyType(dict(self.english)))
        object.__setattr__(self, "translated", MappingProxyType(languages))
        object.__setattr__(self, "_shelves", {kind: _shelves(prompts, kind) for kind in get_args(Kind)})
        object.__setattr__(self, "_firsts", _firsts(prompts))

    def prompt(self, prompt_id: str, language: str = "en") -> Prompt:
        """In that language ("de", "pt-BR"), else in English; a retired one too. KeyError if unknown."""
        tag = _tag(language)
        for each in (tag, tag.partition("-")[0]):
            if found := self.translated.get(each, {}).get(prompt_id):
                return found
        return self.english[prompt_id]

    def choose(
        self,
        *,
        random: Random,
        depth: int,
        themes_off: Set[str],
        seen: Mapping[str, date],
        recent_themes: Sequence[str],
        on: date,
        kind: Kind,
    ) -> Prompt:
        """The question for the local date `on`; `recent_themes` newest first, best two weeks of them.

        `seen` tells when each was last seen, by either of two if it is for both. What rested for longer than REST
        comes first; if nothing did, what was seen longest ago. LookupError if there is nothing of this kind and depth.
        """
        wish = _Wish(depth, themes_off, seen, recent_themes, on, kind)
        if found := self._fresh(random, wish) or self._oldest(random, wish):
            return found
        raise LookupError(f"The library has no {kind} prompt of depth {depth} or less.")

    def alternative(
        self,
        *,
        current: str,
        offered: Collection[str],
        random: Random,
        depth: int,
        themes_off: Set[str],
        seen: Mapping[str, date],
        recent_themes: Sequence[str],
        on: date,
        kind: Kind,
    ) -> Prompt | None:
        """Another one than `current` (perhaps an own prompt) and those `offered` today; None when all were offered."""
        if current in self.english:
            recent_themes = (self.english[current].theme, *recent_themes)
        wish = _Wish(depth, themes_off, seen, recent_themes, on, kind, frozenset((current, *offered)))
        return self._fresh(random, wish) or self._oldest(random, wish)

    def first(self, *, random: Random, avoid: Collection[str]) -> Prompt:
        """The very first question: fits before and after linking. LookupError if there is none but those to avoid."""
        for prompts in self._firsts:
            if left := [prompt for prompt in prompts if prompt.id not in avoid]:
                return random.choice(left)
        raise LookupError("The library has no first prompt left.")

    def _fresh(self, random: Random, wish: _Wish) -> Prompt | None:
        shelves = self._shelves[wish.kind]
        themes = _rotated(random, _themes(shelves[-1], wish), wish.recent_themes)
        depths = _depths(random, wish.depth)
        for shelf, theme, depth in product(shelves, themes, depths):
            prompts = shelf.get(theme, {}).get(depth, ())
            if rested := [each for each in prompts if wish.rested(each) and each.id not in wish.without]:
                return random.choice(rested)
        return None

    def _oldest(self, random: Random, wish: _Wish) -> Prompt | None:
        """Of those that all were seen lately. A future date counts as seen: a person may have flown west."""
        shelf = self._shelves[wish.kind][-1]
        left = [each for each in _within(shelf, wish) if each.id not in wish.without]
        oldest = min((wish.seen[each.id] for each in left), default=None)
        return random.choice([each for each in left if wish.seen[each.id] == oldest]) if left else None


def _tag(language: str) -> str:
    return language.replace("_", "-").lower()


def _shelves(prompts: Iterable[Prompt], kind: Kind) -> tuple[Shelf, ...]:
    """Those to look through first come first: a private day prefers what two would never be asked together."""
    fitting = tuple(prompt for prompt in prompts if prompt.fits(kind))
    if kind != "solo":
        return (_shelf(fitting),)
    return (_shelf(prompt for prompt in fitting if not prompt.shared), _shelf(fitting))


def _shelf(prompts: Iterable[Prompt]) -> Shelf:
    shelf: dict[str, dict[int, tuple[Prompt, ...]]] = {}
    for prompt in prompts:
        by_depth = shelf.setdefault(prompt.theme, {})
        by_depth[prompt.depth] = (*by_depth.get(prompt.depth, ()), prompt)
    return MappingProxyType({theme: MappingProxyType(by_depth) for theme, by_depth in shelf.items()})


def _firsts(prompts: Sequence[Prompt]) -> tuple[tuple[Prompt, ...], ...]:
    """The first questions, and what can stand in for them: easy ones for anybody."""
    easy = tuple(each for each in prompts if each.depth == 1 and each.fits("shared") and each.fits("alone"))
    return tuple(each for each in easy if each.first), easy


def _themes(shelf: Shelf, wish: _Wish) -> list[str]:
    """The themes with anything shallow enough; those switched off only if no other is left."""
    themes = [theme for theme, by_depth in shelf.items() if min(by_depth) <= wish.depth]
    return [theme for theme in themes if theme not in wish.themes_off] or themes


def _within(shelf: Shelf, wish: _Wish) -> Iterator[Prompt]:
    for theme in _themes(shelf, wish):
        for depth, prompts in shelf[theme].items():
            if depth <= wish.depth:
                yield from prompts


def _rotated(random: Random, themes: Sequence[str], recent: Sequence[str]) -> list[str]:
    """Unused themes first, then the least recently used; the three that rested longest change places at random.

    Seven themes in a fixed order would tie every weekday to one theme.
    """
    unused = [theme for theme in themes if theme not in recent]
    used = sorted((theme for theme in themes if theme in recent), key=recent.index, reverse=True)
    rested = used[:_LONGEST_RESTED]
    return [*random.sample(unused, len(unused)), *random.sample(rested, len(rested)), *used[_LONGEST_RESTED:]]


def _depths(random: Random, deepest: int) -> list[int]:
    """The depths to try in turn: mostly the deepest allowed first, one time in three an easier one."""
    easier = random.random() < _EASIER_SHARE[deepest]
    start = random.randrange(1, deepest) if easier else deepest
    return sorted(range(1, deepest + 1), key=lambda depth: (abs(depth - start), depth))
