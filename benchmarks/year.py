"""A year of answers, or several, of a couple that exists already: a question a day that both answered and shared."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlmodel import Session, SQLModel, col, select

from benchmarks.people import DAYS_BACK
from bot.messages.library import load as load_prompts
from storage import sealing
from storage.database import connect
from storage.keys import KeyStore
from storage.masters import masters_in
from storage.tables import Answer, Checkin, Membership, Occasion, Person, Reveal
from storage.units import Units

DAYS_AT_ONCE = 50
WORDS = (
    "tea",
    "rain",
    "window",
    "kitchen",
    "laugh",
    "walk",
    "slow",
    "morning",
    "coat",
    "bread",
    "lamp",
    "letter",
    "garden",
)
MORE = ("river", "song", "train", "quiet", "hand", "door", "blanket", "street", "market", "bicycle", "cloud", "stairs")
LENGTHS = (8, 60)  # words in an answer
RARE = "lighthouse"  # said once, by both, on the first of all days


def live(folder: Path, *, days: int, seed: int = 7) -> None:
    """Give the first couple of a data folder so many days; the newest is the one before their present question."""
    engine = connect(f"sqlite:///{folder / 'side-by-side.db'}")
    keys = KeyStore(f"sqlite:///{folder / 'keys.db'}", masters_in(folder))
    units = Units(engine, keys=keys)
    year = Year(days, Random(seed))
    try:
        for first in range(0, days, DAYS_AT_ONCE):
            places = range(first, min(first + DAYS_AT_ONCE, days))
            units.submit(lambda session, places=places: year.add(session, places)).result()  # type: ignore[misc]
    finally:
        units.close()
        keys.close()
        engine.dispose()


class Year:
    """Knows what was asked and said on which day."""

    def __init__(self, days: int, random: Random) -> None:
        self._days, self._random = days, random
        self._prompts = sorted(load_prompts().english)
        self._until = datetime.now(UTC).date() - DAYS_BACK

    def add(self, session: Session, places: range) -> None:
        """Add these days, the first of all being 0; rows go to the database table by table."""
        couple_id = session.exec(select(Membership.couple_id).order_by(col(Membership.couple_id))).first()
        people = session.exec(select(Person).join(Membership).where(Membership.couple_id == couple_id)).all()
        assert couple_id is not None
        for layer in zip(*(self._day(session, couple_id, people, place) for place in places), strict=True):
            session.add_all(row for rows in layer for row in rows)
            session.flush()

    def _day(
        self, session: Session, couple_id: object, people: Sequence[Person], place: int
    ) -> tuple[Sequence[SQLModel], ...]:
        on = self._until - timedelta(days=self._days - place)
        prompt_id = self._random.choice(self._prompts)
        closes = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(days=3)
        occasion = Occasion(couple_id=couple_id, kind="daily", on_date=on, prompt_id=prompt_id, closes=closes)
        checkins = [self._checkin(person, occasion, place) for person in people]
        answers = [self._answer(session, checkin, place) for checkin in checkins]
        return [occasion], checkins, answers, [Reveal(occasion_id=occasion.id)]

    def _checkin(self, person: Person, occasion: Occasion, place: int) -> Checkin:
        return Checkin(
            person_id=person.id,
            kind="daily",
            on_date=occasion.on_date,
            turn=place - self._days,  # before whatever they have
            occasion_id=occasion.id,
            prompt_id=occasion.prompt_id,
            closed=True,
        )

    def _answer(self, session: Session, checkin: Checkin, place: int) -> Answer:
        row = Answer(checkin_id=checkin.id, person_id=checkin.person_id, shared=True, decided=True)
        words = " ".join(self._words(place))
        sealing.seal(session, row, "words_sealed", words, owner=row.person_id)
        return row

    def _words(self, place: int) -> Iterator[str]:
        if place == 0:
            yield RARE
        yield from (self._random.choice(WORDS + MORE) for _ in range(self._random.randint(*LENGTHS)))
