"""A round with several processes on one PostgreSQL: people write, and processes are killed, frozen and woken (G4).

Whether one polls under the lease or all are behind one address, how many they are, the pace, the delay of the network,
and what goes wrong when: all that is drawn.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.playground.child import ControlRefused
from storage.database import connect
from storage.tables import Delivery, ParkedUpdate, ProcessedUpdate
from tests.balancer import Balancer
from tests.harness.doors import START, Doors
from tests.harness.nursery import Nursery, WarmBot
from tests.harness.places import POSTGRESQL, Grounds, Place
from tests.harness.together import FROZEN, Asked, Ended, Evidence, Trouble
from tests.hooked import Hook, held_port
from tests.model_check import the_models
from tests.phones import Phone
from tests.several import Machines, freeze, polls, thaw, until

KILLED, DIED, NEVER_WOKEN = "killed", "died", "frozen, then killed"
ALL_TROUBLES = (KILLED, DIED, DIED, FROZEN, FROZEN)
POINTS = ("sent", "sent", "claimed", "marked", "before_commit", "after_commit", "batch_done")
MOST_BEFORE = 12  # times that a point is passed
DIES_WITHIN = 5.0  # seconds, else it is killed
LEASE_ENDS, CLAIM_ENDS = (11.0, 15.0), (21.5, 26.0)  # for how many seconds a process is frozen
TO_REST = 4.0  # seconds at most between two troubles, and until somebody starts again what was killed
SPAN, MESSAGES = 24.0, 640  # so many messages, about, are written in so many seconds
BURSTS = 3  # moments at which half of it is written, so that much is due at once
RATES = (20, 30, 60)
DELAYS = (0.0, 0.06, 0.3)  # seconds to Telegram and back
ENDS_WITHIN = 420.0
LAG_EVERY = 0.02
ANSWER_WITHIN = 3.0  # seconds after which the address tries another process
ERRORS = ("[error", "[critical", "Traceback")
WAITING = text("SELECT count(*) FROM delivery WHERE state = 'waiting'")


@dataclass(frozen=True)
class Plan:
    """What a round is like."""

    processes: int
    is_hooked: bool
    rate: int
    delay: float
    people: int
    troubles: Sequence[str]
    messages: int = MESSAGES
    span: float = SPAN  # seconds in which they are written

    @classmethod
    def draw(cls, random: Random) -> "Plan":
        """Any round; every second one is behind a webhook, on average."""
        processes = random.randint(2, 4)
        troubles = [random.choice(ALL_TROUBLES) for _ in range(random.randint(2, 2 + processes // 2))]
        return cls(
            processes,
            random.random() < 0.5,
            random.choice(RATES),
            random.choice(DELAYS),
            random.randint(40, 80),
            troubles,
        )


@dataclass
class Several:
    """A round while it is played."""

    machines: Machines
    telegram: Doors
    plan: Plan
    random: Random
    doors: dict[WarmBot, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    lag: float = 0.0
    _troubled: set[int] = field(default_factory=set)  # doors

    # -- the processes

    async def start(self, balancer: Balancer | None, hooks: Sequence[Hook]) -> None:
        """Start all at the same time, each with a door of its own to Telegram, and wait until all work."""
        doors = [await self.telegram.open_door() for _ in range(self.plan.processes)]
        settings = [{"BOT_API_URL": f"http://127.0.0.1:{door}"} for door in doors]
        if balancer is not None:
            settings = [
                {**each, **Hook(hook.port, balancer.url).environment}
                for each, hook in zip(settings, hooks, strict=True)
            ]
        rate = {"MESSAGES_PER_SECOND": str(self.plan.rate)}
        async with asyncio.TaskGroup() as group:
            for each in settings:
                group.create_task(self.machines.start(1, **rate, **each))
        self.doors = {bot: int(bot.settings["BOT_API_URL"].rpartition(":")[2]) for bot in self.machines.bots}

    async def go_wrong(self) -> None:
        """One trouble after the other, some of them at the same time; one process at least is always well."""
        async with asyncio.TaskGroup() as group:
            for how in self.plan.troubles:
                await asyncio.sleep(self.random.uniform(0.5, TO_REST))
                while len(self._troubled) >= self.plan.processes - 1:
                    await asyncio.sleep(0.05)
                bot = self._victim()
                self._troubled.add(self.doors[bot])
                group.create_task(self._befall(how, bot))

    def _victim(self) -> WarmBot:
        """Whoever polls as often as any other of those that are well."""
        well = [bot for bot in self.machines.bots if self.doors[bot] not in self._troubled]
        polling = [bot for bot in well if polls(bot)]
        return self.random.choice(polling if polling and self.random.random() < 0.5 else well)

    async def _befall(self, how: str, bot: WarmBot) -> None:
        trouble = Trouble(self.doors[bot], how, time.monotonic())
        if how == FROZEN:
            freeze(bot)
            self.troubles.append(trouble)
            await asyncio.sleep(self.random.uniform(*(CLAIM_ENDS if self.random.random() < 0.75 else LEASE_ENDS)))
            if self.random.random() < 0.25:
                trouble.how = NEVER_WOKEN
                await bot.kill()
        elif how == DIED:
            await self._die(bot, self.random.choice(POINTS), self.random.randint(1, MOST_BEFORE))
            self.troubles.append(trouble)
        else:
            await bot.kill()
            self.troubles.append(trouble)
        if bot.is_running:
            thaw(bot)
        else:
            await asyncio.sleep(self.random.uniform(0.0, TO_REST))
            started = bot.printed.count("started")
            await bot.start(wait=False)
            await until(lambda: bot.printed.count("started") > started, of=self.machines)
        trouble.until = time.monotonic()
        self._troubled.discard(trouble.door)

    async def _die(self, bot: WarmBot, point: str, countdown: int) -> None:
        """Let it kill itself there; where it does not come by, it is killed."""
        with suppress(ConnectionError, TimeoutError, ControlRefused):
            await bot.die_at(point, countdown=countdown)
            await asyncio.wait_for(bot.ended(), DIES_WITHIN)
        await bot.kill()

    # -- the people

    async def write(self) -> None:
        """Everybody presses START, and asks at moments of their own; nobody waits for an answer."""
        people = [Phone(self.telegram.person(f"P{number}")) for number in range(self.plan.people)]
        each = self.plan.messages // len(people)
        moments = sorted((self._moment(), at) for at in [*range(len(people))] * each)
        for phone in people:
            self._ask(phone)
        begun = time.monotonic()
        for moment, at in moments:
            await asyncio.sleep(max(0.0, begun + moment - time.monotonic()))
            self._ask(people[at])

    def _moment(self) -> float:
        moment = self.random.uniform(0.0, self.plan.span)
        apart = self.plan.span / BURSTS
        return moment if self.random.random() < 0.5 else moment // apart * apart

    def _ask(self, phone: Phone) -> None:
        update_id = self.telegram.state.updates.next_id
        if any(asked.chat == phone.id for asked in self.asked):
            message_id = phone.account.write("/safety")[0].id
        else:
            phone.account.start()
            message_id = START
        self.asked.append(Asked(phone.id, message_id, update_id, time.monotonic()))

    # -- until everything is said

    async def run(self) -> None:
        """The whole round but its end."""
        watching = asyncio.create_task(self._watch())
        self.telegram.faults.delay = self.plan.delay
        try:
            await asyncio.gather(self.write(), self.go_wrong())
            async with asyncio.timeout(ENDS_WITHIN):
                await self.telegram.state.updates.confirmed()
                await self._all_sent()
        finally:
            watching.cancel()

    async def _all_sent(self) -> None:
        engine = connect(self.machines.database_url)
        try:
            while self.telegram.pending or self.telegram.calls.active or self._waiting(engine):
                await asyncio.sleep(0.2)
        finally:
            engine.dispose()

    def _waiting(self, engine: object) -> int:
        with Session(engine) as session:  # type: ignore[arg-type]
            return int(session.connection().execute(WAITING).scalar_one())

    async def _watch(self) -> None:
        """How late this process itself is."""
        while True:
            due = time.monotonic() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            self.lag = max(self.lag, time.monotonic() - due)

    # -- the end

    async def stop(self) -> None:
        """All of them end well, and none has logged an error."""
        codes = await asyncio.gather(*(bot.stop(within=60.0) for bot in self.machines.bots))
        assert set(codes) == {0}, f"after SIGTERM they ended with {codes}"
        bad = [line for line in self.machines.printed().splitlines() if any(mark in line for mark in ERRORS)]
        bad = [line for line in bad if "gave_up" not in line]
        assert not bad, "errors were logged:\n" + "\n".join(bad[:20])

    def evidence(self) -> Evidence:
        """What came of it."""
        engine = connect(self.machines.database_url)
        try:
            with Session(engine) as session:
                assert not session.exec(select(ParkedUpdate.update_id)).all(), "updates were parked"
                done = set(session.exec(select(ProcessedUpdate.update_id)))
                rows = session.exec(select(Delivery).order_by(col(Delivery.id))).all()
        finally:
            engine.dispose()
        lost = [asked for asked in self.asked if asked.update_id not in done]
        assert not lost, f"never handled: {lost}"
        names = [int(row.key[1:].partition(":")[0]) for row in rows]
        assert len(set(names)) == len(names), "an update was answered by two deliveries"
        ended = {name: Ended(row.state, row.attempts) for name, row in zip(names, rows, strict=True)}
        written = sorted(self.telegram.written, key=lambda each: each.at)
        return Evidence(self.asked, written, self.troubles, ended, self.plan.rate, self.lag)


def through_troubles(grounds: Grounds, nursery: Nursery, plan: Plan, random: Random) -> Counter[str]:
    """One round; gives how much of what it had."""
    place, keys = grounds.place(POSTGRESQL), grounds.shared_keys()
    try:
        found = asyncio.run(_through(place, keys, nursery, plan, random))
    except BaseException as error:
        error.add_note(f"what the processes printed: {place.folder}")
        raise
    grounds.remove(place)
    grounds.drop(keys)
    return found


async def _through(place: Place, keys: str, nursery: Nursery, plan: Plan, random: Random) -> Counter[str]:
    async with _played(place, keys, nursery, plan, random) as round_:
        await round_.run()
        await round_.stop()
        evidence = round_.evidence()
        evidence.check()
        assert round_.telegram.complaints == []
        print(f"{round_.plan}, {[each.how for each in round_.troubles]}, {evidence.summary}", flush=True)
        return Counter(
            deliveries=len(evidence.ended),
            updates=len(round_.asked),
            kills=sum(each.how != FROZEN for each in round_.troubles),
        )


@asynccontextmanager
async def _played(place: Place, keys: str, nursery: Nursery, plan: Plan, random: Random) -> AsyncIterator[Several]:
    """The processes of a round, started; killed in the end if they still run."""
    telegram = Doors(now=lambda: datetime.now(UTC), webhook_second=0.02)
    telegram.check = the_models()
    async with AsyncExitStack() as stack:
        hooks = [Hook(stack.enter_context(held_port())) for _ in range(plan.processes)]
        balancer = await stack.enter_async_context(Balancer(hooks, answer_within=ANSWER_WITHIN).open())
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        machines = Machines(telegram, place.folder, nursery, place.database, keys)
        try:
            round_ = Several(machines, telegram, plan, random)
            await round_.start(balancer if plan.is_hooked else None, hooks)
            yield round_
        finally:
            for bot in machines.bots:
                await bot.kill()
