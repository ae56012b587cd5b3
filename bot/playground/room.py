"""What can be done around the phones: time, trouble, the bot's process, couples. Raises NotPossible with a sentence."""

from collections.abc import Awaitable, Mapping
from datetime import timedelta

from bot.playground.child import ChildEnded
from bot.playground.given import Act, Given
from bot.playground.passing import BotBusy
from bot.playground.people import NotPossible
from bot.playground.stage import Stage

LONGEST_JUMP = timedelta(days=31)
MOST_PAIRS = 50
_BUSY = "The bot is still busy with what fell due. The clock has moved all the same."


async def pass_time(stage: Stage, given: Given) -> None:
    """Let some time pass, in seconds."""
    by = timedelta(seconds=min(given.whole("seconds"), LONGEST_JUMP.total_seconds()))
    if by <= timedelta():
        raise NotPossible("Time only goes forward here.")
    await _passing(stage.time.by(by))


async def go_to(stage: Stage, given: Given) -> None:
    """Go to the next question, the weekly conversation or the summary of this person's pair."""
    where, person = given.text("where"), given.person
    if where == "weekly":
        await _passing(stage.time.to_weekly(person))
    elif where == "summary":
        await _passing(stage.time.to_summary(person))
    elif not await _passing(stage.time.to_next((person, stage.seats.partner(person)))):
        raise NotPossible("Nothing is planned for these two yet. Set up at least one of them first.")


def trouble(stage: Stage, given: Given) -> None:
    """Switch a fault between the bot and Telegram."""
    try:
        stage.panel.switch(given.text("name"), given.text("mode"))
    except (KeyError, ValueError):
        raise NotPossible("There is no such trouble.") from None
    stage.feed.room()


async def kill(stage: Stage, given: Given) -> None:
    """Kill the bot's process."""
    await stage.kill_bot()


async def revive(stage: Stage, given: Given) -> None:
    """Start the bot, after killing it if it runs."""
    try:
        await stage.restart_bot()
    except ChildEnded as ended:
        raise NotPossible(f"The bot did not start: {str(ended).splitlines()[-1]}") from None


def add_pair(stage: Stage, given: Given) -> None:
    """Two more people."""
    if len(stage.seats.pairs) >= MOST_PAIRS:
        raise NotPossible("That is as many couples as one page can show.")
    stage.new_pair()


async def start_over(stage: Stage, given: Given) -> None:
    """Forget everything."""
    await stage.start_over()


ROOM_ACTS: Mapping[str, Act] = {
    "pass-time": pass_time,
    "go-to": go_to,
    "trouble": trouble,
    "kill": kill,
    "revive": revive,
    "add-pair": add_pair,
    "start-over": start_over,
}


async def _passing(what: Awaitable[bool | None]) -> bool | None:
    try:
        return await what
    except BotBusy:
        raise NotPossible(_BUSY) from None
