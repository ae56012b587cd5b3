import re

from bot.messages import menu
from handlers import COMMANDS
from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone


async def test_help_lists_every_command(ann: Phone) -> None:
    await ann.start()
    await ann.say("/help")
    listed = re.findall(r"/\w+", ann.last.text)
    assert sorted(listed) == sorted(f"/{name}" for name in COMMANDS)


async def test_help_says_what_each_command_does(ann: Phone) -> None:
    await ann.start()
    await ann.say("/help")
    told = []
    for heading in ann.last.labels:
        await ann.tap(heading)
        lines = ann.last.text.splitlines()
        assert lines[0] == heading
        assert all(len(line.split()) > 1 for line in lines[1:])
        told += [line.split()[0] for line in lines[1:]]
        await ann.tap("Back")
    assert sorted(told) == sorted(f"/{name}" for name in COMMANDS)


async def test_every_listed_command_answers(ann: Phone) -> None:
    await set_up(ann)
    for name in COMMANDS:
        shown = len(ann.from_bot)
        await ann.say(f"/{name}")
        assert len(ann.from_bot) > shown, name
        assert "don't know that command" not in ann.last.text


async def test_the_menu_holds_commands_that_exist_six_at_most(ann: Phone) -> None:
    assert set(menu.MENU) <= COMMANDS.keys()
    assert len(menu.MENU) <= 6


async def test_the_menu_is_set_when_the_bot_starts(ann: Phone, house: House) -> None:
    await ann.start()
    assert ann.menu == list(menu.MENU)


async def test_an_unknown_command_is_answered(ann: Phone) -> None:
    await ann.start()
    await ann.say("/dance")
    assert "/help lists those I know" in ann.last.text


async def test_the_numbers_can_be_cleared_without_a_message_that_asked(ann: Phone) -> None:
    await ann.start()
    await ann.say("/safety")
    await ann.press("1:cl:0", on=ann.last)
    assert ann.from_bot[-1].text.startswith("Side by Side is for two")
    assert ann.shows("/safety")


async def test_privacy_is_ten_lines(ann: Phone) -> None:
    await ann.start()
    await ann.say("/privacy")
    assert len(ann.last.text.splitlines()) == 10
    assert ann.last.labels == []
