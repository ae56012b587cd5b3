"""The lease of whoever polls. With real processes: tests/test_several_processes.py."""

import asyncio

from bot.wire.lease import PollLease
from storage import leases
from tests.inside import Inside, postgres_inside
from tests.postgres import Server

__all__ = ["postgres_inside"]
SOON = 20.0


def lease(inside: Inside, holder: str) -> PollLease:
    return PollLease(units=inside.units, holder=holder)


async def test_the_next_one_has_it_as_soon_as_it_is_given_back(postgres_inside: Inside) -> None:
    first, second = lease(postgres_inside, "first"), lease(postgres_inside, "second")
    await first.look()
    await second.look()
    assert first.is_mine
    assert not second.is_mine
    waiting = asyncio.ensure_future(second.comes())
    running = asyncio.ensure_future(second.run())
    await first.give_back()
    assert not first.is_mine
    await asyncio.wait_for(waiting, SOON)
    assert second.is_mine
    second.stop()
    await asyncio.wait_for(running, SOON)


async def test_whoever_lost_it_without_knowing_learns_it_and_ends_the_poll(postgres_inside: Inside) -> None:
    first, second, lost = lease(postgres_inside, "first"), lease(postgres_inside, "second"), []
    first.lost = lambda: lost.append("first")
    await first.look()
    postgres_inside.do(
        lambda session: leases.give_back(session, name=leases.POLLER, holder="first")
    )  # as if it had ended
    await second.look()
    await first.look()
    assert lost == ["first"]
    assert not first.is_mine
    await first.look()
    assert lost == ["first"], "said once"
    assert second.is_mine


async def test_a_wait_ends_when_the_process_does(postgres_inside: Inside) -> None:
    waits = lease(postgres_inside, "first")
    waiting = asyncio.ensure_future(waits.comes())
    await asyncio.sleep(0)
    waits.stop()
    await asyncio.wait_for(waiting, SOON)
    assert not waits.is_mine
    await waits.give_back()


async def test_while_the_database_is_away_it_is_held_only_as_long_as_is_sure(
    postgres_inside: Inside, postgres: Server
) -> None:
    held, lost = lease(postgres_inside, "first"), []
    held.lost = lambda: lost.append("first")
    await held.look()
    postgres.drop_database(postgres_inside.engine.url.render_as_string(hide_password=False))
    held._until = asyncio.get_running_loop().time() + SOON
    await held.look()
    assert held.is_mine
    assert not lost
    held._until = asyncio.get_running_loop().time() - 1.0
    await held.look()
    assert lost == ["first"]
    held._until = asyncio.get_running_loop().time() + SOON
    await held.give_back()
    assert not held.is_mine
