"""The control socket when several processes have the same data folder."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.wire import control
from bot.wire.control import Command, ControlSocket, ask, socket_path


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
