"""The three kinds of runs, with their figures: at random, along the full path, and through backlogs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.wire.points import NAMES
from tests.harness import path, weeks, words
from tests.harness.ending import check_end
from tests.harness.nursery import Nursery
from tests.harness.places import Grounds, Place
from tests.harness.play import play
from tests.harness.report import report
from tests.harness.scenario import Scenario, scenarios
from tests.harness.stories import Line, Teller
from tests.harness.world import World
from tests.hooked import Hook, held_port

BEFORE_AND_AFTER = ("in_batch", "before_commit", "after_commit", "batch_done")
UNDER_WAY = ("claimed", "sent", "nudged", "marked")
TURNS = len(BEFORE_AND_AFTER)
SECOND = 2  # the first unit of a fresh process is its own
BACKLOG_OF_EACH = 12  # less than what the bot takes for a flood
MOMENTS = (
    *(("claimed", countdown) for countdown in (1, 2, 3)),
    *(("sent", countdown) for countdown in (1, 2, 3, 4, 5)),
    *(("nudged", countdown) for countdown in (1, 2)),
    *(("marked", countdown) for countdown in (1, 2, 3, 4)),
    *(("after_commit", countdown) for countdown in (1, 2, 3, 4, 5, 6)),
)
FAR_AWAY = 6  # a countdown in the middle of a backlog
LATEST = 0.4  # seconds after a start, for a kill at any moment: by then much of a backlog is read, and seldom all
Ways: TypeAlias = Sequence[Mapping[str, str]]
POLLING: Ways = ({},)
Moments: TypeAlias = Sequence[tuple[str, int]]  # a named point, and which time that it is reached


@dataclass(frozen=True)
class Figures:
    """How much is tried."""

    examples: int
    days: int
    most_moves: int = 40


SMALL = Figures(examples=2, days=4)
LARGE = Figures(examples=20, days=6, most_moves=60)


@dataclass
class Runs:
    """Runs on one kind of database, and what became of them."""

    kind: str
    grounds: Grounds
    nursery: Nursery | None
    kills: int = 0
    updates: int = 0

    # -- at random

    def at_random(self, figures: Figures, *, number: int | None = None) -> None:
        """Scenarios drawn by Hypothesis: always the same ones, or those of a seed.

        What Hypothesis draws first is the simplest scenario, whatever the seed; with a seed it is passed over.
        """
        drawn = count()
        passed_over = 0 if number is None else 1

        @settings(
            max_examples=figures.examples + passed_over,
            deadline=None,
            database=None,
            derandomize=number is None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(scenarios(days=figures.days, most_moves=figures.most_moves))
        def run(scenario: Scenario) -> None:
            if next(drawn) >= passed_over:
                self.once(scenario)

        (run if number is None else seed(number)(run))()

    def once(self, scenario: Scenario) -> None:
        """One scenario; a failure says how to play it again."""
        place = self.grounds.place(self.kind)
        try:
            self.count(asyncio.run(play(scenario, place, self.nursery)))
        except BaseException as error:
            file = place.folder / "scenario.json"
            file.write_text(scenario.to_json(), encoding="utf-8")
            error.add_note(f"again: python -m tests.harness replay {file} --database {self.kind}")
            _point_to_report(error, place)
            raise
        self.grounds.remove(place)

    # -- along the path

    def along_the_path(self, turn: int | None) -> dict[str, list[Line]]:
        """The full path; gives what both phones show in the end.

        With a turn, the process dies in the middle of each step at two named points: in all turns together, at every
        one. In the first turn it is killed between the steps as well.
        """
        place = self.grounds.place(self.kind)
        story = asyncio.run(self._along(place, turn))
        self.grounds.remove(place)
        return story

    async def _along(self, place: Place, turn: int | None) -> dict[str, list[Line]]:
        async with World(place, nursery=self.nursery) as world:
            two = path.two_in(world)
            try:
                for number, step in enumerate(path.FULL):
                    if turn == 0:
                        await world.kill()
                    if turn is not None:
                        await world.revive()
                        await world.die_at_each(*fate(number + turn, fresh=world.is_fresh))
                    await step.do(two)
                    await world.settle()
                    await world.disarm()
                await self._check(world)
                words.check_week(world)
            except BaseException as error:
                error.add_note(f"in the step: {step.name}")
                error.add_note(f"again: python -m tests.harness path --turn {turn} --database {self.kind}")
                _write_report(error, world)
                raise
            return {phone.name: Teller().story(world, phone) for phone in world.phones}

    # -- through reveals

    def through_reveals(self) -> None:
        """Day after day two people share; while it opens, the process dies at every moment of its way to the phones.

        In the end they press [Open] on whatever nudge was left behind.
        """
        place = self.grounds.place(self.kind)
        asyncio.run(self._through_reveals(place))
        self.grounds.remove(place)

    async def _through_reveals(self, place: Place) -> None:
        async with World(place, nursery=self.nursery) as world:
            two = path.two_in(world)
            try:
                await path.walk(two, (*path.SETTING_UP, *path.RHYTHM))
                for point, countdown in MOMENTS:
                    await path.walk(two, path.day_until_the_last_share(f"{point} {countdown}"))
                    await world.die_at_each((point, countdown))
                    world.tap(two.ben, "Share")
                    await world.settle()
                    await world.disarm()
                await world.finish()
                assert await open_what_was_left(world) > 0
                await self._check(world)
                assert words.reveals(world) == len(MOMENTS) + 1
            except BaseException as error:
                _write_report(error, world)
                raise

    # -- through weekly pages

    def through_weeks(self, moments: Moments = weeks.MOMENTS) -> None:
        """Week after week both approve their page; while it opens, the process dies at each of these moments."""
        place = self.grounds.place(self.kind)
        asyncio.run(self._through_weeks(place, moments))
        self.grounds.remove(place)

    async def _through_weeks(self, place: Place, moments: Moments) -> None:
        async with World(place, nursery=self.nursery) as world:
            two = path.two_in(world)
            try:
                await path.walk(two, (*path.SETTING_UP, *path.RHYTHM))
                await weeks.begin(two)
                for point, countdown in moments:
                    await weeks.prepare(two, two.ann)
                    world.tap(two.ann, "Approve")
                    await world.settle()
                    await weeks.prepare(two, two.ben)
                    await world.die_at_each((point, countdown))
                    world.tap(two.ben, "Approve")
                    await world.settle()
                    await world.disarm()
                await world.finish()
                await weeks.open_what_was_left(world)
                await self._check(world)
                weeks.check(world, len(moments))
            except BaseException as error:
                _write_report(error, world)
                raise

    # -- through backlogs

    def through_backlogs(
        self, points: Sequence[str] = NAMES, *, ways: Ways = POLLING, random: Random | None = None
    ) -> None:
        """Messages of several people wait while the process is dead; it dies again at each point as it reads them.

        Each start gets its updates in one of these ways, in turn. With `random`, it is drawn how often each point is
        passed before, and the process is killed once more at any moment.
        """
        place = self.grounds.place(self.kind)
        asyncio.run(self._through(place, points, ways, random))
        self.grounds.remove(place)

    def through_webhooks(self, points: Sequence[str] = NAMES, *, random: Random | None = None) -> None:
        """The same with a webhook, then with a start that polls after each one with a webhook."""
        with held_port() as port:
            webhook = Hook(port).environment
            self.through_backlogs(points, ways=(webhook,), random=random)
            self.through_backlogs(points, ways=(webhook, dict.fromkeys(webhook, "")), random=random)

    async def _through(self, place: Place, points: Sequence[str], ways: Ways, random: Random | None) -> None:
        async with World(place, nursery=self.nursery, ways=ways) as world:
            try:
                people = [world.person(name) for name in ("Ann", "Ben", "Cleo", "Dan")]
                await settle_in(world)
                for round_, point in enumerate(points):
                    await world.kill()
                    backlog(world, round_)
                    await world.die_at_each(*deaths(point, random))
                    if random is not None:
                        await asyncio.sleep(random.random() * LATEST)
                        await world.kill()
                    await world.settle()
                    await world.pass_time(seconds=61)
                await self._check(world)
                check_ways(world)
                for number, phone in enumerate(people):
                    last = a_time(number, len(points) - 1, BACKLOG_OF_EACH - 1)
                    assert phone.from_bot[-1].text.startswith(f"Your question comes at {last}"), phone.from_bot[-1].text
            except BaseException as error:
                _write_report(error, world)
                raise

    async def _check(self, world: World) -> None:
        await check_end(world)
        self.count(world)

    def count(self, world: World) -> None:
        """Add the figures of a run."""
        self.kills += world.kills
        self.updates += sum(len(act.updates) for act in world.acts)


def fate(number: int, *, fresh: bool) -> tuple[tuple[str, int], tuple[str, int]]:
    """Where the process dies in a step: while it takes an update in, and started again, while it sends."""
    inside, outside = BEFORE_AND_AFTER[number % TURNS], UNDER_WAY[number % TURNS]
    return (inside, SECOND if fresh and inside != "batch_done" else 1), (outside, 1)


def deaths(point: str, random: Random | None) -> tuple[tuple[str, int], tuple[str, int]]:
    """Where the process dies in a backlog, and where the next one does."""
    if random is None:
        return (point, FAR_AWAY), (point, 1)
    return (point, random.randint(1, BACKLOG_OF_EACH)), (point, random.randint(1, BACKLOG_OF_EACH))


async def settle_in(world: World) -> None:
    """Everybody agrees and says where they live."""
    for phone in world.phones:
        world.do(phone, "/start", "message", phone.account.start)
    await world.settle()
    for label in ("Begin", "I agree"):
        for phone in world.phones:
            world.tap(phone, label)
        await world.settle()
    for phone in world.phones:
        world.say(phone, "Europe/Vienna")
    await world.settle()


def check_ways(world: World) -> None:
    """Each way in which updates should come was really taken."""
    called = {call.method for call in world.telegram.calls}
    hooked = {bool(way.get("WEBHOOK_URL")) for way in world.ways}
    assert ("setWebhook" in called) == (True in hooked)
    assert ("deleteWebhook" in called) == (len(hooked) == 2)


def backlog(world: World, round_: int) -> None:
    """Everybody writes a lot, all at the same time; their last word is a setting."""
    kinds = [*islice(cycle(("time", "unknown", "sticker")), BACKLOG_OF_EACH - 1), "time"]
    for index, kind in enumerate(kinds):
        for number, phone in enumerate(world.phones):
            if kind == "time":
                world.say(phone, f"/time {a_time(number, round_, index)}")
            elif kind == "unknown":
                world.say(phone, f"/nosuch{index}")
            else:
                world.send(phone, kind)


async def open_what_was_left(world: World) -> int:
    """Press [Open] wherever it stands; the words have to come into that very message. Gives how many there were."""
    pressed = 0
    for phone in world.phones:
        for message in [one for one in phone.from_bot if one.labels == ["Open"]]:
            world.press(phone, message, str(message.buttons[0]["callback_data"]), "Open")
            await world.settle()
            pressed += 1
            assert "Touch to read" in message.text, f"[Open] did nothing for {phone.name}: {message.text!r}"
    return pressed


def a_time(number: int, round_: int, index: int) -> str:
    """A time of the day that belongs to this person, round and message alone."""
    return f"{6 + number:02}:{(round_ * BACKLOG_OF_EACH + index) % 60:02}"


def _write_report(error: BaseException, world: World) -> None:
    file = world.place.folder / "report.txt"
    file.write_text(report(world), encoding="utf-8")
    _point_to_report(error, world.place)


def _point_to_report(error: BaseException, place: Place) -> None:
    error.add_note(f"what happened: {Path(place.folder) / 'report.txt'}")
