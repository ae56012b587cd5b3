"""Another process on the same rows and keys, which does what it is told: one line each, answered with "done"."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from uuid import UUID

from sqlmodel import Session

from bot.clock import Clock
from bot.practice import daily
from schedules import JOBS
from schedules.clock import AlarmClock
from storage import people
from tests.conftest import Place
from tests.inside import LIBRARY, Inside
from tests.storage.children import child, line, tell

PROGRAM = "from tests.twin import serve; serve()"


@contextmanager
def twins(place: Place, count: int = 2) -> Iterator[Sequence["subprocess.Popen[str]"]]:
    """So many processes, when they are ready."""
    with ExitStack() as stack:
        given = (place.folder, place.database_url, place.keys_url)
        found = [stack.enter_context(child(PROGRAM, *given)) for _ in range(count)]
        for each in found:
            assert line(each) == "ready"
        yield found


def at_once(processes: Sequence["subprocess.Popen[str]"], *words: str) -> None:
    """Tell each of them something at the same moment, and wait until all have done it."""
    for process, each in zip(processes, words, strict=True):
        tell(process, each)
    assert [line(process) for process in processes] == ["done"] * len(processes)


def serve() -> None:
    """Be such a process."""
    folder, database, keys = sys.argv[1:]
    inside = Inside(Place("shared", Path(folder), database, keys))
    print("ready", flush=True)
    for words in sys.stdin:
        what, *about = words.split()
        {"share": share, "ring": ring}[what](inside, *about)
        print("done", flush=True)


def share(inside: Inside, person_id: str, checkin_id: str, at: str) -> None:
    """Share an answer, as the button does."""

    def work(session: Session) -> None:
        person = inside.get(session, UUID(person_id))
        daily.share_answer(session, people.person(session, person.id), UUID(checkin_id), now=datetime.fromisoformat(at))

    inside.do(work)


def ring(inside: Inside, at: str) -> None:
    """Ring every job."""
    clock = Clock()
    clock.move(datetime.fromisoformat(at) - clock.now())
    alarms = AlarmClock(
        JOBS, units=inside.units, clock=clock, library=LIBRARY, random=Random(7), is_steady=lambda: True
    )
    asyncio.run(alarms.ring_all())
