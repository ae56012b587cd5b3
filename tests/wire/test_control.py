"""The control socket and the seat when several processes have the same data folder."""

import asyncio
import shutil
import stat
import tempfile
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


def test_a_copy_of_the_folder_has_a_name_of_its_own(tmp_path: Path) -> None:
    """Two who went by one name would hold one lease."""
    folder, copy = tmp_path / "data", tmp_path / "copy"
    folder.mkdir()
    first = Seat(folder)
    shutil.copytree(folder, copy)
    second = Seat(copy)
    assert second.name != first.name
    for seat in (first, second):
        seat.leave()
    assert (Seat(folder).name, Seat(copy).name) == (first.name, second.name)


@pytest.fixture
def far_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The socket of a data folder whose name is too long for an address, in a temporary folder of the test's own."""
    temporary = Path(tempfile.mkdtemp(prefix="sbs"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return socket_path(tmp_path / ("x" * 120))


async def test_where_everybody_may_write_the_socket_has_a_folder_of_its_own(far_below: Path) -> None:
    socket = ControlSocket(far_below, named("first"))
    with pytest.raises(ConnectionError):
        await ask(far_below, {"do": "who"})
    assert await socket.open()
    assert stat.S_IMODE(far_below.parent.stat().st_mode) == 0o700
    assert (await ask(far_below, {"do": "who"}))["name"] == "first"
    await socket.close()


async def test_nobody_listens_or_asks_in_a_folder_that_others_could_have_filled(far_below: Path) -> None:
    far_below.parent.mkdir(mode=0o777)
    far_below.parent.chmod(0o777)
    socket = ControlSocket(far_below, named("first"))
    with pytest.raises(PermissionError):
        await socket.open()
    strange = await asyncio.start_unix_server(lambda _reader, writer: writer.close(), far_below)
    with pytest.raises(ConnectionError, match="no bot of this user"):
        await ask(far_below, {"do": "who"})
    strange.close()
