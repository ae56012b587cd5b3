"""Plays a scenario in a world, and checks every promise at its end."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from random import Random

from bot.playground.messages import Button, Message
from bot.playground.people import NotPossible
from tests.harness import path
from tests.harness.ending import check_end
from tests.harness.further import go_further
from tests.harness.nursery import Nursery
from tests.harness.places import Place
from tests.harness.report import report
from tests.harness.scenario import (
    COMMANDS,
    COUPLED,
    DECISIONS,
    OF_WEEK,
    PEOPLE,
    WEEKLY,
    WISHES,
    Burst,
    Day,
    Move,
    Scenario,
)
from tests.harness.world import World
from tests.phones import Phone

DOUBT = 0.1
REPORT = "report.txt"
INVITED = "/week Thursday 17:00"


async def play(scenario: Scenario, place: Place, nursery: Nursery | None) -> World:
    """One run; raises AssertionError if a promise is broken. Gives the world, its process dead, for its figures."""
    async with World(place, nursery=nursery) as world:
        await _link_couples(world)
        if scenario.further:
            await go_further(world)
        if scenario.doubt:
            world.doubt(DOUBT, Random(scenario.doubt))
        try:
            await _live(world, scenario)
        except BaseException:
            (place.folder / REPORT).write_text(report(world), encoding="utf-8")
            raise
        return world


async def _live(world: World, scenario: Scenario) -> None:
    player = Player(world)
    for day in scenario.days:
        await player.live(day)
    await check_end(world)


async def _link_couples(world: World) -> None:
    """Ann and Ben, Cleo and Dan are linked, with a weekly conversation to come; Eve has not begun."""
    people = [world.person(name) for name in PEOPLE]
    pairs = (path.Two(world, *people[:2]), path.Two(world, *people[2:4]))
    for step in (*path.SETTING_UP, *path.RHYTHM):
        for two in pairs:
            await step.do(two)
        await world.settle()
    for person in people[:COUPLED]:
        world.say(person, INVITED)  # within every run
    await world.settle()
    world.do(people[4], "/start", "message", people[4].account.start)
    await world.settle()


class Player:
    """Carries out what was drawn."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._said = 0
        self._ways: Mapping[str, Callable[[Phone, int], None]] = {
            "say": self._say,
            "speak": lambda phone, _: world.speak(phone),
            "pick": self._pick,
            "decide": lambda phone, which: self._wish(phone, DECISIONS[which % len(DECISIONS)]),
            "wish": lambda phone, which: self._wish(phone, WISHES[which % len(WISHES)]),
            "week": self._week,
            "tap": self._tap,
            "command": lambda phone, which: world.say(phone, COMMANDS[which % len(COMMANDS)]),
            "old": self._old,
            "alien": self._alien,
            "sticker": lambda phone, which: world.send(phone, ("sticker", "photo", "poll", "contact")[which % 4]),
            "edit": self._edit,
            "nothing": lambda _phone, _which: None,
        }

    async def live(self, day: Day) -> None:
        """One day: everybody's question comes, then the three bursts."""
        for zone in sorted(set(path.ZONES.values())):
            await path.pass_to_evening(self._world, zone)
        for burst in (day.answers, day.decisions, day.after):
            await self._burst(burst)
            await self._world.settle()
            await self._world.disarm()
            await self._world.pass_time(seconds=61)  # so that nobody's bursts together are a flood

    async def _burst(self, burst: Burst) -> None:
        world, trouble = self._world, burst.trouble
        if trouble.kind == "point":
            await world.die_at_each(*trouble.fate)
        elif trouble.kind == "dead":
            await world.kill()
        for move in burst.moves:
            self._move(move)
        if trouble.kind == "dead":
            await world.start()
        if trouble.kind in ("kill", "dead"):
            await asyncio.sleep(trouble.milliseconds / 1000)
            await world.kill()
        elif trouble.kind == "stop":
            await world.stop()

    def _move(self, move: Move) -> None:
        with suppress(NotPossible):
            self._ways[move.kind](self._world.phones[move.who], move.which)

    # -- what people can do

    def _say(self, phone: Phone, which: int) -> None:
        self._said += 1
        self._world.say(phone, f"{phone.name}'s thought {self._said:03}.{which}")

    def _pick(self, phone: Phone, which: int) -> None:
        """One of the answers that the newest question offers, else words."""
        question = next((one for one in reversed(phone.from_bot) if "Not today" in one.labels), None)
        offered = question.buttons[:-3] if question and "Another question" in question.labels else []
        if question and offered:
            button = offered[which % len(offered)]
            self._world.press(phone, question, str(button["callback_data"]), f"pick {button['text']}")
        else:
            self._say(phone, which)

    def _wish(self, phone: Phone, label: str) -> None:
        """Tap the newest button with a label, if there is one."""
        for message, button in _buttons(phone):
            if button["text"] == label:
                self._world.press(phone, message, str(button["callback_data"]), label)
                return

    def _week(self, phone: Phone, which: int) -> None:
        """A step of the week that is in sight, or what brings the next one."""
        steps = [(message, button) for message, button in _buttons(phone) if button["text"] in OF_WEEK]
        if steps and which % 4:
            message, button = steps[which % len(steps)]
            self._world.press(phone, message, str(button["callback_data"]), button["text"])
        else:
            self._world.say(phone, WEEKLY[which % len(WEEKLY)])

    def _tap(self, phone: Phone, which: int) -> None:
        buttons = list(_buttons(phone))
        if buttons:
            message, button = buttons[which % len(buttons)]
            self._world.press(phone, message, str(button["callback_data"]), button["text"])

    def _old(self, phone: Phone, which: int) -> None:
        """A button that a message showed at any time, wherever it is now."""
        buttons = list(_ever(phone))
        if buttons:
            message, button = buttons[which % len(buttons)]
            self._world.press(
                phone, message, str(button["callback_data"]), button["text"], seen="\n".join(message.texts())
            )

    def _alien(self, phone: Phone, which: int) -> None:
        """Somebody else's button, sent from an own message as a forged client could."""
        other = self._world.phones[which % len(self._world.phones)]
        buttons = list(_ever(other))
        if other is not phone and buttons and phone.from_bot:
            _, button = buttons[which % len(buttons)]
            self._world.press(phone, phone.from_bot[-1], str(button["callback_data"]), f"forged {button['text']}")

    def _edit(self, phone: Phone, which: int) -> None:
        own = [one for one in phone.screen if one.sender_id == phone.id and "text" in one.content]
        if own:
            message = own[-1 - which % min(len(own), 5)]
            self._world.do(phone, "<edit>", "message", lambda: phone.account.edit(message, f"{message.text} (edited)"))


def _buttons(phone: Phone) -> Iterator[tuple[Message, Button]]:
    """Every button in sight that asks the bot, the newest message first."""
    for message in reversed(phone.screen):
        yield from ((message, button) for button in message.buttons if "callback_data" in button)


def _ever(phone: Phone) -> Iterator[tuple[Message, Button]]:
    """Every such button that was ever in sight."""
    for message in reversed(phone.account.messages):
        for version in message.versions:
            yield from ((message, button) for button in version.buttons if "callback_data" in button)
