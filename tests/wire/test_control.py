"""The control socket and the seat when several processes have the same data folder."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.wire import control
from bot.wire.control import Command, ControlSocket, ask, socket_path
from bot.wire.seat import Seat


def named(name: str) -> Mapping[str, Command]:
    async def who(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"name": name}

    return {"who": who}


async def test_a_second_process_leaves_the_socket_to_the_first_and_takes_it_over_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "LOOKS_EVERY", 0.01)
    path = socket_path(tmp_path)
    first, second = ControlSocket(path, named("first")), ControlSocket(path, named("second"))
    assert await first.open()
    assert not await second.open()
    waiting = asyncio.ensure_future(second.succeed())
    assert (await ask(path, {"do": "who"}))["name"] == "first"
    await first.close()
    await asyncio.wait_for(waiting, 20)
    assert (await ask(path, {"do": "who"}))["name"] == "second"
    await second.close()
    with pytest.raises(ConnectionError):
        await ask(path, {"do": "who"})


async def test_a_process_that_never_had_the_socket_does_not_remove_it(tmp_path: Path) -> None:
    path = socket_path(tmp_path)
    first, second = ControlSocket(path, named("first")), ControlSocket(path, named("second"))
    assert await first.open()
    assert not await second.open()
    await second.close()
    assert (await ask(path, {"do": "who"}))["name"] == "first"
    await first.close()


async def test_a_command_that_fails_is_answered(tmp_path: Path) -> None:
    """Whoever asked must not take the bot for gone, and do its work beside it."""

    async def fail(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise IsADirectoryError

    path = socket_path(tmp_path)
    socket = ControlSocket(path, {"fail": fail, **named("first")})
    assert await socket.open()
    answer = await ask(path, {"do": "fail"})
    assert answer == {"ok": False, "error": "The command could not be carried out: IsADirectoryError."}
    assert (await ask(path, {"do": "who"}))["name"] == "first"
    await socket.close()


def test_who_takes_a_free_seat_goes_by_the_name_of_who_had_it(tmp_path: Path) -> None:
    first = Seat(tmp_path)
    second = Seat(tmp_path)
    assert second.name != first.name
    second.leave()
    first.leave()
    assert Seat(tmp_path).name == first.name


def test_what_is_no_name_is_not_gone_by(tmp_path: Path) -> None:
    (tmp_path / "process.lock").write_text("x" * 32)
    seat = Seat(tmp_path)
    assert seat.name != "x" * 32
    seat.leave()
    assert Seat(tmp_path).name == seat.name
