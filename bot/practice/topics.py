"""The topics of the weekly conversation, and which one comes next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

DEEPEST = 3  # the depth from which a topic of the deepest level may be chosen


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic in two voices, with samples for every kind of card. `deep`: comes only to those who choose it."""

    id: str
    name: str
    room: str  # somebody who needs room
    contact: str  # somebody who needs contact
    samples: Mapping[str, tuple[str, ...]]  # by kind of card
    together: str  # a small thing for the week
    aloud: str
    alone: str  # for whoever takes the topic for themselves
    deep: bool = False


@dataclass(frozen=True)
class Topics:
    """All topics: in English by id, in their order, and by language what is translated. An immutable value."""

    english: Mapping[str, Topic] = field(default_factory=dict)
    translated: Mapping[str, Mapping[str, Topic]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Copy what was given."""
        languages = {language: MappingProxyType(dict(each)) for language, each in self.translated.items()}
        object.__setattr__(self, "english", MappingProxyType(dict(self.english)))
        object.__setattr__(self, "translated", MappingProxyType(languages))

    def topic(self, topic_id: str, language: str = "en") -> Topic:
        """In that language, else in English; KeyError if unknown."""
        for tag in (language, language.partition("-")[0]):
            if found := self.translated.get(tag, {}).get(topic_id):
                return found
        return self.english[topic_id]

    def offered(self, depth: int) -> list[str]:
        """The topics that a person of this depth may choose, in their order."""
        return [each.id for each in self.english.values() if depth >= DEEPEST or not each.deep]

    def next_for(self, couple_id: UUID, recent: Collection[str]) -> str:
        """The topic to propose: none of the deepest level, and rather one that was not there lately.

        Each couple begins elsewhere; `recent` is newest first.
        """
        ids = [each.id for each in self.english.values() if not each.deep]
        start = couple_id.int % len(ids)
        order = [*ids[start:], *ids[:start]]
        seen = list(recent)
        fresh = [each for each in order if each not in seen]
        return fresh[0] if fresh else max(order, key=seen.index)
