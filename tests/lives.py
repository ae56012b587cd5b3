"""The same two people, living on in different ways: what one of them can tell apart, a safety rule may forbid."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bot.practice import times
from tests.conftest import Place
from tests.inside import LIBRARY, Inside
from tests.post import Mailbox, Post

EVENING = 20 * 60
QUESTIONS = sorted((each.question for each in LIBRARY.english.values()), key=len, reverse=True)
CHOICES = {label for each in LIBRARY.english.values() for label in each.choices}

HOW = (  # what is said below a question with choices, and below one without
    "Tap one, or answer in your own words or with a voice note.",
    "Answer in your own words, or with a voice note.",
)

Trace = list[tuple[str, tuple[str, ...]]]


@dataclass
class Life:
    """One way in which it goes on."""

    post: Post
    ann: Mailbox
    ben: Mailbox
    couple_id: UUID

    def evening(self, zone: str = "Europe/Berlin", minute: int = EVENING) -> None:
        """Pass to the next 20:00, or another time, in a zone."""
        _, at = times.next_occurrence(self.post.clock.now(), minute=minute, days=127, zone=zone)
        self.post.pass_to(at)


class Lives:
    """A couple in Berlin, once linked and then copied for each life."""

    def __init__(self, place: Place) -> None:
        self._place, self._count = place, 0
        self._lived: dict[object, tuple[Trace, Trace]] = {}
        inside = Inside(place)
        post = Post(inside)
        ann, ben = post.person("Ann"), post.person("Ben")
        self._couple_id = post.link(ann, ben)
        self._ids = ann.person_id, ben.person_id
        inside.close()

    def live(self, days: Callable[[Life], None]) -> tuple[Trace, Trace]:
        """Live one life; gives all that Ann's and Ben's chats showed in it."""
        with self._copy() as life:
            days(life)
            return trace(life.ann), trace(life.ben)

    def lived(self, key: object, days: Callable[[Life], None]) -> tuple[Trace, Trace]:
        """The same of a life that many are compared with, lived once."""
        if key not in self._lived:
            self._lived[key] = self.live(days)
        return self._lived[key]

    def _copy(self) -> "_Copy":
        self._count += 1
        folder = self._place.folder / f"life-{self._count}"
        folder.mkdir(mode=0o700)
        for path in self._place.folder.iterdir():
            if path.is_file():
                shutil.copy(path, folder / path.name)
        return _Copy(folder, self._ids, self._couple_id)


class _Copy:
    def __init__(self, folder: Path, ids: Sequence[UUID], couple_id: UUID) -> None:
        place = Place("sqlite", folder, f"sqlite:///{folder / 'side-by-side.db'}", f"sqlite:///{folder / 'keys.db'}")
        self._inside, self._ids, self._couple_id = Inside(place), ids, couple_id

    def __enter__(self) -> Life:
        post = Post(self._inside)
        ann, ben = (post.box(person_id) for person_id in self._ids)
        return Life(post, ann, ben, self._couple_id)

    def __exit__(self, *_: object) -> None:
        self._inside.close()


def trace(box: Mailbox) -> Trace:
    """Every state of every message of a chat, apart from which questions they were."""
    return [(_plain(state.text.unescape()), labels(state.rows)) for each in box.shown.values() for state in each.states]


def labels(rows: Iterator[object] | Sequence[Sequence[object]]) -> tuple[str, ...]:
    """The labels of a card without the choices of its question."""
    return tuple(each.label for row in rows for each in row if each.label not in CHOICES)  # type: ignore[attr-defined]


def _plain(text: str) -> str:
    for question in QUESTIONS:
        text = text.replace(question, "…?")
    for way in HOW:
        text = text.replace(way, "…!")
    return text
